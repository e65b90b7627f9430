"""The clock for arrays says what the one-by-one clock says, whatever the rule, the calendar and the moments."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gandan.calculus import arrays
from gandan.calculus.calendars import working_time
from gandan.calculus.clock import due_at
from gandan.calculus.errors import BadRule, ClockError, YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Calendar, DayOff, End, OfficeHours, Start, TimeRule, Unit
from gandan.calculus.tests import strategies
from gandan.calculus.tests.vietnam import PROCEDURE, STATE, at, rule

PARIS = ZoneInfo("Europe/Paris")
ZONES = st.sampled_from(
    [VIETNAM, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), PARIS, ZoneInfo("America/Sao_Paulo")]
)
A_SECOND = 10_000_000  # due moments: design.md §6


@st.composite
def spans(draw: st.DrawFn) -> tuple[OfficeHours, ...]:
    """One to three spans of office hours, apart and in order."""
    count = draw(st.integers(1, 3))
    edges = st.lists(st.integers(1, 1438), min_size=2 * count, max_size=2 * count, unique=True)
    minutes = [time(minute // 60, minute % 60) for minute in sorted(draw(edges))]
    return tuple(OfficeHours(*pair) for pair in zip(minutes[::2], minutes[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar: years with a gap, days off and make-up days, hours of a weekday's own, any zone."""
    offs = draw(st.dictionaries(st.integers(0, 1094), st.booleans(), max_size=25))
    days = (DayOff(date(2025, 1, 1) + timedelta(days=day), "", works) for day, works in offs.items())
    return Calendar(
        years=draw(
            st.sampled_from([frozenset({2025, 2026, 2027}), frozenset({2025, 2027}), frozenset({2026})])
        ),
        days=tuple(days),
        hours=draw(spans()),
        zone=draw(ZONES),
        weekday_hours=tuple(draw(st.dictionaries(st.integers(0, 6), spans(), max_size=2)).items()),
    )


@st.composite
def moments(draw: st.DrawFn) -> list[datetime]:
    """Moments to the microsecond, some of them at the edges of a day or of its hours, some outside every calendar."""
    anywhere = st.integers(-40 * 86_400_000_000, 1140 * 86_400_000_000)
    found = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(microseconds=draw(anywhere)) for _one in range(6)]
    for moment in found[:3]:
        minute = draw(st.integers(0, 24 * 60))
        edge = moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minute)
        found.append(edge + timedelta(microseconds=draw(st.sampled_from([-1, 0, 1]))))
    return found


@given(strategies.rules(), calendars(), moments())
@example(rule(8), STATE, [at("2026-11-20 17:01"), at("2026-02-13 08:00")])
@example(rule(1, Unit.SAME_DAY, cut_off=time(15)), STATE, [at("2026-11-20 15:00"), at("2026-11-20 15:01")])
def test_array_says_what_the_clock_says(
    limit: TimeRule, calendar: Calendar, received: list[datetime]
) -> None:
    for moment in received:
        assert array_answer(limit, calendar, [moment]) == clock_answer(limit, calendar, moment)

    countable = [one for one in received if isinstance(clock_answer(limit, calendar, one), datetime)]
    found = arrays.due_at_each(limit, calendar, arrays.array_of(countable))

    assert as_moments(found) == [due_at(limit, calendar, moment) for moment in countable]


def clock_answer(limit: TimeRule, calendar: Calendar, moment: datetime) -> object:
    try:
        return due_at(limit, calendar, moment)
    except ClockError as error:
        return type(error), str(error)


def array_answer(limit: TimeRule, calendar: Calendar, received: list[datetime]) -> object:
    try:
        return as_moments(arrays.due_at_each(limit, calendar, arrays.array_of(received)))[0]
    except ClockError as error:
        return type(error), str(error)


def as_moments(found: arrays.Moments) -> list[datetime]:
    return [arrays.moment_of(number) for number in found.view(np.int64).tolist()]


