"""Whoever is tied to a party does not judge its dossier: what is held, what goes on, who else can act. Invented people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from gandan.dossiers import conflicts
from gandan.dossiers.actions import processing, results, settle, supplement, take_in
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.at_odds import at_odds_in, colleagues_for
from gandan.dossiers.errors import NotAllowed, TiedToParty, Unacceptable
from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import Desk, Dossier, IdentityKind, PartyKind, ResultKind, ReturnWay, State
from gandan.dossiers.permissions import objection
from gandan.dossiers.queries import handlers_for
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.factories import (
    CERTIFIED_COPY,
    MONDAY,
    Ward,
    asked,
    bring_to,
    make_dossier,
    make_intake,
    make_user,
)
from gandan.law.actions import set_parameter
from gandan.law.rows import Scope
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.integrity.actions import (
    decide_conflict,
    declare,
    report_conflict,
    withdraw_declaration,
)
from gandan.organization.integrity.models import Declaration, Measure, Tie
from gandan.organization.models import Duty, Role

OWNER_NUMBER = "046188000001"  # of make_intake's owner
TAX_CODE = "3300000001"
FIRM = PartyInput(
    name="Công ty Mẫu",
    kind=PartyKind.ENTERPRISE,
    identity_kind=IdentityKind.TAX_CODE,
    identity_number=TAX_CODE,
)


def tie(ward: Ward, role: Role, how: Tie = Tie.SIBLING, number: str = OWNER_NUMBER) -> Declaration:
    """The ward's officer with this role declares a tie."""
    return declare(
        officer=ward.officer(role),
        tie=how,
        name="Nguyễn Văn Mẫu",
        number=number,
        since=date(2026, 1, 1),
        request_id=new_id(),
        at=MONDAY,
    )


def second_specialist(ward: Ward) -> Any:
    user = make_user("Người mẫu hai", "19975-specialist-2")
    Duty.objects.create(user=user, unit=ward.department, role=Role.SPECIALIST, valid_from=date(2025, 7, 1))
    return user


def decided(ward: Ward, dossier: Dossier, measure: Measure, **more: Any) -> None:
    """A report about the specialist, and the decision of the leader."""
    report = report_conflict(
        officer=ward.officer(Role.SPECIALIST),
        commune="19975",
        concerned=ward.people[Role.SPECIALIST],
        case=8,
        known_at=MONDAY,
        situation="Người thân là chủ hồ sơ",
        effect="Thẩm định",
        proposal=Measure.SUPERVISE,
        request_id=new_id(),
        at=MONDAY,
        dossier_id=dossier.id,
    )
    decide_conflict(
        officer=ward.officer(Role.SIGNING_LEADER),
        report_id=report.pk,
        measure=measure,
        basis="Theo báo cáo",
        request_id=new_id(),
        at=MONDAY,
        **more,
    )


# ---- what is held ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "desk", "act"),
    [
        (Role.COUNTER_OFFICER, Desk.RECEPTION, "accept"),
        (Role.COUNTER_OFFICER, Desk.RECEPTION, "refuse"),
        (Role.HEAD_OF_DEPARTMENT, Desk.ASSIGNMENT, "assign"),
        (Role.SPECIALIST, Desk.APPRAISAL, "propose"),
        (Role.SPECIALIST, Desk.APPRAISAL, "request-supplement"),
        (Role.HEAD_OF_DEPARTMENT, Desk.CHECK, "check"),
        (Role.SIGNING_LEADER, Desk.SIGNATURE, "approve"),
        (Role.SIGNING_LEADER, Desk.SIGNATURE, "send-back"),
        (Role.CLERK, Desk.STAMP, "number-and-stamp"),
    ],
)
def test_tie_declared_mid_way_holds_every_act_that_judges(
    ward: Ward, role: Role, desk: Desk, act: str
) -> None:
    dossier = make_dossier(ward, accept=desk != Desk.RECEPTION)
    dossier = bring_to(ward, dossier, desk) if desk != Desk.RECEPTION else Dossier.objects.get(pk=dossier.pk)
    before = objection(act, ward.officer(role), dossier, MONDAY)

    tie(ward, role)

    reason = objection(act, ward.officer(role), dossier, MONDAY)
    assert before == ""
    assert "Điều 29, trường hợp 8, NĐ 59/2019/NĐ-CP" in reason


