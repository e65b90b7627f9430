"""Forward to another level: phases with their own dates, both ends, what each side sees, who caused a delay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from gandan.dossiers import phases
from gandan.dossiers.actions import forward, processing, results, withdraw
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.errors import NotAllowed, NotFound, Unacceptable
from gandan.dossiers.models import (
    Desk,
    Dossier,
    PhaseKind,
    PhaseOutcome,
    PhaseRun,
    ResultKind,
    State,
)
from gandan.dossiers.permissions import dossier_for, is_visible, possibilities
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier
from gandan.dossiers.tests.province import Body, decide_workflow, forwarded, make_body
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_all
from gandan.organization.models import Province, Role, Unit, UnitKind

CLERK, COUNTER, HEAD, SPECIALIST = Role.CLERK, Role.COUNTER_OFFICER, Role.HEAD_OF_DEPARTMENT, Role.SPECIALIST


@pytest.fixture
def body(ward: Ward) -> Body:
    decide_workflow(ward)
    return make_body(ward)


def parts(dossier: Dossier) -> list[tuple[int, str, str, str]]:
    return [(one.number, one.kind, one.unit.kind, one.outcome) for one in dossier.phases.order_by("number")]


def last_facts(dossier: Dossier) -> dict[str, Any]:
    event = Event.objects.about(dossier.id).last()
    assert event is not None
    return event.facts


def taken(dossier: Dossier, body: Body, at: datetime = MONDAY) -> Dossier:
    return forward.take_over(officer=body.officer(SPECIALIST), **asked(dossier, at))


def returned(dossier: Dossier, body: Body, at: datetime = MONDAY, **more: Any) -> Dossier:
    arguments = {"outcome": PhaseOutcome.GRANTED, "number": "12/QĐ-SYT", **more}
    return forward.return_phase(officer=body.officer(HEAD), **arguments, **asked(dossier, at))


def test_forwarded_part_has_the_limit_of_the_decided_workflow(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body)

    part = PhaseRun.objects.get(dossier=dossier, ended_at=None)
    reading = stored_reading(part.steps, part.due_at)
    counted = [step for step in reading.steps if step.effect == "counted"]
    assert part.due_at == local("2026-11-16 17:00")  # five working days from Monday, its own day not counted
    assert {step.source.document for step in counted} == {"2022/QĐ-UBND ngày 27/11/2025"}
    assert (dossier.desk, dossier.desk_unit_id, dossier.act_by) == (Desk.FORWARDED, body.unit.pk, part.due_at)
    assert parts(dossier) == [
        (1, PhaseKind.COMMUNE, UnitKind.CENTRE, PhaseOutcome.FORWARDED),
        (2, PhaseKind.OTHER_BODY, UnitKind.PROVINCE_DEPARTMENT, ""),
    ]


def test_forwarding_leaves_the_legal_date_where_it_was(ward: Ward, body: Body) -> None:
    before = make_dossier(ward)

    dossier = forwarded(ward, body)

    assert (dossier.due_at, dossier.reading_number) == (before.due_at, 1)


def test_commune_that_used_up_its_three_days_was_late_by_its_own_part(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body, at=local("2026-11-13 09:00"))  # due on Thursday at 17:00

    first = dossier.phases.get(number=1)
    assert (first.due_at, first.late, first.over_seconds) == (local("2026-11-12 17:00"), True, 16 * 3600)
    assert last_facts(dossier)["phase_late"] == 1


def test_part_without_a_limit_has_no_date_of_its_own(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body, limit="")

    part = dossier.phases.get(number=2)
    assert (part.due_at, part.steps, dossier.act_by) == (None, "", dossier.due_at)
    assert "phase_due_at" not in last_facts(dossier)


@pytest.mark.parametrize(
    ("kind", "key", "due"),
    [
        (UnitKind.SOCIAL_INSURANCE, "group.death_insurance:benefits", "2026-11-19 17:00"),
        (UnitKind.SOCIAL_INSURANCE, "group.death_insurance:stop_monthly", "2026-11-11 17:00"),
        (UnitKind.POLICE, "group.death_residence:", "2026-11-10 17:00"),
        (UnitKind.PROVINCE_DEPARTMENT, "group.death_merit:", "2026-12-04 17:00"),  # 24 November is a day off
    ],
)
def test_steps_of_electronic_groups_have_the_limits_of_the_decree(
    ward: Ward, kind: UnitKind, key: str, due: str
) -> None:
    body = make_body(ward, kind)

    dossier = forwarded(ward, body, limit=key)

    part = dossier.phases.get(number=2)
    source = {step.source.document for step in stored_reading(part.steps, part.due_at).steps}
    assert part.due_at == local(due)
    assert "NĐ 63/2024/NĐ-CP (NĐ 301/2026/NĐ-CP)" in source
    assert part.confirm_by == local("2026-11-09 10:00")  # two working hours


def test_limit_of_another_kind_of_body_is_refused(ward: Ward, body: Body) -> None:
    with pytest.raises(Unacceptable) as refused:
        forwarded(ward, body, limit="group.death_insurance:benefits")

    assert refused.value.field == "limit"
    assert PhaseRun.objects.count() == 0


def test_workflow_without_a_province_phase_limits_nothing(ward: Ward) -> None:
    dossier = make_dossier(ward)

    assert phases.workflow_limit(dossier, phases.Phase.COMMUNE) is None


def test_workflow_names_the_usual_body(ward: Ward, body: Body) -> None:
    make_body(ward, UnitKind.SOCIAL_INSURANCE, "Bảo hiểm xã hội")
    dossier = make_dossier(ward)

    assert phases.usual_body(dossier, phases.bodies_for(dossier, MONDAY)) == body.unit


def test_body_of_another_province_is_refused(ward: Ward) -> None:
    thanh_hoa = Province.objects.create(code="38", kind="tỉnh", name="Thanh Hóa")
    elsewhere = make_body(ward)
    Unit.objects.filter(pk=elsewhere.unit.pk).update(province=thanh_hoa)
    elsewhere.unit.refresh_from_db()

    with pytest.raises(Unacceptable) as refused:
        forwarded(ward, elsewhere, limit="")

    assert refused.value.field == "body"


# ---- both ends -----------------------------------------------------------------------------------------------


def test_other_body_sees_what_was_forwarded_and_nothing_else(ward: Ward, body: Body) -> None:
    another = make_dossier(ward)
    specialist = body.officer(SPECIALIST)
    dossier = forwarded(ward, body)

    assert dossier_for(specialist, dossier.id, guests=True).pk == dossier.pk
    for unseen, guests in ((another.id, True), (dossier.id, False)):
        with pytest.raises(NotFound):
            dossier_for(specialist, unseen, guests=guests)
    assert is_visible(body.officer(Role.ADMINISTRATOR), dossier) is False


def test_other_body_no_longer_sees_what_it_has_returned(ward: Ward, body: Body) -> None:
    dossier = returned(taken(forwarded(ward, body), body), body)

    with pytest.raises(NotFound):
        dossier_for(body.officer(SPECIALIST), dossier.id, guests=True)


def test_each_side_is_offered_its_own_acts_alone(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body)

    there = {one.act for one in possibilities(body.officer(SPECIALIST), dossier, MONDAY)}
    here = {one.act for one in possibilities(ward.officer(COUNTER), dossier, MONDAY)}

    assert there == {"take-over", "receive-paper", "ask-back", "return-phase"}
    assert there & here == set()


def test_commune_may_not_return_the_part_of_the_other_body(ward: Ward, body: Body) -> None:
    dossier = taken(forwarded(ward, body), body)

    with pytest.raises(NotAllowed):
        forward.return_phase(
            officer=ward.officer(HEAD),
            outcome=PhaseOutcome.GRANTED,
            number="1",
            **asked(dossier, MONDAY),
        )


def test_result_comes_back_to_the_centre_and_is_returned_there(ward: Ward, body: Body) -> None:
    dossier = returned(taken(forwarded(ward, body), body), body)
    assert (dossier.desk, dossier.result_kind, dossier.result_number) == (
        Desk.HANDOVER,
        ResultKind.GRANTED,
        "12/QĐ-SYT",
    )

    dossier = bring_to(ward, dossier, Desk.CLOSED)

    assert dossier.state == State.RETURNED
    assert [outcome for *_part, outcome in parts(dossier)] == ["forwarded", "granted", "finished"]
    assert verify_all() == []


def test_refusal_of_the_other_body_is_told_to_the_person_when_it_arrived(ward: Ward, body: Body) -> None:
    dossier = returned(
        taken(forwarded(ward, body), body),
        body,
        outcome=PhaseOutcome.REFUSAL,
        opinion="Không thuộc đối tượng (mẫu)",
    )
    told_before = dossier.remarks.filter(to_citizen=True).count()

    bring_to(ward, dossier, Desk.RETURN)

    assert told_before == 0
    assert [one.text for one in dossier.remarks.filter(to_citizen=True)] == ["Không thuộc đối tượng (mẫu)"]


@pytest.mark.parametrize(
    ("outcome", "number", "opinion", "field"),
    [
        (PhaseOutcome.GRANTED, "", "", "number"),
        (PhaseOutcome.PART_DONE, "5", "", "number"),
        (PhaseOutcome.REFUSAL, "5", "  ", "opinion"),
        (PhaseOutcome.ENDED, "", "", "outcome"),
        (PhaseOutcome.GRANTED, "9" * 61, "", "number"),
    ],
)
def test_part_is_returned_whole_or_not_at_all(
    ward: Ward, body: Body, outcome: PhaseOutcome, number: str, opinion: str, field: str
) -> None:
    dossier = taken(forwarded(ward, body), body)

    with pytest.raises(Unacceptable) as refused:
        returned(dossier, body, outcome=outcome, number=number, opinion=opinion)

    assert refused.value.field == field


def test_commune_goes_on_after_a_part_is_done(ward: Ward, body: Body) -> None:
    dossier = taken(forwarded(ward, body), body)

    dossier = returned(dossier, body, outcome=PhaseOutcome.PART_DONE, number="")

    assert (dossier.desk, dossier.assignee) == (Desk.APPRAISAL, ward.people[SPECIALIST])
    assert dossier.result_kind == ResultKind.NONE
    bring_to(ward, dossier, Desk.CLOSED)


def test_question_back_ends_the_part_and_the_next_one_has_its_time_anew(ward: Ward, body: Body) -> None:
    dossier = taken(forwarded(ward, body), body)
    tuesday, wednesday = local("2026-11-10 09:00"), local("2026-11-11 09:00")

    dossier = forward.ask_back(
        officer=body.officer(SPECIALIST), reason="Thiếu biên bản", **asked(dossier, tuesday)
    )
    assert (dossier.desk, dossier.assignee) == (Desk.APPRAISAL, ward.people[SPECIALIST])
    dossier = forward.forward(
        officer=ward.officer(SPECIALIST),
        body=body.unit,
        task="Đã bổ sung biên bản",
        limit="workflow",
        **asked(dossier, wednesday),
    )

    assert [outcome for *_part, outcome in parts(dossier)] == ["forwarded", "asked_back", "forwarded", ""]
    assert dossier.act_by == local("2026-11-18 17:00")


def test_question_back_about_what_nobody_worked_on_reaches_the_counter(ward: Ward, body: Body) -> None:
    dossier = make_dossier(ward)
    forward.forward(officer=ward.officer(COUNTER), body=body.unit, task="Thuộc Sở", **asked(dossier, MONDAY))
    taken(dossier, body)

    dossier = forward.ask_back(
        officer=body.officer(SPECIALIST), reason="Sai mẫu đơn", **asked(dossier, MONDAY)
    )

    assert (dossier.desk, dossier.desk_role, dossier.desk_unit) == (Desk.TRANSFER, COUNTER, ward.centre)


def test_question_back_when_the_handler_has_left_reaches_the_head(ward: Ward, body: Body) -> None:
    dossier = taken(forwarded(ward, body), body)
    ward.people[SPECIALIST].duties.update(valid_to=MONDAY.date())

    dossier = forward.ask_back(
        officer=body.officer(SPECIALIST), reason="Thiếu biên bản", **asked(dossier, local("2026-11-10 09:00"))
    )

    assert (dossier.desk, dossier.desk_role) == (Desk.ASSIGNMENT, HEAD)


@pytest.mark.parametrize(
    ("act", "role"),
    [(forward.ask_back, SPECIALIST), (forward.return_phase, HEAD)],
)
def test_nothing_is_sent_back_before_somebody_took_it_over(
    ward: Ward, body: Body, act: Any, role: Role
) -> None:
    dossier = forwarded(ward, body)
    more = {"reason": "?"} if role == SPECIALIST else {"outcome": PhaseOutcome.GRANTED, "number": "1"}

    with pytest.raises(NotAllowed):
        act(officer=body.officer(role), **more, **asked(dossier, MONDAY))


def test_late_confirmation_in_a_group_is_a_fact(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body, limit="group.death_merit:")

    taken(dossier, body, local("2026-11-09 14:00"))

    assert last_facts(dossier)["confirm_late"] == 1


# ---- paper ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arrives", "late"), [("2026-11-10 16:59", 0), ("2026-11-11 08:00", 1)])
def test_paper_follows_within_one_working_day_and_its_delay_is_a_fact(
    ward: Ward, body: Body, arrives: str, late: int
) -> None:
    dossier = forwarded(ward, body, paper=True)

    forward.receive_paper(officer=body.officer(CLERK), **asked(dossier, local(arrives)))

    assert last_facts(dossier)["paper_late"] == late
    with pytest.raises(NotAllowed):
        forward.receive_paper(officer=body.officer(CLERK), **asked(dossier, local(arrives)))


# ---- the whole passes on -------------------------------------------------------------------------------------


def test_whole_dossier_counts_from_when_the_competent_body_has_it(ward: Ward, body: Body) -> None:
    dossier = make_dossier(ward)
    tuesday = local("2026-11-10 08:00")

    dossier = forward.forward(
        officer=ward.officer(COUNTER),
        body=body.unit,
        task="Thuộc thẩm quyền của Sở",
        whole=True,
        **asked(dossier, tuesday),
    )

    rules = [step.rule for step in stored_reading(dossier.deadlines.get(number=2).steps, None).steps]
    assert (dossier.due_at, dossier.unit_competent) == (local("2026-11-19 17:00"), body.unit)
    assert {"received_elsewhere", "competent_received"} <= set(rules)


def test_whole_dossier_keeps_its_date_through_finish(ward: Ward, body: Body) -> None:
    dossier = make_dossier(ward)
    forward.forward(
        officer=ward.officer(COUNTER),
        body=body.unit,
        task="Thuộc Sở",
        whole=True,
        **asked(dossier, MONDAY),
    )

    dossier = bring_to(ward, returned(taken(dossier, body), body), Desk.RETURN)

    assert last_facts(dossier)["legal_late"] == 0


def test_dossier_that_was_worked_on_does_not_pass_as_a_whole(ward: Ward, body: Body) -> None:
    with pytest.raises(Unacceptable) as refused:
        forwarded(ward, body, whole=True)

    assert refused.value.field == "whole"


# ---- what others caused --------------------------------------------------------------------------------------


def test_finish_names_the_body_whose_part_was_late(ward: Ward, body: Body) -> None:
    dossier = taken(forwarded(ward, body), body)
    late = local("2026-11-25 09:00")
    dossier = returned(dossier, body, late)

    results.finish(officer=ward.officer(COUNTER), **asked(dossier, late))

    facts = last_facts(dossier)
    assert (facts["legal_late"], facts["late_phases"]) == (1, [body.unit.code])


def test_dossier_of_one_body_tells_nothing_of_phases(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    assert "late_phases" not in last_facts(dossier)


def test_withdrawal_ends_the_part_under_way(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body)

    withdraw.withdraw(officer=ward.officer(COUNTER), reason="Theo đơn", **asked(dossier, MONDAY))

    assert parts(dossier)[-1][-1] == PhaseOutcome.ENDED


# ---- who may, and twice --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desk", "role"), [(Desk.TRANSFER, CLERK), (Desk.APPRAISAL, COUNTER), (Desk.STAMP, COUNTER)]
)
def test_only_who_has_it_forwards_it(ward: Ward, body: Body, desk: Desk, role: Role) -> None:
    dossier = bring_to(ward, make_dossier(ward), desk)

    with pytest.raises(NotAllowed):
        forward.forward(officer=ward.officer(role), body=body.unit, task="x", **asked(dossier, MONDAY))


def test_forwarding_twice_with_one_request_is_one_act(ward: Ward, body: Body) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.STAMP)
    once = {"dossier_id": dossier.id, "request_id": new_id(), "at": MONDAY, "seen": None}

    for _time in range(2):
        forward.forward(officer=ward.officer(CLERK), body=body.unit, task="Đề nghị", **once)

    assert (PhaseRun.objects.count(), Event.objects.filter(act="forward").count()) == (2, 1)


def test_words_of_the_task_stand_in_no_event(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body, task="Lời kín về người nộp")

    event = Event.objects.about(dossier.id).get(act="forward")
    assert "Lời kín" not in event.body
    assert dossier.remarks.get(event_id=event.id).text == "Lời kín về người nộp"


def test_handler_of_the_commune_may_forward_before_a_proposal(ward: Ward, body: Body) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    forward.forward(
        officer=ward.officer(SPECIALIST), body=body.unit, task="Xin kết quả", **asked(dossier, MONDAY)
    )

    dossier = returned(taken(dossier, body), body, outcome=PhaseOutcome.PART_DONE, number="")
    processing.propose(
        officer=ward.officer(SPECIALIST), result=ResultKind.GRANTED, opinion="", **asked(dossier, MONDAY)
    )

    assert Dossier.objects.get(pk=dossier.pk).desk == Desk.CHECK
