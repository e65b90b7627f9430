"""What the tests of this room start from: the law, the calendar, a few real procedures, and one ward."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.dossiers.tests.factories import Ward, load_reference, make_ward


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


@pytest.fixture
def committed_ward(transactional_db: None) -> Ward:
    """The same for tests of concurrency, whose rows other connections must see."""
    load_reference(timezone.now())
    return make_ward()
