"""Codes and running numbers (mã hồ sơ, số thứ tự): no doubles and no gaps, whoever asks at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from gandan.dossiers.models import Counter
from gandan.organization.models import Unit


def next_numbers(scopes: Sequence[str]) -> list[int]:
    """The next number of each scope, in the order given; one statement, inside the caller's transaction.

    A counter row stays locked until the act ends, so an act that fails gives its number back.
    """
    table = connection.ops.quote_name(Counter._meta.db_table)
    rows = ", ".join(["(%s, 1)"] * len(scopes))
    statement = (
        f"INSERT INTO {table} (scope, number) VALUES {rows} "  # noqa: S608  names are the model's
        f"ON CONFLICT (scope) DO UPDATE SET number = {table}.number + 1 RETURNING scope, number"
    )
    # One order for everybody, or two acts could wait for each other.
    with connection.cursor() as cursor:
        cursor.execute(statement, sorted(scopes))
        numbers: dict[str, int] = dict(cursor.fetchall())
    return [numbers[scope] for scope in scopes]


def day_scope(unit: Unit, on: date) -> str:
    return f"code:{unit_part(unit)}:{on:%y%m%d}"


def register_scope(commune: str, year: int) -> str:
    return f"register:{commune}:{year}"


def book_scope(commune: str, book: str, year: int) -> str:
    return f"book:{commune}:{book}:{year}"


def unit_part(unit: Unit) -> str:
    """The unit part of a code: the settling agency's electronic identifier, or the commune's number for slips."""
    return unit.official_code or unit.commune_code


def format_code(unit: Unit, on: date, number: int) -> str:
    """`unit-YYMMDD-XXXX`, longer than four digits when needed (TT 04/2025/TT-VPCP; TT 01/2018/TT-VPCP art. 19)."""
    return f"{unit_part(unit)}-{on:%y%m%d}-{number:04d}"
