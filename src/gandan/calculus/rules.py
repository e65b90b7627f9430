"""The vocabulary of the clock (thời hạn giải quyết): what goes in, what comes out.

All moments are aware datetimes, counted in the calendar's zone (Asia/Ho_Chi_Minh unless said otherwise).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Mark(StrEnum):
    """How far a legal fact may be trusted. Nothing but `read` and `confirmed` is shown as certain."""

    READ = "read"
    READ_2ND = "read-2nd"
    RECALLED = "recalled"
    DERIVED = "derived"
    PROJECTED = "projected"
    NOT_FOUND = "not found"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from (căn cứ pháp lý): document, article, mark; `row`: id of a dated row."""

    document: str
    article: str = ""
    mark: Mark = Mark.READ
    row: str = ""


class Unit(StrEnum):
    """Unit of a time limit (đơn vị tính thời hạn)."""

    HOUR = "hour"  # clock hours, day and night
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    DAY = "day"  # calendar days
    MONTH = "month"
    SAME_DAY = "same_day"  # the day of reception; after the cut-off the next working day


class Start(StrEnum):
    """When the clock starts (thời điểm bắt đầu tính)."""

    NEXT_DAY = "next_day"  # the day of the event is not counted (BLDS 2015 art. 147)
    AT_ONCE = "at_once"
    COMPETENT_RECEIVES = "competent_receives"  # phi địa giới: when the competent agency receives


class End(StrEnum):
    """When the last day ends (thời điểm kết thúc)."""

    OFFICE_CLOSE = "office_close"
    CLOCK_TIME = "clock_time"
    END_OF_DAY = "end_of_day"  # 24:00 (BLDS 2015 art. 148.6)


class SupplementEffect(StrEnum):
    """What a completed supplement does to the legal clock."""

    RESTART = "restart"
    SUBTRACT = "subtract"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TimeRule:
    """A time limit (thời hạn) with all that the clock needs; `source`: where amount and unit come from."""

    amount: int
    unit: Unit
    source: Source
    start: Start = Start.NEXT_DAY
    end: End = End.OFFICE_CLOSE
    end_time: time | None = None
    cut_off: time | None = None  # SAME_DAY: received after it → next working day
    supplement: SupplementEffect = SupplementEffect.RESTART
    max_extensions: int = 1
    max_extension: int | None = None  # in `unit`; None: no figure in the law
    end_condition: str = ""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A weekday without work (ngày nghỉ lễ, hoán đổi), or a make-up Saturday (ngày làm bù) if `works`."""

    day: date
    name: str
    works: bool = False
    source: Source = Source("")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """One span of work on a working day (giờ làm việc), local time, `opens` < `closes`."""

    opens: time
    closes: time


DEFAULT_HOURS = (OfficeHours(time(7, 30), time(11, 30)), OfficeHours(time(13, 30), time(17, 0)))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working calendar of a unit (lịch làm việc): a value, passed to the clock.

    `years` are those with a published calendar: counting into another year raises `YearWithoutCalendar`.
    `hours` hold on each working day but those whose weekday (0 = Monday) stands in `weekday_hours`; a make-up
    Saturday has the hours of Saturday, if any stand there. `reception_only` are weekdays with reception but no
    counted work (Saturday mornings).
    """

    years: frozenset[int]
    days: tuple[DayOff, ...]
    hours: tuple[OfficeHours, ...] = DEFAULT_HOURS
    zone: ZoneInfo = VIETNAM
    reception_only: frozenset[int] = frozenset()
    name: str = ""
    source: Source = Source("")
    weekday_hours: tuple[tuple[int, tuple[OfficeHours, ...]], ...] = ()


class ClockAct(StrEnum):
    """Acts that move a clock; any other act is passed over."""

    ACCEPT = "accept"
    COMPETENT_RECEIVE = "competent_receive"
    REQUEST_SUPPLEMENT = "request_supplement"
    RECEIVE_SUPPLEMENT = "receive_supplement"
    EXTEND = "extend"  # with `until`, or `amount` in the rule's unit
    CANCEL_EXTENSION = "cancel_extension"
    SUSPEND = "suspend"  # a pause that a special law allows (outage, financial duty …)
    RESUME = "resume"
    REFUSE = "refuse"
    STOP = "stop"
    WITHDRAW = "withdraw"
    FINISH = "finish"
    RETURN = "return"
    REOPEN = "reopen"
    RE_ROUTE = "re_route"  # to the successor of a merged agency; with `until`, the date that was told before


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One act at one moment; `key` makes an act that ran twice count once; `source`: its special ground.

    `base`: of a re-routing, the index clock's date before it. `place` orders acts of one moment where their order
    is known, as in a ledger; else that of `ClockAct` holds.
    """

    act: ClockAct
    at: datetime
    until: datetime | None = None
    amount: int | None = None
    key: str = ""
    source: Source | None = None
    base: datetime | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "Vì sao ngày này?": `rule` and `effect` are stable codes, `detail` is for the words."""

    rule: str
    source: Source
    effect: str
    start: datetime
    end: datetime
    detail: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexClock:
    """The clock of index 2.1 (QĐ 766/QĐ-TTg) beside the legal one: late = counted_end − wait > base_due."""

    base_due: datetime | None
    wait_seconds: int
    counted_end: datetime | None
    late: bool | None
    breaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says: the legal due moment (None without a start or while it stands still) and why."""

    due: datetime | None
    unit: Unit
    steps: tuple[Step, ...]
    index: IndexClock
    running: bool = True
    rows: tuple[str, ...] = ()  # ids of the dated law rows used
