"""Values that make servers fall over, and requests that try them: for the tests of every room.

What matters most shows on PostgreSQL alone, which refuses NUL, numbers and texts that are too large.
Nothing here runs in production.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.test import Client


def cursor(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


HOSTILE = (
    "\0",
    "a-\0b",
    "a" * 501,
    "ß" * 200,
    "\U0001d160" * 180,
    "9" * 30,
    "9" * 5000,
    "-1",
    "2147483648",
    "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01",
    "31/12/9999",
    "²",
    "٣٣٣",
    "'\"><script>{{ 7 }}%s%(a)s",
    "a\r\nb",
    "\u202e\u200b\ufeff",
)
CURSORS = (
    "[" * 20000,
    cursor([["a"], {"b": 1}]),
    cursor(["9999-12-31T23:59:59+23:00", 1]),
    cursor(["0001-01-01T00:00:00+07:00", str(uuid4())]),
    cursor(["2026-11-09T08:00:00Z", "\0"]),
    cursor([9**99, 9**99]),
    cursor([None, None]),
    base64.urlsafe_b64encode(b"[" * 5000).decode(),
)


def falls(client: Client, method: str, url: str, data: Mapping[str, Any] | None = None) -> str:
    """What went wrong on the server; '' when it answered."""
    client.raise_request_exception = False
    with_trace = getattr(client, method)(url, dict(data or {}))
    if with_trace.status_code < 500:
        return ""
    kind = with_trace.exc_info[0].__name__ if getattr(with_trace, "exc_info", None) else ""
    return f"{method} {url} {kind}"


def of_parameters(client: Client, url: str, names: tuple[str, ...], values: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for value in values:
            fault = falls(client, "get", url, {name: value})
            if fault:
                yield f"{fault} {name}={value[:12]!r}"


def of_fields(client: Client, url: str, base: Mapping[str, Any]) -> Iterator[str]:
    for name in base:
        for value in HOSTILE:
            fault = falls(client, "post", url, {**base, name: value})
            if fault:
                yield f"{fault} {name}={value[:12]!r}"
