"""What watchers ask for: /healthz for everybody, /metrics with the token, each saying what is true."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from gandan.ledger.actions import act
from gandan.ledger.ids import new_id
from gandan.ledger.models import Verification
from gandan.notifications.actions import queue
from gandan.notifications.leases import BACKGROUND_WORK, LASTS, hold
from gandan.notifications.models import Channel
from gandan.operations import measures

pytestmark = pytest.mark.django_db
TOKEN = "mau-mau-mau-mau-mau-mau-mau"


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.GANDAN_DATA = tmp_path
    settings.GANDAN_METRICS_TOKEN = TOKEN


def record_one() -> None:
    request_id = new_id()
    with act(
        name="mau", actor="CB-1", at=timezone.now(), request_id=request_id, content={}, subject_id=request_id
    ) as evidence:
        evidence.append(chain="19975", act="mau", subject_kind="mau", subject_id=request_id, body={})


def figures(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    families = text_string_to_metric_families(answer.content.decode())
    return {
        ".".join((sample.name.removeprefix("gandan_"), *sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_healthz_is_ok_while_the_worker_works(client: Client) -> None:
    hold(BACKGROUND_WORK, holder="mau", at=timezone.now(), lasting=LASTS)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": dict.fromkeys(("database", "disk", "migrations", "job_worker", "ledger", "clock"), "ok"),
    }


def test_healthz_warns_of_a_worker_that_stopped(client: Client) -> None:
    hold(BACKGROUND_WORK, holder="mau", at=timezone.now() - 3 * LASTS, lasting=LASTS)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "warning")
    assert answer.json()["parts"]["job_worker"] == "warning"


def test_healthz_warns_of_a_ledger_found_broken(client: Client) -> None:
    Verification.objects.create(at=timezone.now(), events=1, sound=False, proven=False)

    assert client.get("/healthz").json()["parts"]["ledger"] == "warning"


@pytest.mark.parametrize(
    ("free", "status", "said"), [(measures.LOW_DISK - 1, 200, "warning"), (0, 503, "failing")]
)
def test_healthz_tells_of_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch, free: int, status: int, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10, 10, free))

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["parts"]["disk"]) == (status, said)


@pytest.mark.parametrize("header", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN[:-1], "Bearer Tiếng"])
def test_metrics_are_not_there_without_the_token(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_metrics_are_nobodys_while_no_token_is_set(client: Client, settings: Any) -> None:
    settings.GANDAN_METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_count_outbox_ledger_and_worker(client: Client) -> None:
    now = timezone.now()
    record_one()
    hold(BACKGROUND_WORK, holder="mau", at=now, lasting=LASTS)
    for channel in (Channel.EMAIL, Channel.CALL, Channel.CALL):
        queue(
            subject_kind="dossier",
            subject_id=new_id(),
            topic="ready",
            facts={},
            channel=channel,
            at=now - timedelta(hours=1),
        )

    found = figures(client)

    assert found["ledger_events"] == 1
    assert found["ledger_chains"] == 1
    assert (found["outbox_waiting.email"], found["outbox_waiting.call"]) == (1, 2)
    assert 3600 <= found["outbox_oldest_mail_seconds"] < 3700
    assert 0 <= found["job_round_age_seconds"] < 60
    assert found["disk_free_bytes"] > 0
    assert found["database_bytes"] > 0
    assert found["migrations_pending"] == 0
    assert found["clock_behind_ledger_seconds"] == 0


def test_metrics_leave_out_what_nobody_knows(client: Client) -> None:
    found = figures(client)

    assert {"backup_age_seconds", "verify_age_seconds", "verify_sound", "heads_age_seconds"} & set(
        found
    ) == set()


def test_metrics_know_verification_backup_and_heads(client: Client, tmp_path: Path) -> None:
    record_one()
    call_command("verify")
    call_command("heads")
    (tmp_path / "last-backup").touch()

    found = figures(client)

    assert found["verify_sound"] == 1
    assert {name for name in found if name.endswith("_age_seconds") and found[name] < 60} >= {
        "verify_age_seconds",
        "backup_age_seconds",
        "heads_age_seconds",
    }


def test_clock_that_was_put_back_is_seen(client: Client) -> None:
    record_one()

    assert measures.behind_ledger(timezone.now() - timedelta(minutes=5)) > 290
