"""A reading of the clock as text and back: it is kept beside the due moment that it led to."""

from __future__ import annotations

import json
from datetime import datetime

from gandan.calculus.canonical import canonical_facts
from gandan.calculus.rules import IndexClock, Mark, Reading, Source, Step, Unit


def steps_text(reading: Reading) -> str:
    """The reading's steps as canonical JSON, to be kept with the due moment they led to."""
    index = reading.index
    return canonical_facts(
        {
            "steps": [_step_facts(step) for step in reading.steps],
            "unit": str(reading.unit),
            "running": int(reading.running),
            "index": {
                "base_due": index.base_due.isoformat() if index.base_due else "",
                "wait_seconds": index.wait_seconds,
                "counted_end": index.counted_end.isoformat() if index.counted_end else "",
                "late": "" if index.late is None else int(index.late),
                "breaches": list(index.breaches),
            },
        }
    )


def _step_facts(step: Step) -> dict[str, object]:
    return {
        "rule": step.rule,
        "effect": step.effect,
        "from": step.start.isoformat(),
        "to": step.end.isoformat(),
        "detail": dict(step.detail),
        "document": step.source.document,
        "article": step.source.article,
        "mark": str(step.source.mark),
        "row": step.source.row,
    }


def stored_reading(steps: str, due_at: datetime | None) -> Reading:
    """The reading as it was stored: what the citizen was told then, not what today's data would say."""
    facts = json.loads(steps)
    index = facts["index"]
    return Reading(
        due=due_at,
        unit=Unit(facts["unit"]),
        steps=tuple(
            Step(
                rule=s["rule"],
                source=Source(s["document"], s["article"], Mark(s["mark"]), s["row"]),
                effect=s["effect"],
                start=datetime.fromisoformat(s["from"]),
                end=datetime.fromisoformat(s["to"]),
                detail=s["detail"],
            )
            for s in facts["steps"]
        ),
        index=IndexClock(
            base_due=datetime.fromisoformat(index["base_due"]) if index["base_due"] else None,
            wait_seconds=index["wait_seconds"],
            counted_end=datetime.fromisoformat(index["counted_end"]) if index["counted_end"] else None,
            late=None if index["late"] == "" else bool(index["late"]),
            breaches=tuple(index["breaches"]),
        ),
        running=bool(facts["running"]),
    )
