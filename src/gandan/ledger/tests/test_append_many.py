from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from gandan.ledger.actions import Planned, append_many
from gandan.ledger.errors import InvalidEvent
from gandan.ledger.models import Event
from gandan.ledger.tests.factories import AT, WARD, make_event
from gandan.ledger.verification import verify_all

pytestmark = pytest.mark.django_db

SUBJECT = UUID(int=7)


def planned(number: int, *, chain: str = WARD, actor: str = "CB-17") -> Planned:
    at = AT + timedelta(minutes=number)
    return Planned(
        chain=chain,
        act="accept",
        subject_kind="dossier",
        subject_id=SUBJECT,
        actor=actor,
        at=at,
        body={"n": number},
        recorded_at=at,
    )


def test_many_events_continue_their_chains_in_the_order_given() -> None:
    make_event()

    append_many([planned(1), planned(2, chain="cell"), planned(3), planned(4)])

    numbered = [
        (event.chain, event.seq, event.facts.get("n")) for event in Event.objects.order_by("chain", "seq")
    ]
    assert numbered == [(WARD, 1, None), (WARD, 2, 1), (WARD, 3, 3), (WARD, 4, 4), ("cell", 1, 2)]
    assert verify_all() == []


def test_many_events_are_returned_as_stored() -> None:
    events = append_many([planned(number) for number in range(300)])

    assert [event.hash for event in events] == list(
        Event.objects.order_by("seq").values_list("hash", flat=True)
    )


def test_one_wrong_event_stops_them_all() -> None:
    with pytest.raises(InvalidEvent):
        append_many([planned(1), planned(2, actor="Nguyễn Thị Lan")])

    assert Event.objects.count() == 0


def test_many_events_are_undone_with_the_rows_of_their_caller() -> None:
    with transaction.atomic():
        append_many([planned(1)])
        transaction.set_rollback(True)

    assert verify_all() == []
    assert Event.objects.count() == 0


def test_many_events_cost_no_more_queries_than_few(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_event()

    # head, events, head's new value; and two for the transaction
    with django_assert_num_queries(5):
        append_many([planned(number) for number in range(50)])
