"""The short limits round a dossier, with amounts as the law gave them in 2026."""

from __future__ import annotations

import pytest

from gandan.calculus import timers
from gandan.calculus.rules import Unit
from gandan.calculus.tests.vietnam import STATE, at


def test_machine_alerts_after_two_hours_even_at_night() -> None:
    due = timers.machine_alert_due(STATE, at("2026-11-23 23:30"), 2)

    assert due == at("2026-11-24 01:30")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-16 07:30", "2026-11-17 08:00"),
        ("2026-11-23 16:00", "2026-11-25 16:30"),
        ("2026-11-21 09:00", "2026-11-25 08:00"),
    ],
)
def test_officer_answers_within_eight_working_hours(received: str, due: str) -> None:
    assert timers.officer_answer_due(STATE, at(received), 8) == at(due)


def test_supplement_notice_is_due_on_the_third_working_day() -> None:
    due = timers.supplement_notice_due(STATE, at("2026-11-20 09:00"), 3)

    assert due == at("2026-11-26 17:00")


@pytest.mark.parametrize(
    ("notified", "due"),
    [("2026-11-02 09:00", "2026-11-17 23:59:59"), ("2026-11-09 09:00", "2026-11-25 23:59:59")],
)
def test_dossier_is_closed_after_fifteen_calendar_days(notified: str, due: str) -> None:
    assert timers.closing_due(STATE, at(notified), 15) == at(due)


def test_special_period_for_closing_may_be_in_working_days() -> None:
    due = timers.closing_due(STATE, at("2026-11-16 09:00"), 7, Unit.WORKING_DAY)

    assert due == at("2026-11-26 23:59:59")


@pytest.mark.parametrize(
    ("due", "latest"), [("2026-11-20 17:00", "2026-11-19 17:00"), ("2026-11-25 17:00", "2026-11-23 17:00")]
)
def test_apology_is_out_a_day_before_or_on_the_working_day_before_that(due: str, latest: str) -> None:
    assert timers.apology_due(STATE, at(due), 1) == at(latest)


def test_paper_follows_within_one_working_day() -> None:
    assert timers.paper_transfer_due(STATE, at("2026-11-23 09:00"), 1) == at("2026-11-25 17:00")


def test_corrected_result_is_back_within_three_working_days() -> None:
    assert timers.correction_due(STATE, at("2026-11-23 09:00"), 3) == at("2026-11-27 17:00")


def test_early_return_is_told_before_it_is_made() -> None:
    early = timers.early_return(STATE, at("2026-11-18 10:00"), at("2026-11-20 17:00"))

    assert early == timers.EarlyReturn(at("2026-11-18 10:00"), 2)


def test_return_on_the_due_day_is_not_early() -> None:
    assert timers.early_return(STATE, at("2026-11-20 08:00"), at("2026-11-20 17:00")) is None