@given(calendars(), moments(), st.integers(1, 40 * 3_600_000_000))
def test_work_is_added_as_the_calendar_adds_it(
    calendar: Calendar, given: list[datetime], amount: int
) -> None:
    ready = working_time(calendar)

    for moment in given:
        try:
            expected: object = ready.add_work(moment, amount)
        except YearWithoutCalendar as error:
            expected = str(error)
        try:
            (found,) = as_moments(arrays.hours_of(calendar).add_work(arrays.array_of([moment]), amount))
        except YearWithoutCalendar as error:
            found = str(error)  # type: ignore[assignment]
        assert found == expected


def test_nothing_gives_nothing() -> None:
    none = arrays.array_of([])

    assert len(arrays.due_at_each(rule(8), STATE, none)) == 0
    assert len(arrays.due_at_each(rule(8, Unit.WORKING_HOUR), STATE, none)) == 0


@pytest.mark.parametrize("limit", [rule(0), rule(-1, Unit.DAY), rule(5, end=End.CLOCK_TIME)], ids=str)
def test_rule_that_cannot_be_counted_is_refused(limit: TimeRule) -> None:
    with pytest.raises(BadRule):
        arrays.due_at_each(limit, STATE, arrays.array_of([at("2026-11-20 09:00")]))


def test_function_with_two_turns_in_a_day_is_asked_one_by_one() -> None:
    def by_quarters(moment: datetime) -> datetime:
        local = moment.astimezone(VIETNAM)
        return local.replace(hour=local.hour // 6 * 6, minute=0, second=0, microsecond=0)

    table = arrays.DayTable(
        by_quarters, VIETNAM, date(2026, 1, 1), date(2026, 1, 3), lambda _day: 12 * arrays.HOUR
    )
    given = [at(f"2026-01-02 {hour:02d}:30") for hour in range(24)]

    assert as_moments(table.at_each(arrays.array_of(given))) == [by_quarters(moment) for moment in given]


def test_day_on_which_clocks_change_is_asked_one_by_one() -> None:
    calendar = Calendar(frozenset({2026}), (), zone=PARIS)
    limit = TimeRule(1, Unit.SAME_DAY, PROCEDURE, cut_off=time(15), start=Start.AT_ONCE)
    given = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in range(24)]

    found = arrays.due_at_each(limit, calendar, arrays.array_of(given))

    assert as_moments(found) == [due_at(limit, calendar, moment) for moment in given]


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.WORKING_HOUR])
def test_ten_million_due_moments_a_second(unit: Unit) -> None:
    first, last = (arrays.number_of(at(text)) for text in ("2025-01-02 08:00", "2027-06-01 08:00"))
    received = np.random.default_rng(7).integers(first, last, 1_000_000).view("datetime64[us]")
    limit = rule(2 if unit is Unit.MONTH else 8, unit, cut_off=time(15))
    arrays.due_at_each(limit, STATE, received)

    fastest = min(cpu_of(limit, received) for _turn in range(5))

    assert len(received) / fastest > A_SECOND


def cpu_of(limit: TimeRule, received: arrays.Moments) -> float:
    began = stopwatch.process_time()
    arrays.due_at_each(limit, STATE, received)
    return stopwatch.process_time() - began


def test_year_without_calendar_can_be_no_time_instead_of_an_error() -> None:
    given = arrays.array_of([at("2026-11-20 09:00"), at("2027-12-30 09:00")])

    by_days = arrays.due_at_each(rule(8), STATE, given, or_not_a_time=True)
    by_hours = arrays.due_at_each(rule(80, Unit.WORKING_HOUR), STATE, given, or_not_a_time=True)

    assert np.isnat(by_days).tolist() == np.isnat(by_hours).tolist() == [False, True]
    with pytest.raises(YearWithoutCalendar):
        arrays.due_at_each(rule(8), STATE, given)
