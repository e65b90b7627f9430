"""What differs between two contents (so sánh hai phiên bản), line by line, readable by a clerk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain
from typing import Any

from gandan.catalogue.content import (
    Kind,
    QuestionContent,
    Spec,
    key_of,
    specs,
    title_of,
)
from gandan.catalogue.content_words import value_words

WORDS = re.compile(r"\s+|\d[\d.,/]*\d|\w+|[^\w\s]")
MOST_WORDS = 400  # beyond it, two texts are simply shown one beside the other


class How(StrEnum):
    """What happened to a line."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `differs`: the other text does not have them."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs: what it is about, before and after in words. `item`: the paper, fee … it belongs to."""

    part: str
    item: str
    label: str
    before: str
    after: str
    how: How
    lines: tuple[tuple[str, str], ...] = field(default=())

    @property
    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """Both texts in pieces, those that differ marked."""
        return pieces_of(self.before, self.after)


def changes(before: Any, after: Any) -> list[Change]:
    """All that differs between two contents of one kind, in their order; nothing where they say the same."""
    asked = chain(getattr(before, "questions", ()), getattr(after, "questions", ()))
    questions = list({one.key: one for one in asked}.values())
    found: list[Change] = []
    for spec in specs(type(before)):
        if spec.kind is Kind.ROWS:
            old, new = getattr(before, spec.name), getattr(after, spec.name)
            found += _of_rows(spec.name, old, new, questions)
        else:
            found += _of_field("", "", spec, before, after, questions)
    return found


def _of_field(
    part: str, item: str, spec: Spec, before: Any, after: Any, questions: list[QuestionContent]
) -> Iterator[Change]:
    old, new = getattr(before, spec.name), getattr(after, spec.name)
    if old != new:
        words = value_words(spec, old, questions), value_words(spec, new, questions)
        yield Change(part, item, str(spec.label), *words, How.CHANGED)


def _of_rows(
    part: str, old: tuple[Any, ...], new: tuple[Any, ...], questions: list[QuestionContent]
) -> Iterator[Change]:
    before, after = _keyed(old), _keyed(new)
    for key, row in after.items():
        if key not in before:
            yield Change(part, title_of(row), "", "", "", How.ADDED, _lines(row, questions))
            continue
        for spec in specs(type(row)):
            yield from _of_field(part, title_of(row), spec, before[key], row, questions)
    for key, row in before.items():
        if key not in after:
            yield Change(part, title_of(row), "", "", "", How.REMOVED, _lines(row, questions))
    kept_before, kept_after = [k for k in before if k in after], [k for k in after if k in before]
    if kept_before != kept_after:
        old_order, new_order = (
            " → ".join(title_of(rows[key]) for key in keys)
            for rows, keys in ((before, kept_before), (after, kept_after))
        )
        yield Change(part, "", "", old_order, new_order, How.MOVED)


def _keyed(rows: tuple[Any, ...]) -> dict[str, Any]:
    """Rows by their short names; a name that comes again gets a number."""
    made: dict[str, Any] = {}
    for row in rows:
        key, number = key_of(row), 1
        while f"{key} {number}" in made:
            number += 1
        made[f"{key} {number}"] = row
    return made


def _lines(row: Any, questions: list[QuestionContent]) -> tuple[tuple[str, str], ...]:
    """All that a new or former row says, but for what is usual."""
    return tuple(
        (str(spec.label), value_words(spec, value, questions))
        for spec in specs(type(row))
        if (value := getattr(row, spec.name)) != spec.default and spec.name not in ("key",)
    )


def pieces_of(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The two texts in pieces, word by word."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS or not old or not new:
        return [Piece(before, differs=True)], [Piece(after, differs=True)]
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    left, right = [], []
    for what, a, b, c, d in matcher.get_opcodes():
        differs = what != "equal"
        left += [Piece("".join(old[a:b]), differs)] if b > a else []
        right += [Piece("".join(new[c:d]), differs)] if d > c else []
    return left, right
