"""What a dossier costs (phí, lệ phí): rules applied to answers, channel, day and quantities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gandan.catalogue.conditions import Answers, holds
from gandan.catalogue.models import Channel, FeeKind, FeeRule


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of fees, in đồng. `amount` None: not known (yet); `why` names the relief that made it nothing.

    `conditional`: the answer that decides it is missing. `unit_amount` and `per` tell the price of one.
    """

    key: str
    label: str
    amount: int | None
    kind: str
    why: str
    mark: str
    unit_amount: int | None = None
    per: str = ""
    conditional: bool = False
    document: str = ""


def total_of(lines: Iterable[FeeLine]) -> int | None:
    """The sum of the lines; None if one of them is not known."""
    total = 0
    for line in lines:
        if line.amount is None:
            return None
        total += line.amount
    return total


def rules_for(rules: Iterable[FeeRule], *, channel: str, on: date, province: str = "") -> list[FeeRule]:
    """The rules that stand on the day `on` for the channel; a province's own replace those it was to set."""
    standing = [rule for rule in rules if _stands(rule, channel, on) and rule.province in ("", province)]
    if any(rule.province for rule in standing):
        standing = [rule for rule in standing if rule.kind != FeeKind.BY_PROVINCE]
    return standing


def lines_of(rules: Iterable[FeeRule], answers: Answers, quantities: Mapping[str, int]) -> list[FeeLine]:
    """The lines of rules that `rules_for` chose; where a relief holds, each costs nothing and says why."""
    facts: dict[str, str | int] = {**answers, **quantities}
    chosen = list(rules)
    lines = [
        _line(rule, facts, conditional=state is None)
        for rule in chosen
        if not rule.relief and (state := holds(rule.when, facts)) is not False
    ]
    relief = next((rule for rule in chosen if rule.relief and holds(rule.when, facts)), None)
    return lines if relief is None else [_relieved(line, relief) for line in lines]


def open_reliefs(rules: Iterable[FeeRule], answers: Answers) -> list[FeeRule]:
    """Reliefs that may still apply: their question is not answered."""
    return [rule for rule in rules if rule.relief and holds(rule.when, answers) is None]


def _stands(rule: FeeRule, channel: str, on: date) -> bool:
    if rule.channel != Channel.ANY and (rule.channel == Channel.ONLINE) != (channel == Channel.ONLINE):
        return False
    started = rule.valid_from is None or rule.valid_from <= on
    return started and (rule.valid_to is None or on <= rule.valid_to)


def _line(rule: FeeRule, facts: Mapping[str, str | int], *, conditional: bool) -> FeeLine:
    return FeeLine(
        key=rule.key,
        label=rule.label,
        amount=None if conditional else _amount(rule, facts),
        kind=rule.kind,
        why="",
        mark=rule.mark,
        unit_amount=rule.amount,
        per=rule.per,
        conditional=conditional,
        document=rule.document,
    )


def _relieved(line: FeeLine, relief: FeeRule) -> FeeLine:
    return replace(
        line,
        amount=0,
        kind=FeeKind.FREE.value,
        why=relief.label,
        mark=relief.mark,
        document=relief.document,
        conditional=False,
    )


def _amount(rule: FeeRule, facts: Mapping[str, str | int]) -> int | None:
    if rule.amount is None:
        return None
    if rule.scale:
        pages, times = _number(facts, rule.scale["by"]), _number(facts, rule.scale["times"])
        return None if pages is None or times is None else scaled(rule.scale, pages) * times
    if rule.quantity:
        number = _number(facts, rule.quantity)
        return None if number is None else rule.amount * number
    return rule.amount


def scaled(scale: Mapping[str, Any], quantity: int) -> int:
    """The price of `quantity` units, step by step, at most `cap`."""
    total, counted = 0, 0
    for step in scale["steps"]:
        here = max(0, min(quantity, step.get("up_to", quantity)) - counted)
        total += here * int(step["amount"])
        counted += here
    return min(total, int(scale["cap"])) if "cap" in scale else total


def _number(facts: Mapping[str, str | int], key: str) -> int | None:
    text = str(facts.get(key, "")).strip()
    return int(text) if text.isascii() and text.isdigit() else None
