from __future__ import annotations

from collections.abc import Iterator

import pytest

from gandan.law import cache
from gandan.organization import shipped
from gandan.organization.models import Province


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """Rows of a test that was rolled back are not read again."""
    cache.forget()
    yield
    cache.forget()


@pytest.fixture
def make_province(db):
    """A real province by its code."""

    def make(code: str) -> Province:
        row = next(one for one in shipped.provinces() if one.code == code)
        return Province.objects.create(code=row.code, kind=row.kind, name=row.name)

    return make
