"""Several proposals decided in one go: nothing unread, each its own act, one failure stops no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gandan.accounts.actions import record_look
from gandan.dossiers.actions import processing
from gandan.dossiers.actions.batch import Chosen, decide_several, read_by
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, make_dossier, make_ward
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import officer_of

LEADER, HEAD = Role.SIGNING_LEADER, Role.HEAD_OF_DEPARTMENT
READ, SIGNED = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)


@pytest.fixture
def proposals(ward: Ward) -> list[Dossier]:
    return [bring_to(ward, make_dossier(ward), Desk.SIGNATURE) for _number in range(3)]


def look(
    ward: Ward, dossier: Dossier, role: Role = LEADER, page: str = "summary", at: datetime = READ
) -> None:
    record_look(user=ward.people[role], subject_kind="dossier", subject_id=dossier.pk, page=page, at=at)


def chosen(dossier: Dossier) -> Chosen:
    return Chosen(dossier.pk, new_id(), dossier.revision, Desk(dossier.desk))


def decide(ward: Ward, picked: list[Chosen], role: Role = LEADER, at: datetime = SIGNED) -> list[bool]:
    decided = decide_several(officer=ward.officer(role), chosen=picked, at=at)
    return [one.dossier is not None for one in decided]


def test_each_is_its_own_act(ward: Ward, proposals: list[Dossier]) -> None:
    for page, dossier in zip(("summary", "dossier", "summary"), proposals, strict=True):
        look(ward, dossier, page=page)
    picked = [chosen(one) for one in proposals]

    done = decide(ward, picked)

    events = Event.objects.filter(act="approve")
    assert done == [True, True, True]
    assert {event.subject_id for event in events} == {one.pk for one in proposals}
    assert {event.request_id for event in events} == {one.request_id for one in picked}


def test_nothing_is_signed_unread(ward: Ward, proposals: list[Dossier]) -> None:
    first, second, third = proposals
    look(ward, first)
    look(ward, second, role=HEAD)  # somebody else read it
    look(ward, third, page="search")  # a name in a list is not the proposal

    done = decide(ward, [chosen(one) for one in proposals])

    assert done == [True, False, False]
    assert [Dossier.objects.get(pk=one.pk).desk for one in proposals] == [
        Desk.STAMP,
        Desk.SIGNATURE,
        Desk.SIGNATURE,
    ]


def test_reading_before_the_last_change_does_not_count(ward: Ward, proposals: list[Dossier]) -> None:
    first, *_others = proposals
    look(ward, first)
    processing.send_back(
        officer=ward.officer(LEADER), reason="Thiếu căn cứ", **asked(first, READ + timedelta(minutes=1))
    )
    again = bring_to(ward, Dossier.objects.get(pk=first.pk), Desk.SIGNATURE, at=READ + timedelta(minutes=2))

    assert read_by(ward.officer(LEADER), [again]) == set()
    assert decide(ward, [chosen(again)]) == [False]


def test_one_that_changed_meanwhile_stops_no_other(ward: Ward, proposals: list[Dossier]) -> None:
    for dossier in proposals:
        look(ward, dossier)
    picked = [chosen(one) for one in proposals]
    processing.send_back(
        officer=ward.officer(LEADER), reason="Thiếu", **asked(proposals[0], READ + timedelta(minutes=1))
    )

    assert decide(ward, picked) == [False, True, True]


def test_second_press_signs_nothing_twice(ward: Ward, proposals: list[Dossier]) -> None:
    for dossier in proposals:
        look(ward, dossier)
    picked = [chosen(one) for one in proposals]

    assert decide(ward, picked) == decide(ward, picked, at=SIGNED + timedelta(seconds=1)) == [True] * 3
    assert Event.objects.filter(act="approve").count() == 3


def test_proposer_does_not_approve_own_proposal(ward: Ward) -> None:
    specialist = ward.people[Role.SPECIALIST]
    Duty.objects.create(user=specialist, unit=ward.committee, role=LEADER, valid_from=MONDAY.date())
    own = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    record_look(user=specialist, subject_kind="dossier", subject_id=own.pk, page="dossier", at=READ)

    (decided,) = decide_several(
        officer=officer_of(specialist, MONDAY.date()), chosen=[chosen(own)], at=SIGNED
    )

    assert decided.dossier is None
    assert Dossier.objects.get(pk=own.pk).desk == Desk.SIGNATURE


def test_head_agrees_to_several(ward: Ward) -> None:
    waiting = [bring_to(ward, make_dossier(ward), Desk.CHECK) for _number in range(2)]
    for dossier in waiting:
        look(ward, dossier, role=HEAD)

    assert decide(ward, [chosen(one) for one in waiting], role=HEAD) == [True, True]
    assert {one.desk for one in Dossier.objects.filter(pk__in=[one.pk for one in waiting])} == {
        Desk.SIGNATURE
    }


def test_dossier_of_another_ward_is_none_such(ward: Ward, proposals: list[Dossier]) -> None:
    stranger = make_ward("14758", "Hàm Rồng")
    look(stranger, proposals[0])

    assert decide(stranger, [chosen(proposals[0])]) == [False]
    assert not Event.objects.filter(act="approve").exists()
