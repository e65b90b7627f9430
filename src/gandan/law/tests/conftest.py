"""The law as shipped, in the database of a test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gandan.law.actions import load_shipped

LOADED_AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def law(db: None) -> None:
    load_shipped(LOADED_AT)
