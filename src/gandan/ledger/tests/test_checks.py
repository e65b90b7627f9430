from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from gandan.ledger import checks


def use(monkeypatch: pytest.MonkeyPatch, engine: str, **options: object) -> None:
    database = {"ENGINE": f"django.db.backends.{engine}", "OPTIONS": options}
    monkeypatch.setattr(settings, "DATABASES", {"default": database})


@pytest.mark.parametrize(
    ("version", "ids"),
    [((3, 51, 2), ["ledger.W001"]), ((3, 51, 3), []), ((3, 53, 4), [])],
)
def test_sqlite_with_the_wal_reset_fault_is_named(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], ids: list[str]
) -> None:
    import sqlite3

    use(monkeypatch, "sqlite3")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)

    assert [message.id for message in checks.check_sqlite_version()] == ids


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"transaction_mode": "IMMEDIATE"}, []),
        ({"transaction_mode": "DEFERRED"}, ["ledger.E001"]),
        ({}, ["ledger.E001"]),
    ],
)
def test_sqlite_without_immediate_transactions_is_refused(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, object], ids: list[str]
) -> None:
    use(monkeypatch, "sqlite3", **options)

    assert [message.id for message in checks.check_immediate_transactions()] == ids


def test_postgresql_needs_no_sqlite_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "postgresql")

    assert checks.check_immediate_transactions() + checks.check_sqlite_version() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("durable", "ids"), [(True, []), (False, ["off"])])
def test_database_that_can_forget_an_acknowledged_act_is_refused(durable: bool, ids: list[str]) -> None:
    sqlite = connection.vendor == "sqlite"
    statement = "PRAGMA synchronous = {}" if sqlite else "SET synchronous_commit = {}"
    with connection.cursor() as cursor:
        cursor.execute(statement.format(("FULL" if sqlite else "on") if durable else "OFF"))
    try:
        messages = checks.check_synchronous_full(databases=["default"])
    finally:
        connection.close()

    expected = "ledger.E002" if sqlite else "ledger.E003"
    assert [message.id for message in messages] == [expected for _one in ids]


def test_database_is_not_asked_when_none_is_named() -> None:
    assert checks.check_synchronous_full(databases=None) == []


def test_installation_as_delivered_passes() -> None:
    assert checks.check_sqlite_version() + checks.check_immediate_transactions() == []
