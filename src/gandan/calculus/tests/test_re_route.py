"""A dossier passes to the successor of a merged agency: another calendar counts, and no date becomes earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from gandan.calculus.clock import read_clock
from gandan.calculus.explain import StepRule
from gandan.calculus.rules import Calendar, ClockAct, ClockEvent, DayOff, OfficeHours
from gandan.calculus.tests.vietnam import STATE, at
from gandan.calculus.tests.vietnam import rule as limit

MONDAY = at("2026-11-09 08:00")
THURSDAY = at("2026-11-12 09:00")


def closing(hour: int, minute: int = 0) -> Calendar:
    """The state's calendar with another closing time."""
    return replace(STATE, hours=(OfficeHours(time(7, 30), time(hour, minute)),))


def read(
    calendar: Calendar, told: datetime, *more: ClockEvent
) -> tuple[datetime | None, set[str], datetime | None]:
    """Seven working days from Monday, passed on on Thursday with the date that was told."""
    events = [
        ClockEvent(ClockAct.ACCEPT, MONDAY),
        ClockEvent(ClockAct.RE_ROUTE, THURSDAY, until=told, base=told),
        *more,
    ]
    reading = read_clock(limit(7), calendar, events)
    return reading.due, {step.rule for step in reading.steps}, reading.index.base_due


TOLD = at("2026-11-18 17:00")


@pytest.mark.parametrize(
    ("calendar", "due", "rule"),
    [
        (STATE, TOLD, StepRule.RE_ROUTED),
        (closing(17, 30), at("2026-11-18 17:30"), StepRule.RE_ROUTED),
        (closing(16, 30), TOLD, StepRule.RE_ROUTED_KEPT),
        (
            replace(STATE, days=(*STATE.days, DayOff(date(2026, 11, 16), "Ngày nghỉ (mẫu)"))),
            at("2026-11-19 17:00"),
            StepRule.RE_ROUTED,
        ),
    ],
    ids=["same hours", "closes later", "closes earlier", "a further day off"],
)
def test_successor_counts_by_its_own_calendar_and_shortens_nothing(
    calendar: Calendar, due: datetime, rule: StepRule
) -> None:
    found, rules, base = read(calendar, TOLD)

    assert (found, base) == (due, due)
    assert rule in rules


def test_date_told_earlier_stays_through_a_later_reading() -> None:
    """Finished at 16:45 on the last day: on time by what was told, though the successor closes at 16:30."""
    finish = ClockEvent(ClockAct.FINISH, at("2026-11-18 16:45"))

    reading = read_clock(
        limit(7),
        closing(16, 30),
        [
            ClockEvent(ClockAct.ACCEPT, MONDAY),
            ClockEvent(ClockAct.RE_ROUTE, THURSDAY, until=TOLD, base=TOLD),
            finish,
        ],
    )

    assert (reading.due, reading.index.late) == (TOLD, False)


def test_supplement_after_it_counts_anew_by_the_successor_alone() -> None:
    asked = ClockEvent(ClockAct.REQUEST_SUPPLEMENT, at("2026-11-13 09:00"))
    complete = ClockEvent(ClockAct.RECEIVE_SUPPLEMENT, at("2026-11-16 09:00"))

    due, _rules, _base = read(closing(16, 30), TOLD, asked, complete)

    assert due == at("2026-11-26 16:30")  # seven working days from Monday the 16th; the 24th is a day off


def test_while_the_person_is_waited_for_nothing_is_told_and_nothing_kept() -> None:
    reading = read_clock(
        limit(7),
        closing(16, 30),
        [
            ClockEvent(ClockAct.ACCEPT, MONDAY),
            ClockEvent(ClockAct.REQUEST_SUPPLEMENT, at("2026-11-10 09:00")),
            ClockEvent(ClockAct.RE_ROUTE, THURSDAY, base=TOLD),
            ClockEvent(ClockAct.RECEIVE_SUPPLEMENT, at("2026-11-13 09:00")),
        ],
    )

    assert reading.due == at("2026-11-25 16:30")
    assert reading.index.base_due == TOLD


def test_new_appointment_after_it_goes_beyond_the_kept_date() -> None:
    extend = ClockEvent(ClockAct.EXTEND, at("2026-11-16 09:00"), until=at("2026-11-20 00:00"))

    due, _rules, _base = read(closing(16, 30), TOLD, extend)

    assert due == at("2026-11-20 16:30")
