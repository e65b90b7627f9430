from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gandan.documents.wording import dong, long_date, long_moment


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 11, 23), "ngày 23 tháng 11 năm 2026"),
    ],
)
def test_long_date_pads_months_one_and_two_only(day: date, words: str) -> None:
    assert long_date(day) == words


def test_long_moment_is_on_the_wall_clock_of_viet_nam() -> None:
    assert (
        long_moment(datetime(2026, 11, 29, 17, 30, tzinfo=UTC)) == "00 giờ 30 phút, thứ Hai ngày 30/11/2026"
    )


def test_long_moment_refuses_a_moment_without_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        long_moment(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001


def test_dong_groups_by_thousand() -> None:
    assert dong(1_250_000) == "1.250.000\u00a0đ"
