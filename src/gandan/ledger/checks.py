"""System checks: is the database set so that what was acknowledged stays?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

# The fault: https://www.sqlite.org/wal.html#walresetbug. Versions with a back-port are not listed as
# long as we have not seen it confirmed which they are.
FIRST_SOUND_SQLITE = (3, 51, 3)
SYNCHRONOUS_FULL = 2
SYNCHRONOUS_NAMES = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}


def _is_sqlite(alias: str) -> bool:
    return str(settings.DATABASES[alias]["ENGINE"]).endswith("sqlite3")


def _options_of(alias: str) -> dict[str, Any]:
    options: Any = settings.DATABASES[alias].get("OPTIONS", {})
    return dict(options)


@register()
def check_sqlite_version(**_options: Any) -> list[CheckMessage]:
    """W001: two connections that write and checkpoint at once can spoil the file in older SQLite."""
    if not any(_is_sqlite(alias) for alias in settings.DATABASES):
        return []
    import sqlite3  # noqa: PLC0415  settings put their own driver in its place first

    version: tuple[int, ...] = sqlite3.sqlite_version_info
    if version >= FIRST_SOUND_SQLITE:
        return []
    message = _("SQLite %(version)s has the WAL-reset fault, which can spoil the database file.")
    hint = _("Install the driver of the lock file (pysqlite3), or SQLite 3.51.3 or later.")
    return [Warning(message % {"version": sqlite3.sqlite_version}, hint=hint, id="ledger.W001")]


@register()
def check_immediate_transactions(**_options: Any) -> list[CheckMessage]:
    """E001: the IMMEDIATE lock is what keeps two acts from taking the same number on SQLite."""
    return [
        Error(
            _("SQLite must begin its transactions with IMMEDIATE."),
            hint=_("Set OPTIONS['transaction_mode'] of the database to 'IMMEDIATE'."),
            id="ledger.E001",
        )
        for alias in settings.DATABASES
        if _is_sqlite(alias) and _options_of(alias).get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.database)
def check_synchronous_full(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """E002, E003: a power cut must not take back an act that the citizen holds a receipt for."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            messages += _check_sqlite_durability(_pragma(connection, "synchronous"))
        elif connection.vendor == "postgresql":
            messages += _check_postgres_durability(connection)
    return messages


def _check_sqlite_durability(level: int) -> list[CheckMessage]:
    if level >= SYNCHRONOUS_FULL:
        return []
    message = _(
        "SQLite runs with synchronous=%(level)s: a power cut can take back acts already acknowledged."
    )
    hint = _("Put PRAGMA synchronous=FULL into the database's init_command.")
    return [Error(message % {"level": SYNCHRONOUS_NAMES.get(level, level)}, hint=hint, id="ledger.E002")]


def _check_postgres_durability(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        level = str(cursor.fetchone()[0])
    if level != "off":
        return []
    message = _(
        "PostgreSQL runs with synchronous_commit=off: a crash can take back acts already acknowledged."
    )
    hint = _("Set synchronous_commit to on for the role of this installation.")
    return [Error(message, hint=hint, id="ledger.E003")]


def _pragma(connection: BaseDatabaseWrapper, name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return int(cursor.fetchone()[0])
