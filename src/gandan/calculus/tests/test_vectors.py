"""The vectors worked out by hand in `vectors.yaml`, whose `why` is their reasoning."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from gandan.calculus.clock import read_clock
from gandan.calculus.rules import ClockEvent, IndexClock, Start, SupplementEffect, TimeRule, Unit
from gandan.calculus.tests.vietnam import PROCEDURE, STATE, act, at

VECTORS: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "vectors.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)


def rule_of(given: dict[str, str]) -> TimeRule:
    return TimeRule(
        int(given["amount"]),
        Unit(given["unit"]),
        PROCEDURE,
        start=Start(given.get("start", "next_day")),
        cut_off=time.fromisoformat(given["cut_off"]) if "cut_off" in given else None,
        supplement=SupplementEffect(given.get("supplement", "restart")),
    )


def events_of(vector: dict[str, Any]) -> list[ClockEvent]:
    rest = [act(name, moment, amount=int(*more) or None) for name, moment, *more in vector.get("events", [])]
    return [act("accept", vector["received"]), *rest]


def moment_of(text: str) -> datetime | None:
    return None if text == "null" else at(text)


def index_of(given: dict[str, str]) -> tuple[object, ...]:
    late = {"true": True, "false": False, "null": None}[given["late"]]
    return (at(given["base_due"]), int(given["wait_seconds"]), moment_of(given["counted_end"]), late)


def parts(index: IndexClock) -> tuple[object, ...]:
    return (index.base_due, index.wait_seconds, index.counted_end, index.late)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_due_moment_is_the_one_worked_out_by_hand(vector: dict[str, Any]) -> None:
    reading = read_clock(rule_of(vector["rule"]), STATE, events_of(vector))

    assert reading.due == moment_of(vector["due"])


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "index" in vector], ids=lambda vector: vector["name"]
)
def test_index_clock_is_the_one_worked_out_by_hand(vector: dict[str, Any]) -> None:
    reading = read_clock(rule_of(vector["rule"]), STATE, events_of(vector))

    assert parts(reading.index) == index_of(vector["index"])


def test_there_are_at_least_twenty_vectors_each_with_its_reasoning() -> None:
    reasoned = [vector["name"] for vector in VECTORS if len(vector["why"]) > 40]

    assert len(reasoned) == len(VECTORS) >= 20
