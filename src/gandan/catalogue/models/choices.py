"""Choices taken from the clock's own words."""

from __future__ import annotations

from typing import Any

from gandan.calculus.rules import End, Mark, Start, SupplementEffect, Unit


def _choices(kind: type[Any]) -> list[tuple[str, str]]:
    return [(str(one.value), str(one.value)) for one in kind]


def mark_choices() -> list[tuple[str, str]]:
    return _choices(Mark)


def unit_choices() -> list[tuple[str, str]]:
    return _choices(Unit)


def start_choices() -> list[tuple[str, str]]:
    return _choices(Start)


def end_choices() -> list[tuple[str, str]]:
    return _choices(End)


def supplement_choices() -> list[tuple[str, str]]:
    return _choices(SupplementEffect)
