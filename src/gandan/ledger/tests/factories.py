"""Events for tests, written through the real door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from gandan.calculus.canonical import Json
from gandan.ledger.actions import act
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WARD = "19975"


def make_event(
    *,
    chain: str = WARD,
    name: str = "accept",
    body: Mapping[str, Json] | None = None,
    subject_id: UUID | None = None,
    at: datetime = AT,
) -> Event:
    """One act with one event at the end of `chain`."""
    with act(name=name, actor="CB-17", at=at, request_id=new_id(), content={}) as evidence:
        return evidence.append(
            chain=chain, act=name, subject_kind="dossier", subject_id=subject_id or new_id(), body=body or {}
        )


def make_chain(length: int, *, chain: str = WARD) -> list[Event]:
    return [make_event(chain=chain, body={"n": n}) for n in range(1, length + 1)]
