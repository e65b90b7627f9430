"""A substitute at work: what they may do, in whose name it stands, and that four eyes stay four."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from gandan.accounts.models import User
from gandan.dossiers.actions import extend, processing
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.forms.acts import handler_words
from gandan.dossiers.models import Desk, Dossier, ResultKind
from gandan.dossiers.paper_parts import Case, last_event, letterhead, post_of, unless_settled
from gandan.dossiers.papers import apology
from gandan.dossiers.permissions import dossier_for
from gandan.dossiers.queries import handlers_for, sheet_of, work_of
from gandan.dossiers.tests.factories import (
    MONDAY,
    OPENED,
    Ward,
    asked,
    bring_to,
    local,
    make_dossier,
    make_user,
)
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.absence import actions as absence
from gandan.organization.absence.models import Manner, Substitution
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import officer_of

LATER = MONDAY + timedelta(hours=1)
SPECIALIST, LEADER, CLERK = Role.SPECIALIST, Role.SIGNING_LEADER, Role.CLERK


def replace(ward: Ward, role: Role, by_whom: User, *, days: int = 1) -> Substitution:
    return absence.substitute(
        duty=Duty.objects.get(user=ward.people[role], role=role),
        by_whom=by_whom,
        manner=Manner.FOR if role in absence.SIGNS else Manner.NONE,
        valid_from=MONDAY.date(),
        valid_to=MONDAY.date() + timedelta(days=days - 1),
        document="Quyết định mẫu",
        officer=ward.officer(Role.ADMINISTRATOR),
        at=MONDAY,
        request_id=new_id(),
    )


@pytest.fixture
def deputy(ward: Ward) -> User:
    """A colleague of the committee with a duty of their own."""
    user = make_user("Người mẫu Phó", "19975-pho")
    Duty.objects.create(user=user, unit=ward.committee, role=CLERK, valid_from=OPENED)
    return user


def test_substitute_signs_and_the_event_names_both(ward: Ward, deputy: User) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    replace(ward, LEADER, deputy)

    processing.approve(officer=officer_of(deputy, MONDAY.date()), **asked(dossier, LATER))

    event = Event.objects.filter(act="approve").get()
    assert (event.actor, event.facts["instead_of"]) == (deputy.code, ward.people[LEADER].code)
    assert Dossier.objects.get(pk=dossier.pk).approved_by == deputy


def test_own_duty_bears_one_name(ward: Ward, deputy: User) -> None:
    bring_to(ward, make_dossier(ward), Desk.STAMP)
    replace(ward, LEADER, deputy)

    assert [event.facts.get("instead_of") for event in Event.objects.filter(act="approve")] == [None]


def test_right_ends_by_itself_and_when_cut_short(ward: Ward, deputy: User) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    made = replace(ward, LEADER, deputy)
    tomorrow = officer_of(deputy, MONDAY.date() + timedelta(days=1))

    with pytest.raises(NotAllowed):
        processing.approve(officer=tomorrow, **asked(dossier, LATER + timedelta(days=1)))
    absence.end_substitution(
        substitution_id=made.pk,
        document="Quyết định mẫu",
        officer=ward.officer(LEADER),
        at=LATER,
        request_id=new_id(),
    )
    with pytest.raises(NotAllowed):
        processing.approve(officer=officer_of(deputy, MONDAY.date()), **asked(dossier, LATER))


def test_substitute_never_approves_their_own_proposal(ward: Ward) -> None:
    specialist = ward.people[SPECIALIST]
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    replace(ward, LEADER, specialist)

    with pytest.raises(NotAllowed, match="hai người"):
        processing.approve(officer=officer_of(specialist, MONDAY.date()), **asked(dossier, LATER))


def test_absent_handlers_dossier_is_gone_on_with(ward: Ward, deputy: User) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    before = officer_of(deputy, MONDAY.date())
    replace(ward, SPECIALIST, deputy)
    officer = officer_of(deputy, MONDAY.date())

    with pytest.raises(NotAllowed):
        processing.propose(officer=before, result=ResultKind.GRANTED, opinion="", **asked(dossier, LATER))
    processing.propose(officer=officer, result=ResultKind.GRANTED, opinion="", **asked(dossier, LATER))

    event = Event.objects.filter(act="propose").get()
    assert event.facts["instead_of"] == ward.people[SPECIALIST].code
    assert Dossier.objects.get(pk=dossier.pk).proposed_by == deputy


def test_substitute_finds_the_absent_colleagues_work(ward: Ward, deputy: User) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    before = list(work_of(officer_of(deputy, MONDAY.date()), "team"))

    replace(ward, SPECIALIST, deputy)

    assert before == []
    assert list(work_of(officer_of(deputy, MONDAY.date()), "team")) == [dossier]


def test_paper_signed_by_a_substitute_bears_post_name_and_the_draft_mark(ward: Ward, deputy: User) -> None:
    Duty.objects.filter(user=deputy).update(post="Phó Chánh Văn phòng (mẫu)")
    given = {"reason": "Xác minh", "new_due_at": local("2026-11-25 17:00")}
    own = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    extend.apologise_and_extend(officer=ward.officer(LEADER), **given, **asked(own, LATER))
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    replace_leader = replace(ward, LEADER, deputy)
    extend.apologise_and_extend(officer=officer_of(deputy, MONDAY.date()), **given, **asked(dossier, LATER))

    drafts = []
    for one in (own, dossier):
        found = dossier_for(ward.officer(LEADER), one.pk)
        case = Case(found, sheet_of(found), contact=False)
        event = last_event(case.sheet, "extend")
        head = letterhead(case, "apology", "Xin lỗi", event)
        settled = dataclasses.replace(head, form=dataclasses.replace(head.form, mark="confirmed"))
        drafts.append(unless_settled(settled, event).form.is_draft)

    assert replace_leader.manner == Manner.FOR
    assert drafts == [False, True]
    assert post_of(deputy, dossier, LATER) == "Phó Chánh Văn phòng (mẫu)"
    assert apology(case).startswith(b"%PDF")


def test_who_assigns_sees_who_is_away(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)
    colleague = make_user("Người mẫu Vắng", "19975-vang")
    Duty.objects.create(user=colleague, unit=ward.department, role=SPECIALIST, valid_from=OPENED)
    absence.record_absence(
        user=colleague,
        valid_from=MONDAY.date(),
        valid_to=MONDAY.date(),
        officer=ward.officer(Role.HEAD_OF_DEPARTMENT),
        at=MONDAY,
        request_id=new_id(),
    )

    listed = [(one.user, one.is_away) for one in handlers_for(dossier, LATER)]

    assert listed == [(ward.people[SPECIALIST], False), (colleague, True)]
    assert "đang vắng" in handler_words(handlers_for(dossier, LATER)[1])
