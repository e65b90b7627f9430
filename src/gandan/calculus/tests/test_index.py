"""The index clock (chỉ số 2.1 of QĐ 766/QĐ-TTg) beside the legal one."""

from __future__ import annotations

import pytest

from gandan.calculus.clock import read_clock
from gandan.calculus.explain import Breach
from gandan.calculus.rules import ClockEvent
from gandan.calculus.tests.vietnam import STATE, act, at, rule

ACCEPTED = act("accept", "2026-11-09 08:00")  # five working days: base_due 16/11 17:00
FIVE_DAYS = rule(5)


def late_at(events: list[ClockEvent], known_at: str | None = None) -> bool | None:
    return read_clock(FIVE_DAYS, STATE, events, known_at=at(known_at) if known_at else None).index.late


@pytest.mark.parametrize("end", ["refuse", "stop", "withdraw", "finish", "return"])
def test_each_end_is_counted(end: str) -> None:
    reading = read_clock(FIVE_DAYS, STATE, [ACCEPTED, act(end, "2026-11-17 08:00")])

    assert (reading.index.counted_end, reading.index.late) == (at("2026-11-17 08:00"), True)
    assert reading.running is False


@pytest.mark.parametrize(("moment", "late"), [("2026-11-16 17:00", False), ("2026-11-16 17:01", True)])
def test_end_at_the_due_moment_is_in_time(moment: str, *, late: bool) -> None:
    assert late_at([ACCEPTED, act("finish", moment)]) is late


def test_finish_is_preferred_over_return_in_either_order() -> None:
    finish, give_back = act("finish", "2026-11-16 15:00"), act("return", "2026-11-20 08:00")
    early_return = act("return", "2026-11-13 08:00")

    ends = [
        read_clock(FIVE_DAYS, STATE, [ACCEPTED, finish, other]).index.counted_end
        for other in (give_back, early_return)
    ]

    assert ends == [at("2026-11-16 15:00")] * 2


def test_second_finish_without_reopening_is_passed_over() -> None:
    events = [ACCEPTED, act("finish", "2026-11-16 15:00"), act("finish", "2026-11-18 15:00")]

    assert read_clock(FIVE_DAYS, STATE, events).index.counted_end == at("2026-11-16 15:00")


def test_withdrawal_before_reception_is_no_end() -> None:
    events = [act("withdraw", "2026-11-08 08:00"), ACCEPTED]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.index.counted_end, reading.due) == (None, at("2026-11-16 17:00"))


def test_not_ended_is_neither_late_nor_in_time() -> None:
    index = read_clock(FIVE_DAYS, STATE, [ACCEPTED]).index

    assert (index.counted_end, index.late) == (None, None)


@pytest.mark.parametrize(
    ("known_at", "late"), [("2026-11-10 08:00", None), ("2026-11-16 17:00", None), ("2026-11-16 17:01", True)]
)
def test_not_ended_is_late_once_known_to_be_beyond(known_at: str, *, late: bool | None) -> None:
    assert late_at([ACCEPTED], known_at) is late


def test_wait_is_subtracted_before_not_ended_is_called_late() -> None:
    events = [
        ACCEPTED,
        act("request_supplement", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-13 08:00"),
    ]

    lates = [late_at(events, moment) for moment in ("2026-11-18 17:00", "2026-11-18 17:01")]

    assert lates == [None, True]


def test_acts_after_known_at_are_not_known() -> None:
    events = [ACCEPTED, act("finish", "2026-11-18 08:00")]

    reading = read_clock(FIVE_DAYS, STATE, events, known_at=at("2026-11-12 08:00"))

    assert (reading.running, reading.index.counted_end) == (True, None)


def test_while_waiting_the_request_is_the_end() -> None:
    events = [ACCEPTED, act("request_supplement", "2026-11-17 08:00")]

    reading = read_clock(FIVE_DAYS, STATE, events, known_at=at("2026-12-30 08:00"))

    assert (reading.due, reading.running) == (None, False)
    assert (reading.index.counted_end, reading.index.late) == (at("2026-11-17 08:00"), True)


def test_closed_while_waiting_is_not_late_for_the_time_of_waiting() -> None:
    events = [ACCEPTED, act("request_supplement", "2026-11-11 08:00"), act("stop", "2026-11-27 08:00")]

    index = read_clock(FIVE_DAYS, STATE, events).index

    assert (index.wait_seconds, index.late) == (16 * 86400, False)


def test_suspension_is_not_subtracted() -> None:
    events = [
        ACCEPTED,
        act("suspend", "2026-11-11 08:00"),
        act("resume", "2026-11-13 08:00"),
        act("finish", "2026-11-18 16:00"),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert reading.due == at("2026-11-18 17:00")
    assert (reading.index.wait_seconds, reading.index.late) == (0, True)


def test_second_extension_does_not_move_the_date() -> None:
    events = [
        ACCEPTED,
        act("extend", "2026-11-12 08:00", amount=1),
        act("extend", "2026-11-13 08:00", amount=5),
    ]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.due, reading.index.breaches) == (at("2026-11-17 17:00"), (Breach.SECOND_EXTENSION,))


def test_extension_after_the_date_cures_nothing() -> None:
    events = [ACCEPTED, act("extend", "2026-11-17 08:00", amount=5)]

    reading = read_clock(FIVE_DAYS, STATE, events)

    assert (reading.due, reading.index.breaches) == (at("2026-11-16 17:00"), (Breach.EXTENSION_AFTER_DUE,))


def test_extension_until_a_day_off_ends_on_the_next_working_day() -> None:
    events = [ACCEPTED, act("extend", "2026-11-12 08:00", until="2026-11-24 00:00")]

    assert read_clock(FIVE_DAYS, STATE, events).due == at("2026-11-25 17:00")


def test_extension_is_cut_to_what_the_law_allows() -> None:
    two_at_most = rule(5, max_extension=2)
    events = [ACCEPTED, act("extend", "2026-11-12 08:00", until="2026-12-24 00:00")]

    assert read_clock(two_at_most, STATE, events).due == at("2026-11-18 17:00")


def test_extension_to_an_earlier_day_does_not_shorten() -> None:
    events = [ACCEPTED, act("extend", "2026-11-12 08:00", until="2026-11-13 00:00")]

    assert read_clock(FIVE_DAYS, STATE, events).due == at("2026-11-16 17:00")


def test_extension_does_not_survive_a_restart() -> None:
    events = [
        ACCEPTED,
        act("extend", "2026-11-10 08:00", amount=10),
        act("request_supplement", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-12 08:00"),
    ]

    assert read_clock(FIVE_DAYS, STATE, events).due == at("2026-11-19 17:00")


def test_suspension_goes_on_through_a_restart() -> None:
    events = [
        ACCEPTED,
        act("suspend", "2026-11-10 08:00"),
        act("request_supplement", "2026-11-11 08:00"),
        act("receive_supplement", "2026-11-12 08:00"),
        act("resume", "2026-11-13 08:00"),
    ]

    readings = [read_clock(FIVE_DAYS, STATE, events[:count]) for count in (4, 5)]

    assert [reading.due for reading in readings] == [None, at("2026-11-20 17:00")]


def test_rows_of_the_law_are_named_once() -> None:
    assert read_clock(FIVE_DAYS, STATE, [ACCEPTED]).rows == ("rule-row",)