@pytest.mark.parametrize(
    ("desk", "act"),
    [(Desk.TRANSFER, "transfer"), (Desk.HANDOVER, "finish"), (Desk.RETURN, "return")],
)
def test_what_only_serves_the_person_goes_on(ward: Ward, desk: Desk, act: str) -> None:
    dossier = bring_to(ward, make_dossier(ward), desk)
    tie(ward, Role.COUNTER_OFFICER)

    assert objection(act, ward.officer(Role.COUNTER_OFFICER), dossier, MONDAY) == ""


def test_acts_that_go_on_are_acts() -> None:
    assert set(RULES) >= conflicts.FREE


def test_act_of_a_tied_officer_changes_nothing(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    tie(ward, Role.SPECIALIST)
    events = Event.objects.about(dossier.id).count()

    with pytest.raises(NotAllowed):
        processing.propose(
            officer=ward.officer(Role.SPECIALIST),
            result=ResultKind.GRANTED,
            opinion="",
            **asked(dossier, MONDAY),
        )

    assert Dossier.objects.get(pk=dossier.pk).desk == Desk.APPRAISAL
    assert Event.objects.about(dossier.id).count() == events


@pytest.mark.parametrize(
    ("how", "number", "party", "cited"),
    [
        (Tie.SELF, OWNER_NUMBER, None, "Quy tắc tạm của phần mềm, cần kiểm tra"),
        (Tie.SPOUSE, OWNER_NUMBER, None, "Điều 29, trường hợp 8, NĐ 59/2019/NĐ-CP"),
        (Tie.HOUSEHOLD, OWNER_NUMBER, None, "Quy tắc tạm của phần mềm, cần kiểm tra"),
        (Tie.MANAGES, TAX_CODE, FIRM, "Điều 29, trường hợp 2, NĐ 59/2019/NĐ-CP"),
        (Tie.CAPITAL, TAX_CODE, FIRM, "Điều 29, trường hợp 6, NĐ 59/2019/NĐ-CP"),
        (Tie.RELATIVES, TAX_CODE, FIRM, "Điều 29, trường hợp 7, NĐ 59/2019/NĐ-CP"),
        (Tie.BENEFIT, TAX_CODE, FIRM, "Điều 29, trường hợp 1, NĐ 59/2019/NĐ-CP"),
    ],
)
def test_each_tie_cites_its_own_rule(
    ward: Ward, how: Tie, number: str, party: PartyInput | None, cited: str
) -> None:
    dossier = make_dossier(ward, **({"owner": party} if party else {}))
    tie(ward, Role.SPECIALIST, how, number)

    found = conflicts.held_back(ward.people[Role.SPECIALIST].pk, dossier, MONDAY)

    assert found is not None
    assert found.basis == cited


def test_tie_with_who_files_counts_like_one_with_the_owner(ward: Ward) -> None:
    agent = PartyInput(
        name="Trần Thị Mẫu",
        identity_kind=IdentityKind.PERSONAL_NUMBER,
        identity_number="046 180 000 777",
    )
    dossier = make_dossier(ward, agent=agent)
    tie(ward, Role.SPECIALIST, number="046180000777")

    assert conflicts.held_back(ward.people[Role.SPECIALIST].pk, dossier, MONDAY) is not None


def test_equal_name_and_address_are_no_tie(ward: Ward) -> None:
    dossier = make_dossier(ward)
    tie(ward, Role.SPECIALIST, number="046188000002")  # another number, the name of make_intake's owner

    assert conflicts.conflict_of(ward.people[Role.SPECIALIST].pk, dossier, MONDAY) is None


def test_ward_may_choose_a_reminder_for_its_households(ward: Ward) -> None:
    dossier = make_dossier(ward)
    tie(ward, Role.SPECIALIST, Tie.HOUSEHOLD)
    set_parameter(
        "xdli.household",
        False,
        scope=Scope.COMMUNE,
        scope_code="19975",
        valid_from=date(2026, 1, 1),
        document="Thông báo mẫu",
        officer=ward.officer(Role.ADMINISTRATOR),
        at=MONDAY,
        request_id=new_id(),
    )
    user = ward.people[Role.SPECIALIST]

    assert conflicts.held_back(user.pk, dossier, MONDAY) is None
    assert conflicts.hindrance_of(user.pk, dossier, MONDAY) != ""


# ---- ends and decisions ------------------------------------------------------------------------------------


def test_withdrawing_frees_nobody_for_what_was_running(ward: Ward) -> None:
    declaration = tie(ward, Role.SPECIALIST)
    running = make_dossier(ward)
    withdraw_declaration(
        officer=ward.officer(Role.SPECIALIST),
        declaration_id=declaration.pk,
        until=MONDAY.date(),
        request_id=new_id(),
        at=MONDAY,
    )

    later = make_dossier(ward, at=MONDAY + timedelta(days=1))

    user = ward.people[Role.SPECIALIST].pk
    assert conflicts.held_back(user, running, MONDAY) is not None
    assert conflicts.held_back(user, later, MONDAY + timedelta(days=1)) is None


def test_withdrawing_to_a_day_that_has_passed_frees_nobody_either(ward: Ward) -> None:
    declaration = tie(ward, Role.SPECIALIST)
    running = make_dossier(ward)

    withdraw_declaration(
        officer=ward.officer(Role.SPECIALIST),
        declaration_id=declaration.pk,
        until=declaration.since,
        request_id=new_id(),
        at=MONDAY,
    )

    assert declaration.since < running.registered_at.date()
    assert conflicts.held_back(ward.people[Role.SPECIALIST].pk, running, MONDAY) is not None


@pytest.mark.parametrize(
    ("measure", "more", "goes_on"),
    [
        (Measure.NONE, {}, True),
        (Measure.SUPERVISE, {"supervisor": Role.HEAD_OF_DEPARTMENT}, True),
        (Measure.SUPERVISE, {"supervisor": Role.HEAD_OF_DEPARTMENT, "ends": MONDAY.date()}, False),
        (Measure.SUSPEND, {}, False),
        (Measure.MOVE, {}, False),
        (Measure.STOP, {}, False),
    ],
)
def test_head_decides_whether_the_officer_goes_on(
    ward: Ward, measure: Measure, more: dict[str, Any], goes_on: bool
) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    tie(ward, Role.SPECIALIST)
    given = {**more, "supervisor": ward.people[more["supervisor"]]} if "supervisor" in more else more

    decided(ward, dossier, measure, **given)

    reason = objection("propose", ward.officer(Role.SPECIALIST), dossier, MONDAY + timedelta(days=1))
    assert (reason == "") is goes_on


def test_decision_on_one_dossier_says_nothing_of_another(ward: Ward) -> None:
    one, other = (bring_to(ward, make_dossier(ward), Desk.APPRAISAL) for _time in range(2))
    tie(ward, Role.SPECIALIST)
    decided(ward, one, Measure.NONE)

    assert objection("propose", ward.officer(Role.SPECIALIST), one, MONDAY) == ""
    assert objection("propose", ward.officer(Role.SPECIALIST), other, MONDAY) != ""


# ---- at the counter ----------------------------------------------------------------------------------------


def test_tied_counter_officer_registers_and_a_colleague_accepts(ward: Ward) -> None:
    tie(ward, Role.COUNTER_OFFICER)

    with pytest.raises(TiedToParty):
        make_dossier(ward)
    registered = make_dossier(ward, accept=False)

    assert registered.state == State.REGISTERED
    assert Dossier.objects.count() == 1


def test_tied_counter_officer_settles_nothing_at_once(ward: Ward) -> None:
    tie(ward, Role.COUNTER_OFFICER)

    with pytest.raises(TiedToParty):
        settle.settle(
            officer=ward.officer(Role.COUNTER_OFFICER),
            unit=ward.centre,
            intake=make_intake(CERTIFIED_COPY),
            request_id=new_id(),
            at=MONDAY,
        )


# ---- assigning, handing over -------------------------------------------------------------------------------


def test_list_of_handlers_puts_the_tied_one_last_and_names_the_rule(ward: Ward) -> None:
    other = second_specialist(ward)
    dossier = bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)
    tie(ward, Role.SPECIALIST)

    listed = handlers_for(dossier, MONDAY)

    assert [one.user for one in listed] == [other, ward.people[Role.SPECIALIST]]
    assert (listed[0].hindrance, listed[0].has_declared) == ("", False)
    assert "Nguyễn" not in listed[1].hindrance
    assert "trường hợp 8" in listed[1].hindrance


