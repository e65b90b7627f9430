"""A dated row of the law as these pages show it: what it is about, its value, and how certain it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gandan.law.queries import value_at
from gandan.law.words import title_of, value_words


@dataclass(frozen=True, slots=True)
class Rule:
    """Title, value and source in words."""

    title: str
    value: str
    mark: str
    cited: str


def rule(key: str, on: date, *, province: str = "", commune: str = "") -> Rule:
    """The row under `key` that holds on that day, there. Warm, no query."""
    row = value_at(key, on, province=province, commune=commune)
    value = value_words(row)
    return Rule(title_of(key), value[:1].upper() + value[1:], row.mark, row.cited)
