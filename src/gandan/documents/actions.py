"""Taking files in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile

from gandan.accounts.models import User
from gandan.documents.kinds import Kind
from gandan.documents.models import StoredFile
from gandan.documents.storage import MAX_BYTES, keep_content, too_large

LONGEST_NAME = 150
NAMELESS = "tệp"
# Not allowed in names on one system or another.
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def store_upload(uploaded: UploadedFile[bytes], *, by: User | None, at: datetime) -> StoredFile:
    """Keep a file that someone sent; its content is safe on the disk before the row exists.

    Call it outside of any transaction: writing and syncing take time. Attach it with the act that
    follows; a file that is never attached harms nobody. Raises FileRefused with a message to show.
    """
    if uploaded.size is not None and uploaded.size > MAX_BYTES:
        raise too_large()
    return _store(uploaded.chunks(), name=uploaded.name or "", by=by, at=at)


def store_paper(pdf: bytes, *, name: str, by: User | None, at: datetime) -> StoredFile:
    """Keep a paper that the centre issued, such as a receipt."""
    return _store([pdf], name=name, by=by, at=at)


def clean_name(name: str, kind: Kind) -> str:
    """A file's name as people may see and save it: NFC, no path, nothing invisible, an ending that fits."""
    visible = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    last = visible.replace("\\", "/").rsplit("/", 1)[-1]
    plain = " ".join(_FORBIDDEN.sub("_", last).split()).strip(". ")
    path = PurePosixPath(plain)
    if path.suffix.lower() in kind.endings:
        return path.stem[:LONGEST_NAME] + path.suffix.lower()
    return (plain or NAMELESS)[:LONGEST_NAME] + kind.endings[0]


def _store(chunks: Iterable[bytes], *, name: str, by: User | None, at: datetime) -> StoredFile:
    content = keep_content(chunks)
    return StoredFile.objects.create(
        sha256=content.sha256,
        name=clean_name(name, content.kind),
        media_type=content.kind.media_type,
        size=content.size,
        stored_by=by,
        stored_at=at,
    )
