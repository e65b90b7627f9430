"""Stop on request, correct a wrong result, reopen what had ended (118/2025 arts. 21, 23; docs/decisions/0002-clock.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from gandan.documents.tests.reading import words_of
from gandan.dossiers.actions import (
    again,
    extend,
    processing,
    reception,
    results,
    settle,
    stop,
    supplement,
    withdraw,
)
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.models import (
    Deadline,
    Desk,
    Dossier,
    EarlierEnd,
    ResultKind,
    ReturnWay,
    State,
    StopGround,
)
from gandan.dossiers.tests.factories import (
    CERTIFIED_COPY,
    MONDAY,
    Ward,
    asked,
    bring_to,
    local,
    make_dossier,
    make_intake,
)
from gandan.dossiers.tests.pages import NOW, client_of, do, page_url
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Duty, Role

COUNTER, LEADER = Role.COUNTER_OFFICER, Role.SIGNING_LEADER
THURSDAY = local("2026-11-12 09:00")


def do_stop(ward: Ward, dossier: Dossier, at: datetime = MONDAY, **more: Any) -> Dossier:
    arguments = {"asked_at": MONDAY, "reason": "Đổi ý", **more}
    return stop.stop(officer=ward.officer(COUNTER), **arguments, **asked(dossier, at))


def correct(ward: Ward, dossier: Dossier, at: datetime = THURSDAY) -> Dossier:
    return again.correct(officer=ward.officer(COUNTER), reason="Sai ngày sinh", **asked(dossier, at))


def reopen(ward: Ward, dossier: Dossier, at: datetime = THURSDAY, **more: Any) -> Dossier:
    arguments = {"reason": "Người nộp rút lại đề nghị", "basis": "Quyết định 12/QĐ-UBND", **more}
    return again.reopen(officer=ward.officer(LEADER), **arguments, **asked(dossier, at))


def rules_of(dossier: Dossier) -> list[str]:
    newest = Deadline.objects.filter(dossier=dossier).order_by("-number")[0]
    return [step.rule for step in stored_reading(newest.steps, newest.due_at).steps]


# ---- stop ----------------------------------------------------------------------------------------------------


def test_stop_ends_the_dossier_with_a_notice_and_why(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)

    after = do_stop(ward, dossier, local("2026-11-18 16:00"))

    facts = Event.objects.about(dossier.id).last().facts
    assert (after.state, after.desk, after.stop_ground) == (State.STOPPED, Desk.CLOSED, StopGround.ASKED)
    assert (facts["ground"], facts["seconds_before_due"]) == ("asked", 3600)
    assert Message.objects.filter(subject_id=dossier.id).last().topic == "stopped"


@pytest.mark.parametrize("desk", [Desk.STAMP, Desk.HANDOVER])
def test_signed_decision_is_not_stopped(ward: Ward, desk: Desk) -> None:
    dossier = bring_to(ward, make_dossier(ward), desk)

    with pytest.raises(NotAllowed):
        do_stop(ward, dossier)


def test_dossier_without_receipt_is_not_stopped_but_withdrawn(ward: Ward) -> None:
    dossier = make_dossier(ward, accept=False)

    with pytest.raises(NotAllowed):
        do_stop(ward, dossier)


@pytest.mark.parametrize("at", ["2026-11-09 07:59", "2026-11-09 08:01"])
def test_request_to_stop_lies_between_the_receipt_and_now(ward: Ward, at: str) -> None:
    dossier = make_dossier(ward)

    with pytest.raises(Unacceptable) as refused:
        do_stop(ward, dossier, asked_at=local(at))

    assert refused.value.field == "asked_at"


def test_notice_bears_the_form_and_the_draft_mark(ward: Ward) -> None:
    with time_machine.travel(NOW):
        dossier = do_stop(ward, make_dossier(ward))
        client = client_of(ward, COUNTER)
        paper = client.get(f"{page_url(dossier)}giay/dung-giai-quyet.pdf")
        none = client.get(f"{page_url(make_dossier(ward))}giay/dung-giai-quyet.pdf")

    text = words_of(paper.content)
    assert (paper.status_code, none.status_code) == (200, 404)
    assert ("Mẫu số 05" in text, "BẢN NHÁP" in text, "Đổi ý" in text) == (True, True, True)


def test_repeated_request_stops_once(ward: Ward) -> None:
    dossier = make_dossier(ward)
    request = {
        **asked(dossier, MONDAY),
        "officer": ward.officer(COUNTER),
        "asked_at": MONDAY,
        "reason": "Đổi ý",
    }

    first, second = stop.stop(**request), stop.stop(**request)

    assert (first.revision, second.revision) == (2, 2)


# ---- correct -------------------------------------------------------------------------------------------------


def test_corrected_result_is_due_in_three_working_days_with_their_steps(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)

    after = correct(ward, dossier)

    assert after.due_at == local("2026-11-17 17:00")
    assert rules_of(after) == [
        "event_day",
        "working_day",
        "weekend",
        "weekend",
        "working_day",
        "working_day",
        "office_close",
    ]
    assert (after.desk, after.state, after.assignee) == (
        Desk.APPRAISAL,
        State.PROCESSING,
        ward.people[Role.SPECIALIST],
    )
    assert after.base_due_at == dossier.base_due_at


def test_wrong_result_stays_in_the_record_and_the_right_one_gets_a_new_number(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    wrong = dossier.result_number

    after = bring_to(ward, correct(ward, dossier), Desk.CLOSED, at=THURSDAY)

    end = EarlierEnd.objects.get()
    assert (end.result_number, end.returned_at, end.due_at) == (wrong, MONDAY, dossier.due_at)
    assert after.result_number not in ("", wrong)
    assert (after.state, after.is_correction) == (State.RETURNED, False)
    finished = [event for event in Event.objects.about(dossier.id) if event.act == "finish"]
    assert [event.facts.get("correction", 0) for event in finished] == [0, 1]


def test_person_is_told_with_an_apology_and_no_longer_that_it_is_ready(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    correct(ward, dossier)

    topics = list(
        Message.objects.filter(subject_id=dossier.id).order_by("queued_at").values_list("topic", "state")
    )
    assert topics[-2:] == [("ready_early", MessageState.DROPPED), ("correction", MessageState.WAITING)]
    assert [(one.text, one.to_citizen) for one in dossier.remarks.filter(act="correct")] == [
        ("Sai ngày sinh", True)
    ]


def test_index_ended_with_the_first_result_however_long_the_correction_takes(ward: Ward) -> None:
    dossier = correct(ward, bring_to(ward, make_dossier(ward), Desk.CLOSED))

    bring_to(ward, dossier, Desk.RETURN, at=local("2026-11-30 08:00"))

    facts = Event.objects.about(dossier.id).last().facts
    assert (facts["index_late"], facts["legal_late"]) == (0, 1)


def test_correction_goes_to_the_head_when_its_officer_has_left(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    Duty.objects.filter(user=ward.people[Role.SPECIALIST]).update(valid_to=MONDAY.date())

    after = correct(ward, dossier)

    assert (after.desk, after.assignee) == (Desk.ASSIGNMENT, None)


def test_matter_settled_at_once_is_corrected_by_a_department(ward: Ward) -> None:
    place = {"officer": ward.officer(COUNTER), "unit": ward.centre, "at": MONDAY, "request_id": new_id()}
    dossier = settle.settle(**place, intake=make_intake(CERTIFIED_COPY))

    after = correct(ward, dossier)

    assert (after.desk, after.state) == (Desk.TRANSFER, State.ACCEPTED)
    assert bring_to(ward, after, Desk.CLOSED, at=THURSDAY).state == State.RETURNED


def test_while_correcting_the_person_owes_nothing_and_the_date_does_not_move(ward: Ward) -> None:
    dossier = correct(ward, bring_to(ward, make_dossier(ward), Desk.CLOSED))
    papers = [MissingPaper("Hợp đồng", "Hết hạn")]
    common = asked(dossier, THURSDAY)
    acts = [
        lambda: supplement.request_supplement(officer=ward.officer(Role.SPECIALIST), items=papers, **common),
        lambda: withdraw.withdraw(officer=ward.officer(COUNTER), reason="Theo đơn", **common),
        lambda: do_stop(ward, dossier, THURSDAY),
        lambda: extend.apologise_and_extend(
            officer=ward.officer(LEADER), reason="Bận", new_due_at=local("2026-11-20 17:00"), **common
        ),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_nothing_to_correct_without_an_issued_result(ward: Ward) -> None:
    refused = reception.refuse(
        officer=ward.officer(COUNTER), reason="Sai nơi", **asked(make_dossier(ward, accept=False), MONDAY)
    )

    with pytest.raises(NotAllowed):
        correct(ward, refused)
    with pytest.raises(NotAllowed):
        again.correct(
            officer=ward.officer(Role.SPECIALIST),
            reason="Sai",
            **asked(bring_to(ward, make_dossier(ward), Desk.RETURN), MONDAY),
        )


def test_four_eyes_hold_for_the_corrected_result(ward: Ward) -> None:
    Duty.objects.create(
        user=ward.people[Role.SPECIALIST], unit=ward.department, role=LEADER, valid_from=MONDAY.date()
    )
    dossier = correct(ward, bring_to(ward, make_dossier(ward), Desk.CLOSED))
    dossier = bring_to(ward, dossier, Desk.SIGNATURE, at=THURSDAY)

    with pytest.raises(NotAllowed):
        processing.approve(officer=ward.officer(Role.SPECIALIST), **asked(dossier, THURSDAY))


# ---- reopen --------------------------------------------------------------------------------------------------


def test_decided_then_reopened_runs_on_to_the_same_date(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    after = reopen(ward, dossier)

    assert (after.due_at, after.reading_number) == (dossier.due_at, dossier.reading_number + 1)
    assert "reopened" in rules_of(after)
    assert (after.desk, after.state, after.result_number, after.finished_at) == (
        Desk.APPRAISAL,
        State.PROCESSING,
        "",
        None,
    )


def test_decided_reopened_and_decided_again_counts_to_the_last_decision(ward: Ward) -> None:
    dossier = reopen(ward, bring_to(ward, make_dossier(ward), Desk.RETURN))

    bring_to(ward, dossier, Desk.RETURN, at=local("2026-11-19 08:00"))

    facts = Event.objects.about(dossier.id).last().facts
    assert (facts["index_late"], facts["legal_late"]) == (1, 1)


@pytest.mark.parametrize("desk", [Desk.TRANSFER, Desk.ASSIGNMENT, Desk.APPRAISAL, Desk.CHECK, Desk.SIGNATURE])
def test_stopped_dossier_goes_on_at_the_desk_where_it_lay(ward: Ward, desk: Desk) -> None:
    dossier = bring_to(ward, make_dossier(ward), desk)
    do_stop(ward, dossier)

    after = reopen(ward, dossier)

    assert (after.desk, after.assignee_id, after.desk_unit_id) == (
        desk,
        dossier.assignee_id,
        dossier.desk_unit_id,
    )
    assert (after.state, after.stop_ground) == (dossier.state, "")
    bring_to(ward, after, Desk.CLOSED, at=THURSDAY)


def test_refused_registration_is_answered_anew(ward: Ward) -> None:
    dossier = reception.refuse(
        officer=ward.officer(COUNTER), reason="Sai nơi", **asked(make_dossier(ward, accept=False), MONDAY)
    )

    after = reopen(ward, dossier)

    assert (after.desk, after.state, after.due_at) == (Desk.RECEPTION, State.REGISTERED, None)
    assert reception.accept(officer=ward.officer(COUNTER), **asked(after, THURSDAY)).due_at == local(
        "2026-11-23 17:00"
    )


def test_dossier_closed_for_missing_papers_waits_for_them_again(ward: Ward) -> None:
    dossier = make_dossier(ward)
    papers = [MissingPaper("Hợp đồng", "Hết hạn")]
    supplement.request_supplement(officer=ward.officer(COUNTER), items=papers, **asked(dossier, MONDAY))
    late = local("2026-11-26 08:00")
    supplement.close(officer=ward.officer(COUNTER), **asked(dossier, late))

    after = reopen(ward, dossier, late)
    complete = supplement.receive_supplement(
        officer=ward.officer(COUNTER), complete=True, **asked(after, late)
    )

    assert (after.desk, after.state, after.due_at) == (Desk.WAITING, State.SUPPLEMENT, None)
    assert after.act_by == local("2026-12-11 23:59:59")
    assert complete.due_at == local("2026-12-07 17:00")  # from zero, at the desk that had asked
    assert complete.desk == Desk.TRANSFER


@pytest.mark.parametrize("wrong", [{"basis": " "}, {"basis": "x" * 301}, {"reason": ""}])
def test_reopening_needs_its_basis_and_its_reason(ward: Ward, wrong: dict[str, str]) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)

    with pytest.raises(Unacceptable):
        reopen(ward, dossier, **wrong)

    assert not EarlierEnd.objects.exists()


def test_only_a_leader_reopens_and_nothing_that_was_settled_at_once(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    place = {"officer": ward.officer(COUNTER), "unit": ward.centre, "at": MONDAY, "request_id": new_id()}
    at_once = settle.settle(**place, intake=make_intake(CERTIFIED_COPY))

    with pytest.raises(NotAllowed):
        again.reopen(
            officer=ward.officer(Role.CENTRE_DIRECTOR), reason="Sai", basis="QĐ", **asked(dossier, MONDAY)
        )
    with pytest.raises(NotAllowed):
        reopen(ward, at_once)


def test_repeated_request_reopens_once(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    request = {**asked(dossier, MONDAY), "officer": ward.officer(LEADER), "reason": "Sai", "basis": "QĐ 12"}

    first, second = again.reopen(**request), again.reopen(**request)

    assert (first.revision, second.revision, EarlierEnd.objects.count()) == (
        first.revision,
        first.revision,
        1,
    )


def test_reasons_and_basis_stay_out_of_events(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    again.correct(officer=ward.officer(COUNTER), reason="Bà Kín", **asked(dossier, MONDAY))
    bring_to(ward, Dossier.objects.get(pk=dossier.pk), Desk.CLOSED)
    reopen(ward, dossier, MONDAY, basis="Đơn của bà Kín")

    bodies = " ".join(Event.objects.about(dossier.id).values_list("body", flat=True))
    assert "Kín" not in bodies


def test_page_of_reopening_says_that_the_date_has_passed(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    client = client_of(ward, LEADER)
    with time_machine.travel(local("2026-11-30 08:00")):
        client = client_of(ward, LEADER)
        page = client.get(f"{page_url(dossier)}lam/mo-lai/")
        done = do(client, dossier, "reopen", reason="Xem xét lại", basis="QĐ 12")
        after = client.get(page_url(dossier))

    assert [kind for kind, _note in page.context["notes"]] == ["soon"]
    assert done.status_code == 302
    assert after.context["sheet"].earlier_ends[0].basis == "QĐ 12"
    assert after.context["why"].cause == "Mở lại theo quyết định của lãnh đạo"


def test_wrong_refusal_is_read_no_more_once_it_is_corrected(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    processing.propose(
        officer=ward.officer(Role.SPECIALIST),
        result=ResultKind.REFUSAL,
        opinion="Không đủ điều kiện",
        **asked(dossier, MONDAY),
    )
    dossier = bring_to(ward, Dossier.objects.get(pk=dossier.pk), Desk.RETURN)
    results.return_result(officer=ward.officer(COUNTER), way=ReturnWay.COUNTER, **asked(dossier, MONDAY))

    after = bring_to(ward, correct(ward, dossier), Desk.CLOSED, at=THURSDAY)

    assert (after.result_kind, EarlierEnd.objects.get().result_kind) == (
        ResultKind.GRANTED,
        ResultKind.REFUSAL,
    )
