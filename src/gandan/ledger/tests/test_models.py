from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from gandan.ledger.errors import UnchangeableEvent
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.ledger.tests.factories import WARD, make_chain, make_event

pytestmark = pytest.mark.django_db


def rename(event: Event) -> None:
    event.act = "refuse"
    event.save()


@pytest.mark.parametrize(
    "change",
    [
        rename,
        lambda event: event.delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(act="refuse"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["act"]),
        lambda event: Event._base_manager.filter(pk=event.pk).update(act="refuse"),
        lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"act": "refuse"}),
        lambda event: Event.objects.bulk_create(
            [event], update_conflicts=True, unique_fields=["id"], update_fields=["act"]
        ),
    ],
    ids=["save", "delete", "update", "delete-all", "bulk-update", "base", "update-or-create", "upsert"],
)
def test_stored_event_cannot_be_changed_or_deleted(change: Callable[[Event], object]) -> None:
    event = make_event()

    with pytest.raises(UnchangeableEvent):
        change(Event.objects.get(pk=event.pk))

    assert list(Event.objects.values_list("id", "act")) == [(event.id, "accept")]


def copied(event: Event, **changes: object) -> Event:
    values = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    return Event(**{**values, "id": new_id(), "seq": event.seq + 1, "prev": event.hash, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 2},
        {"seq": 0},
        {"v": 0},
        {"chain": ""},
        {"actor": ""},
        {"act": ""},
        {"subject_kind": ""},
        {"hash": "ab" * 31},
        {"prev": ""},
        {"prev": "0" * 64},
        {"seq": 1, "chain": "cell"},
    ],
    ids=str,
)
def test_database_refuses_an_impossible_event(changes: dict[str, object]) -> None:
    last = make_chain(2)[-1]

    with pytest.raises(IntegrityError), transaction.atomic():
        copied(last, **changes).save()

    copied(last).save()  # the same event is taken without the change


def test_about_lists_one_subject_in_order() -> None:
    subject = UUID(int=5)
    events = [make_event(subject_id=subject), make_event(), make_event(subject_id=subject)]

    assert list(Event.objects.about(subject)) == [events[0], events[2]]


def test_of_chain_continues_after_a_cursor() -> None:
    events = make_chain(3)
    make_event(chain="cell")

    assert list(Event.objects.of_chain(WARD, after=1)) == events[1:]


def test_new_ids_sort_by_time_of_making() -> None:
    ids = [new_id() for _number in range(100)]

    assert ids == sorted(set(ids))
    assert {identifier.version for identifier in ids} == {7}


def test_ledger_has_no_trigger_and_no_sequence() -> None:
    make_event()
    tables = ("ledger_event", "ledger_chainhead", "ledger_request")

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%%'", []
            )
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname LIKE 'ledger_%%'"
                " OR relname = ANY(%s) AND relhastriggers",
                [list(tables)],
            )
        assert cursor.fetchone() == (0,)
