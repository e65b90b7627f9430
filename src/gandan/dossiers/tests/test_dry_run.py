"""What would move, and recalculation as an act: nothing moves by itself, nothing moves without a step that says why."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gandan.dossiers.actions import supplement
from gandan.dossiers.actions.recalculate import recalculate, recalculate_out_of_date
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.dry_run import Moved, Proposal, look_through, out_of_date
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.models import Deadline, Desk, Dossier, Remark, StepRun
from gandan.dossiers.tests.factories import (
    MONDAY,
    Ward,
    asked,
    bring_to,
    local,
    make_dossier,
    make_ward,
)
from gandan.law.actions import proposed_parameter, set_parameter
from gandan.law.errors import BasisMissing
from gandan.law.rows import Scope
from gandan.ledger.actions import verify_all
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message
from gandan.organization.actions import set_day, set_office_hours
from gandan.organization.actions.calendars import proposed_day
from gandan.organization.actions.hours import ended_by, proposed_hours
from gandan.organization.models import Holiday, Role
from gandan.organization.permissions import Officer, operator
from gandan.organization.tests.factories import acting, with_account

STORM = date(2026, 11, 12)  # a Thursday within the seven working days after MONDAY
TUESDAY = local("2026-11-10 08:00")
LEGAL = acting(Role.LEGAL_OFFICER, province="46", code="PC-1")
WARD_ADMINISTRATOR = acting(Role.ADMINISTRATOR, commune="19975")
DOCUMENT = "Công điện mẫu"


def day_off(**further: Any) -> Holiday:
    values = {"name": "Nghỉ tránh bão", "works": False, "document": DOCUMENT, "by": "PC-1", "at": TUESDAY}
    return proposed_day(STORM, **(values | further))


def moved(ward: Ward, proposal: Proposal, at: datetime = TUESDAY) -> list[Moved]:
    return [look.moved for look in look_through([ward.commune.pk], proposal, at=at) if look.moved]


def set_storm(officer: Officer = LEGAL) -> Holiday:
    return set_day(
        STORM,
        name="Nghỉ tránh bão",
        works=False,
        document=DOCUMENT,
        officer=officer,
        at=TUESDAY,
        request_id=new_id(),
    )


def all_recalculated(ward: Ward, officer: Officer = LEGAL, **further: Any) -> int:
    asked = {"document": DOCUMENT, "request_id": new_id(), "at": TUESDAY} | further
    return recalculate_out_of_date([ward.commune.pk], officer=with_account(officer), **asked).done


def test_day_off_moves_what_counts_over_it(ward: Ward) -> None:
    inside, before = make_dossier(ward), make_dossier(ward, at=local("2026-10-26 08:00"))

    [one] = moved(ward, Proposal(days=(day_off(),)))

    assert one.dossier.pk == inside.pk
    assert (one.before.due_at, one.after.due_at) == (local("2026-11-18 17:00"), local("2026-11-19 17:00"))
    assert before.due_at == local("2026-11-04 17:00")
    assert one.seconds == 24 * 3600


def test_step_names_the_proposed_day(ward: Ward) -> None:
    make_dossier(ward)

    [one] = moved(ward, Proposal(days=(day_off(),)))

    assert one.after.reading is not None
    skipped = [step for step in one.after.reading.steps if step.source.document == DOCUMENT]
    assert [step.start.date() for step in skipped] == [STORM]


def test_dry_run_changes_nothing(ward: Ward) -> None:
    dossier = make_dossier(ward)
    before = (Event.objects.count(), Deadline.objects.count(), Holiday.objects.count())

    moved(ward, Proposal(days=(day_off(),)))

    assert (Event.objects.count(), Deadline.objects.count(), Holiday.objects.count()) == before
    assert Dossier.objects.get(pk=dossier.pk).due_at == dossier.due_at
    assert [look.moved for look in out_of_date([ward.commune.pk], at=TUESDAY)] == [None]


def test_day_of_another_commune_moves_nothing(ward: Ward) -> None:
    make_dossier(ward)

    assert moved(ward, Proposal(days=(day_off(scope=Scope.COMMUNE, scope_code="14758"),))) == []


def test_hours_move_the_hour_and_not_the_day(ward: Ward) -> None:
    make_dossier(ward)
    first = date(2026, 11, 1)
    hours = proposed_hours(
        [(time(7), time(11)), (time(13), time(16, 30))],
        place=ward.department,
        valid_from=first,
        document=DOCUMENT,
        by="QT-1",
        at=TUESDAY,
    )
    last_days = ended_by(ward.department, first, None, reception_only=False)
    of_centre = [
        *hours,
        *proposed_hours(
            [(time(7), time(16))],
            place=ward.centre,
            valid_from=first,
            document=DOCUMENT,
            by="QT-1",
            at=TUESDAY,
        ),
    ]

    [one] = moved(ward, Proposal(hours=tuple(of_centre), last_days=last_days))

    assert one.after.due_at == local("2026-11-18 16:00")


def test_hours_that_begin_later_move_nothing(ward: Ward) -> None:
    make_dossier(ward)
    hours = proposed_hours(
        [(time(7), time(16))],
        place=ward.centre,
        valid_from=date(2026, 11, 10),
        document=DOCUMENT,
        by="QT-1",
        at=TUESDAY,
    )

    assert moved(ward, Proposal(hours=tuple(hours))) == []


def waiting_for_papers(ward: Ward) -> Dossier:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    return supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[MissingPaper("Hợp đồng", "Bản đã nộp hết hạn")],
        basis="",
        **asked(dossier, MONDAY),
    )


@pytest.mark.parametrize(("valid_from", "moves"), [(date(2026, 11, 1), True), (date(2026, 11, 10), False)])
def test_value_of_the_law_counts_from_the_day_of_the_event(
    ward: Ward, valid_from: date, *, moves: bool
) -> None:
    waiting_for_papers(ward)
    row = proposed_parameter(
        "supplement.close_after",
        20,
        scope=Scope.NATIONAL,
        valid_from=valid_from,
        document=DOCUMENT,
        by="PC-1",
        at=TUESDAY,
    )

    found = moved(ward, Proposal(law=(row,)))

    acts_by = [(one.before.act_by, one.after.act_by, one.due_moves) for one in found]
    late = (local("2026-11-25 23:59:59"), local("2026-11-30 23:59:59"), False)
    assert acts_by == ([late] if moves else [])


def test_date_pushed_into_a_year_without_calendar_is_told_as_such(ward: Ward) -> None:
    make_dossier(ward, at=local("2027-12-20 08:00"))
    days = [
        proposed_day(date(2027, 12, day), name="x", works=False, document=DOCUMENT, by="PC-1", at=TUESDAY)
        for day in (27, 28, 29, 30, 31)
    ]

    [one] = moved(ward, Proposal(days=tuple(days)), at=local("2027-12-21 08:00"))

    assert (one.after.year, one.after.due_at, one.seconds) == (2028, None, 0)


def test_finished_dossiers_are_not_looked_at(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.CLOSED)

    assert list(look_through([ward.commune.pk], Proposal(), at=TUESDAY)) == []


def test_looking_is_taken_up_where_it_stopped(ward: Ward) -> None:
    other = make_ward("14758", "Hàm Rồng")
    for one in (ward, ward, other):
        make_dossier(one)
    communes, proposal = [ward.commune.pk, other.commune.pk], Proposal(days=(day_off(),))

    whole = [look.key for look in look_through(communes, proposal, at=TUESDAY)]
    rest = [look.key for look in look_through(communes, proposal, at=TUESDAY, after=whole[0])]

    assert len(whole) == 3
    assert rest == whole[1:]


def test_looking_costs_the_same_for_one_and_for_three(ward: Ward) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(look_through([ward.commune.pk], Proposal(days=(day_off(),)), at=TUESDAY))
        return len(captured)

    make_dossier(ward)
    queries()
    one = queries()
    make_dossier(ward)
    make_dossier(ward)

    assert one == queries() == 4


def test_change_moves_no_dossier_by_itself(ward: Ward) -> None:
    dossier = make_dossier(ward)

    set_storm()

    assert Dossier.objects.get(pk=dossier.pk).due_at == local("2026-11-18 17:00")
    [look] = out_of_date([ward.commune.pk], at=TUESDAY)
    assert look.moved is not None


def test_recalculation_is_an_act_that_names_the_row(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    storm = set_storm()

    done = all_recalculated(ward)

    now = Dossier.objects.get(pk=dossier.pk)
    assert (done, now.due_at, now.revision) == (1, local("2026-11-19 17:00"), dossier.revision + 1)
    event = Event.objects.get(act="recalculate")
    assert (event.actor, event.facts["rows"]) == ("PC-1", [str(storm.pk)])
    assert event.facts["due_before"] == "2026-11-18T10:00:00.000000Z"
    reading = Deadline.objects.filter(dossier=dossier).latest("number")
    assert str(storm.pk) in json.loads(reading.law_rows)
    assert [
        step["from"][:10] for step in json.loads(reading.steps)["steps"] if step["row"] == str(storm.pk)
    ] == ["2026-11-12"]
    assert Deadline.objects.filter(dossier=dossier).count() == 2
    assert Remark.objects.get(act="recalculate").text == DOCUMENT
    assert verify_all() == []


def test_limit_of_the_desk_moves_with_the_date(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    by_due = dossier.act_by == dossier.due_at
    set_storm()

    all_recalculated(ward)

    now, step = Dossier.objects.get(pk=dossier.pk), StepRun.objects.get(dossier=dossier, ended_at=None)
    assert now.act_by == step.act_by == (now.due_at if by_due else dossier.act_by)


def test_person_is_told_of_a_later_date_and_not_of_an_earlier_one(ward: Ward) -> None:
    make_dossier(ward)
    set_storm()
    all_recalculated(ward)
    told = list(Message.objects.filter(topic="date_moved"))

    set_day(
        STORM,
        name="Làm bình thường",
        works=True,
        document="Công điện khác",
        officer=LEGAL,
        at=TUESDAY,
        request_id=new_id(),
    )
    again = all_recalculated(ward)

    assert (len(told), again) == (1, 1)
    assert Message.objects.filter(topic="date_moved").count() == 1


def test_round_repeated_does_nothing_twice(ward: Ward) -> None:
    dossier = make_dossier(ward)
    set_storm()
    request_id = new_id()

    first = recalculate(
        dossier.pk, officer=with_account(LEGAL), document=DOCUMENT, request_id=request_id, at=TUESDAY
    )
    again = recalculate(
        dossier.pk, officer=with_account(LEGAL), document=DOCUMENT, request_id=request_id, at=TUESDAY
    )

    assert first.revision == again.revision
    assert Event.objects.filter(act="recalculate").count() == 1
    assert all_recalculated(ward) == 0


def test_nothing_differs_nothing_is_recorded(ward: Ward) -> None:
    dossier = make_dossier(ward)

    recalculate(dossier.pk, officer=LEGAL, document=DOCUMENT, request_id=new_id(), at=TUESDAY)

    assert Event.objects.filter(act="recalculate").count() == 0


def test_rounds_go_through_all_of_them(ward: Ward) -> None:
    for _dossier in range(3):
        make_dossier(ward)
    set_storm()
    asked: dict[str, Any] = {
        "document": DOCUMENT,
        "request_id": new_id(),
        "at": TUESDAY,
        "officer": with_account(LEGAL),
    }

    first = recalculate_out_of_date([ward.commune.pk], most=2, **asked)
    rest = recalculate_out_of_date([ward.commune.pk], most=2, after=first.after, **asked)

    assert (first.done, rest.done, rest.after) == (2, 1, None)


@pytest.mark.parametrize(
    "officer",
    [
        acting(Role.ADMINISTRATOR, commune="14758"),
        acting(Role.SPECIALIST, commune="19975"),
        acting(Role.CENTRE_DIRECTOR, commune="19975"),
    ],
)
def test_recalculation_by_others_is_refused(ward: Ward, officer: Officer) -> None:
    make_dossier(ward)
    set_storm()

    with pytest.raises(NotAllowed):
        all_recalculated(ward, officer)


def test_administrator_recalculates_after_new_hours(ward: Ward) -> None:
    dossier = make_dossier(ward)
    [hours] = set_office_hours(
        [(time(8), time(16))],
        place=ward.centre,
        valid_from=date(2026, 11, 1),
        document=DOCUMENT,
        officer=operator(),
        at=TUESDAY,
        request_id=new_id(),
    )

    done = all_recalculated(ward, WARD_ADMINISTRATOR)

    assert done == 1
    assert Dossier.objects.get(pk=dossier.pk).due_at == local("2026-11-18 16:00")
    assert Event.objects.get(act="recalculate").facts["rows"] == [str(hours.pk)]


def test_recalculation_after_a_value_of_the_law(ward: Ward) -> None:
    dossier = waiting_for_papers(ward)
    set_parameter(
        "supplement.close_after",
        20,
        scope=Scope.NATIONAL,
        valid_from=date(2026, 11, 1),
        document=DOCUMENT,
        officer=LEGAL,
        at=TUESDAY,
        request_id=new_id(),
    )

    all_recalculated(ward)

    assert Dossier.objects.get(pk=dossier.pk).act_by == local("2026-11-30 23:59:59")


def test_recalculation_without_a_document_is_refused(ward: Ward) -> None:
    with pytest.raises(BasisMissing):
        all_recalculated(ward, document=" ")
