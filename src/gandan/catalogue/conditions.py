"""Conditions on a person's answers (điều kiện): which case, paper or fee applies.

A condition is a small JSON value:

- `{"q": "late", "is": "yes"}`, `{"q": "purpose", "is": ["study", "work"]}` (any of them)
- `{"q": "pages", "at_least": 3}`, `{"q": "pages", "at_most": 2}`
- `{"all": [...]}`, `{"any": [...]}`, `{"not": {...}}`; `None` always holds.

Pure Python, without Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Condition: TypeAlias = Mapping[str, Any] | None
Answers: TypeAlias = Mapping[str, str | int]

YES = "yes"
NO = "no"
_COMPARISONS = ("is", "at_least", "at_most")
_GROUPS = ("all", "any", "not")


class ConditionInvalid(ValueError):
    """A condition that does not follow the grammar above."""


def holds(condition: Condition, answers: Answers) -> bool | None:
    """True or False; None while a needed answer is missing (three-valued logic, so nothing is assumed)."""
    if condition is None:
        return True
    if "all" in condition:
        return _all(holds(part, answers) for part in condition["all"])
    if "any" in condition:
        return _not(_all(_not(holds(part, answers)) for part in condition["any"]))
    if "not" in condition:
        return _not(holds(condition["not"], answers))
    answer = answers.get(condition["q"], "")
    if answer == "":
        return None
    return _compare(condition, answer)


def questions_in(condition: Condition) -> frozenset[str]:
    """Keys of the questions that the condition asks about."""
    return frozenset(leaf["q"] for leaf in leaves(condition))


def check(condition: Condition) -> None:
    """Raise `ConditionInvalid` unless the condition follows the grammar."""
    if condition is None:
        return
    groups = [key for key in _GROUPS if key in condition]
    if groups:
        if len(condition) != 1:
            raise ConditionInvalid(f"a group stands alone: {condition!r}")
        for part in _parts(condition):
            check(part)
        return
    comparisons = [key for key in _COMPARISONS if key in condition]
    if len(comparisons) != 1 or set(condition) != {"q", comparisons[0]}:
        raise ConditionInvalid(f"needs q and one of {', '.join(_COMPARISONS)}: {condition!r}")


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = list(values)
    if False in seen:
        return False
    return None if None in seen else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _compare(condition: Mapping[str, Any], answer: str | int) -> bool | None:
    if "is" in condition:
        wanted = condition["is"]
        return str(answer) in (wanted if isinstance(wanted, list) else [wanted])
    try:
        number = int(answer)
    except ValueError:
        return None
    if "at_least" in condition:
        return number >= int(condition["at_least"])
    return number <= int(condition["at_most"])


def _parts(condition: Mapping[str, Any]) -> list[Condition]:
    for key in ("all", "any"):
        if key in condition:
            return list(condition[key])
    return [condition["not"]]


def leaves(condition: Condition) -> Iterator[Mapping[str, Any]]:
    """The single comparisons of the condition."""
    if condition is None:
        return
    if "q" in condition:
        yield condition
        return
    for part in _parts(condition):
        yield from leaves(part)
