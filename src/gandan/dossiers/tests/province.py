"""A province beside the ward: its health department with people who take forwarded dossiers over. All invented."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gandan.accounts.models import User
from gandan.catalogue.models import Procedure, Workflow, WorkflowStep
from gandan.catalogue.queries import SUBJECT
from gandan.catalogue.shipped import load_workflows
from gandan.dossiers.actions import forward
from gandan.dossiers.actions.reroute import pass_on
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import (
    MONDAY,
    OPENED,
    RESIDENCE,
    Ward,
    asked,
    bring_to,
    make_dossier,
    make_user,
)
from gandan.law import cache
from gandan.ledger.ids import new_id
from gandan.organization.mergers.actions import merge_communes
from gandan.organization.mergers.models import Merger
from gandan.organization.models import Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, officer_of

CAO_BANG = "04:2.001661"  # the commune 3 working days, the health department 5


@dataclass
class Body:
    """A body of the province with one member of staff in each role that works on forwarded dossiers."""

    unit: Unit
    people: dict[Role, User]

    def officer(self, role: Role) -> Officer:
        return officer_of(self.people[role], on=MONDAY.date())


def decide_workflow(ward: Ward) -> Workflow:
    """The phases that Cao Bằng decided for a procedure of its own, for the tests' procedure in the ward's province."""
    shipped = next(one for one in load_workflows() if one.key == CAO_BANG)
    workflow = Workflow.objects.create(
        key="test",
        procedure=Procedure.objects.get(code=RESIDENCE),
        name="Quy trình liên thông (mẫu)",
        province=ward.commune.province_id,
        decision=shipped.decision,
        mark=shipped.mark.value,
        digest="test",
    )
    WorkflowStep.objects.bulk_create(
        WorkflowStep(workflow=workflow, position=n, **asdict(step)) for n, step in enumerate(shipped.steps, 1)
    )
    cache.changed(SUBJECT)
    return workflow


def make_body(ward: Ward, kind: UnitKind = UnitKind.PROVINCE_DEPARTMENT, name: str = "Sở Y tế") -> Body:
    province = ward.commune.province
    unit = Unit.objects.create(
        province=province,
        kind=kind,
        code=f"{province.code}-{kind.value}",
        name=f"{name} {province.kind} {province.name}",
        opened_on=OPENED,
    )
    people = {}
    for role in (Role.SPECIALIST, Role.HEAD_OF_DEPARTMENT, Role.CLERK, Role.ADMINISTRATOR):
        user = make_user(f"Người mẫu {role.label} {name}", f"{unit.code}-{role.value}"[:40])
        Duty.objects.create(user=user, unit=unit, role=role, valid_from=OPENED)
        people[role] = user
    return Body(unit, people)


def administrator(ward: Ward) -> Officer:
    """The administrator of the ward's province; the same one when asked again."""
    province = ward.commune.province
    unit, _ = Unit.objects.get_or_create(
        code=f"{province.pk}-vp",
        defaults={
            "province": province,
            "kind": UnitKind.PROVINCE_OFFICE,
            "name": f"Văn phòng Ủy ban nhân dân {province.name}",
            "opened_on": OPENED,
        },
    )
    user = User.objects.filter(code=f"{province.pk}-quantri").first()
    if user is None:
        user = make_user("Người mẫu quản trị", f"{province.pk}-quantri")
        Duty.objects.create(user=user, unit=unit, role=Role.ADMINISTRATOR, valid_from=OPENED)
    return officer_of(user, on=MONDAY.date())


def decide(ward: Ward, into: Ward, *, at: datetime = MONDAY, **more: Any) -> Merger:
    """The province merges the ward into another one; no dossier has moved yet."""
    return merge_communes(
        [ward.commune],
        into.commune,
        document="Nghị quyết 99/NQ-MẪU",
        effective_on=at.date(),
        officer=administrator(ward),
        at=at,
        request_id=new_id(),
        **more,
    )


def merge(ward: Ward, into: Ward, *, at: datetime = MONDAY, **more: Any) -> Merger:
    """Merged, and every dossier passed on."""
    merger = decide(ward, into, at=at, **more)
    while pass_on(at).left:
        pass
    merger.refresh_from_db()
    return merger


def forwarded(ward: Ward, body: Body, *, at: datetime = MONDAY, **more: Any) -> Dossier:
    """A dossier that the commune has signed and the records clerk has forwarded."""
    dossier = bring_to(ward, make_dossier(ward), Desk.STAMP)
    arguments = {"task": "Đề nghị hỗ trợ (mẫu)", "limit": "workflow", **more}
    return forward.forward(
        officer=ward.officer(Role.CLERK), body=body.unit, **arguments, **asked(dossier, at)
    )
