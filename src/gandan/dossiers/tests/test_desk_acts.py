"""Competence, four eyes, extension, withdrawal, early result: what the acts allow and refuse."""

from __future__ import annotations

import pytest

from gandan.dossiers.actions import extend, processing, reception, results, withdraw
from gandan.dossiers.errors import NotAllowed, NotFound, StaleDossier, Unacceptable
from gandan.dossiers.models import Desk, Dossier, Extension, ResultKind, ReturnWay, State
from gandan.dossiers.permissions import possibilities
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier, make_ward
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Duty, Role


def test_two_clerks_on_one_dossier_the_second_is_told(ward: Ward) -> None:
    dossier = make_dossier(ward)
    arguments = {"dossier_id": dossier.id, "at": MONDAY, "seen": 1, "department": ward.department}
    counter = ward.officer(Role.COUNTER_OFFICER)
    processing.transfer(officer=counter, request_id=new_id(), **arguments)

    with pytest.raises(StaleDossier):
        processing.transfer(officer=counter, request_id=new_id(), **arguments)

    assert [event.act for event in Event.objects.about(dossier.id)] == ["accept", "transfer"]


def test_double_click_does_the_act_once(ward: Ward) -> None:
    dossier, request = make_dossier(ward), new_id()
    arguments = {
        "dossier_id": dossier.id,
        "at": MONDAY,
        "seen": 1,
        "department": ward.department,
        "request_id": request,
    }
    counter = ward.officer(Role.COUNTER_OFFICER)
    processing.transfer(officer=counter, **arguments)

    again = processing.transfer(officer=counter, **arguments)

    assert again.desk == Desk.ASSIGNMENT
    assert Event.objects.about(dossier.id).count() == 2


def test_stranger_gets_the_answer_of_none_such(ward: Ward) -> None:
    dossier = make_dossier(ward)
    stranger = make_ward("14758", "Hàm Rồng").officer(Role.COUNTER_OFFICER)

    with pytest.raises(NotFound) as theirs:
        withdraw.withdraw(officer=stranger, reason="Theo đơn", **asked(dossier, MONDAY))
    with pytest.raises(NotFound) as nobodys:
        withdraw.withdraw(
            officer=stranger, reason="Theo đơn", **{**asked(dossier, MONDAY), "dossier_id": new_id()}
        )

    assert str(theirs.value) == str(nobodys.value)


def test_proposer_may_not_check_or_approve(ward: Ward) -> None:
    for role in (Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER):
        Duty.objects.create(
            user=ward.people[Role.SPECIALIST], unit=ward.department, role=role, valid_from=MONDAY.date()
        )
    dossier = bring_to(ward, make_dossier(ward), Desk.CHECK)

    with pytest.raises(NotAllowed):
        processing.check(officer=ward.officer(Role.SPECIALIST), **asked(dossier, MONDAY))


def test_sent_back_dossier_is_with_its_handler_again(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)

    dossier = processing.send_back(
        officer=ward.officer(Role.SIGNING_LEADER), reason="Thiếu căn cứ", **asked(dossier, MONDAY)
    )

    assert (dossier.desk, dossier.result_kind) == (Desk.APPRAISAL, ResultKind.NONE)
    assert dossier.assignee_id == ward.people[Role.SPECIALIST].pk


