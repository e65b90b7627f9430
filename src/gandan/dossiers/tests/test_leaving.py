"""An officer who leaves today: nothing lies unseen, nobody signs in, somebody goes on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gandan.accounts.models import User
from gandan.dossiers.actions.leaving import assigned_to, colleagues_for, leave, left_alone, lies_at
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.models import Desk, Dossier, StepRun
from gandan.dossiers.tests.factories import (
    MONDAY,
    OPENED,
    Ward,
    bring_to,
    local,
    make_dossier,
    make_user,
    make_ward,
)
from gandan.ledger.actions import verify_all
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions.units import close_unit
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import Officer, officer_of
from gandan.organization.tests.factories import acting, with_account

TODAY = MONDAY.date()
WARD_ADMINISTRATOR = acting(Role.ADMINISTRATOR, commune="19975")


def colleague(ward: Ward, name: str = "Người mẫu thay") -> User:
    user = make_user(name, f"19975-{name.split()[-1]}")
    Duty.objects.create(user=user, unit=ward.department, role=Role.SPECIALIST, valid_from=OPENED)
    return user


def go(
    person: User, successor: User | None = None, officer: Officer = WARD_ADMINISTRATOR, **further: Any
) -> User:
    arguments: dict[str, Any] = {
        "last_day": TODAY,
        "seen": [dossier.pk for dossier in assigned_to(person)],
        "document": "QĐ 9/QĐ-UBND",
        "at": MONDAY,
        "request_id": new_id(),
    }
    return leave(person, successor=successor, officer=with_account(officer), **(arguments | further))


@pytest.fixture
def specialist(ward: Ward) -> User:
    return ward.people[Role.SPECIALIST]


def test_dossiers_go_to_the_colleague_at_the_same_desk(ward: Ward, specialist: User) -> None:
    dossier, heir = bring_to(ward, make_dossier(ward), Desk.APPRAISAL), colleague(ward)

    go(specialist, heir)

    now = Dossier.objects.get(pk=dossier.pk)
    assert (now.desk, now.assignee, now.act_by) == (Desk.APPRAISAL, heir, dossier.act_by)
    event = Event.objects.get(act="hand-over")
    assert (event.subject_id, event.facts["assignee"]) == (dossier.pk, heir.code)
    assert verify_all() == []


def test_without_a_colleague_they_wait_at_the_head(ward: Ward, specialist: User) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    go(specialist)

    now = Dossier.objects.get(pk=dossier.pk)
    assert (now.desk, now.desk_role, now.desk_unit, now.assignee) == (
        Desk.ASSIGNMENT,
        Role.HEAD_OF_DEPARTMENT,
        ward.department,
        None,
    )
    assert StepRun.objects.get(dossier=dossier, ended_at=None).desk == Desk.ASSIGNMENT
    assert now.due_at == dossier.due_at


def test_sign_in_and_duties_end_the_same_day(ward: Ward, specialist: User) -> None:
    go(specialist)

    specialist.refresh_from_db()
    assert not specialist.is_active
    assert specialist.duties.get().valid_to == TODAY
    assert officer_of(specialist, TODAY).held == ()
    assert Event.objects.get(act="leave").facts == {
        "person": specialist.code,
        "until": "2026-11-09",
        "signs_in": 0,
        "basis_hash": Event.objects.get(act="leave").facts["basis_hash"],
    }


def test_later_last_day_leaves_the_sign_in_until_then(ward: Ward, specialist: User) -> None:
    go(specialist, last_day=date(2026, 11, 30))

    specialist.refresh_from_db()
    assert specialist.is_active
    assert officer_of(specialist, date(2026, 11, 30)).held != ()
    assert officer_of(specialist, date(2026, 12, 1)).held == ()


def test_what_came_since_the_look_stops_the_act(ward: Ward, specialist: User) -> None:
    seen: list[UUID] = [dossier.pk for dossier in assigned_to(specialist)]
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    with pytest.raises(Unacceptable):
        go(specialist, seen=seen)

    specialist.refresh_from_db()
    assert specialist.is_active
    assert Event.objects.filter(act__in=["leave", "hand-over", "end-duty"]).count() == 0


def test_successor_must_process_dossiers_here(ward: Ward, specialist: User) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    stranger = make_ward("14758", "Hàm Rồng").people[Role.SPECIALIST]

    for wrong in (stranger, ward.people[Role.CLERK], specialist):
        with pytest.raises(Unacceptable) as refusal:
            go(specialist, wrong)
        assert refusal.value.field == "successor"


def test_last_administrator_does_not_leave(ward: Ward) -> None:
    with pytest.raises(Refused):
        go(ward.people[Role.ADMINISTRATOR])


def test_nobody_takes_leave_of_himself(ward: Ward) -> None:
    own = officer_of(ward.people[Role.ADMINISTRATOR], TODAY)

    with pytest.raises(Unacceptable):
        go(ward.people[Role.ADMINISTRATOR], officer=own)


@pytest.mark.parametrize(
    "officer", [acting(Role.ADMINISTRATOR, commune="14758"), acting(Role.CENTRE_DIRECTOR, commune="19975")]
)
def test_others_send_nobody_away(ward: Ward, specialist: User, officer: Officer) -> None:
    with pytest.raises(NotCompetent):
        go(specialist, officer=officer)


def test_repeat_is_one_leave(ward: Ward, specialist: User) -> None:
    request_id = new_id()

    go(specialist, request_id=request_id)
    go(specialist, request_id=request_id)

    assert Event.objects.filter(act="leave").count() == 1


def test_role_that_nobody_else_holds_is_told_with_what_lies_there(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)
    head = ward.people[Role.HEAD_OF_DEPARTMENT]

    [alone] = left_alone(head, TODAY)
    Duty.objects.create(
        user=colleague(ward), unit=ward.department, role=Role.HEAD_OF_DEPARTMENT, valid_from=OPENED
    )

    assert (alone.duty.role, alone.dossiers) == (Role.HEAD_OF_DEPARTMENT, 1)
    assert left_alone(head, TODAY) == []


def test_colleagues_with_the_least_stand_first(ward: Ward, specialist: User) -> None:
    busy, idle = colleague(ward, "Người mẫu Bận"), colleague(ward, "Người mẫu Rỗi")
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    Dossier.objects.filter(pk=dossier.pk).update(assignee=busy)

    assert colleagues_for(specialist, ["19975"], TODAY) == [(idle, 0), (busy, 1)]


def test_unit_with_open_dossiers_is_not_closed(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    asked: dict[str, Any] = {
        "last_day": TODAY,
        "document": "QĐ",
        "officer": WARD_ADMINISTRATOR,
        "at": local("2026-11-09 09:00"),
        "end_duties": True,
        "hindrance": lies_at,
    }

    with pytest.raises(Refused):
        close_unit(ward.department, request_id=new_id(), **asked)

    bring_to(ward, dossier, Desk.CLOSED)
    assert close_unit(ward.department, request_id=new_id(), **asked).closed_on == TODAY
