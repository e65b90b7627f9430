"""docs/events.md says what every act on the catalogue writes: its name and its facts. Nothing more, nothing less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gandan.catalogue.actions import procedures, workflows
from gandan.catalogue.queries import version_at
from gandan.catalogue.stored import content_of
from gandan.catalogue.tests.acting import (
    COPIES,
    DOCUMENT,
    LATER,
    NOW,
    confirm,
    draft_of,
    province_officer,
    publish,
    publish_workflow,
    with_fee,
    workflow_draft,
)
from gandan.catalogue.tests.factories import load
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = (Path(__file__).parents[4] / "docs" / "events.md").read_text(encoding="utf-8")
SECTION = PAGE.split("### On procedures and workflows")[1].split("\n### ")[0]
ROWS = {
    act: set(re.findall(r"`([a-z_]+)`", facts)) | {"basis_hash"}
    for act, facts in re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| (.+) \|$", SECTION, re.M)
}


@pytest.fixture
def story() -> dict[str, set[str]]:
    """Every act once; act → names of its facts."""
    load(COPIES, "1.004222")
    admin, legal = province_officer(), province_officer(Role.LEGAL_OFFICER)
    changed = with_fee(content_of(version_at(COPIES, NOW)), 3000)
    version = publish(confirm(draft_of(COPIES, admin, **changed), legal), admin, on=LATER)
    again = {"document": DOCUMENT, "officer": admin, "at": NOW}
    procedures.withdraw_procedure(version.pk, reason="hoãn", request_id=new_id(), **again)
    first = publish_workflow(workflow_draft("1.004222", admin), admin)
    workflows.end_workflow(first.pk, ends_on=LATER, request_id=new_id(), **again)
    second = publish_workflow(workflow_draft("1.004222", admin), admin, on=LATER)
    workflows.withdraw_workflow(second.pk, reason="hoãn", request_id=new_id(), **again)
    return {event.act: set(event.facts) for event in Event.objects.all()}


def test_every_act_writes_the_facts_of_its_row(story):
    assert story == ROWS


def test_rows_name_the_kinds_of_subjects(story):
    kinds = set(Event.objects.values_list("subject_kind", flat=True))

    assert kinds == {"procedure", "draft", "workflow"}
    assert all(f"`{kind}`" in SECTION.splitlines()[0] for kind in kinds)
