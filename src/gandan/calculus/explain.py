"""The codes of the clock's steps. Their words are in `catalogue`: here nothing is translated."""

from __future__ import annotations

from enum import StrEnum


class StepRule(StrEnum):
    """Which rule a step applies (stable code)."""

    RECEPTION_DAY = "reception_day"  # the day of the event is not counted
    COMPLETION_DAY = "completion_day"  # of the papers: counted again from the next day
    EVENT_DAY = "event_day"  # the day of an act with a term of its own: not counted
    RECEIVED = "received"  # the clock starts at that very moment
    RECEIVED_ELSEWHERE = "received_elsewhere"  # phi địa giới: the competent agency has it not yet
    COMPETENT_RECEIVED = "competent_received"
    SAME_DAY_IN_TIME = "same_day_in_time"
    SAME_DAY_AFTER_CUT_OFF = "same_day_after_cut_off"
    SAME_DAY_ON_DAY_OFF = "same_day_on_day_off"
    WORKING_DAY = "working_day"
    MAKE_UP_DAY = "make_up_day"
    CALENDAR_DAY = "calendar_day"
    MONTHS = "months"
    CLOCK_HOURS = "clock_hours"
    WORKING_HOURS = "working_hours"
    WEEKEND = "weekend"
    RECEPTION_ONLY = "reception_only"
    HOLIDAY = "holiday"
    LAST_DAY_OFF = "last_day_off"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    SECOND_SUPPLEMENT = "second_supplement"
    SUPPLEMENT_COMPLETE = "supplement_complete"
    SUSPENDED = "suspended"
    EXTENSION = "extension"
    EXTENSION_CANCELLED = "extension_cancelled"
    SECOND_EXTENSION = "second_extension"
    EXTENSION_AFTER_DUE = "extension_after_due"
    OFFICE_CLOSE = "office_close"
    CLOCK_TIME = "clock_time"
    END_OF_DAY = "end_of_day"
    HOURS_END = "hours_end"
    ENDED = "ended"
    REOPENED = "reopened"
    RE_ROUTED = "re_routed"  # counted by the successor's hours from now on
    RE_ROUTED_KEPT = "re_routed_kept"  # they would make it earlier: the date that was told stays
    PASSED_OVER = "passed_over"


class StepEffect(StrEnum):
    """What a step does to the limit (stable code)."""

    NOT_COUNTED = "not_counted"
    STARTS = "starts"
    COUNTED = "counted"
    SKIPPED = "skipped"
    MOVED = "moved"
    STOPPED = "stopped"
    PAUSED = "paused"
    RESTARTED = "restarted"
    RESUMED = "resumed"
    NONE = "none"
    LATE_IN_INDEX = "late_in_index"
    EXTENDED = "extended"
    SHORTENED = "shortened"
    DUE = "due"
    ENDED = "ended"
    CONTINUES = "continues"


class Breach(StrEnum):
    """What was done against the rules of the clock (stable code)."""

    SECOND_SUPPLEMENT = "second_supplement"
    SECOND_EXTENSION = "second_extension"
    EXTENSION_AFTER_DUE = "extension_after_due"
