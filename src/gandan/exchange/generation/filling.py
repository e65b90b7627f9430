"""Rows into the database, by the fastest way that each has: COPY in PostgreSQL, one prepared statement in SQLite.

All of a load is one transaction: it is there as a whole or not at all. Meanwhile the indexes that no constraint needs
are taken away and built anew at the end, if the load is larger than what was there: sorting once costs a fraction of
finding the place of each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction

from gandan.exchange.generation.rows import Block, Table, tables

MEMORY = {
    "sqlite": "-400000",
    "postgresql": "512MB",
}  # for the pages, and for sorting, while a load is written


@dataclass(slots=True)
class Filling:
    """A load under way."""

    tables: dict[str, Table]
    rows: int = 0

    def write(self, block: Block) -> None:
        """Writes rows in the order of the tables: parents first."""
        for name, table in self.tables.items():
            rows = block.get(name)
            if rows:
                WRITERS[connection.vendor](table, rows)
                self.rows += len(rows)


@contextmanager
def filling(*, many: bool) -> Iterator[Filling]:
    """One transaction for the whole load. `many`: more than is there already."""
    aside = indexes_aside() if many else nullcontext()
    with unhurried(), transaction.atomic(durable=True), relations_unchecked(), aside:
        yield Filling({table.name: table for table in tables().values()})


# ---- rows --------------------------------------------------------------------------------------------------


def insert(table: Table, rows: list[Any]) -> None:
    """SQLite."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in table.columns)
    given = len(table.columns) - len(table.rest)
    places = ", ".join(["?"] * given + [literal(value) for value in table.rest])
    statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})"  # noqa: S608  names are the models'
    connection.connection.executemany(statement, rows)


def literal(value: object) -> str:
    """A default value in a statement: nothing, a number or a text of ours."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def copy(table: Table, rows: list[Any]) -> None:
    """PostgreSQL."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in table.columns)
    rest = "".join(f"\t{cell(value)}" for value in table.rest) + "\n"
    text = "".join(["\t".join([cell(value) for value in row]) + rest for row in rows])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as out,
    ):
        out.write(text)


def cell(value: object) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
            return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
        return value
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


WRITERS: dict[str, Callable[[Table, list[Any]], None]] = {"sqlite": insert, "postgresql": copy}


# ---- what would slow every row down ------------------------------------------------------------------------


@contextmanager
def unhurried() -> Iterator[None]:
    """More memory for this load; on SQLite also no look at relations, which cannot be said inside a transaction."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.disable_constraint_checking()
    with connection.cursor() as cursor:
        kept = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {MEMORY['sqlite']}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(kept)}")
            connection.enable_constraint_checking()


@contextmanager
def relations_unchecked() -> Iterator[None]:
    """Rows of a load point at each other by construction, so PostgreSQL is not asked about each of them.

    Only a superuser may say so for the session; an owner takes the constraints away and puts them back at the end,
    which looks at all rows at once.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY['postgresql']}'")
        try:
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
        except Error:
            constraints = foreign_keys()
            for table, name, _definition in constraints:
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            yield
            for table, name, definition in constraints:
                cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        else:
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")


def foreign_keys() -> list[tuple[str, str, str]]:
    """Table, name and definition of every foreign key of the tables that are filled."""
    names = [table.name for table in tables().values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k "
            "JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE k.contype = 'f' AND n.nspname = current_schema() AND c.relname = ANY(%s) ORDER BY 1, 2",
            [names],
        )
        return list(cursor.fetchall())


@contextmanager
def indexes_aside() -> Iterator[None]:
    """Takes away the indexes that no constraint needs, and builds them anew at the end."""
    quote = connection.ops.quote_name
    found = secondary_indexes()
    with connection.cursor() as cursor:
        for name, _statement in found:
            cursor.execute(f"DROP INDEX {quote(name)}")
        yield
        for _name, statement in found:
            cursor.execute(statement)


def secondary_indexes() -> list[tuple[str, str]]:
    """Name and statement of every index of the filled tables that no constraint brings with it."""
    names = [table.name for table in tables().values()]
    sqlite = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({})"
    )
    postgresql = (
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema() "
        "AND i.tablename IN ({}) AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)"
    )
    statement = sqlite if connection.vendor == "sqlite" else postgresql
    with connection.cursor() as cursor:
        cursor.execute(statement.format(", ".join(["%s"] * len(names))) + " ORDER BY 1", names)
        return list(cursor.fetchall())