def test_tied_officer_is_not_assigned(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)
    tie(ward, Role.SPECIALIST)

    with pytest.raises(Unacceptable) as refused:
        processing.assign(
            officer=ward.officer(Role.HEAD_OF_DEPARTMENT),
            assignee=ward.people[Role.SPECIALIST],
            **asked(dossier, MONDAY),
        )

    assert refused.value.field == "assignee"


def test_hand_over_is_recorded_by_code_and_hash_alone(ward: Ward) -> None:
    other = second_specialist(ward)
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    tie(ward, Role.SPECIALIST)

    processing.assign(officer=ward.officer(Role.HEAD_OF_DEPARTMENT), assignee=other, **asked(dossier, MONDAY))

    facts = Event.objects.about(dossier.id).last().facts
    assert (facts["assignee"], facts["handed_over"], len(facts["conflict_hash"])) == (other.code, 1, 64)
    assert objection("propose", ward.officer(Role.SPECIALIST), dossier, MONDAY) != ""


def test_ordinary_assignment_says_nothing_of_conflicts(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    facts = Event.objects.about(dossier.id).last().facts

    assert "handed_over" not in facts


def test_colleagues_offered_are_those_without_a_known_tie(ward: Ward) -> None:
    other = second_specialist(ward)
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    tie(ward, Role.SPECIALIST)

    offered = colleagues_for(dossier, MONDAY, without=ward.people[Role.SPECIALIST].pk)

    assert [user for user, _post in offered] == [other]


def test_head_sees_what_lies_with_somebody_tied_until_it_is_handed_over(ward: Ward) -> None:
    other = second_specialist(ward)
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    bring_to(ward, make_dossier(ward, owner=FIRM), Desk.APPRAISAL)
    before = at_odds_in("19975", MONDAY)
    tie(ward, Role.SPECIALIST)

    found = at_odds_in("19975", MONDAY)
    processing.assign(officer=ward.officer(Role.HEAD_OF_DEPARTMENT), assignee=other, **asked(dossier, MONDAY))

    assert before == []
    assert [(one.dossier.pk, one.officer) for one in found] == [(dossier.pk, ward.people[Role.SPECIALIST])]
    assert at_odds_in("19975", MONDAY) == []


def test_desk_of_a_role_is_at_odds_only_when_nobody_there_is_free(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    tie(ward, Role.SIGNING_LEADER)
    alone = at_odds_in("19975", MONDAY)
    deputy = make_user("Người mẫu phó", "19975-deputy")
    Duty.objects.create(
        user=deputy, unit=ward.committee, role=Role.SIGNING_LEADER, valid_from=date(2025, 7, 1)
    )

    assert [one.dossier.pk for one in alone] == [dossier.pk]
    assert at_odds_in("19975", MONDAY) == []


# ---- cost --------------------------------------------------------------------------------------------------


@pytest.fixture
def _warm(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has read the reference rows a moment ago."""
    monkeypatch.setattr("gandan.law.cache.CHECK_SECONDS", float("inf"))
    conflicts.conflict_of(ward.people[Role.SPECIALIST].pk, make_dossier(ward), MONDAY)


@pytest.mark.usefixtures("_warm")
def test_guard_costs_nothing_for_who_declared_nothing(ward: Ward, django_assert_num_queries: Any) -> None:
    dossier = Dossier.objects.get(pk=make_dossier(ward).pk)
    user = ward.people[Role.SPECIALIST].pk
    conflicts.conflict_of(user, dossier, MONDAY)

    with django_assert_num_queries(0):
        assert conflicts.conflict_of(user, dossier, MONDAY) is None


def test_guard_costs_one_query_a_dossier_for_who_declared(
    ward: Ward, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gandan.law.cache.CHECK_SECONDS", float("inf"))
    tie(ward, Role.SPECIALIST)
    first, second = (Dossier.objects.get(pk=make_dossier(ward).pk) for _time in range(2))
    officer = ward.people[Role.SPECIALIST].pk
    conflicts.held_back(officer, first, MONDAY)

    with django_assert_num_queries(1):
        for act in RULES:
            conflicts.objection_to(act, officer, second, MONDAY)


def test_supplement_of_a_tied_officer_is_held(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    tie(ward, Role.SPECIALIST)

    with pytest.raises(NotAllowed):
        supplement.request_supplement(
            officer=ward.officer(Role.SPECIALIST),
            items=[MissingPaper("Tờ khai", "Chưa ký")],
            **asked(dossier, MONDAY),
        )


def test_result_in_the_hand_of_a_relative_is_handed_over_all_the_same(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)
    tie(ward, Role.COUNTER_OFFICER)

    returned = results.return_result(
        officer=ward.officer(Role.COUNTER_OFFICER), way=ReturnWay.COUNTER, **asked(dossier, MONDAY)
    )

    assert returned.state == State.RETURNED


def test_intake_of_somebody_else_is_not_hindered(ward: Ward) -> None:
    tie(ward, Role.COUNTER_OFFICER, number="046188000099")

    dossier = take_in.take_in(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        intake=make_intake(),
        request_id=new_id(),
        at=MONDAY,
    )

    assert dossier.state == State.ACCEPTED
