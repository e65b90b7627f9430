"""What holds for every clock, whatever the rule, the calendar and the acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from gandan.calculus.calendars import (
    add_working_days,
    add_working_hours,
    is_working_day,
    working_days_between,
    working_seconds_between,
)
from gandan.calculus.clock import due_at, read_clock
from gandan.calculus.explain import StepEffect, StepRule
from gandan.calculus.rules import (
    VIETNAM,
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
from gandan.calculus.tests import strategies
from gandan.calculus.tests.vietnam import STATE, at, rule

DAYS = st.sampled_from([Unit.WORKING_DAY, Unit.DAY, Unit.MONTH, Unit.SAME_DAY])


@given(strategies.calendars, strategies.rules(DAYS), strategies.moments)
def test_due_is_never_on_a_day_off(week: Calendar, limit: TimeRule, received: datetime) -> None:
    due = due_at(limit, week, received)

    assert is_working_day(week, due.astimezone(VIETNAM).date())


@given(strategies.calendars, strategies.rules(), strategies.moments, strategies.moments)
def test_later_start_is_never_earlier_due(
    week: Calendar, limit: TimeRule, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other))

    assert due_at(limit, week, first) <= due_at(limit, week, second)


@given(strategies.calendars, strategies.rules(), strategies.moments)
def test_fast_path_equals_slow_path(week: Calendar, limit: TimeRule, received: datetime) -> None:
    reading = read_clock(limit, week, [ClockEvent(ClockAct.ACCEPT, received)])

    assert reading.due == reading.index.base_due == due_at(limit, week, received)


@given(strategies.calendars, strategies.amounts, strategies.moments)
def test_working_days_are_those_counted_one_by_one(week: Calendar, amount: int, received: datetime) -> None:
    day = received.astimezone(VIETNAM).date()
    counted = 0

    while counted < amount:
        day += timedelta(days=1)
        counted += is_working_day(week, day)

    assert due_at(rule(amount), week, received).date() == day


@given(strategies.calendars, strategies.moments, st.integers(1, 6), st.integers(0, 20))
def test_suspending_n_working_days_moves_due_by_n(
    week: Calendar, received: datetime, before: int, lasting: int
) -> None:
    limit = rule(8, supplement=SupplementEffect.SUBTRACT)
    base = due_at(limit, week, received)
    stop = at(f"{add_working_days(week, received.astimezone(VIETNAM).date(), before)} 10:00")
    go_on = stop if not lasting else at(f"{add_working_days(week, stop.date(), lasting)} 10:00")
    events = [
        ClockEvent(ClockAct.ACCEPT, received),
        ClockEvent(ClockAct.REQUEST_SUPPLEMENT, stop),
        ClockEvent(ClockAct.RECEIVE_SUPPLEMENT, go_on),
    ]

    due = read_clock(limit, week, events).due

    assert due is not None
    assert working_days_between(week, base.date(), due.date()) == lasting


@given(strategies.calendars, strategies.rules(), strategies.courses(), st.randoms(use_true_random=False))
def test_order_in_which_events_are_given_does_not_matter(
    week: Calendar, limit: TimeRule, events: list[ClockEvent], random: Random
) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)

    assert read_clock(limit, week, shuffled) == read_clock(limit, week, events)


@given(strategies.calendars, strategies.rules(), strategies.courses())
def test_events_given_twice_count_once(week: Calendar, limit: TimeRule, events: list[ClockEvent]) -> None:
    assert read_clock(limit, week, events * 2) == read_clock(limit, week, events)


@given(strategies.calendars, strategies.rules(), strategies.courses(), st.none() | strategies.moments)
def test_index_clock_keeps_its_formula(
    week: Calendar, limit: TimeRule, events: list[ClockEvent], known_at: datetime | None
) -> None:
    index = read_clock(limit, week, events, known_at=known_at).index

    assert index.wait_seconds >= 0
    if not index.breaches or "second_supplement" not in index.breaches:
        assert (index.late is None) == (index.counted_end is None or index.base_due is None)
        if index.late is not None and index.counted_end is not None and index.base_due is not None:
            counted = index.counted_end - timedelta(seconds=index.wait_seconds)
            assert index.late == (counted > index.base_due)
    else:
        assert index.late is True


@given(strategies.calendars, strategies.rules(), strategies.courses())
def test_waiting_is_never_longer_than_the_course(
    week: Calendar, limit: TimeRule, events: list[ClockEvent]
) -> None:
    index = read_clock(limit, week, events).index

    first, last = min(event.at for event in events), max(event.at for event in events)
    assert index.wait_seconds <= (last - first).total_seconds()


@given(strategies.calendars, strategies.rules(), strategies.courses())
def test_due_is_none_or_the_last_due_step(week: Calendar, limit: TimeRule, events: list[ClockEvent]) -> None:
    reading = read_clock(limit, week, events)

    dues = [step.end for step in reading.steps if step.effect == StepEffect.DUE]
    if reading.due is not None:
        assert dues[-1] == reading.due
    assert [step.start for step in reading.steps] == sorted(step.start for step in reading.steps)
    assert all(step.start <= step.end for step in reading.steps)


@given(strategies.calendars, strategies.amounts, strategies.moments, strategies.day_units)
@example(STATE, 30, at("2026-01-20 09:00"), Unit.WORKING_DAY)
def test_counted_days_are_numbered_up_to_the_amount(
    week: Calendar, amount: int, received: datetime, unit: Unit
) -> None:
    reading = read_clock(rule(amount, unit), week, [ClockEvent(ClockAct.ACCEPT, received)])

    numbers = [step.detail["number"] for step in reading.steps if step.effect == StepEffect.COUNTED]
    assert numbers == list(range(1, amount + 1))


@given(strategies.calendars, strategies.rules(st.just(Unit.WORKING_DAY)), strategies.courses())
def test_last_counted_day_is_the_due_day(week: Calendar, limit: TimeRule, events: list[ClockEvent]) -> None:
    reading = read_clock(limit, week, events)

    if reading.due is not None:
        rules = (StepRule.WORKING_DAY, StepRule.MAKE_UP_DAY)
        counted = [step.end.date() for step in reading.steps if step.rule in rules]
        assert max(counted) == reading.due.date()


@given(strategies.calendars, strategies.moments, st.integers(1, 200))
def test_working_hours_added_are_the_hours_between(week: Calendar, moment: datetime, hours: int) -> None:
    end = add_working_hours(week, moment, hours)

    assert working_seconds_between(week, moment, end) == hours * 3600


@given(strategies.weeks(), strategies.moments, st.integers(0, 12_000))
def test_work_is_what_is_counted_minute_by_minute(week: Calendar, start: datetime, lasting: int) -> None:
    own = dict(week.weekday_hours)
    minutes = [(start + timedelta(minutes=ahead)).astimezone(VIETNAM) for ahead in range(lasting)]

    worked = sum(
        any(span.opens <= minute.time() < span.closes for span in own.get(minute.weekday(), week.hours))
        for minute in minutes
        if is_working_day(week, minute.date())
    )

    assert working_seconds_between(week, start, start + timedelta(minutes=lasting)) == worked * 60


@given(strategies.weeks(), strategies.rules(DAYS), strategies.moments)
def test_office_close_is_that_of_the_due_weekday(week: Calendar, limit: TimeRule, received: datetime) -> None:
    due = due_at(replace(limit, end=End.OFFICE_CLOSE), week, received).astimezone(VIETNAM)

    assert due.time() == dict(week.weekday_hours).get(due.weekday(), week.hours)[-1].closes


@given(strategies.office_hours(), strategies.rules(), strategies.courses())
def test_the_same_hours_named_for_each_weekday_change_nothing(
    hours: tuple[OfficeHours, ...], limit: TimeRule, events: list[ClockEvent]
) -> None:
    plain = replace(STATE, hours=hours)
    named = replace(plain, weekday_hours=tuple((day, hours) for day in range(7)))

    assert read_clock(limit, named, events) == read_clock(limit, plain, events)


@given(strategies.weeks(), strategies.rules(DAYS), strategies.moments)
def test_hours_alone_never_move_a_limit_in_days_to_another_day(
    week: Calendar, limit: TimeRule, received: datetime
) -> None:
    limit = replace(limit, start=Start.NEXT_DAY, cut_off=time(15, 0))

    assert due_at(limit, week, received).date() == due_at(limit, STATE, received).date()
