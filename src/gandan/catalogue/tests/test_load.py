"""Loading the shipped files: versions follow each other, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gandan.catalogue.actions import load_shipped
from gandan.catalogue.errors import ProcedureUnknown
from gandan.catalogue.models import FeeRule, Procedure, ProcedureCase, ProcedureVersion, Workflow
from gandan.catalogue.queries import case_for, version_at, workflow_for
from gandan.catalogue.shipped import load_procedures
from gandan.catalogue.tests.factories import AT, BIRTH, COPIES, load

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=30)


def test_load_brings_all_in():
    done = load_shipped(AT)

    assert (done.added, done.renewed, done.withdrawn, done.workflows) == (154, 0, 0, 10)
    assert ProcedureVersion.objects.count() == 154


def test_second_load_changes_nothing():
    load()

    done = load_shipped(LATER)

    assert (done.added, done.renewed, done.withdrawn, done.unchanged, done.workflows) == (0, 0, 0, 154, 0)


def test_first_version_holds_for_the_past():
    load(BIRTH)

    assert version_at(BIRTH, AT - timedelta(days=400)).number == 1


def test_changed_procedure_gets_a_further_version():
    birth = load_procedures()[BIRTH]
    load(BIRTH)

    done = load_shipped(LATER, [replace(birth, result="Giấy khai sinh điện tử")])

    assert (done.renewed, done.unchanged) == (1, 0)
    assert version_at(BIRTH, LATER - timedelta(seconds=1)).result == "Giấy khai sinh"
    assert version_at(BIRTH, LATER).result == "Giấy khai sinh điện tử"


def test_old_version_keeps_its_parts():
    birth = load_procedures()[BIRTH]
    load(BIRTH)
    old = version_at(BIRTH, AT)

    load_shipped(LATER, [replace(birth, documents=())])

    assert old.papers.count() == 6
    assert case_for(old, {}).version_id == old.pk


def test_procedure_no_longer_shipped_ends():
    load(BIRTH, COPIES)

    done = load_shipped(LATER, [load_procedures()[COPIES]])

    assert done.withdrawn == 1
    with pytest.raises(ProcedureUnknown):
        version_at(BIRTH, LATER)


def test_procedure_shipped_again_goes_on_with_its_number():
    load(BIRTH)
    load_shipped(LATER, [])

    load_shipped(LATER + timedelta(days=1), [load_procedures()[BIRTH]])

    assert Procedure.objects.filter(code=BIRTH).count() == 1
    assert version_at(BIRTH, LATER + timedelta(days=2)).number == 2


def test_rule_survives_the_database():
    load(BIRTH, COPIES)

    for code in (BIRTH, COPIES):
        for case in load_procedures()[code].cases:
            row = ProcedureCase.objects.get(version__procedure__code=code, name=case.name)
            stored = row.rule()
            assert replace(stored, source=replace(stored.source, row="")) == case.rule
            assert stored.source.row == str(row.pk)


def test_guidance_only_case_gives_no_rule():
    load("1.004946")
    case = ProcedureCase.objects.get()

    assert (case.rule(), case.published().amount) == (None, 12)


def test_a_version_has_one_case_without_condition():
    load(BIRTH)
    version = ProcedureVersion.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureCase.objects.create(
            version=version, name="x", label="x", position=9, amount=1, unit="day", mark="read"
        )


def test_an_unknown_fee_cannot_have_an_amount():
    load(BIRTH)
    version = ProcedureVersion.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        FeeRule.objects.create(
            version=version,
            key="x",
            label="x",
            kind="unknown",
            unknown_because="shown_free",
            amount=0,
            mark="read",
            position=9,
        )


def test_changed_workflow_is_made_anew(monkeypatch):
    load(BIRTH)
    Workflow.objects.filter(key="sample:standard").update(digest="0" * 64)

    done = load_shipped(LATER, [load_procedures()[BIRTH]])

    assert done.workflows == 1
    assert Workflow.objects.filter(key="sample:standard").count() == 2
    renewed = Workflow.objects.get(key="sample:standard", retired_at=None)
    assert (renewed.steps.count(), renewed.valid_from) == (7, LATER)


def test_dossier_of_before_follows_the_workflow_of_then():
    load(BIRTH)
    old = Workflow.objects.get(key="sample:standard")
    Workflow.objects.filter(pk=old.pk).update(digest="0" * 64)
    procedure = version_at(BIRTH, AT).procedure

    load_shipped(LATER, [load_procedures()[BIRTH]])

    assert workflow_for(procedure, None, AT) == old
    assert workflow_for(procedure, None, LATER).valid_from == LATER
