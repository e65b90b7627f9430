"""One ward with its cast, and intakes for it. All people here are invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import load_shipped
from gandan.catalogue.queries import case_for, checklist_for, version_at
from gandan.catalogue.shipped import load_procedures
from gandan.dossiers.actions import processing, results, take_in
from gandan.dossiers.intake import IntakeInput, PaperInput, PartyInput
from gandan.dossiers.models import Answer, Desk, Dossier, IdentityKind, ResultKind, ReturnWay
from gandan.law.actions import load_shipped as load_law
from gandan.ledger.ids import new_id
from gandan.organization.loading import load_days
from gandan.organization.models import Commune, Duty, Province, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, officer_of

BIRTH = "1.001193"
CERTIFIED_COPY = "2.000815"
GUIDE_ONLY = "2.000986"
RESIDENCE = "1.004222"  # seven working days
OPENED = date(2025, 7, 1)
MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=VIETNAM)  # an ordinary week: 9-13 November 2026


@dataclass
class Ward:
    """A ward with its committee, centre and one department, and one member of staff in each role."""

    commune: Commune
    committee: Unit
    centre: Unit
    department: Unit
    people: dict[Role, User]

    def officer(self, role: Role) -> Officer:
        return officer_of(self.people[role], on=MONDAY.date())


PLACES = {
    Role.COUNTER_OFFICER: "centre",
    Role.CENTRE_DIRECTOR: "centre",
    Role.SPECIALIST: "department",
    Role.HEAD_OF_DEPARTMENT: "department",
    Role.CLERK: "committee",
    Role.SIGNING_LEADER: "committee",
    Role.INSPECTOR: "committee",
    Role.LEGAL_OFFICER: "committee",
    Role.ADMINISTRATOR: "committee",
}


def make_commune(code: str = "19975", name: str = "Hương Thủy") -> Commune:
    province, _created = Province.objects.get_or_create(
        code="46", defaults={"kind": "thành phố", "name": "Huế"}
    )
    defaults = {
        "kind": "phường",
        "name": name,
        "province": province,
        "folded": name.lower(),
        "search_text": "",
    }
    commune, _created = Commune.objects.get_or_create(code=code, defaults=defaults)
    return commune


def make_unit(commune: Commune, kind: UnitKind, code: str, parent: Unit | None = None) -> Unit:
    defaults = {
        "commune": commune,
        "kind": kind,
        "name": f"{kind.label} {commune.name}",
        "parent": parent,
        "opened_on": OPENED,
    }
    unit, _created = Unit.objects.get_or_create(code=code, defaults=defaults)
    return unit


def make_user(name: str, code: str) -> User:
    return User.objects.create_user(code.lower(), None, full_name=name, code=code)


def make_ward(code: str = "19975", name: str = "Hương Thủy") -> Ward:
    commune = make_commune(code, name)
    committee = make_unit(commune, UnitKind.PEOPLE_COMMITTEE, f"{code}.UBND")
    centre = make_unit(commune, UnitKind.CENTRE, f"{code}.TT", committee)
    department = make_unit(commune, UnitKind.DEPARTMENT, f"{code}.VHXH", committee)
    units = {"committee": committee, "centre": centre, "department": department}
    people = {}
    for role, place in PLACES.items():
        user = make_user(f"Người mẫu {role.label}", f"{code}-{role.value}")
        Duty.objects.create(user=user, unit=units[place], role=role, valid_from=OPENED)
        people[role] = user
    return Ward(commune, committee, centre, department, people)


def make_intake(code: str = RESIDENCE, **changes: Any) -> IntakeInput:
    """A complete intake of an invented person; every paper handed in."""
    version = version_at(code, timezone.now())
    case = case_for(version, {})
    papers = tuple(
        PaperInput(key=paper.key, name=paper.name, answer=Answer.HANDED_IN, originals=max(paper.original, 1))
        for paper in checklist_for(version, {})
    )
    owner = PartyInput(
        name="Nguyễn Thị Mẫu",
        birth_date=date(1988, 3, 8),
        address="Số 1 đường Mẫu",
        phone="0912345678",
        identity_kind=IdentityKind.PERSONAL_NUMBER,
        identity_number="046188000001",
    )
    return replace(
        IntakeInput(version_id=version.id, case_name=case.name, owner=owner, papers=papers), **changes
    )


def make_dossier(
    ward: Ward, *, at: datetime = MONDAY, code: str = RESIDENCE, accept: bool = True, **changes: Any
) -> Dossier:
    """A dossier taken in at the counter through the real act."""
    return take_in.take_in(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        intake=make_intake(code, **changes),
        request_id=new_id(),
        at=at,
        accept=accept,
    )


def asked(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """The arguments that every act has, for a fresh request."""
    return {"dossier_id": dossier.id, "request_id": new_id(), "at": at, "seen": None}


def bring_to(ward: Ward, dossier: Dossier, desk: Desk, *, at: datetime = MONDAY) -> Dossier:
    """Takes the dossier through the real acts until it lies at `desk`, from wherever it lies."""
    counter, head = ward.officer(Role.COUNTER_OFFICER), ward.officer(Role.HEAD_OF_DEPARTMENT)
    specialist, leader = ward.officer(Role.SPECIALIST), ward.officer(Role.SIGNING_LEADER)
    path = [
        (
            Desk.ASSIGNMENT,
            lambda: processing.transfer(officer=counter, department=ward.department, **asked(dossier, at)),
        ),
        (
            Desk.APPRAISAL,
            lambda: processing.assign(
                officer=head, assignee=ward.people[Role.SPECIALIST], **asked(dossier, at)
            ),
        ),
        (
            Desk.CHECK,
            lambda: processing.propose(
                officer=specialist, result=ResultKind.GRANTED, opinion="", **asked(dossier, at)
            ),
        ),
        (Desk.SIGNATURE, lambda: processing.check(officer=head, **asked(dossier, at))),
        (Desk.STAMP, lambda: processing.approve(officer=leader, **asked(dossier, at))),
        (
            Desk.HANDOVER,
            lambda: results.number_and_stamp(officer=ward.officer(Role.CLERK), **asked(dossier, at)),
        ),
        (Desk.RETURN, lambda: results.finish(officer=counter, **asked(dossier, at))),
        (
            Desk.CLOSED,
            lambda: results.return_result(officer=counter, way=ReturnWay.COUNTER, **asked(dossier, at)),
        ),
    ]
    passed = [reached for reached, _step in path]
    here = passed.index(Desk(dossier.desk)) + 1 if dossier.desk in passed else 0
    for reached, step in path[here:]:
        if dossier.desk == desk:
            break
        dossier = step()
        assert dossier.desk == reached
    return Dossier.objects.get(pk=dossier.pk)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    """A moment on the wall of the office, e.g. local("2026-11-13 17:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def load_reference(at: datetime) -> None:
    """The law, the calendar, and the procedures that the tests of this room use."""
    load_law(at)
    load_days(at)
    chosen = {BIRTH, RESIDENCE, CERTIFIED_COPY, GUIDE_ONLY}
    load_shipped(at, [one for one in load_procedures().values() if one.code in chosen])
