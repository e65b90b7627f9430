"""Queries of the most visited pages, compiled once: Django writes the text, later requests bring only their values.

Optimization: Django needs about a millisecond to write a query that the database answers in a tenth of it. What is
kept is the text alone; values go as parameters each time, and nothing that was read is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

Kind = TypeVar("Kind", bound=Model)
Value = str | date | datetime | UUID
Build = Callable[..., QuerySet[Any, Any]]
MOST = 2000  # shapes of queries; beyond it we begin anew


@dataclass(frozen=True, slots=True)
class Statement:
    """The text, its parameters, and which of them is which value of a request."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    compiler: Any
    converters: Any


_statements: dict[Hashable, Statement] = {}


def fetch(
    key: Hashable, build: Build, values: Sequence[Value], *, around: str = "", before: Sequence[Value] = ()
) -> list[tuple[Any, ...]]:
    """The rows of `build(*values)`, a queryset of values, as tuples. One query.

    `key` names the shape: everything but `values` that decides about the text. `build` is called with stand-ins
    the first time, so it must use the values as parameters only, not ask what they are. `around` is a query
    around the compiled one (`{}`), constant for the key, and `before` its parameters, all before that.
    """
    name = (connection.vendor, key, tuple(map(type, values)))
    statement = _statements.get(name)
    if statement is None:
        if len(_statements) >= MOST:
            _statements.clear()
        statement = _statements[name] = compiled(build, values, around)
    if not statement.sql:
        return []
    params = [*map(adapted, before), *statement.params]
    for place, number in statement.places:
        params[len(before) + place] = adapted(values[number])
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, params)
        rows: list[Any] = cursor.fetchall()
    if statement.converters:
        rows = list(statement.compiler.apply_converters(rows, statement.converters))
    return [tuple(row) for row in rows]


def compiled(build: Build, values: Sequence[Value], around: str) -> Statement:
    """The statement, found out with stand-ins; without text where no row can be meant."""
    stand_ins = [stand_in(value, number) for number, value in enumerate(values)]
    number_of = {adapted(one): number for number, one in enumerate(stand_ins)}
    compiler = build(*stand_ins).query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return Statement("", (), (), None, None)
    places = tuple((place, number_of[one]) for place, one in enumerate(params) if one in number_of)
    converters = None
    if not around:
        converters = compiler.get_converters([column[0] for column in compiler.select])
    sql = around.replace("{}", sql) if around else sql
    return Statement(sql, tuple(params), places, compiler, converters)


def stand_in(value: Value, number: int) -> Value:
    """A value of the same kind that no query names by itself."""
    if isinstance(value, datetime):
        return datetime(1000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(value, date):
        return date(1000, 1, 1) + timedelta(days=number)
    return UUID(int=number + 1) if isinstance(value, UUID) else f"stand-in {number}"


def adapted(value: Value) -> Any:
    """The value as the fields of Django hand it to this database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def instance_of(kind: type[Kind], names: Iterable[str], row: Iterable[Any], **related: Model | None) -> Kind:
    """The model with these fields alone and its related models, as `from_db` would make it.

    Optimization: `from_db` walks all fields of the model for each row; what is not set here is deferred likewise.
    """
    made = kind.__new__(kind)
    made._state = ModelState()
    made._state.adding, made._state.db = False, connection.alias
    made._state.fields_cache.update(related)
    made.__dict__.update(zip(names, row, strict=True))
    return made


def instances(
    kind: type[Kind], names: Sequence[str], key: Hashable, build: Build, values: Sequence[Value]
) -> list[Kind]:
    """The models of a queryset with these fields alone. One query."""

    def with_names(*given: Value) -> QuerySet[Any, Any]:
        return build(*given).values_list(*names)

    rows = fetch((kind, key), with_names, values)
    return [instance_of(kind, names, row) for row in rows]
