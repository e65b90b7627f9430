"""How far a dossier is: the time left as a bar that empties, and its path through the desks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gandan.calculus.calendars import HOUR, WorkingTime, working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.dossiers.models import Desk, Dossier, Supplement
from gandan.dossiers.queries import SOON_HOURS
from gandan.dossiers.words import STATIONS
from gandan.organization.queries import calendar_of
from gandan.ui.words import datetime_words, days_left_words, hours_left_words

A_DAYS_WORK = 8 * HOUR


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What `{% time_left %}` draws: per cent left, the words, and the kind (now, soon, late, wait)."""

    percent: int
    sentence: str
    kind: str

    @property
    def is_late(self) -> bool:
        return self.kind == "late"


def time_left(calendar: WorkingTime, start: datetime, end: datetime, at: datetime) -> TimeLeft:
    """Working time from `at` to `end`, beside the whole from `start`; in hours within a day, else in days."""
    try:
        left = calendar.worked_before(end) - calendar.worked_before(at)
        whole = max(1, calendar.worked_before(end) - calendar.worked_before(start))
        days = calendar.days_between(calendar.local(at).date(), calendar.local(end).date())
    except YearWithoutCalendar:
        return TimeLeft(100 if at <= end else 0, datetime_words(end), "now" if at <= end else "late")
    if at > end:
        return TimeLeft(0, _late_words(-left, -days), "late")
    words = hours_left_words(left // HOUR) if left < A_DAYS_WORK else days_left_words(days)
    return TimeLeft(
        max(2, min(100, 100 * left // whole)), words, "soon" if left <= SOON_HOURS * HOUR else "now"
    )


def _late_words(worked: int, days: int) -> str:
    if days > 0:
        return days_left_words(-days)
    hours = worked // HOUR
    return hours_left_words(-hours) if hours else _("just late")


def step_time_left(dossier: Dossier, at: datetime) -> TimeLeft | None:
    """The time left at the present desk; hatched while the person is waited for."""
    if dossier.desk == Desk.WAITING:
        return TimeLeft(50, _("waiting for the person"), "wait")
    if dossier.act_by is None or dossier.desk in (Desk.CLOSED, Desk.RETURN):
        return None
    return time_left(_calendar(dossier), dossier.changed_at, dossier.act_by, at)


def legal_time_left(dossier: Dossier, at: datetime) -> TimeLeft | None:
    """The time left until the legal due moment, while it runs."""
    if dossier.desk == Desk.WAITING:
        return TimeLeft(50, _("waiting for the person"), "wait")
    if dossier.due_at is None or dossier.finished_at is not None:
        return None
    return time_left(_calendar(dossier), dossier.accepted_at or dossier.registered_at, dossier.due_at, at)


def _calendar(dossier: Dossier) -> WorkingTime:
    return working_time(calendar_of(dossier.unit_competent))


@dataclass(frozen=True, slots=True)
class Station:
    """One desk on the path: `state` is done, now or next."""

    name: str
    state: str
    note: str = ""


def path_of(dossier: Dossier, supplements: list[Supplement]) -> list[Station]:
    """The desks in their order; waiting for the person shows at the desk that the papers will come back to."""
    desk, note = Desk(dossier.desk), ""
    if desk == Desk.WAITING and supplements:
        desk, note = Desk(supplements[-1].resume_desk), _("waiting for the person")
    if desk == Desk.CLOSED:
        return [Station(str(name), "done" if dossier.returned_at else "next") for _desks, name in STATIONS]
    here = next(place for place, (desks, _name) in enumerate(STATIONS) if desk in desks)
    return [
        Station(str(name), "done" if i < here else "now" if i == here else "next", note if i == here else "")
        for i, (_desks, name) in enumerate(STATIONS)
    ]
