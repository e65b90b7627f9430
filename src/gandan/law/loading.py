"""Loading shipped rows: new ones are added, changed ones supersede, local ones stay in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction

from gandan.law.rows import DatedQuerySet, DatedRow, Origin

Row = TypeVar("Row", bound=DatedRow)

#: What does not make a shipped row another row.
NOT_CONTENT = frozenset(
    {"id", "recorded_at", "superseded_by", "origin", "confirmed_by", "confirmed_document"}
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: rows added, rows that took another's place, rows held back behind a local one."""

    added: int = 0
    superseded: int = 0
    held_back: int = 0

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            self.added + other.added,
            self.superseded + other.superseded,
            self.held_back + other.held_back,
        )


def content_of(row: DatedRow) -> dict[str, Any]:
    """The legal content of a row: all its columns but identity, time and origin."""
    fields = [f.attname for f in row._meta.concrete_fields if f.name not in NOT_CONTENT]
    return {name: getattr(row, name) for name in fields}


@transaction.atomic
def load_rows(present: DatedQuerySet[Row], candidates: Iterable[Row]) -> Loaded:
    """Brings the shipped rows of one table up to `candidates` (not stored yet, each with its `shipped_id`).

    A shipped row that somebody replaced by a local one is not put back: its new text is recorded behind it.
    """
    latest, local = _stored(present)
    loaded = Loaded()
    fresh: list[Row] = []
    for candidate in candidates:
        old = latest.get(candidate.shipped_id)
        if old is not None and content_of(old) == content_of(candidate):
            continue
        in_force = local.get(candidate.shipped_id)
        if in_force is not None:
            candidate.superseded_by_id = in_force.pk
            loaded += Loaded(held_back=1)
        elif old is not None:
            present.mark_superseded(old, candidate)
            loaded += Loaded(superseded=1)
        else:
            loaded += Loaded(added=1)
        fresh.append(candidate)
    present.bulk_create(fresh)
    return loaded


def _stored(present: DatedQuerySet[Row]) -> tuple[dict[str, Row], dict[str, Row]]:
    """The newest shipped row, and the local row in force, for each `shipped_id`."""
    latest: dict[str, Row] = {}
    local: dict[str, Row] = {}
    for row in present.exclude(shipped_id="").order_by("recorded_at", "id"):
        if row.origin == Origin.SHIPPED:
            latest[row.shipped_id] = row
        elif row.superseded_by_id is None:
            local[row.shipped_id] = row
    return latest, local
