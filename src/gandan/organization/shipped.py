"""Provinces, communes and the national calendar as shipped. Pure: no Django, no database."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from gandan.calculus.rules import DEFAULT_HOURS, Calendar, DayOff, Mark, OfficeHours, Source

DATA = Path(__file__).parent / "data"

#: Marks of a day that somebody announced; `derived` and `projected` days only follow from a rule.
ANNOUNCED = frozenset({Mark.READ, Mark.READ_2ND, Mark.CONFIRMED})

DEFAULT_HOURS_SOURCE = Source("Giờ mặc định của phần mềm", "", Mark.NOT_FOUND, "")


class ReferenceDataError(ValueError):
    """A shipped file is wrong: the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class ShippedProvince:
    """A province or centrally run city (tỉnh, thành phố)."""

    code: str
    kind: str
    name: str
    resolution: str
    resolution_on: date | None


@dataclass(frozen=True, slots=True)
class ShippedCommune:
    """A commune-level unit (xã, phường, đặc khu)."""

    code: str
    kind: str
    name: str
    province_code: str
    resolution: str
    resolution_on: date | None

    @property
    def full_name(self) -> str:
        return f"{self.kind.capitalize()} {self.name}"


@dataclass(frozen=True, slots=True)
class ShippedPredecessor:
    """An old commune and one successor; `part` if the old commune was split.

    Five island districts had no communes: code and name are empty, the district stands alone.
    """

    old_code: str
    old_name: str
    old_district: str
    old_province: str
    new_code: str
    share: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class ShippedDay:
    """A day off on a weekday, or a make-up day."""

    day: date
    works: bool
    name: str
    mark: Mark
    document: str
    article: str

    def day_off(self) -> DayOff:
        source = Source(self.document, self.article, self.mark, self.row)
        return DayOff(self.day, self.name, self.works, source)

    @property
    def row(self) -> str:
        """Stable identifier of the row."""
        return f"holiday@{self.day:%Y-%m-%d}"


def _lines(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _code(value: str, length: int, where: str) -> str:
    if len(value) != length or not value.isdigit() or not value.isascii():
        raise ReferenceDataError(f"{where}: {value!r} is not a code of {length} digits")
    return value


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


@lru_cache(maxsize=1)
def provinces() -> tuple[ShippedProvince, ...]:
    """The 34 provinces and cities, by code."""
    return tuple(
        ShippedProvince(
            _code(raw["code"], 2, f"provinces.csv:{line}"),
            raw["kind"],
            raw["name"],
            raw["resolution"],
            _day(raw["resolution_date"]),
        )
        for line, raw in _lines("provinces.csv")
    )


@lru_cache(maxsize=1)
def communes() -> dict[str, ShippedCommune]:
    """The 3,321 communes, wards and special zones, by code."""
    return {commune.code: commune for commune in _read_communes()}


def _read_communes() -> Iterator[ShippedCommune]:
    for line, raw in _lines("communes.csv"):
        yield ShippedCommune(
            _code(raw["code"], 5, f"communes.csv:{line}"),
            raw["kind"],
            raw["name"],
            raw["province_code"],
            raw["resolution"],
            _day(raw["resolution_date"]),
        )


def predecessors() -> Iterator[ShippedPredecessor]:
    """The 10,602 pairs of old commune and successor, by old code."""
    for line, raw in _lines("communes_before_2025-07.csv"):
        where = f"communes_before_2025-07.csv:{line}"
        if raw["share"] not in {"whole", "part"}:
            raise ReferenceDataError(f"{where}: {raw['share']!r} is neither whole nor part")
        yield ShippedPredecessor(
            _code(raw["old_code"], 5, where) if raw["old_code"] else "",
            raw["old_name"],
            raw["old_district"],
            raw["old_province"],
            _code(raw["new_code"], 5, where),
            raw["share"],
            raw["main_successor"] == "1",
        )


@lru_cache(maxsize=1)
def days() -> tuple[ShippedDay, ...]:
    """Days off and make-up days of the nation, in order, projected ones too."""
    return tuple(
        ShippedDay(
            date.fromisoformat(raw["day"]),
            raw["kind"] == "work",
            raw["name"],
            Mark(raw["mark"]),
            raw["document"],
            raw["article"],
        )
        for _, raw in _lines("holidays.csv")
    )


def published_years(marked: Iterable[tuple[date, str]]) -> frozenset[int]:
    """Years whose calendar is known (docs/decisions/0008), from the nation's days with their marks.

    Tết and 2 September are fixed each year by the Prime Minister (Bộ luật Lao động 2019 art. 112): a year is
    published when somebody announced a day of it and none is merely projected any more. Others are refused.
    """
    announced: set[int] = set()
    projected: set[int] = set()
    for day, mark in marked:
        if mark in ANNOUNCED:
            announced.add(day.year)
        elif mark == Mark.PROJECTED:
            projected.add(day.year)
    return frozenset(announced - projected)


def national_calendar(hours: tuple[OfficeHours, ...] = DEFAULT_HOURS) -> Calendar:
    """The calendar of the nation with `hours`; only years with a published calendar (2025-2027)."""
    years = published_years((entry.day, entry.mark) for entry in days())
    return Calendar(
        years=years,
        days=tuple(entry.day_off() for entry in days() if entry.day.year in years),
        hours=hours,
        name="Lịch làm việc chung cả nước",
        source=DEFAULT_HOURS_SOURCE if hours == DEFAULT_HOURS else Source(""),
    )
