from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from gandan.ui import words


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), "thứ Hai 23/11/2026"),
        (date(2026, 11, 28), "thứ Bảy 28/11/2026"),
        (date(2026, 11, 29), "Chủ nhật 29/11/2026"),
        (datetime(2026, 11, 29, 17, 30, tzinfo=UTC), "thứ Hai 30/11/2026"),
    ],
)
def test_date_words(day, expected):
    assert words.date_words(day) == expected


def test_datetime_words_are_of_the_office_wall_wherever_the_server_is():
    assert words.datetime_words(datetime(2026, 11, 30, 10, 0, tzinfo=UTC)) == "thứ Hai 30/11/2026, 17:00"


def test_datetime_words_of_a_naive_moment_are_refused():
    with pytest.raises(ValueError, match="naive"):
        words.datetime_words(datetime(2026, 11, 30, 17, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0 đ"),
        (8000, "8.000 đ"),
        (1250000, "1.250.000 đ"),
        (Decimal("8000.00"), "8.000 đ"),
        (None, "chưa rõ"),
    ],
)
def test_money_words(amount, expected):
    assert words.money_words(amount) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(2, "còn 2 ngày làm việc"), (0, "đến hẹn hôm nay"), (-1, "trễ 1 ngày làm việc")]
)
def test_days_left_words(days, expected):
    assert words.days_left_words(days) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(3, "còn 3 giờ làm việc"), (0, "còn chưa đến một giờ làm việc"), (-5, "trễ 5 giờ làm việc")],
)
def test_hours_left_words(hours, expected):
    assert words.hours_left_words(hours) == expected


def test_days_left_words_in_english_know_one_and_many():
    with translation.override("en"):
        assert words.days_left_words(1) == "1 working day left"
        assert words.days_left_words(-2) == "2 working days late"
