"""The grounds that a clock's steps name, from the dated rows of the law. Pure: no Django, no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date

from gandan.calculus.rules import Source
from gandan.calculus.sources import GENERAL, Grounds
from gandan.law import shipped

#: Field of `Grounds` → key of the law. What is not here keeps its general source.
KEYS = {
    "competent_receives": "clock.start_non_geographic",
    "first_day": "count.first_day",
    "from_the_moment": "count.hours_from",
    "corresponding_day": "count.month_end",
    "last_day_off": "count.last_day_off",
    "end_of_day": "count.day_ends",
    "office_close": "clock.due_day_end",
    "weekly_rest": "count.working_day",
    "supplement": "supplement.clock_effect",
    "extension": "apology.max_extensions",
    "index": "supplement.index_effect",
}


def grounds_from(source_of: Callable[[str], Source | None]) -> Grounds:
    """Grounds with the row that `source_of(key)` gives for each key; None keeps the general source."""
    given = {name: source_of(key) for name, key in KEYS.items()}
    return Grounds(
        **{field.name: given.get(field.name) or getattr(GENERAL, field.name) for field in fields(Grounds)}
    )


def shipped_grounds(on: date) -> Grounds:
    """The grounds by the shipped rows that hold on that day."""

    def source_of(key: str) -> Source | None:
        try:
            return shipped.parameter(key, on).source
        except shipped.LawRowMissing:
            return None

    return grounds_from(source_of)
