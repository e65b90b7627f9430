"""Canonical JSON: one text for one content, after RFC 8785 (JSON Canonicalization Scheme).

Allowed are strings, whole numbers, true, false, null, arrays and objects. RFC 8785 §3.2.2.3 writes
numbers as an ECMAScript double: fractions are therefore refused, and so are whole numbers that a double
cannot hold exactly. Ours beyond the RFC: text is brought to Unicode NFC first (a name typed on another
keyboard is the same name), a moment is written in UTC with microseconds, a date as YYYY-MM-DD, a UUID
in its usual form. https://www.rfc-editor.org/rfc/rfc8785
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias
from unicodedata import normalize
from uuid import UUID

Json: TypeAlias = "str | int | bool | datetime | date | UUID | Sequence[Json] | Mapping[str, Json] | None"
Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"

# The whole numbers that a double holds exactly (RFC 7493 §2.2, on which RFC 8785 rests).
LARGEST_INTEGER = 2**53 - 1


class CanonicalError(ValueError):
    """The content has no canonical text; the message names the place in it."""


def canonical_json(value: object) -> str:
    """The one JSON text of `value`. Raises CanonicalError for what cannot be written exactly."""
    return _dump(_plain(value, "$", literals=True))


def canonical_facts(value: object) -> str:
    """As canonical_json, for the bodies of events: strings and whole numbers only.

    true, false and null are refused too: write 1 or 0, and leave out what is not known.
    """
    return _dump(_plain(value, "$", literals=False))


def moment(at: datetime) -> str:
    """`at` in UTC with microseconds, e.g. 2026-11-23T07:30:00.000000Z. A naive time is refused."""
    if at.tzinfo is None:
        raise CanonicalError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _dump(value: Plain) -> str:
    # json escapes exactly what RFC 8785 §3.2.2.2 wants: \b \t \n \f \r \" \\ and \u00xx in lower case.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object, place: str, *, literals: bool) -> Plain:
    # Order matters: bool is an int, and datetime is a date.
    if isinstance(value, str):
        return _text(value, place)
    if value is None or isinstance(value, bool):
        return _literal(value, place, literals=literals)
    if isinstance(value, int):
        return _integer(value, place)
    if type(value) is dict or isinstance(value, Mapping):  # Optimization: asking a Mapping is slow
        return _object(value, place, literals=literals)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{n}]", literals=literals) for n, item in enumerate(value)]
    return _converted(value, place)


def _converted(value: object, place: str) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise CanonicalError(f"{place}: {type(value).__name__} cannot be written; use text or a whole number")


def _text(value: str, place: str) -> str:
    if value.isascii():  # Optimization: most text is, and then there is nothing to do
        return str.__str__(value)
    text = normalize("NFC", value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(f"{place}: the text holds half of a character") from error
    return text


def _literal(value: bool | None, place: str, *, literals: bool) -> bool | None:
    if not literals:
        raise CanonicalError(f"{place}: {value} has no place here; write 1 or 0, or leave it out")
    return value


def _integer(value: int, place: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise CanonicalError(f"{place}: {value} is too large to be exact; write it as text")
    return int(value)


def _object(value: Mapping[object, object], place: str, *, literals: bool) -> dict[str, Plain]:
    members: dict[str, Plain] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise CanonicalError(f"{place}: the name {key!r} is not text")
        name = _text(key, place)
        if name in members:
            raise CanonicalError(f"{place}: the name {name!r} comes twice")
        # Optimization: most members are plain text, for which no place is written and nothing is called.
        is_plain = type(item) is str and item.isascii()
        members[name] = item if is_plain else _plain(item, f"{place}.{name}", literals=literals)  # type: ignore[assignment]
    return {name: members[name] for name in _sorted(members)}


def _sorted(names: Iterable[str]) -> list[str]:
    """RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from code points above U+FFFF."""
    in_order = sorted(names)
    if "".join(in_order).isascii():  # Optimization: both orders agree
        return in_order
    return sorted(in_order, key=lambda name: name.encode("utf-16-be"))
