"""The choices of a procedure's content, in the words of those who write it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandan.catalogue.models import (
    Audience,
    Channel,
    FeeKind,
    Lane,
    OnlineLevel,
    PaperHow,
    Phase,
    QuestionKind,
    UnknownFee,
)

Labels = Mapping[str, str | Promise]

UNITS: Labels = {
    "working_day": _("working days"),
    "day": _("calendar days"),
    "month": _("months"),
    "working_hour": _("working hours"),
    "hour": _("hours, day and night"),
    "same_day": _("within the day"),
}
STARTS: Labels = {
    "next_day": _("the day after reception is the first day"),
    "at_once": _("from the moment of reception"),
    "competent_receives": _("when the competent agency receives it"),
}
ENDS: Labels = {
    "office_close": _("when the office closes on the last day"),
    "clock_time": _("at an hour, or when the hours are used up"),
    "end_of_day": _("at the end of the last day, 24:00"),
}
SUPPLEMENT_EFFECTS: Labels = {
    "restart": _("the time limit starts again from the beginning"),
    "subtract": _("the waiting time is taken off"),
    "none": _("the time limit runs on"),
}
ONLINE: Labels = {"": pgettext_lazy("online", "not known"), **dict(OnlineLevel.choices)}
LANES: Labels = dict(Lane.choices)
QUESTION_KINDS: Labels = dict(QuestionKind.choices)
AUDIENCES: Labels = dict(Audience.choices)
HOWS: Labels = dict(PaperHow.choices)
FEE_KINDS: Labels = dict(FeeKind.choices)
WHY_UNKNOWN: Labels = {"": "", **dict(UnknownFee.choices)}
CHANNELS: Labels = dict(Channel.choices)
PHASES: Labels = dict(Phase.choices)
MARKS: Labels = {
    "read": _("read in the text itself"),
    "read-2nd": _("entered here, not yet confirmed"),
    "recalled": _("from memory"),
    "derived": _("inferred"),
    "projected": _("projected by the rule"),
    "not found": _("not found in any text"),
    "confirmed": _("confirmed by a legal officer"),
}
STEP_UNITS: Labels = {
    "working_day": _("working days"),
    "working_hour": _("working hours"),
    "hour": _("hours, day and night"),
    "day": _("calendar days"),
}