def test_apology_a_day_before_moves_the_date_once(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    leader = ward.officer(Role.SIGNING_LEADER)
    arguments = {
        "officer": leader,
        "reason": "Phải xác minh tại nơi cũ",
        "new_due_at": local("2026-11-20 17:00"),
    }

    dossier = extend.apologise_and_extend(**arguments, **asked(dossier, local("2026-11-17 16:59")))

    assert dossier.due_at == local("2026-11-20 17:00")
    assert dossier.base_due_at == local("2026-11-18 17:00")
    with pytest.raises(NotAllowed):
        extend.apologise_and_extend(**arguments, **asked(dossier, local("2026-11-18 08:00")))


def test_apology_too_late_is_a_promise_and_leaves_the_legal_date(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    dossier = extend.apologise_and_extend(
        officer=ward.officer(Role.SIGNING_LEADER),
        reason="Phải xác minh tại nơi cũ",
        new_due_at=local("2026-11-20 17:00"),
        **asked(dossier, local("2026-11-18 08:00")),
    )

    assert dossier.due_at == local("2026-11-18 17:00")
    assert dossier.promised_at == local("2026-11-20 17:00")
    assert Extension.objects.get().in_time is False


def test_result_ready_early_is_told_beforehand(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN, at=MONDAY)

    topics = list(Message.objects.filter(subject_id=dossier.id).values_list("topic", flat=True))

    assert topics[-1] == "ready_early"
    results.notify_early(officer=ward.officer(Role.COUNTER_OFFICER), how="call", **asked(dossier, MONDAY))
    assert Event.objects.about(dossier.id).last().act == "notify-early"


def test_withdrawal_after_the_result_is_refused(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.HANDOVER)

    with pytest.raises(NotAllowed):
        withdraw.withdraw(
            officer=ward.officer(Role.COUNTER_OFFICER), reason="Theo đơn", **asked(dossier, MONDAY)
        )


def test_refused_registration_keeps_its_reason_for_the_citizen(ward: Ward) -> None:
    dossier = make_dossier(ward, accept=False)

    dossier = reception.refuse(
        officer=ward.officer(Role.COUNTER_OFFICER), reason="Không thuộc thẩm quyền", **asked(dossier, MONDAY)
    )

    assert (dossier.state, dossier.desk) == (State.REFUSED, Desk.CLOSED)
    assert [(r.text, r.to_citizen) for r in dossier.remarks.all()] == [("Không thuộc thẩm quyền", True)]


def test_accepted_registration_starts_its_clock(ward: Ward) -> None:
    dossier = make_dossier(ward, accept=False)

    dossier = reception.accept(
        officer=ward.officer(Role.COUNTER_OFFICER), **asked(dossier, local("2026-11-10 09:00"))
    )

    assert dossier.due_at == local("2026-11-19 17:00")


def test_act_before_the_last_one_is_refused(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    with pytest.raises(Unacceptable):
        results.return_result(
            officer=ward.officer(Role.COUNTER_OFFICER),
            way=ReturnWay.COUNTER,
            **asked(dossier, local("2026-11-08 08:00")),
        )


def test_page_lists_what_may_be_done_first_and_why_not_the_rest(ward: Ward) -> None:
    dossier = Dossier.objects.get(pk=make_dossier(ward).pk)

    listed = possibilities(ward.officer(Role.COUNTER_OFFICER), dossier, MONDAY)

    possible = [one.act for one in listed if one.possible]
    assert possible == ["request-supplement", "transfer", "forward", "withdraw", "stop"]
    assert all(one.why_not for one in listed[len(possible) :])


def test_result_in_hand_needs_no_more_calls(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)

    states = set(Message.objects.filter(subject_id=dossier.id).values_list("state", flat=True))

    assert states == {MessageState.DROPPED}


@pytest.mark.parametrize(("answered_at", "late"), [("2026-11-10 08:30", 0), ("2026-11-10 08:31", 1)])
def test_answer_after_eight_working_hours_is_recorded_as_late(
    ward: Ward, answered_at: str, late: int
) -> None:
    dossier = make_dossier(ward, accept=False)  # Monday 08:00: seven hours of work that day, one on Tuesday

    reception.accept(officer=ward.officer(Role.COUNTER_OFFICER), **asked(dossier, local(answered_at)))

    registered, accepted = Event.objects.about(dossier.id)
    assert registered.facts["alert_by"] == "2026-11-09T03:00:00.000000Z"
    assert registered.facts["answer_by"] == "2026-11-10T01:30:00.000000Z"
    assert accepted.facts["answer_late"] == late
