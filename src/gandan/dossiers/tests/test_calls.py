"""Calls to people: what follows each outcome, who may record one, and how a slip is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from gandan.dossiers.actions import calls, supplement, visit
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.errors import NotAllowed, NotFound, Unacceptable
from gandan.dossiers.models import Call, CallOutcome, Desk, Dossier, Remark
from gandan.dossiers.queries import calls_of
from gandan.dossiers.scripts import calls_to_make
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier, make_ward
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Role

NOW = MONDAY + timedelta(hours=1)
COUNTER, DIRECTOR = Role.COUNTER_OFFICER, Role.CENTRE_DIRECTOR


@pytest.fixture
def ready(ward: Ward) -> Dossier:
    return bring_to(ward, make_dossier(ward), Desk.RETURN)


def message_of(dossier: Dossier) -> Message:
    return Message.objects.get(subject_id=dossier.pk, topic="ready_early")


def record(ward: Ward, dossier: Dossier, outcome: CallOutcome, at: datetime = NOW, **more: Any) -> Call:
    given = {"officer": ward.officer(COUNTER), "message_id": message_of(dossier).pk, **asked(dossier, at)}
    calls.record_call(**{**given, "outcome": outcome, **more})
    return Call.objects.order_by("-at", "-number").first()  # type: ignore[return-value]


def on_list(ward: Ward, at: datetime, role: Role = COUNTER) -> int:
    return calls_of(ward.officer(role), at).count()


def test_list_empties_as_calls_are_recorded(ward: Ward, ready: Dossier) -> None:
    before = on_list(ward, NOW)

    record(ward, ready, CallOutcome.REACHED, note="Chị Mẫu nghe máy")

    event = Event.objects.filter(act="record-call").get()
    assert (before, on_list(ward, NOW)) == (1, 0)
    assert message_of(ready).state == MessageState.SENT
    assert Remark.objects.get(event_id=event.pk).text == "Chị Mẫu nghe máy"
    assert "Mẫu" not in event.body


def test_who_was_not_reached_comes_back_and_is_given_up_after_three_tries(ward: Ward, ready: Dossier) -> None:
    moments = [NOW, NOW + timedelta(days=1), NOW + timedelta(days=2)]

    tries = []
    for at in moments:
        record(ward, ready, CallOutcome.NOT_REACHED, at)
        tries.append((on_list(ward, at), on_list(ward, at + timedelta(days=1)), message_of(ready).state))

    waiting, failed = MessageState.WAITING, MessageState.FAILED
    assert tries == [(0, 1, waiting), (0, 1, waiting), (0, 0, failed)]
    assert [event.facts["given_up"] for event in Event.objects.filter(act="record-call").order_by("seq")] == [
        0,
        0,
        1,
    ]


def test_wrong_number_is_not_tried_again(ward: Ward, ready: Dossier) -> None:
    record(ward, ready, CallOutcome.WRONG_NUMBER)

    assert (on_list(ward, NOW + timedelta(days=9)), message_of(ready).state) == (0, MessageState.FAILED)


def test_call_back_waits_until_its_moment(ward: Ward, ready: Dossier) -> None:
    again = local("2026-11-12 14:00")

    record(ward, ready, CallOutcome.CALL_BACK, next_try_at=again)

    assert [on_list(ward, again - timedelta(minutes=1)), on_list(ward, again)] == [0, 1]


@pytest.mark.parametrize("again", [None, NOW, NOW + timedelta(days=40)])
def test_call_back_needs_a_moment_that_will_come(ward: Ward, ready: Dossier, again: datetime | None) -> None:
    with pytest.raises(Unacceptable):
        record(ward, ready, CallOutcome.CALL_BACK, next_try_at=again)

    assert not Call.objects.exists()


def test_call_leaves_the_dossier_as_it_is(ward: Ward, ready: Dossier) -> None:
    before = Dossier.objects.values().get(pk=ready.pk)

    record(ward, ready, CallOutcome.REACHED)

    assert Dossier.objects.values().get(pk=ready.pk) == before


def test_second_colleague_is_told_that_it_is_done(ward: Ward, ready: Dossier) -> None:
    record(ward, ready, CallOutcome.REACHED)

    with pytest.raises(NotAllowed):
        record(ward, ready, CallOutcome.NOT_REACHED)

    assert Call.objects.count() == 1


def test_repeat_is_one_call(ward: Ward, ready: Dossier) -> None:
    request_id = new_id()

    for _twice in range(2):
        record(ward, ready, CallOutcome.NOT_REACHED, request_id=request_id)

    assert Call.objects.count() == 1


def test_only_the_one_stop_of_the_ward_telephones(ward: Ward, ready: Dossier) -> None:
    stranger = make_ward("14758", "Hàm Rồng")

    with pytest.raises(NotAllowed):
        record(ward, ready, CallOutcome.REACHED, officer=ward.officer(Role.SPECIALIST))
    with pytest.raises(NotFound):
        record(ward, ready, CallOutcome.REACHED, officer=stranger.officer(COUNTER))

    assert [on_list(ward, NOW, role) for role in (COUNTER, DIRECTOR, Role.SPECIALIST)] == [1, 1, 0]
    assert on_list(stranger, NOW) == 0


def test_message_of_another_dossier_is_refused(ward: Ward, ready: Dossier) -> None:
    other = bring_to(ward, make_dossier(ward), Desk.RETURN)

    with pytest.raises(NotAllowed):
        record(ward, ready, CallOutcome.REACHED, message_id=message_of(other).pk)


def undo(ward: Ward, call: Call, at: datetime = NOW + timedelta(minutes=1), role: Role = COUNTER) -> None:
    calls.undo_call(officer=ward.officer(role), call_id=call.pk, **asked(call.dossier, at))


@pytest.mark.parametrize("outcome", [CallOutcome.REACHED, CallOutcome.NOT_REACHED, CallOutcome.WRONG_NUMBER])
def test_slip_is_taken_back_and_the_call_is_on_the_list_again(
    ward: Ward, ready: Dossier, outcome: CallOutcome
) -> None:
    undo(ward, record(ward, ready, outcome))

    assert on_list(ward, NOW + timedelta(minutes=1)) == 1
    assert record(ward, ready, CallOutcome.REACHED, NOW + timedelta(minutes=2)).number == 1


def test_only_the_last_call_is_taken_back_once_and_on_its_day(ward: Ward, ready: Dossier) -> None:
    first = record(ward, ready, CallOutcome.NOT_REACHED)
    second = record(ward, ready, CallOutcome.NOT_REACHED, NOW + timedelta(minutes=1))

    with pytest.raises(NotAllowed):
        undo(ward, first, NOW + timedelta(minutes=2))
    with pytest.raises(NotAllowed):
        undo(ward, second, NOW + timedelta(days=1))
    undo(ward, second, NOW + timedelta(minutes=2))
    with pytest.raises(NotAllowed):
        undo(ward, second, NOW + timedelta(minutes=3))

    assert Call.objects.filter(undone_at__isnull=True).get() == first


def test_director_takes_back_for_an_officer_and_nobody_else_does(ward: Ward, ready: Dossier) -> None:
    call = record(ward, ready, CallOutcome.REACHED, officer=ward.officer(DIRECTOR))

    with pytest.raises(NotAllowed):
        undo(ward, call)
    undo(ward, call, role=DIRECTOR)

    assert on_list(ward, NOW + timedelta(minutes=2)) == 1


# ---- what to say -------------------------------------------------------------------------------------------


def scripts(ward: Ward, at: datetime) -> dict[str, str]:
    found = calls_to_make(list(calls_of(ward.officer(COUNTER), at).order_by("queued_at", "id")))
    return {one.message.topic: "\n".join(one.script) for one in found}


def test_script_names_papers_and_dates(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    specialist = ward.officer(Role.SPECIALIST)
    visit.plan_visit(
        officer=specialist,
        starts_at=local("2026-11-12 09:30"),
        place="Số 5 đường Mẫu",
        who="Cán bộ địa chính",
        what="Ranh giới thửa đất",
        citizen_asked=True,
        **asked(dossier, NOW),
    )
    other = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    papers = [MissingPaper("Hợp đồng thuê nhà", "Hết hạn"), MissingPaper("Tờ khai", "Chưa ký")]
    supplement.request_supplement(officer=specialist, items=papers, **asked(other, NOW))

    said = scripts(ward, NOW)

    assert "Hợp đồng thuê nhà; Tờ khai" in said["supplement"]
    assert "Số 5 đường Mẫu" in said["visit"]
    assert "12/11/2026, 09:30" in said["visit"]


def test_script_asks_for_the_person_before_it_names_the_matter(ward: Ward, ready: Dossier) -> None:
    said = scripts(ward, NOW)["ready_early"]

    assert said.index(ready.owner.name) < said.index(ready.version.short_name)


def test_calls_cost_five_queries_however_many(ward: Ward, django_assert_num_queries: Any) -> None:
    for count in (1, 3):
        for _number in range(count):
            bring_to(ward, make_dossier(ward), Desk.RETURN)
        messages = list(calls_of(ward.officer(COUNTER), NOW))
        with django_assert_num_queries(4):
            assert len(calls_to_make(messages)) == len(messages)
