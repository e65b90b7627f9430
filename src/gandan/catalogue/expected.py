"""The date that a dossier would get (ngày hẹn dự kiến), before anyone has filed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gandan.calculus.calendars import next_working_moment
from gandan.calculus.clock import due_at, read_clock
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, ClockAct, ClockEvent, TimeRule, Unit
from gandan.catalogue.explain import ExplainedStep, asides, explain
from gandan.catalogue.grounds import shipped_grounds
from gandan.catalogue.lapsing import rule_on
from gandan.catalogue.models import ProcedureCase
from gandan.law.queries import value_at
from gandan.law.shipped import LawRowMissing
from gandan.organization.queries import calendar_of

ROUND_THE_CLOCK = (Unit.HOUR,)


@dataclass(frozen=True, slots=True)
class Expected:
    """If it is received at `received`, it is due at `due`; None where no date can be given, `problem` says why."""

    received: datetime
    due: datetime | None
    problem: str = ""
    steps: tuple[ExplainedStep, ...] = ()

    @property
    def asides(self) -> list[str]:
        """Uncertain sources to be named once, above the days."""
        return asides(self.steps)


def law_holds(key: str, on: date) -> bool:
    """True if the law has a row for the key that day. Warm, no query."""
    try:
        value_at(key, on)
    except LawRowMissing:
        return False
    return True


def mark_on(case: ProcedureCase, on: date) -> str:
    """How sure the limit of the case is that day; "" without one."""
    rule = case.published()
    return str(rule_on(rule, on, law_holds).source.mark) if rule else ""


def expected(rule: TimeRule, at: datetime) -> Expected:
    """What a person who comes now may expect: received at `at`, or when the office opens next."""
    calendar = calendar_of(None, on=at.astimezone(VIETNAM).date())
    try:
        received = at if rule.unit in ROUND_THE_CLOCK else next_working_moment(calendar, at)
        return Expected(received, due_at(rule, calendar, received))
    except YearWithoutCalendar as error:
        return Expected(at, None, no_calendar(error))


def explained(rule: TimeRule, received: datetime) -> Expected:
    """The same for a reception at that very moment, with every day counted or skipped."""
    on = received.astimezone(VIETNAM).date()
    rule = rule_on(rule, on, law_holds)
    accept = ClockEvent(ClockAct.ACCEPT, received)
    try:
        reading = read_clock(rule, calendar_of(None, on=on), [accept], grounds=shipped_grounds(on))
    except YearWithoutCalendar as error:
        return Expected(received, None, no_calendar(error))
    return Expected(received, reading.due, steps=tuple(explain(reading, get_language() or "vi")))


def no_calendar(error: YearWithoutCalendar) -> str:
    return _(
        "There is no published working calendar for %(year)s yet, so no date can be counted. "
        "Please choose another day, or ask at the counter."
    ) % {"year": error.year}
