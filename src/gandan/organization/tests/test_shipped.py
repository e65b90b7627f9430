"""The shipped nation: counts, predecessors, the national calendar, refusal of bad files."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest

from gandan.calculus.rules import Mark, OfficeHours
from gandan.organization import shipped
from gandan.organization.shipped import (
    ReferenceDataError,
    communes,
    days,
    national_calendar,
    predecessors,
    provinces,
    published_years,
)


def test_counts_of_the_nation() -> None:
    kinds = Counter(commune.kind for commune in communes().values())

    assert len(provinces()) == 34
    assert kinds == {"phường": 709, "xã": 2599, "đặc khu": 13}
    assert sum(kinds.values()) == 3321


def test_every_commune_lies_in_a_province() -> None:
    known = {province.code for province in provinces()}

    assert {commune.province_code for commune in communes().values()} == known


def test_predecessors_lead_to_communes_of_today() -> None:
    rows = list(predecessors())

    assert len(rows) == 10_602
    assert [row for row in rows if row.new_code not in communes()] == []


def test_split_communes_have_a_part_in_each_row() -> None:
    rows = [row for row in predecessors() if row.old_code]
    split = {row.old_code for row in rows if row.share == "part"}

    mixed = [row for row in rows if row.old_code in split and row.share == "whole"]
    times = Counter(row.old_code for row in rows)
    assert mixed == []
    assert {code for code, count in times.items() if count > 1} <= split


def test_island_districts_without_communes_keep_their_own_names() -> None:
    rows = {row.old_district: row.new_code for row in predecessors() if not row.old_code}

    assert rows == {
        "Huyện Bạch Long Vĩ": "11948",
        "Huyện Cồn Cỏ": "19742",
        "Huyện Hoàng Sa": "20333",
        "Huyện Lý Sơn": "21548",
        "Huyện Côn Đảo": "26732",
    }


@pytest.mark.parametrize(("code", "name"), [("19975", "Phường Hương Thủy"), ("14758", "Phường Hàm Rồng")])
def test_the_two_demo_wards_are_there(code: str, name: str) -> None:
    assert communes()[code].full_name == name


def test_national_calendar_has_the_published_years_alone() -> None:
    calendar = national_calendar()

    assert calendar.years == {2025, 2026, 2027}
    assert {day.day.year for day in calendar.days} == {2025, 2026, 2027}


@pytest.mark.parametrize(
    ("day", "works", "mark"),
    [
        (date(2026, 1, 2), False, Mark.READ_2ND),
        (date(2026, 1, 10), True, Mark.READ_2ND),
        (date(2026, 2, 17), False, Mark.READ),
        (date(2026, 4, 27), False, Mark.READ),
        (date(2026, 8, 22), True, Mark.READ),
        (date(2026, 8, 31), False, Mark.READ),
        (date(2026, 11, 24), False, Mark.READ_2ND),
        (date(2027, 2, 10), False, Mark.READ_2ND),
        (date(2027, 4, 16), False, Mark.DERIVED),
        (date(2028, 1, 26), False, Mark.PROJECTED),
    ],
)
def test_day_with_its_mark(day: date, works: bool, mark: Mark) -> None:
    [entry] = [entry for entry in days() if entry.day == day]

    assert (entry.works, entry.mark) == (works, mark)


def test_days_off_are_weekdays_and_make_up_days_are_not() -> None:
    wrong = [entry.day for entry in days() if entry.works == (entry.day.weekday() < 5)]

    assert wrong == []


def test_each_day_off_names_its_document() -> None:
    assert [entry.day for entry in days() if not entry.document] == []


@pytest.mark.parametrize(
    ("marks", "published"),
    [
        ([Mark.READ], True),
        ([Mark.READ_2ND, Mark.DERIVED], True),
        ([Mark.CONFIRMED], True),
        ([Mark.DERIVED], False),
        ([Mark.PROJECTED], False),
        ([Mark.CONFIRMED, Mark.PROJECTED], False),
        ([Mark.RECALLED], False),
        ([], False),
    ],
)
def test_year_is_published_when_announced_and_nothing_is_projected(
    marks: list[Mark], published: bool
) -> None:
    marked = [(date(2028, 1, number), mark) for number, mark in enumerate(marks, start=1)]

    assert (2028 in published_years(marked)) is published


def test_default_hours_are_marked_not_found() -> None:
    assert national_calendar().source.mark == Mark.NOT_FOUND


def test_calendar_with_other_hours() -> None:
    hours = (OfficeHours(time(7), time(11)), OfficeHours(time(13), time(17)))

    assert national_calendar(hours).hours == hours


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1234,Xã A,Huyện B,Tỉnh C,19975,whole,", "5 digits"),
        ("１２３４５,Xã A,Huyện B,Tỉnh C,19975,whole,", "5 digits"),
        ("12345,Xã A,Huyện B,Tỉnh C,,whole,", "5 digits"),
        ("12345,Xã A,Huyện B,Tỉnh C,19975,half,", "neither whole nor part"),
    ],
)
def test_bad_line_is_refused_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, problem: str
) -> None:
    shutil.copytree(shipped.DATA, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "communes_before_2025-07.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + f"\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(shipped, "DATA", tmp_path)

    with pytest.raises(ReferenceDataError, match=rf"communes_before_2025-07.csv:2: .*{problem}"):
        list(predecessors())
