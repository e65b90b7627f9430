"""The three terms of a report (05 working days each, as dated rows of the law), counted by the clock with steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gandan.calculus.canonical import canonical_facts
from gandan.calculus.clock import read_clock
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, ClockAct, ClockEvent, Reading, TimeRule, Unit
from gandan.calculus.storing import steps_text, stored_reading
from gandan.law.queries import value_at
from gandan.organization.queries import commune_calendar

NAMES = ("report", "decide", "notify")


@dataclass(frozen=True, slots=True)
class Term:
    """A due moment and its steps as they are kept; neither where the year has no published calendar."""

    due: datetime | None
    steps: str


def term(key: str, commune: str, event: datetime) -> Term:
    """The term under `key` of the law that begins with `event`; its day is not counted."""
    day = event.astimezone(VIETNAM).date()
    row = value_at(key, day)
    rule = TimeRule(amount=row.amount, unit=Unit(row.unit), source=row.source)
    try:
        calendar = commune_calendar(commune, on=day)
        reading = read_clock(rule, calendar, [ClockEvent(ClockAct.ACCEPT, event)], known_at=event)
    except YearWithoutCalendar:
        return Term(None, "")
    return Term(reading.due, steps_text(reading))


def kept(terms: Mapping[str, Term], *, onto: str = "{}") -> str:
    """The steps of the terms by name, added to those that were kept before."""
    return canonical_facts({**json.loads(onto), **{name: one.steps for name, one in terms.items()}})


def readings_of(text: str, due: Mapping[str, datetime | None]) -> dict[str, Reading]:
    """The readings by name, as they were counted then."""
    steps: dict[str, str] = json.loads(text)
    return {name: stored_reading(steps[name], due[name]) for name in NAMES if steps.get(name)}
