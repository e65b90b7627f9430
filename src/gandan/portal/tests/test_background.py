"""`./gandan work --once`: one round of background work, by who holds the lease."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from gandan.notifications.leases import BACKGROUND_WORK, hold
from gandan.portal.management.commands import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside_a_test(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(work, "close_old_connections", lambda: None)  # it would end the test's transaction
    settings.GANDAN_DATA = tmp_path


def heads(folder: Path) -> list[str]:
    return [path.name for path in (folder / "heads").glob("*.txt")] if (folder / "heads").exists() else []


def test_round_writes_the_heads_of_the_day(tmp_path: Path) -> None:
    call_command("work", once=True)

    assert heads(tmp_path) == [f"{timezone.localdate().isoformat()}.txt"]


def test_round_without_the_lease_does_nothing(tmp_path: Path) -> None:
    hold(BACKGROUND_WORK, holder="another machine", at=timezone.now(), lasting=timedelta(minutes=1))

    call_command("work", once=True)

    assert heads(tmp_path) == []


def test_failure_is_logged_and_the_worker_lives(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_at: object) -> int:
        raise RuntimeError("no disk")

    monkeypatch.setattr(work, "send_waiting", fail)

    call_command("work", once=True)

    assert [record.message for record in caplog.records] == ["background work failed"]
