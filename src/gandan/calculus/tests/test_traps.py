"""The traps of the clock, each under its name. Calendar of test: `vietnam.STATE`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from gandan.calculus.clock import due_at, read_clock
from gandan.calculus.errors import NaiveMoment, YearWithoutCalendar
from gandan.calculus.explain import Breach, StepEffect, StepRule
from gandan.calculus.rules import Start, SupplementEffect, Unit
from gandan.calculus.tests.vietnam import EARLY_HOURS, STATE, act, at, rule
from gandan.calculus.timers import same_day_due, transfer_due

THREE = time(15, 0)
TWO_DAYS = rule(2)
FIVE_DAYS = rule(5)
SAME_DAY = rule(0, Unit.SAME_DAY, cut_off=THREE)


def test_holiday_inside_two_working_days() -> None:
    received = at("2026-11-23 09:00")

    due = due_at(TWO_DAYS, STATE, received)

    assert due == at("2026-11-26 17:00")  # 24/11 is off: 25 is the first day, 26 the second


def test_make_up_saturday_works() -> None:
    received = at("2026-08-21 09:00")

    due = due_at(TWO_DAYS, STATE, received)

    assert due == at("2026-08-24 17:00")  # Saturday 22/08 makes up for 31/08


def test_swapped_friday_is_off() -> None:
    received = at("2025-12-31 09:00")

    due = due_at(TWO_DAYS, STATE, received)

    assert due == at("2026-01-06 17:00")


@pytest.mark.parametrize("received", ["2026-11-16 16:59", "2026-11-16 17:01", "2026-11-16 23:59"])
def test_received_17_01_counts_from_the_next_day_like_16_59(received: str) -> None:
    due = due_at(TWO_DAYS, STATE, at(received))

    assert due == at("2026-11-18 17:00")


def test_received_on_saturday_counts_from_monday() -> None:
    calendar = replace(STATE, reception_only=frozenset({5}))

    reading = read_clock(TWO_DAYS, calendar, [act("accept", "2026-11-14 09:00")])

    assert reading.due == at("2026-11-17 17:00")
    assert [step.rule for step in reading.steps][:3] == [
        StepRule.RECEPTION_DAY,
        StepRule.WEEKEND,
        StepRule.WORKING_DAY,
    ]


def test_saturday_with_reception_only_is_not_counted() -> None:
    calendar = replace(STATE, reception_only=frozenset({5}))

    reading = read_clock(TWO_DAYS, calendar, [act("accept", "2026-11-13 09:00")])

    assert reading.due == at("2026-11-17 17:00")
    assert reading.steps[1].rule == StepRule.RECEPTION_ONLY


def test_received_on_a_holiday_counts_from_the_next_working_day() -> None:
    received = at("2026-09-02 10:00")

    due = due_at(TWO_DAYS, STATE, received)

    assert due == at("2026-09-04 17:00")


def test_same_day_rule_at_15_00_is_today_and_at_15_01_the_next_working_day() -> None:
    exactly, later = at("2026-11-23 15:00"), at("2026-11-23 15:01")

    dues = [due_at(SAME_DAY, STATE, exactly), due_at(SAME_DAY, STATE, later)]

    assert dues == [at("2026-11-23 17:00"), at("2026-11-25 17:00")]
    assert dues == [same_day_due(STATE, exactly, THREE), same_day_due(STATE, later, THREE)]


def test_transfer_rule_at_15_01_is_the_opening_of_the_next_working_day() -> None:
    exactly, later = at("2026-11-23 15:00"), at("2026-11-23 15:01")

    dues = [transfer_due(STATE, exactly, THREE), transfer_due(STATE, later, THREE)]

    assert dues == [at("2026-11-23 17:00"), at("2026-11-25 07:30")]


def test_transfer_at_15_01_does_not_move_a_limit_in_days() -> None:
    dues = [due_at(TWO_DAYS, STATE, at(f"2026-11-16 {clock}")) for clock in ("14:59", "15:01")]

    assert dues == [at("2026-11-18 17:00")] * 2


def test_reception_day_not_counted() -> None:
    reading = read_clock(rule(1), STATE, [act("accept", "2026-11-16 07:30")])

    assert reading.due == at("2026-11-17 17:00")
    assert (reading.steps[0].rule, reading.steps[0].effect) == (
        StepRule.RECEPTION_DAY,
        StepEffect.NOT_COUNTED,
    )


def test_tet_is_skipped_whole() -> None:
    dues = [due_at(TWO_DAYS, STATE, at(day)) for day in ("2026-02-13 09:00", "2027-02-03 09:00")]

    assert dues == [at("2026-02-24 17:00"), at("2027-02-12 17:00")]


@pytest.mark.parametrize("year", [2026, 2027])
def test_24_11_is_off(year: int) -> None:
    received = at(f"{year}-11-23 09:00")

    due = due_at(rule(1), STATE, received)

    assert due == at(f"{year}-11-25 17:00")


def test_24_11_was_worked_before_2026() -> None:
    received = at("2025-11-21 09:00")

    due = due_at(rule(1), STATE, received)

    assert due == at("2025-11-24 17:00")


def test_restart_on_the_day_of_the_stop_counts_from_zero() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-11 15:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-18 17:00")
    assert reading.index.wait_seconds == 7 * 3600


def test_resumed_on_the_day_of_the_stop_moves_nothing() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("suspend", "2026-11-11 08:00"),
        act("resume", "2026-11-11 15:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-16 17:00")


def test_stopped_on_the_last_day_leaves_a_last_day() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("suspend", "2026-11-16 10:00"),
        act("resume", "2026-11-18 10:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-18 17:00")


@pytest.mark.parametrize("resumed", ["2026-11-20 17:30", "2026-11-21 10:00"])
def test_stopped_on_the_last_day_and_resumed_out_of_hours_ends_on_the_next_working_day(resumed: str) -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("suspend", "2026-11-16 10:00"),
        act("resume", resumed),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-23 17:00")


def test_supplement_twice_is_late_whatever_the_times_say() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-09 10:00"),
        act("receive_supplement", "2026-11-09 11:00"),
        act("request_supplement", "2026-11-10 08:00"),
        act("receive_supplement", "2026-11-10 09:00"),
        act("finish", "2026-11-10 16:00"),
    ]

    index = read_clock(FIVE_DAYS, STATE, events).index

    assert (index.late, index.breaches, index.wait_seconds) == (True, (Breach.SECOND_SUPPLEMENT,), 2 * 3600)


def test_supplement_asked_again_while_waiting_is_a_second_one() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-09 10:00"),
        act("request_supplement", "2026-11-10 10:00"),
        act("receive_supplement", "2026-11-11 10:00"),
    ]

    index = read_clock(FIVE_DAYS, STATE, events).index

    assert (index.late, index.wait_seconds) == (True, 2 * 86400)


def test_extension_removed_while_suspended_is_as_if_it_had_not_been() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("extend", "2026-11-11 08:00", amount=3),
        act("suspend", "2026-11-12 08:00"),
        act("cancel_extension", "2026-11-12 09:00"),
        act("resume", "2026-11-13 08:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-17 17:00")  # five days, and the one of the pause


def test_extension_given_while_suspended_is_added_to_the_pause() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("suspend", "2026-11-12 08:00"),
        act("extend", "2026-11-12 09:00", amount=2),
        act("resume", "2026-11-13 08:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-19 17:00")


def test_decided_then_reopened_runs_on_to_the_same_date() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("finish", "2026-11-12 08:00"),
        act("reopen", "2026-11-13 08:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.due, reading.running) == (at("2026-11-16 17:00"), True)
    assert (reading.index.counted_end, reading.index.late) == (None, None)


def test_decided_reopened_and_decided_again_ends_with_the_last_decision() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("finish", "2026-11-12 08:00"),
        act("reopen", "2026-11-13 08:00"),
        act("finish", "2026-11-18 08:00"),
    ]

    index = read_clock(FIVE_DAYS, STATE, events).index

    assert (index.counted_end, index.late) == (at("2026-11-18 08:00"), True)


def test_non_geographic_clock_starts_when_the_competent_agency_receives() -> None:
    elsewhere = rule(3, start=Start.COMPETENT_RECEIVES)
    events = [act("accept", "2026-11-20 16:00"), act("competent_receive", "2026-11-23 08:30")]

    waiting = read_clock(elsewhere, STATE, events[:1])
    running = read_clock(elsewhere, STATE, events)

    assert (waiting.due, waiting.running, waiting.index.base_due) == (None, False, None)
    assert (running.due, running.index.base_due) == (at("2026-11-27 17:00"), at("2026-11-27 17:00"))


def test_non_geographic_dossier_of_an_ordinary_rule_starts_there_too() -> None:
    events = [act("accept", "2026-11-20 16:00"), act("competent_receive", "2026-11-23 08:30")]

    known = read_clock(rule(3), STATE, events)
    not_yet = read_clock(rule(3), STATE, events, known_at=at("2026-11-21 08:00"))

    assert (known.due, not_yet.due) == (at("2026-11-27 17:00"), None)


def test_two_communes_with_different_hours_at_one_instant() -> None:
    early = replace(STATE, hours=EARLY_HOURS)
    instant = at("2026-11-16 16:45")
    one_hour = rule(1, Unit.WORKING_HOUR)

    days = [due_at(TWO_DAYS, calendar, instant) for calendar in (STATE, early)]
    hours = [due_at(one_hour, calendar, instant) for calendar in (STATE, early)]

    assert days == [at("2026-11-18 17:00"), at("2026-11-18 16:30")]
    assert hours == [at("2026-11-17 08:15"), at("2026-11-17 08:00")]


def test_server_in_utc_counts_the_day_of_viet_nam() -> None:
    evening_in_utc = datetime(2026, 11, 16, 17, 30, tzinfo=UTC)  # 00:30 on the 17th in Việt Nam

    due = due_at(TWO_DAYS, STATE, evening_in_utc)

    assert due.isoformat() == "2026-11-19T17:00:00+07:00"


def test_year_without_calendar_is_refused() -> None:
    with pytest.raises(YearWithoutCalendar) as refused:
        due_at(TWO_DAYS, STATE, at("2027-12-31 09:00"))

    assert (refused.value.year, refused.value.years) == (2028, (2025, 2026, 2027))


def test_received_in_a_year_without_calendar_is_refused() -> None:
    with pytest.raises(YearWithoutCalendar, match="2024"):
        due_at(TWO_DAYS, STATE, at("2024-12-31 09:00"))


def test_year_without_calendar_between_two_others_is_not_jumped_over() -> None:
    gap = replace(STATE, years=frozenset({2025, 2027}))

    with pytest.raises(YearWithoutCalendar, match="2026"):
        due_at(TWO_DAYS, gap, at("2025-12-31 09:00"))


@pytest.mark.parametrize(
    ("unit", "amount"), [(Unit.DAY, 1), (Unit.MONTH, 1), (Unit.SAME_DAY, 0), (Unit.WORKING_HOUR, 4)]
)
def test_year_without_calendar_is_refused_in_every_unit_that_needs_one(unit: Unit, amount: int) -> None:
    with pytest.raises(YearWithoutCalendar, match="2028"):
        due_at(rule(amount, unit, cut_off=THREE), STATE, at("2027-12-31 15:01"))


def test_naive_moment_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        due_at(TWO_DAYS, STATE, datetime(2026, 11, 16, 9))  # noqa: DTZ001


@pytest.mark.parametrize("key", ["", "3f2a"])
def test_step_run_twice_counts_once(key: str) -> None:
    twice = "2026-11-09 10:00" if not key else "2026-11-09 10:02"
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-09 10:00", key=key),
        act("request_supplement", twice, key=key),
        act("receive_supplement", "2026-11-10 08:00"),
    ]

    index = read_clock(FIVE_DAYS, STATE, events).index

    assert (index.breaches, index.wait_seconds) == ((), 22 * 3600)


def test_extension_run_twice_extends_once() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("extend", "2026-11-11 08:00", amount=1, key="a"),
        act("extend", "2026-11-11 08:01", amount=1, key="a"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.due, reading.index.breaches) == (at("2026-11-17 17:00"), ())


def test_last_day_on_a_day_off_moves_to_the_next_working_day() -> None:
    fortnight = rule(14, Unit.DAY)

    reading = read_clock(fortnight, STATE, [act("accept", "2026-11-10 09:00")])

    assert reading.due == at("2026-11-25 17:00")  # the 14th day is 24/11
    assert [(step.rule, step.effect) for step in reading.steps[-2:]] == [
        (StepRule.LAST_DAY_OFF, StepEffect.MOVED),
        (StepRule.OFFICE_CLOSE, StepEffect.DUE),
    ]


def test_month_without_a_corresponding_day_ends_on_its_last_day() -> None:
    received = at("2026-08-31 09:00")

    due = due_at(rule(1, Unit.MONTH), STATE, received)

    assert due == at("2026-09-30 17:00")


def test_due_time_is_the_end_of_office_hours_not_the_hour_of_reception() -> None:
    finished_in_the_afternoon = [act("accept", "2026-11-09 09:12"), act("finish", "2026-11-16 16:00")]

    index = read_clock(FIVE_DAYS, STATE, finished_in_the_afternoon).index

    assert index.late is False


def test_subtracting_is_not_restarting() -> None:
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-11 10:00"),
        act("receive_supplement", "2026-11-16 09:00"),
    ]

    dues = [
        read_clock(rule(5, supplement=effect), STATE, events).due
        for effect in (SupplementEffect.RESTART, SupplementEffect.SUBTRACT, SupplementEffect.NONE)
    ]

    assert dues == [at("2026-11-23 17:00"), at("2026-11-19 17:00"), at("2026-11-16 17:00")]
