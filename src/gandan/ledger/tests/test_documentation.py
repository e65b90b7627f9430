"""docs/events.md is a contract: its example is computed anew, its tables are those of the code."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from uuid import UUID

from gandan.ledger.models import Event
from gandan.ledger.verification import Fault

PAGE = (Path(__file__).parents[4] / "docs" / "events.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The code words in the first column of the tables in `text`."""
    rows = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`([a-z_-]+)`", row)]


def test_example_is_right() -> None:
    example = json.loads(section("The hash").split("```json")[1].split("```")[0])
    body = json.loads(example["body"])
    kinds = {"at": datetime.fromisoformat, "recorded_at": datetime.fromisoformat} | dict.fromkeys(
        ("id", "subject_id", "request_id"), UUID
    )
    columns = {
        name: kinds.get(name, lambda value: value)(value) for name, value in body.items() if name != "facts"
    }

    event = Event(**columns, prev=example["prev"], body=example["body"])

    assert event.compose(body["facts"]) == example["body"]
    assert event.expected_hash() == example["hash"]


def test_every_column_is_described() -> None:
    columns = [field.attname for field in Event._meta.concrete_fields]

    assert sorted(first_cells(section("The envelope"))) == sorted([*columns, "facts"])


def test_every_fault_is_described() -> None:
    assert first_cells(section("What `verify` looks at"))[1:] == [fault.value for fault in Fault]
