"""Where contents lie (kho tệp): DATA/files/ab/cd/<sha256>, one file a content, never changed.

A content is on the disk, fsynced with its folder, before anyone may write a row about it. A crash
can leave a content without a row, which harms nobody; it cannot leave a row without its content.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from gandan.documents.errors import ContentMissing, FileRefused
from gandan.documents.kinds import Kind, kind_of
from gandan.documents.models import StoredFile

# A phone photo has 3-12 MB, a scanned dossier of fifty pages about 20.
MAX_BYTES = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredContent:
    """A content that lies on the disk."""

    sha256: str
    size: int
    kind: Kind


def files_dir() -> Path:
    return Path(settings.GANDAN_DATA) / "files"


def content_path(sha256: str) -> Path:
    return files_dir() / sha256[:2] / sha256[2:4] / sha256


def keep_content(chunks: Iterable[bytes]) -> StoredContent:
    """Write a content, look at what it is, and put it under its hash. Raises FileRefused."""
    incoming = files_dir() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Mode 0600 and a name nobody guesses; a refused or broken upload leaves nothing behind.
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        path = Path(file.name)
        try:
            sha256, size = _write(file, chunks)
            kind = kind_of(file)
            _settle(path, content_path(sha256))
        finally:
            path.unlink(missing_ok=True)
    return StoredContent(sha256, size, kind)


def open_file(stored: StoredFile) -> IO[bytes]:
    """The content, for reading. Raises ContentMissing, which names the file's id and hash."""
    try:
        return content_path(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise ContentMissing(f"file {stored.pk}: no content {stored.sha256}") from error


def _write(file: IO[bytes], chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            raise too_large()
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise FileRefused("empty", _("This file is empty. Take the photo again or choose another file."))
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size


def _settle(written: Path, target: Path) -> None:
    """Give the written content its final name, and make name and folders outlast a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(written, target)
    for folder in (target.parent, target.parent.parent, files_dir()):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def too_large() -> FileRefused:
    return FileRefused(
        "too_large",
        _(
            "This file is larger than %(limit)d MB. Take a photo of each page with the phone, "
            "or scan at 200 dpi in grey, then send it again."
        )
        % {"limit": MAX_BYTES // 1024 // 1024},
    )
