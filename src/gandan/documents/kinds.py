"""Kinds of files (định dạng tệp) that may be handed in, told by their content and never by their name.

The list is short on purpose: what a counter needs, and nothing that a browser would run. SVG and HTML
can carry script, old Office files carry macros: they are refused.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from gandan.documents.errors import FileRefused

HEAD_BYTES = 4096
MAX_ZIP_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_LIST_BYTES = 2 * 1024 * 1024  # 30 MB of list would take 400 MB of memory
MAX_CONTENT_TYPES_BYTES = 1024 * 1024
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, the endings its name may have (the first is given to a name
    without one), and whether a browser may show it in place.
    """

    media_type: str
    endings: tuple[str, ...]
    is_shown_inline: bool = False


PDF = Kind("application/pdf", (".pdf",), is_shown_inline=True)
JPEG = Kind("image/jpeg", (".jpg", ".jpeg", ".jfif"), is_shown_inline=True)
PNG = Kind("image/png", (".png",), is_shown_inline=True)
HEIC = Kind("image/heic", (".heic", ".heif"))
DOCX = Kind(f"{OOXML}wordprocessingml.document", (".docx",))
XLSX = Kind(f"{OOXML}spreadsheetml.sheet", (".xlsx",))
KINDS = {kind.media_type: kind for kind in (PDF, JPEG, PNG, HEIC, DOCX, XLSX)}
# For the `accept` attribute of a file field.
ACCEPT = ",".join(ending for kind in KINDS.values() for ending in kind.endings)


def kind_of(file: IO[bytes]) -> Kind:
    """The kind of a seekable file, by its bytes; FileRefused if it is none of ours or not sound."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return HEIC
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file)
    raise _not_allowed()


class Sparing:
    """A file of which nothing large is read at once: the list of parts is, before anybody can count them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.seek, self.tell, self.file = file.seek, file.tell, file

    def read(self, size: int = -1) -> bytes:
        if size > MAX_LIST_BYTES:
            raise _too_big_inside()
        return self.file.read(size if size >= 0 else MAX_LIST_BYTES)

    def seekable(self) -> bool:
        return True


def _office_kind(file: IO[bytes]) -> Kind:
    """DOCX or XLSX by the package's own list of parts; nothing is unpacked but that list."""
    try:
        with zipfile.ZipFile(Sparing(file)) as package:
            _refuse_bomb(package)
            names = {name.lower() for name in package.namelist()}
            with package.open("[Content_Types].xml") as part:
                types = part.read(MAX_CONTENT_TYPES_BYTES)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _damaged() from error
    if b"macroEnabled" in types or any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "macros",
            _(
                "This file holds macros (small programs) and was not taken. "
                "Save it as PDF, then send it again."
            ),
        )
    for kind, marker in (
        (DOCX, b"wordprocessingml.document.main+xml"),
        (XLSX, b"spreadsheetml.sheet.main+xml"),
    ):
        if marker in types:
            return kind
    raise _not_allowed()


def _refuse_bomb(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if len(entries) > MAX_ZIP_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise _too_big_inside()


def _too_big_inside() -> FileRefused:
    return FileRefused(
        "too_big_inside",
        _(
            "This file unpacks to far more than its size and was not taken. "
            "Save it as PDF, then send it again."
        ),
    )


def _not_allowed() -> FileRefused:
    return FileRefused(
        "kind",
        _(
            "This kind of file cannot be taken. A phone photo (JPG, PNG, HEIC), a PDF, a Word (DOCX) or an "
            "Excel (XLSX) file can. Take a photo of the paper or save the file as PDF, then send it again."
        ),
    )


def _damaged() -> FileRefused:
    return FileRefused(
        "damaged",
        _("This file is damaged or did not arrive whole. Open it to check, then send it again."),
    )
