"""Who looked at what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from gandan.accounts.models import Look, User


def record_look(*, user: User, subject_kind: str, subject_id: UUID, page: str, at: datetime) -> Look:
    """Records that `user` opened `page` of a record, one row a view, for the citizen who asks who looked.

    One insert; called by the view after permission was given, before the page is shown.
    """
    return Look.objects.create(user=user, subject_kind=subject_kind, subject_id=subject_id, page=page, at=at)


def record_looks(
    *, user: User, subject_kind: str, subject_ids: Iterable[UUID], page: str, at: datetime
) -> None:
    """The same for every record that a list shows by name, such as what a search found. One insert."""
    Look.objects.bulk_create(
        Look(user=user, subject_kind=subject_kind, subject_id=one, page=page, at=at) for one in subject_ids
    )
