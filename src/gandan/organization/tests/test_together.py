"""Two processes that load or open at the same moment do it once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from gandan.law.actions import load_shipped
from gandan.law.models import Parameter
from gandan.law.shipped import rows
from gandan.ledger.ids import new_id
from gandan.organization.actions import open_commune
from gandan.organization.loading import load_days
from gandan.organization.models import Holiday, Unit
from gandan.organization.permissions import operator
from gandan.organization.shipped import days as shipped_days
from gandan.organization.tests.factories import make_commune

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
PEOPLE = 4


def together(work: Callable[[], object]) -> list[object]:
    """What `work` returned in each of four threads that begin at once."""
    start = Barrier(PEOPLE)

    def run() -> object:
        start.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(PEOPLE)]]


@pytest.mark.django_db(transaction=True)
def test_law_and_days_loaded_together_are_there_once() -> None:
    together(lambda: (load_shipped(NOON), load_days(NOON)))

    assert (Parameter.objects.count(), Holiday.objects.count()) == (len(rows()), len(shipped_days()))


@pytest.mark.django_db(transaction=True)
def test_commune_opened_together_is_opened_once() -> None:
    make_commune()

    committees = together(lambda: open_commune("19975", officer=operator(), at=NOON, request_id=new_id()))

    assert len(set(committees)) == 1
    assert Unit.objects.count() == 6
