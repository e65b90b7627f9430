"""Drafts and their officers for tests: the province's administrator and legal officer, a ward's administrator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import drafts, procedures, workflows
from gandan.catalogue.content import Content
from gandan.catalogue.models import Draft, ProcedureVersion, Workflow
from gandan.catalogue.queries import version_at, workflow_for
from gandan.catalogue.stored import content_of
from gandan.catalogue.workflow_content import StepContent, WorkflowContent, workflow_content
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune, Role, UnitKind
from gandan.organization.permissions import Officer, officer_of
from gandan.organization.tests.factories import make_commune, make_officer, make_province_unit, make_unit

COPIES = "2.000815"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)  # a Monday
TODAY, LATER = NOW.date(), date(2026, 12, 1)
DOCUMENT = "Quyết định 12/QĐ-UBND ngày 20/11/2026 (văn bản mẫu)"


def province_officer(role: Role = Role.ADMINISTRATOR) -> Officer:
    unit = make_province_unit(UnitKind.PROVINCE_OFFICE)
    return officer_of(make_officer(role, unit), TODAY)


def ward_officer(role: Role = Role.ADMINISTRATOR, code: str = "19975") -> Officer:
    unit = make_unit(UnitKind.PEOPLE_COMMITTEE, commune=make_commune(code))
    return officer_of(make_officer(role, unit), TODAY)


def draft_of(code: str, officer: Officer, at: datetime = NOW, **changes: Any) -> Draft:
    """A draft of the version in force, with fields of the content changed."""
    version = procedures.last_version(code)
    assert version is not None
    content = replace(content_of(version), **changes)
    return drafts.begin_procedure(content, base=version.pk, officer=officer, at=at, request_id=new_id())


def with_fee(content: Content, amount: int) -> dict[str, Any]:
    """The change that sets the amount of the first fee, in place of its steps."""
    first, *others = content.fees
    return {"fees": (replace(first, amount=amount, scale=None, label="Mức thu mẫu"), *others)}


def publish(
    draft: Draft, officer: Officer, *, on: date = TODAY, at: datetime = NOW, **more: Any
) -> ProcedureVersion:
    asked = {"starts_on": on, "document": DOCUMENT, "seen": draft.revision, "request_id": new_id()} | more
    return procedures.publish_procedure(draft.pk, officer=officer, at=at, **asked)


def confirm(draft: Draft, officer: Officer, *, whole: bool = False) -> Draft:
    return procedures.confirm_content(
        draft.pk,
        document=DOCUMENT,
        whole=whole,
        seen=draft.revision,
        officer=officer,
        at=NOW,
        request_id=new_id(),
    )


def workflow_draft(
    code: str, officer: Officer, *, commune: Commune | None = None, steps: tuple[StepContent, ...] = ()
) -> Draft:
    """A draft for the province Huế, or for one of its wards, from the sample workflow."""
    procedure = version_at(code, NOW).procedure
    content = workflow_content(workflow_for(procedure, commune, NOW), code)
    given = replace(content, name="Quy trình mẫu", steps=steps or TIMED)
    return workflows.begin_workflow(
        WorkflowContent(code, given.name, given.steps),
        province="46",
        commune=commune,
        base=None,
        officer=officer,
        at=NOW,
        request_id=new_id(),
    )


def publish_workflow(
    draft: Draft, officer: Officer, *, on: date = TODAY, at: datetime = NOW, **more: Any
) -> Workflow:
    asked = {"starts_on": on, "document": DOCUMENT, "seen": draft.revision, "request_id": new_id()} | more
    return workflows.publish_workflow(draft.pk, officer=officer, at=at, **asked)


TIMED = (
    StepContent("Tiếp nhận", Role.COUNTER_OFFICER.value, unit_code="tt", amount_hundredths=50),
    StepContent("Phân công", Role.HEAD_OF_DEPARTMENT.value, amount_hundredths=25),
    StepContent("Thẩm định", Role.SPECIALIST.value, amount_hundredths=300),
    StepContent("Ký duyệt", Role.SIGNING_LEADER.value, amount_hundredths=100),
    StepContent("Vào sổ", Role.CLERK.value, amount_hundredths=25),
    StepContent("Trả kết quả", Role.COUNTER_OFFICER.value, unit_code="tt"),
)
