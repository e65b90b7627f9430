"""The nation as shipped, in the database of a test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import DjangoDbBlocker

from gandan.law.models import ReferenceVersion
from gandan.organization.loading import load_communes, load_days
from gandan.organization.models import Commune, Predecessor, Province

LOADED_AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def stored_nation(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The nation's 14,000 rows, stored once for a module and taken away after it."""
    with django_db_blocker.unblock():
        load_communes()
    yield
    with django_db_blocker.unblock():
        for model in (Predecessor, Commune, Province, ReferenceVersion):
            model.objects.all().delete()


@pytest.fixture
def nation(stored_nation: None, db: None) -> None:
    """Every province, commune and predecessor."""


@pytest.fixture
def days(db: None) -> None:
    load_days(LOADED_AT)
