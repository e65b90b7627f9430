"""Scans that wait for their dossier: a signed word in the form stands for each, so no form can name another's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from gandan.accounts.models import User
from gandan.documents.actions import store_upload
from gandan.documents.models import StoredFile

KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that lies in the store and is not attached yet; `token` is what the form carries."""

    id: UUID
    name: str
    token: str


def keep(uploaded: UploadedFile[bytes], *, user: User, at: datetime) -> Scan:
    """Stores a scan at once, outside of any transaction. Raises FileRefused."""
    return as_scan(store_upload(uploaded, by=user, at=at), user)


def as_scan(stored: StoredFile, user: User) -> Scan:
    # Optimization: signed for this officer, so that accepting asks the database nothing about whose file it is.
    token = signing.dumps([str(stored.pk), stored.name], salt=salt_of(user), compress=True)
    return Scan(stored.pk, stored.name, token)


def read(token: str, user: User) -> Scan | None:
    """The scan that a form carries; None when it is another officer's, changed, or older than two weeks."""
    try:
        file_id, name = signing.loads(token, salt=salt_of(user), max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return Scan(UUID(file_id), str(name), token)


def salt_of(user: User) -> str:
    return f"dossiers.intake.scan:{user.pk}"
