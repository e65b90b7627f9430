"""Counting on a working calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from gandan.calculus import calendars
from gandan.calculus.clock import due_at
from gandan.calculus.errors import BadCalendar, BadRule, YearWithoutCalendar
from gandan.calculus.rules import DayOff, End, OfficeHours, Start, TimeRule, Unit
from gandan.calculus.tests.vietnam import STATE, at, rule

MORNING = OfficeHours(time(7, 30), time(11, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-28", False),
        ("2026-08-22", True),
        ("2026-01-02", False),
    ],
)
def test_is_working_day(day: str, *, works: bool) -> None:
    assert calendars.is_working_day(STATE, date.fromisoformat(day)) is works


def test_working_days_are_added_forward_and_back() -> None:
    days = [calendars.add_working_days(STATE, date(2026, 11, 24), amount) for amount in (1, 2, -1, -2)]

    assert days == [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 23), date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 06:00", "2026-11-23 07:30"),
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 11:30", "2026-11-23 13:30"),
        ("2026-11-23 17:00", "2026-11-25 07:30"),
        ("2026-11-21 10:00", "2026-11-23 07:30"),
    ],
)
def test_next_working_moment(moment: str, expected: str) -> None:
    assert calendars.next_working_moment(STATE, at(moment)) == at(expected)


def test_working_hours_that_end_at_closing_end_then() -> None:
    moments = [calendars.add_working_hours(STATE, at("2026-11-23 07:30"), hours) for hours in (4, 15)]

    assert moments == [at("2026-11-23 11:30"), at("2026-11-25 17:00")]


def test_working_seconds_between_leave_out_lunch_night_and_holiday() -> None:
    seconds = calendars.working_seconds_between(STATE, at("2026-11-23 11:00"), at("2026-11-25 08:00"))

    assert seconds == 30 * 60 + 3 * 3600 + 30 * 60 + 30 * 60


def test_office_hours_of_a_day() -> None:
    day = date(2026, 11, 23)

    hours = (calendars.start_of_office_hours(STATE, day), calendars.end_of_office_hours(STATE, day))

    assert hours == (at("2026-11-23 07:30"), at("2026-11-23 17:00"))


AFTERNOON = OfficeHours(time(13, 30), time(17))
SHORT_FRIDAY = replace(STATE, hours=(MORNING, AFTERNOON), weekday_hours=((4, (MORNING,)),))


@pytest.mark.parametrize(
    ("limit", "received", "due"),
    [
        (rule(1), "2026-11-19 09:00", "2026-11-20 11:30"),  # ends on the short Friday
        (rule(2), "2026-11-19 09:00", "2026-11-23 17:00"),
        (rule(8, Unit.WORKING_HOUR), "2026-11-19 16:00", "2026-11-23 10:30"),  # 1 h + 4 h + 3 h
        (rule(0, Unit.SAME_DAY), "2026-11-20 11:30", "2026-11-20 11:30"),
        (rule(0, Unit.SAME_DAY), "2026-11-20 11:31", "2026-11-23 17:00"),
    ],
)
def test_weekday_with_its_own_hours(limit: TimeRule, received: str, due: str) -> None:
    assert due_at(limit, SHORT_FRIDAY, at(received)) == at(due)


def test_make_up_saturday_has_the_hours_of_saturday() -> None:
    half = replace(STATE, hours=(MORNING, AFTERNOON), weekday_hours=((5, (MORNING,)),))

    worked = [
        calendars.working_seconds_between(half, at(f"{day} 00:00"), at(f"{day} 23:59"))
        for day in ("2026-08-22", "2026-08-29")
    ]

    assert worked == [4 * 3600, 0]


@pytest.mark.parametrize("own", [((7, (MORNING,)),), ((1, (MORNING,)), (1, (AFTERNOON,))), ((1, ()),)])
def test_hours_of_an_impossible_week_are_refused(
    own: tuple[tuple[int, tuple[OfficeHours, ...]], ...],
) -> None:
    with pytest.raises(BadCalendar):
        calendars.working_time(replace(STATE, weekday_hours=own))


def test_equal_calendars_share_their_working_time() -> None:
    assert calendars.working_time(STATE) is calendars.working_time(replace(STATE))


@pytest.mark.parametrize(
    "hours",
    [(), (OfficeHours(time(9), time(8)),), (MORNING, MORNING), (OfficeHours(time(13), time(17)), MORNING)],
)
def test_office_hours_that_contradict_themselves_are_refused(hours: tuple[OfficeHours, ...]) -> None:
    with pytest.raises(BadCalendar):
        calendars.working_time(replace(STATE, hours=hours))


def test_day_both_off_and_worked_is_refused() -> None:
    twice = (DayOff(date(2026, 5, 4), "nghỉ"), DayOff(date(2026, 5, 4), "làm bù", works=True))

    with pytest.raises(BadCalendar, match="2026-05-04"):
        calendars.working_time(replace(STATE, days=twice))


def test_counting_back_into_a_year_without_calendar_is_refused() -> None:
    with pytest.raises(YearWithoutCalendar, match="2024"):
        calendars.add_working_days(STATE, date(2025, 1, 2), -1)


def test_days_between_years_apart_without_calendar_are_refused() -> None:
    gap = replace(STATE, years=frozenset({2025, 2027}))

    with pytest.raises(YearWithoutCalendar, match="2026"):
        calendars.working_days_between(gap, date(2027, 3, 1), date(2025, 3, 3))


@pytest.mark.parametrize("unit", [Unit.HOUR, Unit.WORKING_HOUR, Unit.WORKING_DAY, Unit.DAY, Unit.MONTH])
def test_limit_of_nothing_is_refused(unit: Unit) -> None:
    with pytest.raises(BadRule):
        due_at(rule(0, unit), STATE, at("2026-11-23 09:00"))


def test_limit_to_a_clock_time_without_one_is_refused() -> None:
    with pytest.raises(BadRule, match="end_time"):
        due_at(rule(1, end=End.CLOCK_TIME), STATE, at("2026-11-23 09:00"))


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-23 09:00", "2026-11-23 17:00"), ("2026-11-23 17:30", "2026-11-25 17:00")],
)
def test_limit_that_starts_at_once_counts_the_day_of_the_event_if_any_of_it_is_left(
    received: str, due: str
) -> None:
    assert due_at(rule(1, start=Start.AT_ONCE), STATE, at(received)) == at(due)


@pytest.mark.parametrize(
    ("end", "clock"), [(End.OFFICE_CLOSE, "17:00"), (End.CLOCK_TIME, "10:30"), (End.END_OF_DAY, "23:59:59")]
)
def test_last_day_ends_as_the_rule_says(end: End, clock: str) -> None:
    limit = rule(1, end=end, end_time=time(10, 30))

    assert due_at(limit, STATE, at("2026-11-23 09:00")) == at(f"2026-11-25 {clock}")
