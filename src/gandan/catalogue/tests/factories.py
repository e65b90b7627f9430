"""The catalogue for tests: real procedures, loaded through the real door."""

from __future__ import annotations

from datetime import UTC, datetime

from gandan.catalogue.actions import load_shipped
from gandan.catalogue.models import ProcedureVersion
from gandan.catalogue.queries import version_at
from gandan.catalogue.shipped import load_procedures

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 08:00 in Vietnam
BIRTH = "1.001193"
COPIES = "2.000815"
STAY = "1.004194"
GUIDE_ONLY = "1.001776"


def load(*codes: str, at: datetime = AT) -> None:
    """These shipped procedures (none named: all), and our sample workflows."""
    shipped = load_procedures()
    load_shipped(at, [shipped[code] for code in codes] if codes else None)


def make_version(code: str = BIRTH) -> ProcedureVersion:
    """The version of a shipped procedure that is in force; the catalogue then holds it alone."""
    load(code)
    return version_at(code, AT)
