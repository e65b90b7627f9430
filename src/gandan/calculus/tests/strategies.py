"""What the property tests of the clock draw from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import assume, settings
from hypothesis import strategies as st

from gandan.calculus.calendars import HOUR, Hours
from gandan.calculus.rules import (
    Calendar,
    ClockAct,
    ClockEvent,
    End,
    OfficeHours,
    Start,
    SupplementEffect,
    TimeRule,
    Unit,
)
from gandan.calculus.tests.vietnam import PROCEDURE, STATE

# A busy machine is slow, not wrong: no time limit per example.
settings.register_profile("calculus", deadline=None)
settings.load_profile("calculus")

FIRST = datetime(2025, 1, 2, tzinfo=UTC)
MINUTES = 60 * 24 * 700

moments = st.integers(0, MINUTES).map(lambda minutes: FIRST + timedelta(minutes=minutes))
amounts = st.integers(1, 30)
day_units = st.sampled_from([Unit.WORKING_DAY, Unit.DAY])
effects = st.sampled_from(SupplementEffect)
quarters = st.integers(6 * 4, 20 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def office_hours(draw: st.DrawFn) -> tuple[OfficeHours, ...]:
    """One to three spans between 6:00 and 20:00, in order and apart, an hour at least in all."""
    edges = sorted(draw(st.lists(quarters, min_size=2, max_size=6, unique=True)))
    spans = tuple(OfficeHours(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))
    assume(Hours(spans).length >= HOUR)  # or a limit in hours would outlast the calendar of test
    return spans


@st.composite
def weeks(draw: st.DrawFn) -> Calendar:
    """The calendar of the State with any hours, other ones on some weekdays."""
    own = draw(st.dictionaries(st.integers(0, 6), office_hours(), max_size=7))
    return replace(STATE, hours=draw(office_hours()), weekday_hours=tuple(sorted(own.items())))


# As most wards have them, and every weekday in its own way.
calendars = st.just(STATE) | weeks()
all_units = st.sampled_from(Unit)


@st.composite
def rules(draw: st.DrawFn, units: st.SearchStrategy[Unit] = all_units) -> TimeRule:
    """Any rule that can be counted within the calendar of test."""
    unit = draw(units)
    return TimeRule(
        draw(st.integers(1, 3)) if unit is Unit.MONTH else draw(amounts),
        unit,
        PROCEDURE,
        start=draw(st.sampled_from([Start.NEXT_DAY, Start.AT_ONCE])),
        end=draw(st.sampled_from(End)),
        end_time=time(10, 30),
        cut_off=draw(st.sampled_from([None, time(15, 0)])),
        supplement=draw(effects),
    )


@st.composite
def courses(draw: st.DrawFn) -> list[ClockEvent]:
    """An acceptance and any acts within forty days of it, in any order, possible or not."""
    start = draw(moments)
    events = [ClockEvent(ClockAct.ACCEPT, start)]
    for act in draw(st.lists(st.sampled_from(ClockAct), max_size=8)):
        at = start + timedelta(minutes=draw(st.integers(0, 60 * 24 * 40)))
        amount = draw(st.integers(1, 5)) if act is ClockAct.EXTEND else None
        events.append(ClockEvent(act, at, amount=amount))
    return events
