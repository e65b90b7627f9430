"""Internal workflows decided here: by province or commune, from a day on; and steps that nobody could do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import load_shipped, workflows
from gandan.catalogue.errors import NotCompetent, Unpublishable
from gandan.catalogue.models import Workflow
from gandan.catalogue.queries import version_at, workflow_for
from gandan.catalogue.shipped import load_procedures
from gandan.catalogue.staffing import steps_without_staff
from gandan.catalogue.stored import content_of
from gandan.catalogue.tests.acting import (
    DOCUMENT,
    LATER,
    NOW,
    TIMED,
    TODAY,
    province_officer,
    publish_workflow,
    ward_officer,
    workflow_draft,
)
from gandan.catalogue.tests.factories import AT, COPIES, STAY, load
from gandan.catalogue.workflow_content import StepContent, WorkflowContent
from gandan.catalogue.workflow_path import measured, path_of
from gandan.catalogue.workflow_problems import workflow_problems
from gandan.law.models import Basis
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.loading import load_days
from gandan.organization.models import Role, UnitKind
from gandan.organization.queries import calendar_of
from gandan.organization.tests.factories import give_duty, make_commune, make_officer, make_unit

pytestmark = pytest.mark.django_db(transaction=True)
PROCEDURE = "1.004222"  # seven working days
MIDNIGHT = datetime(2026, 12, 1, tzinfo=VIETNAM)


@pytest.fixture
def ward():
    load(PROCEDURE)
    return make_commune()


def in_force(ward, at=NOW, code=PROCEDURE):
    return workflow_for(version_at(code, at).procedure, ward, at)


def test_province_s_workflow_holds_in_its_communes(ward):
    officer = province_officer()

    made = publish_workflow(workflow_draft(PROCEDURE, officer), officer)

    elsewhere = make_commune("14758")
    assert in_force(ward, NOW) == made
    assert in_force(elsewhere, NOW).is_default
    assert Event.objects.get(act="publish-workflow").chain == "cell"


def test_commune_s_own_goes_before_the_province_s_and_lies_on_its_chain(ward):
    officer, own = province_officer(), ward_officer()
    publish_workflow(workflow_draft(PROCEDURE, officer), officer)

    made = publish_workflow(workflow_draft(PROCEDURE, own, commune=ward), own)

    other = make_commune("19774")
    assert in_force(ward, NOW) == made
    assert in_force(other, NOW).commune == ""
    event = Event.objects.filter(act="publish-workflow").latest("recorded_at")
    assert (event.chain, event.facts["digest"]) == ("19975", made.digest)
    assert Basis.objects.get(event_id=event.id).document == DOCUMENT


def test_workflow_of_a_later_day_leaves_earlier_dossiers_theirs(ward):
    officer = province_officer()
    first = publish_workflow(workflow_draft(PROCEDURE, officer), officer)

    second = publish_workflow(workflow_draft(PROCEDURE, officer, steps=TIMED[::2]), officer, on=LATER)

    assert in_force(ward, MIDNIGHT - timedelta(seconds=1)) == first
    assert in_force(ward, MIDNIGHT) == second


def test_withdrawn_workflow_never_held(ward):
    officer = province_officer()
    first = publish_workflow(workflow_draft(PROCEDURE, officer), officer)
    second = publish_workflow(workflow_draft(PROCEDURE, officer), officer, on=LATER)

    workflows.withdraw_workflow(
        second.pk, document=DOCUMENT, reason="hoãn", officer=officer, at=NOW, request_id=new_id()
    )

    assert in_force(ward, MIDNIGHT) == first
    with pytest.raises(Unpublishable, match="đang áp dụng"):
        workflows.withdraw_workflow(
            first.pk, document=DOCUMENT, reason="hoãn", officer=officer, at=NOW, request_id=new_id()
        )


def test_ended_workflow_gives_way_to_the_sample(ward):
    officer = province_officer()
    made = publish_workflow(workflow_draft(PROCEDURE, officer), officer)

    workflows.end_workflow(
        made.pk, ends_on=LATER, document=DOCUMENT, officer=officer, at=NOW, request_id=new_id()
    )

    assert (in_force(ward, NOW), in_force(ward, MIDNIGHT).is_default) == (made, True)
    assert Event.objects.get(act="end-workflow").facts["valid_to"].startswith("2026-11-30T17:00")


def test_sample_cannot_be_ended(ward):
    sample = in_force(ward)

    with pytest.raises(Unpublishable, match="đi kèm"):
        workflows.end_workflow(
            sample.pk,
            ends_on=LATER,
            document=DOCUMENT,
            officer=province_officer(),
            at=NOW,
            request_id=new_id(),
        )


def test_ward_changes_neither_the_province_s_nor_another_ward_s(ward):
    own = ward_officer()

    for commune in (None, make_commune("14758")):
        with pytest.raises(NotCompetent):
            workflow_draft(PROCEDURE, own, commune=commune)


def test_specialist_changes_no_workflow(ward):
    with pytest.raises(NotCompetent):
        workflow_draft(PROCEDURE, ward_officer(Role.SPECIALIST), commune=ward)


def test_repeat_is_one_workflow(ward):
    officer, request_id = province_officer(), new_id()
    draft = workflow_draft(PROCEDURE, officer)
    first = publish_workflow(draft, officer, request_id=request_id)

    assert publish_workflow(draft, officer, request_id=request_id) == first
    assert Workflow.objects.filter(origin="local").count() == 1


@pytest.mark.parametrize(("day", "words"), [(TODAY - timedelta(days=1), "đã qua"), (TODAY, "áp dụng từ")])
def test_day_that_cannot_be_is_refused(ward, day, words):
    officer = province_officer()
    publish_workflow(workflow_draft(PROCEDURE, officer), officer, on=LATER)

    with pytest.raises(Unpublishable, match=words):
        publish_workflow(workflow_draft(PROCEDURE, officer), officer, on=day)


def test_load_leaves_workflows_decided_here(ward):
    officer = province_officer()
    made = publish_workflow(workflow_draft(PROCEDURE, officer), officer)

    load_shipped(AT + timedelta(days=9), [load_procedures()[PROCEDURE]])

    assert in_force(ward, NOW + timedelta(days=10)) == made


# ---- what cannot be ----------------------------------------------------------------------------------------


def step(work, role, amount=None, **more):
    return StepContent(work, role.value, amount_hundredths=amount, **more)


RECEIVE, SIGN = step("Nhận", Role.COUNTER_OFFICER), step("Ký", Role.SIGNING_LEADER, 100)
APPRAISE = step("Thẩm định", Role.SPECIALIST, 200)
THERE = step("Sở xử lý", Role.SPECIALIST, phase="province")


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "ít nhất một bước"),
        ((RECEIVE, SIGN, APPRAISE), "đi vòng"),
        ((RECEIVE, APPRAISE, SIGN, APPRAISE, SIGN), "đi vòng"),
        ((RECEIVE, THERE, SIGN, THERE), "lại lên tỉnh"),
        ((RECEIVE, replace(APPRAISE, amount_hundredths=800), SIGN), "dài hơn"),
        ((RECEIVE, replace(APPRAISE, amount_hundredths=0), SIGN), "để trống"),
        ((RECEIVE, replace(APPRAISE, role="")), "ai làm"),
        ((replace(RECEIVE, work=""), SIGN), "chưa ghi việc làm"),
        ((replace(RECEIVE, unit_code="có dấu"), SIGN), "đuôi mã"),
    ],
)
def test_workflow_that_cannot_be_is_refused(ward, steps, words):
    officer = province_officer()
    content = WorkflowContent(PROCEDURE, "Quy trình mẫu", tuple(steps))
    draft = workflow_draft(PROCEDURE, officer)
    draft = workflows.change_workflow(draft.pk, content, seen=1, officer=officer, at=NOW)

    with pytest.raises(Unpublishable, match=words):
        publish_workflow(draft, officer)


def test_times_are_measured_against_each_case(ward):
    cases = content_of(version_at(PROCEDURE, NOW)).cases

    (one, *_others) = measured(TIMED, cases)

    assert (one.total, one.limit, one.over) == (4000, 5600, False)


def test_hours_by_the_clock_are_not_compared_with_office_hours():
    load(STAY)
    cases = content_of(version_at(STAY, NOW)).cases

    assert {one.over for one in measured(TIMED, cases)} <= {None, False, True}
    assert workflow_problems(WorkflowContent(STAY, "Mẫu", (RECEIVE, SIGN)), cases) is not None


def test_path_gives_each_step_its_day(ward):
    load_days(AT)
    calendar = calendar_of(None, on=TODAY)

    path = path_of(TIMED, calendar, NOW, datetime(2026, 11, 27, 17, 0, tzinfo=VIETNAM))

    assert [one.starts for one in path][1:] == [one.ends for one in path][:-1]
    assert path[0].starts == NOW
    assert path[2].ends.date() == date(2026, 11, 27)  # the 24th is a day off
    assert [one.late for one in path] == [False, False, False, True, True, True]


# ---- steps without staff -----------------------------------------------------------------------------------


def staffed(ward):
    centre, committee = make_unit(code="19975-tt"), make_unit(UnitKind.PEOPLE_COMMITTEE)
    people = {
        Role.COUNTER_OFFICER: centre,
        Role.SPECIALIST: committee,
        Role.HEAD_OF_DEPARTMENT: committee,
        Role.SIGNING_LEADER: committee,
        Role.CLERK: committee,
    }
    return {role: make_officer(role, unit) for role, unit in people.items()}


def missing(ward, on=TODAY):
    return {(one.role, one.unit_code): one.procedures for one in steps_without_staff(ward, on)}


def test_role_that_nobody_holds_is_told_with_its_procedures(ward):
    staffed(ward)

    assert missing(ward) == {(Role.POLICE_OFFICER, ""): (PROCEDURE,)}


def test_role_in_another_unit_is_not_enough(ward):
    people = staffed(ward)
    own = ward_officer()
    steps = (RECEIVE, replace(APPRAISE, unit_code="kt"), SIGN)
    publish_workflow(workflow_draft(PROCEDURE, own, commune=ward, steps=steps), own)

    assert missing(ward) == {(Role.SPECIALIST, "kt"): (PROCEDURE,)}

    give_duty(people[Role.SPECIALIST], Role.SPECIALIST, make_unit(UnitKind.DEPARTMENT, code="19975-kt"))
    assert missing(ward) == {}


def test_officer_who_leaves_is_missed_from_the_next_day(ward):
    people = staffed(ward)
    own = ward_officer()
    publish_workflow(workflow_draft(PROCEDURE, own, commune=ward), own)
    people[Role.CLERK].duties.update(valid_to=TODAY)

    assert (missing(ward, TODAY), missing(ward, TODAY + timedelta(days=1))) == (
        {},
        {(Role.CLERK, ""): (PROCEDURE,)},
    )


def test_account_without_sign_in_does_no_step(ward):
    people = staffed(ward)
    people[Role.SIGNING_LEADER].is_active = False
    people[Role.SIGNING_LEADER].save()

    assert (Role.SIGNING_LEADER, "") not in missing(ward)  # the police sample has no leader
    load(PROCEDURE, COPIES)
    assert missing(ward)[Role.SIGNING_LEADER, ""] == (COPIES,)


def test_it_costs_one_query_when_warm(ward, django_assert_num_queries):
    staffed(ward)
    steps_without_staff(ward, TODAY)

    with django_assert_num_queries(1):
        steps_without_staff(ward, TODAY)
