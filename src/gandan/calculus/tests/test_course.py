"""Corners of the course of a clock: what meets what."""

from __future__ import annotations

from dataclasses import replace

from gandan.calculus.clock import read_clock
from gandan.calculus.explain import StepRule
from gandan.calculus.rules import ClockAct, Mark, Source, Start, SupplementEffect
from gandan.calculus.tests.vietnam import STATE, act, at, rule

ACCEPTED = act("accept", "2026-11-09 08:00")  # five working days: due 16/11 17:00
FIVE_DAYS = rule(5)


def test_pause_from_the_due_moment_on_comes_too_late() -> None:
    events = [ACCEPTED, act("suspend", "2026-11-16 17:00"), act("resume", "2026-11-19 08:00")]

    assert read_clock(FIVE_DAYS, STATE, events).due == at("2026-11-16 17:00")


def test_second_reception_by_a_competent_agency_does_not_start_again() -> None:
    events = [
        ACCEPTED,
        act("competent_receive", "2026-11-10 08:00"),
        act("competent_receive", "2026-11-12 08:00"),
    ]

    assert read_clock(FIVE_DAYS, STATE, events).due == at("2026-11-17 17:00")


def test_second_acceptance_does_not_start_again() -> None:
    events = [ACCEPTED, act("accept", "2026-11-12 08:00")]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-16 17:00")
    assert StepRule.PASSED_OVER in [step.rule for step in reading.steps]


def test_extension_while_suspended_in_time_is_in_time() -> None:
    events = [
        ACCEPTED,
        act("suspend", "2026-11-13 08:00"),
        act("extend", "2026-11-18 08:00", amount=1),
        act("resume", "2026-11-19 08:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.due, reading.index.breaches) == (at("2026-11-23 17:00"), ())


def test_papers_complete_while_suspended_wait_for_the_suspension_to_end() -> None:
    subtracting = rule(5, supplement=SupplementEffect.SUBTRACT)
    events = [
        ACCEPTED,
        act("request_supplement", "2026-11-10 08:00"),
        act("suspend", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-12 08:00"),
        act("resume", "2026-11-13 08:00"),
    ]

    dues = [read_clock(subtracting, STATE, events[:count]).due for count in (4, 5)]

    assert dues == [None, at("2026-11-19 17:00")]


def test_resumed_while_papers_are_awaited_waits_for_the_papers() -> None:
    subtracting = rule(5, supplement=SupplementEffect.SUBTRACT)
    events = [
        ACCEPTED,
        act("suspend", "2026-11-10 08:00"),
        act("request_supplement", "2026-11-11 08:00"),
        act("resume", "2026-11-12 08:00"),
        act("receive_supplement", "2026-11-13 08:00"),
    ]

    dues = [read_clock(subtracting, STATE, events[:count]).due for count in (4, 5)]

    assert dues == [None, at("2026-11-19 17:00")]


def test_waiting_without_effect_leaves_the_date() -> None:
    untouched = rule(5, supplement=SupplementEffect.NONE)
    events = [ACCEPTED, act("request_supplement", "2026-11-10 08:00")]

    assert read_clock(untouched, STATE, events).due == at("2026-11-16 17:00")


def test_return_after_finish_is_nothing_strange() -> None:
    events = [ACCEPTED, act("finish", "2026-11-12 08:00"), act("return", "2026-11-13 08:00")]

    rules = [step.rule for step in read_clock(FIVE_DAYS, STATE, events).steps]

    assert (StepRule.ENDED in rules, StepRule.PASSED_OVER in rules) == (True, False)


def test_waiting_before_the_start_is_not_subtracted() -> None:
    elsewhere = replace(FIVE_DAYS, start=Start.COMPETENT_RECEIVES)
    events = [
        ACCEPTED,
        act("request_supplement", "2026-11-10 08:00"),
        act("competent_receive", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-11 09:00"),
    ]

    assert read_clock(elsewhere, STATE, events).index.wait_seconds == 3600


def test_act_at_known_at_is_known() -> None:
    events = [ACCEPTED, act("finish", "2026-11-12 08:00")]

    index = read_clock(FIVE_DAYS, STATE, events, known_at=at("2026-11-12 08:00")).index

    assert index.counted_end == at("2026-11-12 08:00")


def test_asked_twice_before_the_clock_starts_is_asked_twice() -> None:
    elsewhere = replace(FIVE_DAYS, start=Start.COMPETENT_RECEIVES)
    events = [
        ACCEPTED,
        act("request_supplement", "2026-11-10 08:00"),
        act("request_supplement", "2026-11-11 08:00"),
    ]

    index = read_clock(elsewhere, STATE, events).index

    assert (index.base_due, index.late) == (None, True)


def test_no_acts_no_clock() -> None:
    reading = read_clock(FIVE_DAYS, STATE, [])

    assert (reading.due, reading.running, reading.steps, reading.index.late) == (None, False, (), None)


def test_suspension_names_its_ground_or_shows_that_none_is_recorded() -> None:
    ground = Source("Luật đặc thù (bài thử)", "Điều 1")
    named = replace(act("suspend", "2026-11-10 08:00"), source=ground)

    sources = [
        next(
            step.source
            for step in read_clock(FIVE_DAYS, STATE, [ACCEPTED, event]).steps
            if step.rule == "suspended"
        )
        for event in (named, act("suspend", "2026-11-10 08:00"))
    ]

    assert sources[0] == ground
    assert sources[1].mark is Mark.NOT_FOUND


def test_every_act_is_read() -> None:
    events = [ACCEPTED, *(act(name, "2026-11-12 08:00", amount=1) for name in ClockAct if name != "accept")]

    assert read_clock(FIVE_DAYS, STATE, events).index.base_due is not None


def test_acts_of_one_moment_keep_the_place_that_the_ledger_gave_them() -> None:
    moment = "2026-11-13 08:00"
    events = [
        act("accept", "2026-11-09 08:00"),
        act("request_supplement", "2026-11-10 08:00"),
        act("withdraw", "2026-11-11 08:00"),
        replace(act("reopen", moment), place=4),
        replace(act("receive_supplement", moment), place=5),
    ]

    assert read_clock(rule(5), STATE, events).due == at("2026-11-20 17:00")
