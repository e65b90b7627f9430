"""`./gandan generate`: refuses real data, answers in its schema, explains bad input."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from jsonschema import validate

from gandan.dossiers.models import Dossier
from gandan.ledger.actions import verify_all
from gandan.ledger.ids import new_id
from gandan.organization.actions import open_commune
from gandan.organization.permissions import operator

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[4] / "docs" / "schemas" / "generate.json"


def generated(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("generate", *arguments, "--json", stdout=out, stderr=StringIO())
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_empty_database_gets_two_wards_and_their_dossiers() -> None:
    found = generated("--dossiers", "20", "--seed", "4")

    validate(found, json.loads(SCHEMA.read_text("utf-8")))
    assert found["communes"] == ["14758", "19975"]
    assert found["dossiers"] == Dossier.objects.count() == 20
    assert verify_all() == []


def test_sample_takes_more_but_real_communes_are_left_alone() -> None:
    generated("--dossiers", "5", "--seed", "4", "--commune", "19975")
    generated("--dossiers", "5", "--seed", "4")
    open_commune("00160", officer=operator("may-chu"), at=timezone.now(), request_id=new_id())

    with pytest.raises(CommandError) as refused:
        generated("--dossiers", "5", "--seed", "4", "--commune", "19975")

    assert refused.value.returncode == 2
    assert Dossier.objects.count() == 10
    generated("--dossiers", "5", "--seed", "4", "--commune", "19975", "--among-real-data")
    assert Dossier.objects.count() == 15


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dossiers", "0", "--seed", "1"),
        ("--dossiers", "5", "--seed", "1", "--commune", "99999"),
        ("--dossiers", "5", "--seed", "1", "--until", "2099-01-01"),
        ("--dossiers", "5", "--seed", "1", "--until", "tomorrow"),
        ("--dossiers", "5", "--seed", "1", "--until", "2026-13-01"),
    ],
)
def test_bad_input_is_explained(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        generated(*arguments)

    assert refused.value.returncode == 2
    assert str(refused.value)
    assert not Dossier.objects.exists()
