"""Rows by prepared statements are the same rows as the ORM's."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from gandan.ledger import rows
from gandan.ledger.models import ChainHead, Request

pytestmark = pytest.mark.django_db

FIRST = UUID(int=1)


def make(number: int) -> Request:
    at = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    return Request(request_id=UUID(int=number), digest="0" * 64, act="accept", outcome='{"a":"á%s"}', at=at)


def test_inserted_row_reads_as_it_was_made() -> None:
    made = make(1)

    assert rows.insert([made]) == 1

    assert model_to_dict(Request.objects.get(pk=FIRST)) == model_to_dict(made)


def test_found_row_is_what_the_orm_finds() -> None:
    Request.objects.bulk_create([make(1), make(2)])

    found = rows.find(Request, FIRST)

    assert found is not None
    assert model_to_dict(found) == model_to_dict(Request.objects.get(pk=FIRST))
    assert (found._state.adding, found._state.db) == (False, "default")


@pytest.mark.parametrize("lock", [False, True])
def test_row_that_is_not_there_is_none(lock: bool) -> None:
    with transaction.atomic():
        assert rows.find(ChainHead, "19975", lock=lock) is None


def test_row_twice_is_refused_or_left_out() -> None:
    rows.insert([make(1)])

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([make(1)])

    assert rows.insert([make(1), make(2)], ignore_conflicts=True) == 1


def test_no_row_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert rows.insert([]) == 0


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="51 rows"):
        rows.insert([make(number) for number in range(51)])


def test_update_changes_what_is_as_it_was_read() -> None:
    Request.objects.bulk_create([make(1), make(2)])

    taken = rows.update(Request, {"act": "assign"}, {"request_id": FIRST, "act": "accept"})
    again = rows.update(Request, {"act": "assign"}, {"request_id": FIRST, "act": "accept"})

    assert (taken, again) == (1, 0)
    assert list(Request.objects.order_by("pk").values_list("act", flat=True)) == ["assign", "accept"]


def test_update_asks_for_empty_fields() -> None:
    Request.objects.bulk_create([make(1), make(2)])
    rows.update(Request, {"subject_id": FIRST}, {"request_id": FIRST})

    assert rows.update(Request, {"outcome": "{}"}, {"subject_id": None}) == 1
