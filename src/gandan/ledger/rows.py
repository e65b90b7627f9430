"""Rows by statements that are made once: each act writes the same few kinds, and making their SQL costs more than
running it.

insert([step])
dossier = find(Dossier, dossier_id, lock=True)

Only for the default database and for rows without relations to follow; everything else is the ORM's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import (
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    PositiveBigIntegerField,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    QuerySet,
    TextField,
    UUIDField,
)

Row = TypeVar("Row", bound=Model)
Converters = tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
USUAL: dict[type, type] = {
    CharField: str,
    TextField: str,
    UUIDField: UUID,
    IntegerField: int,
    PositiveBigIntegerField: int,
    PositiveIntegerField: int,
    PositiveSmallIntegerField: int,
}
MOST = 50  # rows in one statement: far below every database's limit of parameters


@dataclass(frozen=True, slots=True)
class _Selection:
    statement: str
    names: tuple[str, ...]
    converters: Converters


def insert(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> int:
    """Inserts new rows of one model, at most `MOST`, in one statement; returns how many were taken.

    Raises IntegrityError like the ORM. No query without rows.
    """
    if not rows:
        return 0
    if len(rows) > MOST:
        raise ValueError(f"{len(rows)} rows are too many for one statement")
    values = [value for row in rows for value in _values(row)]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(rows[0]), len(rows), ignore_conflicts), values)
        taken = int(cursor.rowcount)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return taken


def find(model: type[Row], key: object, *, lock: bool = False) -> Row | None:
    """The row with this primary key, held until the transaction ends if `lock`; None without such a row."""
    selection = _selection(model, lock, connection.vendor)
    value = model._meta.pk.get_db_prep_value(key, connection)
    with connection.cursor() as cursor:
        cursor.execute(selection.statement, [value])
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, converters, expression in selection.converters:
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    return model.from_db(connection.alias, selection.names, values)


def update(model: type[Model], values: Mapping[str, object], where: Mapping[str, object]) -> int:
    """Writes `values` into the rows whose fields are as `where` says (None: empty); returns how many they were.

    Relations are given by their keys: `update(StepRun, {"ended_by": user_id}, {"dossier": dossier_id})`.
    """
    asked = {name: value for name, value in where.items() if value is not None}
    statement = _change(model, tuple(values), tuple(asked), tuple(where.keys() - asked.keys()))
    given = [
        model._meta.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for name, value in (*values.items(), *asked.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return int(cursor.rowcount)


@cache
def _change(
    model: type[Model], values: tuple[str, ...], asked: tuple[str, ...], empty: tuple[str, ...]
) -> str:
    quote = connection.ops.quote_name

    def column(name: str) -> str:
        return quote(str(model._meta.get_field(name).column))  # type: ignore[union-attr]

    changes = ", ".join(f"{column(name)} = %s" for name in values)
    conditions = [*(f"{column(name)} = %s" for name in asked), *(f"{column(name)} IS NULL" for name in empty)]
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {' AND '.join(conditions)}"  # noqa: S608  names are the model's


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)


def _values(row: Model) -> list[Any]:
    """The values of a row as the database takes them; those of the usual types need no conversion of Django's."""
    uuids_as_text = not connection.features.has_native_uuid_field
    prepared = []
    for field, name, usual in _usual_types(type(row)):
        value = getattr(row, name) if usual else field.pre_save(row, True)
        if usual is None or (value is not None and type(value) is not usual):
            value = field.get_db_prep_save(value, connection)
        elif uuids_as_text and isinstance(value, UUID):
            value = value.hex
        prepared.append(value)
    return prepared


@cache
def _usual_types(model: type[Model]) -> tuple[tuple[Field[Any, Any], str, type | None], ...]:
    """Each field with where a row keeps it, and the type of its values that Django would hand on as they are."""
    return tuple((field, str(field.attname), USUAL.get(type(_target(field)))) for field in _fields(model))


def _target(field: Field[Any, Any]) -> Field[Any, Any]:
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


@cache
def _insertion(model: type[Model], rows: int, ignore_conflicts: bool) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    places = ", ".join(["(" + ", ".join(["%s"] * len(_fields(model))) + ")"] * rows)
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {places}{end}"  # noqa: S608  names are the model's


@cache
def _selection(model: type[Model], lock: bool, _vendor: str) -> _Selection:
    quote, fields = connection.ops.quote_name, _fields(model)
    table, columns = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    key = quote(str(model._meta.pk.column))
    # PostgreSQL locks the row; SQLite knows no FOR UPDATE and has its IMMEDIATE lock on the whole database.
    end = f" {connection.ops.for_update_sql()}" if lock and connection.features.has_select_for_update else ""
    compiler = QuerySet(model).query.get_compiler(connection=connection)
    converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in fields])
    return _Selection(
        f"SELECT {columns} FROM {table} WHERE {key} = %s{end}",  # noqa: S608  names are the model's
        tuple(str(field.attname) for field in fields),
        tuple((place, tuple(found), column) for place, (found, column) in converters.items()),
    )
