"""Why a dossier is late or nearly late (vì sao trễ): at whose desk, since when, waited for whom, what ate the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gandan.calculus.calendars import HOUR, SECOND, WorkingTime, working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.dossiers import desks
from gandan.dossiers.models import Desk, Dossier, StepRun
from gandan.organization.queries import calendar_of

DAY_HOURS = 8

WAITS: dict[Desk, str | Promise] = {
    Desk.RECEPTION: gettext_lazy("waits for the counter to accept or refuse"),
    Desk.TRANSFER: gettext_lazy("waits for the counter to pass it on"),
    Desk.ASSIGNMENT: gettext_lazy("waits to be assigned by the head"),
    Desk.APPRAISAL: gettext_lazy("is being appraised"),
    Desk.CHECK: gettext_lazy("waits for the head's agreement"),
    Desk.SIGNATURE: gettext_lazy("waits for the leader's signature"),
    Desk.STAMP: gettext_lazy("waits for number and stamp"),
    Desk.HANDOVER: gettext_lazy("waits until the result is at the centre"),
    Desk.FORWARDED: gettext_lazy("is with the body that it was forwarded to"),
    Desk.WAITING: gettext_lazy("waits for the person"),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """What a leader asks first. Times are working time; waiting for the person is not counted against anybody."""

    where: str
    waits: str
    since: datetime | None
    here: str
    longest: str
    waited: str


def delays_of(dossiers: Sequence[Dossier], at: datetime) -> dict[UUID, Delay]:
    """For each dossier why it stands where it stands. One query; versions, units and calendars come from memory."""
    steps: dict[UUID, list[StepRun]] = defaultdict(list)
    wanted = StepRun.objects.filter(dossier__in=[one.pk for one in dossiers])
    for step in wanted.select_related("unit", "assignee").order_by("number"):
        steps[step.dossier_id].append(step)
    return {one.pk: delay_of(one, steps[one.pk], at) for one in dossiers}


def delay_of(dossier: Dossier, steps: Sequence[StepRun], at: datetime) -> Delay:
    calendar = working_time(calendar_of(dossier.unit_competent))
    now = steps[-1] if steps and steps[-1].ended_at is None else None
    worked = worked_by_desk(steps, calendar, at)
    waited = worked.pop(Desk.WAITING, 0)
    here = working_seconds(calendar, now.began_at, at) if now else 0
    return Delay(
        where=place_of(now) if now else "",
        waits=waits_for(dossier),
        since=now.began_at if now else None,
        here=amount_words(here) if now else "",
        longest=longest_words(dossier, worked, here),
        waited=amount_words(waited) if waited else "",
    )


def waits_for(dossier: Dossier) -> str:
    """For whom it waits now; an opinion that is awaited, or a visit, is what holds an appraisal up."""
    if dossier.desk == Desk.APPRAISAL and dossier.opinions_open:
        return _("waits for the opinion of another body")
    if dossier.desk == Desk.APPRAISAL and dossier.visit_id:
        return _("waits for a visit on site")
    return str(WAITS.get(Desk(dossier.desk), ""))


def place_of(step: StepRun) -> str:
    """At whose desk: the person if one is named, and the unit."""
    names = [step.assignee.full_name if step.assignee else "", step.unit.name if step.unit else ""]
    return " · ".join(name for name in names if name)


def worked_by_desk(steps: Iterable[StepRun], calendar: WorkingTime, at: datetime) -> dict[Desk, int]:
    """Seconds of working time at each desk, all stays together."""
    found: dict[Desk, int] = defaultdict(int)
    for step in steps:
        found[Desk(step.desk)] += working_seconds(calendar, step.began_at, step.ended_at or at)
    return found


def working_seconds(calendar: WorkingTime, start: datetime, end: datetime) -> int:
    """Working time between two moments; 0 where a year has no published calendar."""
    try:
        calendar.days_between(calendar.local(start).date(), calendar.local(end).date())
        return max(0, calendar.worked_before(end) - calendar.worked_before(start)) // SECOND
    except YearWithoutCalendar:
        return 0


def longest_words(dossier: Dossier, worked: dict[Desk, int], here: int) -> str:
    """Which step ate most of the time, beside what the workflow gives it: "thẩm định: 4 ngày (quy trình cho 2 ngày)".

    Nothing where that is the present stay alone and no workflow gives it a time: that was said already.
    """
    if not any(worked.values()):
        return ""
    desk = max(worked, key=lambda one: worked[one])
    facts = {"desk": desk.label, "time": amount_words(worked[desk])}
    hours = desks.allotted_hours(dossier, desk)
    if hours is None:
        said = dossier.desk == desk and worked[desk] == here
        return "" if said else _("%(desk)s: %(time)s") % facts
    return _("%(desk)s: %(time)s (the workflow gives %(given)s)") % {
        **facts,
        "given": amount_words(round(hours * HOUR) // SECOND),
    }


def amount_words(seconds: int) -> str:
    """Working time in days of eight hours and hours: "4 ngày 2 giờ làm việc"."""
    hours = seconds // 3600
    days, rest = divmod(hours, DAY_HOURS)
    if not hours:
        return _("less than one working hour")
    whole = ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    part = ngettext("%(hours)d working hour", "%(hours)d working hours", rest) % {"hours": rest}
    return " ".join([*([whole] if days else []), *([part] if rest else [])])
