"""Two communes merge: every dossier goes on in the successor, no date becomes earlier, nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from gandan.calculus.errors import YearWithoutCalendar
from gandan.dossiers import rerouting
from gandan.dossiers.actions import forward, processing, reroute, results, supplement
from gandan.dossiers.actions.reroute import pass_on
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import Desk, Dossier, PhaseOutcome, ResultKind, State
from gandan.dossiers.permissions import dossier_for
from gandan.dossiers.queries import find
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier, make_ward
from gandan.dossiers.tests.province import administrator, decide, forwarded, make_body, merge
from gandan.dossiers.tracking import secret_of
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_all
from gandan.notifications.models import Message
from gandan.organization.actions import set_office_hours
from gandan.organization.mergers.actions import merge_units
from gandan.organization.mergers.models import Merger
from gandan.organization.mergers.planning import plan_communes
from gandan.organization.models import Role, Unit, UnitKind

THURSDAY = local("2026-11-12 09:00")
DUE = local("2026-11-18 17:00")
COUNTER, HEAD, SPECIALIST = Role.COUNTER_OFFICER, Role.HEAD_OF_DEPARTMENT, Role.SPECIALIST


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(THURSDAY, tick=False):
        yield


@pytest.fixture
def successor(ward: Ward) -> Ward:
    return make_ward("19969", "Thanh Thủy")


def closes(ward: Ward, hour: int, minute: int = 0) -> None:
    """Other office hours for the centre of the ward, from the beginning on."""
    set_office_hours(
        [(time(7, 30), time(hour, minute))],
        place=ward.centre,
        valid_from=MONDAY.date(),
        document="Thông báo mẫu",
        officer=administrator(ward),
        at=MONDAY,
        request_id=new_id(),
    )


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_dossier_goes_on_at_the_same_desk_of_the_successor(ward: Ward, successor: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)

    merge(ward, successor, at=THURSDAY)

    moved = fresh(dossier)
    assert (moved.commune_id, moved.desk, moved.desk_unit) == ("19969", Desk.ASSIGNMENT, successor.department)
    assert (moved.unit_received, moved.unit_competent) == (successor.centre, successor.centre)
    assert dossier_for(successor.officer(HEAD), dossier.id).pk == dossier.pk
    with pytest.raises(NotFound):
        dossier_for(ward.officer(HEAD), dossier.id)


def test_dossier_keeps_code_register_secret_and_chain(ward: Ward, successor: Ward) -> None:
    own = make_dossier(successor)
    dossier = make_dossier(ward)
    assert (own.register_number, dossier.register_number) == (1, 1)

    merge(ward, successor, at=THURSDAY)
    moved = fresh(dossier)
    processing.transfer(
        officer=successor.officer(COUNTER), department=successor.department, **asked(moved, THURSDAY)
    )

    assert (moved.code, moved.register_number, moved.origin) == (dossier.code, 1, "19975")
    assert Client().get(f"/t/{secret_of(dossier.pk)}").status_code == 302
    assert set(Event.objects.about(dossier.id).values_list("chain", flat=True)) == {"19975"}
    assert Event.objects.about(dossier.id).last().act == "transfer"
    assert verify_all() == []


def test_new_dossiers_of_the_successor_go_on_in_its_own_register(ward: Ward, successor: Ward) -> None:
    make_dossier(ward)
    merge(ward, successor, at=THURSDAY)

    later = make_dossier(successor, at=THURSDAY)

    assert (later.register_number, later.origin, later.code) == (1, "", "19969-261112-0001")


@pytest.mark.parametrize(
    ("hour", "minute", "due", "rule", "moved"),
    [
        (17, 0, DUE, "re_routed", 0),
        (18, 0, local("2026-11-18 18:00"), "re_routed", 1),
        (16, 0, DUE, "re_routed_kept", 0),
    ],
    ids=["same hours", "closes later", "closes earlier"],
)
def test_date_is_explained_and_never_shortened(
    ward: Ward, successor: Ward, hour: int, minute: int, due: datetime, rule: str, moved: int
) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    assert dossier.due_at == DUE
    if hour != 17:
        closes(successor, hour, minute)

    merge(ward, successor, at=THURSDAY)

    after = fresh(dossier)
    deadline = after.deadlines.get(number=after.reading_number)
    step = next(one for one in stored_reading(deadline.steps, deadline.due_at).steps if one.rule == rule)
    assert (after.due_at, after.base_due_at) == (due, due)
    assert step.source.document == "Nghị quyết 99/NQ-MẪU"
    facts = Event.objects.about(dossier.id).last().facts
    assert (facts["date_moved"], datetime.fromisoformat(facts["until"])) == (moved, DUE)


def test_finish_after_it_is_judged_by_the_date_that_was_told(ward: Ward, successor: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.HANDOVER)
    closes(successor, 16)
    merge(ward, successor, at=THURSDAY)

    results.finish(officer=successor.officer(COUNTER), **asked(dossier, local("2026-11-18 16:45")))

    facts = Event.objects.about(dossier.id).last().facts
    assert (facts["legal_late"], facts["index_late"]) == (0, 0)


def test_what_waits_for_the_person_is_counted_anew_by_the_successor(ward: Ward, successor: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    supplement.request_supplement(
        officer=ward.officer(SPECIALIST),
        items=[MissingPaper("Hợp đồng", "Hết hạn")],
        **asked(dossier, MONDAY),
    )
    closes(successor, 16)

    merge(ward, successor, at=THURSDAY)
    moved = fresh(dossier)
    supplement.receive_supplement(
        officer=successor.officer(COUNTER), complete=True, **asked(dossier, local("2026-11-13 09:00"))
    )

    assert (moved.desk, moved.due_at, moved.desk_unit) == (Desk.WAITING, None, successor.centre)
    assert fresh(dossier).due_at == local("2026-11-25 16:00")


@pytest.mark.parametrize(("comes_along", "desk"), [(True, Desk.APPRAISAL), (False, Desk.ASSIGNMENT)])
def test_handler_goes_on_if_they_come_along_else_the_head_assigns(
    ward: Ward, successor: Ward, comes_along: bool, desk: Desk
) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    ending = () if comes_along else (ward.department.code,)

    merge(ward, successor, at=THURSDAY, ending=ending)

    moved = fresh(dossier)
    assert (moved.desk, moved.desk_unit) == (desk, successor.department)
    assert moved.assignee == (ward.people[SPECIALIST] if comes_along else None)


def test_result_that_waits_for_the_person_is_returned_by_the_successor(ward: Ward, successor: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    merge(ward, successor, at=THURSDAY)
    with time_machine.travel(THURSDAY, tick=False):
        done = bring_to(successor, fresh(dossier), Desk.CLOSED, at=THURSDAY)

    assert done.state == State.RETURNED


def test_archive_goes_along_and_is_found_by_number_and_by_short_code(ward: Ward, successor: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.CLOSED)

    merge(ward, successor, at=THURSDAY)

    officer = successor.officer(COUNTER)
    assert [one.pk for one in find(officer, "1", THURSDAY)] == [dossier.pk]
    assert [one.pk for one in find(officer, "261109-0001", THURSDAY)] == [dossier.pk]
    assert fresh(dossier).steps.count() == dossier.steps.count()


def test_dossier_at_another_body_stays_there_and_comes_back_to_the_successor(
    ward: Ward, successor: Ward
) -> None:
    body = make_body(ward)
    dossier = forwarded(ward, body, limit="")

    merge(ward, successor, at=THURSDAY)
    there = fresh(dossier)
    forward.take_over(officer=body.officer(SPECIALIST), **asked(dossier, THURSDAY))
    forward.return_phase(
        officer=body.officer(HEAD), outcome=PhaseOutcome.GRANTED, number="7/QĐ", **asked(dossier, THURSDAY)
    )

    assert (there.desk, there.desk_unit, there.commune_id) == (Desk.FORWARDED, body.unit, "19969")
    assert (fresh(dossier).desk_unit, fresh(dossier).result_kind) == (successor.centre, ResultKind.GRANTED)


def test_person_is_told_once_which_centre_goes_on(ward: Ward, successor: Ward) -> None:
    still_open, closed = make_dossier(ward), bring_to(ward, make_dossier(ward), Desk.CLOSED)

    merge(ward, successor, at=THURSDAY)
    pass_on(THURSDAY)

    told = Message.objects.filter(topic="re_routed").values_list("subject_id", flat=True)
    assert list(told) == [still_open.pk]
    assert closed.pk not in told


def test_date_in_a_year_without_a_calendar_stays(
    ward: Ward, successor: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = make_dossier(ward)

    def unpublished(*_given: Any, **_more: Any) -> Any:
        raise YearWithoutCalendar(2031, [2026])

    monkeypatch.setattr(rerouting.clock, "read", unpublished)
    merge(ward, successor, at=THURSDAY)

    moved = fresh(dossier)
    assert (moved.commune_id, moved.due_at, moved.reading_number) == ("19969", DUE, 1)


# ---- going on after a failure --------------------------------------------------------------------------------


def test_run_that_broke_off_goes_on_and_does_nothing_twice(
    ward: Ward, successor: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [make_dossier(ward) for _number in range(5)]
    merger = decide(ward, successor, at=THURSDAY)
    real, calls = reroute.pass_units, []

    def breaks(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise OSError("disk full")
        real(*arguments)

    monkeypatch.setattr(reroute, "pass_units", breaks)
    with pytest.raises(OSError, match="disk full"):
        pass_on(THURSDAY)
    moved_before = Dossier.objects.filter(commune="19969").count()
    progress = pass_on(THURSDAY)

    merger.refresh_from_db()
    assert (moved_before, progress.moved, progress.completed) == (2, 3, 1)
    assert (merger.moved, merger.completed_at) == (5, THURSDAY)
    assert Event.objects.filter(act="re-route").count() == len(dossiers)
    assert verify_all() == []


def test_rounds_are_small_and_open_dossiers_go_first(ward: Ward, successor: Ward) -> None:
    closed = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    waiting = [make_dossier(ward) for _number in range(2)]
    decide(ward, successor, at=THURSDAY)

    first = pass_on(THURSDAY, most=2)
    there = set(Dossier.objects.filter(commune="19969").values_list("pk", flat=True))
    second = pass_on(THURSDAY, most=2)

    assert (first.moved, first.left, there) == (2, True, {one.pk for one in waiting})
    assert (second.moved, second.completed, fresh(closed).commune_id) == (1, 1, "19969")


def test_nothing_moves_before_its_day(ward: Ward, successor: Ward) -> None:
    dossier = make_dossier(ward)
    decide(ward, successor, at=local("2026-11-20 08:00"))

    assert pass_on(THURSDAY).moved == 0
    assert fresh(dossier).commune_id == "19975"


def test_last_event_of_the_old_chain_names_the_successor(ward: Ward, successor: Ward) -> None:
    make_dossier(ward)

    merge(ward, successor, at=THURSDAY)

    last = Event.objects.filter(chain="19975").order_by("seq").last()
    assert (last.act, last.facts["successor"], last.facts["moved"]) == ("complete-merger", "19969", 1)


# ---- dry run -------------------------------------------------------------------------------------------------


def test_dry_run_says_what_moves_and_how_dates_change_and_writes_nothing(
    ward: Ward, successor: Ward, django_assert_num_queries: Any
) -> None:
    closes(successor, 18)
    dossiers = [bring_to(ward, make_dossier(ward), Desk.APPRAISAL) for _number in range(3)]
    bring_to(ward, make_dossier(ward), Desk.CLOSED)
    plan = plan_of(ward, successor, ending=(ward.department.code,))
    events = Event.objects.count()
    rerouting.preview(plan, THURSDAY)

    with django_assert_num_queries(4):
        found = rerouting.preview(plan, THURSDAY)

    assert (found.still_open, found.archive, found.dates_moved, found.back_to_head) == (3, 1, 3, 3)
    assert {(row.old_due, row.new_due) for row in found.rows} == {(DUE, local("2026-11-18 18:00"))}
    assert {row.dossier.pk for row in found.rows} == {one.pk for one in dossiers}
    assert (Event.objects.count(), Merger.objects.count()) == (events, 0)


def plan_of(ward: Ward, successor: Ward, **more: Any) -> rerouting.Passing:

    day = THURSDAY.date()
    plan = plan_communes([ward.commune], successor.commune, effective_on=day, today=day, **more)
    return rerouting.planned(plan, "Nghị quyết mẫu")


def test_dry_run_says_of_a_handler_who_comes_along_that_they_go_on(ward: Ward, successor: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    found = rerouting.preview(plan_of(ward, successor), THURSDAY)

    assert (found.dates_moved, found.back_to_head) == (0, 0)


# ---- units of one commune ------------------------------------------------------------------------------------


def test_departments_of_one_ward_merge_and_their_dossiers_go_along(ward: Ward) -> None:
    other = Unit.objects.create(
        commune=ward.commune,
        parent=ward.committee,
        kind=UnitKind.DEPARTMENT,
        code="19975.KT",
        name="Phòng mẫu",
        opened_on=ward.department.opened_on,
    )
    theirs, untouched = bring_to(ward, make_dossier(ward), Desk.APPRAISAL), make_dossier(ward)
    merge_units(
        [ward.department],
        other,
        document="Quyết định 5/QĐ-MẪU",
        effective_on=THURSDAY.date(),
        officer=administrator(ward),
        at=THURSDAY,
        request_id=new_id(),
    )

    progress = pass_on(THURSDAY)

    moved = fresh(theirs)
    assert (moved.department, moved.desk_unit, moved.assignee) == (other, other, ward.people[SPECIALIST])
    assert (moved.commune_id, moved.origin, moved.due_at) == ("19975", "", theirs.due_at)
    assert (progress.moved, fresh(untouched).revision) == (1, untouched.revision)
    assert verify_all() == []
