"""The law as it ships with the product: dated rows read from YAML. Pure: no Django, no database.

Used by `./gandan deadline` and by the loader that copies the rows into the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from gandan.calculus.rules import Mark, Source

DATA = Path(__file__).parent / "data"

#: Whole numbers, words, times as "15:00", or small tables of them; None where no source gives a figure.
LawValue = int | str | bool | list[Any] | dict[str, Any] | None


class LawRowMissing(KeyError):
    """No row of the law for this key on this date. The message names both."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(f"no law row for {key!r} on {on:%Y-%m-%d}")
        self.key = key
        self.on = on


class LawDataError(ValueError):
    """A shipped file is wrong: the message names the key and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class LawRow:
    """One dated value of the law (tham số pháp luật); both dates inclusive, None where open or not known.

    `mark` is that of the weakest part: a figure that was read, in a unit that was inferred, is `derived`.
    """

    id: str
    key: str
    value: LawValue
    unit: str
    valid_from: date | None
    valid_to: date | None
    document: str
    article: str
    mark: Mark
    scope: str
    note: str

    def holds_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    @property
    def amount(self) -> int:
        """The value as a whole number; ValueError if it is none."""
        return whole_number(self.key, self.value)

    @property
    def text(self) -> str:
        """The value as a word; ValueError if it is none."""
        return word(self.key, self.value)

    @property
    def time_of_day(self) -> time:
        """The value as a time of day; ValueError if it is none."""
        return time.fromisoformat(self.text)

    @property
    def source(self) -> Source:
        return Source(self.document, self.article, self.mark, self.id)


@dataclass(frozen=True, slots=True)
class LawKey:
    """What a key means: a title in each language, its group, whether a province or commune may set it."""

    key: str
    group: str
    title: str
    title_en: str
    local_allowed: bool
    rows: tuple[LawRow, ...]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form of a circular (biểu mẫu), with the dates between which it is printed."""

    id: str
    circular: str
    number: str
    key: str
    title: str
    alias: str
    valid_from: date
    valid_to: date | None
    document: str
    article: str
    mark: Mark
    paper_size: str
    layout_mark: Mark
    content: str
    note: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= (self.valid_to or date.max)


def whole_number(key: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{key} holds {value!r}, not a whole number")


def word(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{key} holds {value!r}, not a word")


def read_yaml(path: Path) -> Any:
    """The content of `path`, by libyaml where it is there (eight times as fast)."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open("rb") as file:
        return yaml.load(file, Loader=loader)  # noqa: S506  (a safe loader, chosen above)


def _row(key: str, raw: dict[str, Any]) -> LawRow:
    known = {"id", "value", "unit", "from", "to", "document", "article", "mark", "scope", "note"}
    if unknown := set(raw) - known:
        raise LawDataError(f"{key}: unknown fields {sorted(unknown)}")
    valid_from: date | None = raw.get("from")
    return LawRow(
        id=raw.get("id", f"{key}@{valid_from or 'before'}"),
        key=key,
        value=raw["value"],
        unit=raw.get("unit", ""),
        valid_from=valid_from,
        valid_to=raw.get("to"),
        document=raw["document"],
        article=str(raw.get("article", "")),
        mark=Mark(raw["mark"]),
        scope=raw.get("scope", "national"),
        note=raw.get("note", ""),
    )


def check_rows(rows: tuple[LawRow, ...]) -> None:
    """LawDataError if two rows of one key hold on the same day, or a row ends before it starts."""
    ordered = sorted(rows, key=lambda row: row.valid_from or date.min)
    for row in ordered:
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            raise LawDataError(f"{row.id}: ends before it starts")
    for earlier, later in pairwise(ordered):
        if (earlier.valid_to or date.max) >= (later.valid_from or date.min):
            raise LawDataError(f"{earlier.id} and {later.id} hold on the same day")


def parse_keys(raw: dict[str, dict[str, Any]]) -> Iterator[LawKey]:
    for key, entry in raw.items():
        rows = tuple(_row(key, row) for row in entry["rows"])
        check_rows(rows)
        yield LawKey(key, entry["group"], entry["title"], entry["en"], entry.get("local", False), rows)


@lru_cache(maxsize=1)
def keys() -> dict[str, LawKey]:
    """All keys with their rows, in the order of the file."""
    return {entry.key: entry for entry in parse_keys(read_yaml(DATA / "parameters.yaml"))}


def rows() -> tuple[LawRow, ...]:
    """All shipped rows, in the order of the file."""
    return tuple(row for entry in keys().values() for row in entry.rows)


def parameter(key: str, on: date) -> LawRow:
    """The row of `key` that holds on the day `on`; LawRowMissing if there is none."""
    entry = keys().get(key)
    for row in entry.rows if entry else ():
        if row.holds_on(on):
            return row
    raise LawRowMissing(key, on)


def _form(circular: dict[str, Any], raw: dict[str, Any]) -> FormRow:
    return FormRow(
        id=f"{circular['name']}#{raw['number']}",
        circular=circular["name"],
        number=str(raw["number"]),
        key=raw["key"],
        title=raw["title"],
        alias=raw.get("alias", ""),
        valid_from=circular["from"],
        valid_to=circular.get("to"),
        document=circular["name"],
        article=circular["article"],
        mark=Mark(circular["mark"]),
        paper_size=raw["paper"],
        layout_mark=Mark(raw["layout_mark"]),
        content=raw.get("content", ""),
        note=raw.get("note", circular.get("note", "")),
    )


@lru_cache(maxsize=1)
def forms() -> tuple[FormRow, ...]:
    """All shipped forms, by circular and number."""
    circulars = read_yaml(DATA / "forms.yaml")["circulars"]
    return tuple(_form(circular, raw) for circular in circulars for raw in circular["forms"])


def form(key: str, on: date) -> FormRow:
    """The form for `key` (receipt, supplement …) printed on the day `on`; LawRowMissing if there is none."""
    for row in forms():
        if row.key == key and row.holds_on(on):
            return row
    raise LawRowMissing(key, on)
