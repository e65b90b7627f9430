"""The log as JSON: one object a line, its pairs as fields, no words of people."""

from __future__ import annotations

import json
import logging
import sys

from django.db import IntegrityError

from gandan.operations.logs import INCIDENT, JsonLines, MarkIncident


def line(message: str, *arguments: object, error: Exception | None = None) -> dict[str, str]:
    record = logging.LogRecord("gandan.mau", logging.WARNING, "", 1, message, arguments, None)
    if error:
        try:
            raise error
        except type(error):
            record.exc_info = sys.exc_info()
    MarkIncident().filter(record)
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, str] = json.loads(text)
    return found


def test_pairs_become_fields() -> None:
    told = line("mail failed message=%s error=%s", 7, "OSError")

    assert {name: told[name] for name in ("event", "message", "error", "level", "logger")} == {
        "event": "mail failed",
        "message": "7",
        "error": "OSError",
        "level": "warning",
        "logger": "gandan.mau",
    }


def test_incident_is_that_of_the_request() -> None:
    token = INCIDENT.set("1f2e3d4c")
    try:
        told = line("request refused")
    finally:
        INCIDENT.reset(token)

    assert told["incident"] == "1f2e3d4c"


def test_trace_holds_no_row() -> None:
    told = line("failed", error=IntegrityError("DETAIL: Failing row contains (Nguyễn Thị Mẫu)"))

    assert "Mẫu" not in told["trace"]
    assert "IntegrityError" in told["trace"]
