"""Time limits whose law ends (căn cứ hết hiệu lực): from then on they need checking, until a new version is published.

The same-day rule of civil status rests on Luật Hộ tịch 2014 (60/2014/QH13), which ends on 2027-02-28; the text of
the law that follows was not read (docs/decisions/0008). Nothing is put in its place here: the old limit stays as
what one would expect, and says that it is not certain. Pure: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from gandan.calculus.rules import Mark, TimeRule, Unit
from gandan.law import shipped

#: Number of the document and unit of a limit → key of the law whose dated rows say until when it holds.
RESTS_ON = {("60/2014/QH13", Unit.SAME_DAY.value): "same_day.civil_status_cut_off"}


def key_of(document: str, unit: str) -> str:
    """The key of the law that a limit rests on; "" where none is recorded."""
    return next((key for (number, of), key in RESTS_ON.items() if number in document and of == unit), "")


def rule_on(rule: TimeRule, on: date, holds: Callable[[str, date], bool]) -> TimeRule:
    """The rule as sure as it is on the day `on`; `holds(key, on)` tells whether the law has a row that day."""
    key = key_of(rule.source.document, rule.unit)
    if not key or holds(key, on):
        return rule
    return replace(rule, source=replace(rule.source, mark=Mark.NOT_FOUND))


def shipped_law_holds(key: str, on: date) -> bool:
    """By the shipped rows alone."""
    try:
        shipped.parameter(key, on)
    except shipped.LawRowMissing:
        return False
    return True
