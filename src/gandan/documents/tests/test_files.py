from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gandan.documents import storage
from gandan.documents.actions import clean_name, store_paper, store_upload
from gandan.documents.errors import ContentMissing, FileRefused
from gandan.documents.kinds import DOCX, HEIC, JPEG, PDF, PNG, XLSX, kind_of
from gandan.documents.models import StoredFile
from gandan.documents.serving import NOTHING_RUNS, file_response
from gandan.documents.storage import content_path, files_dir, open_file

AT = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
PDF_BYTES = b"%PDF-1.7\n%%EOF"
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: object) -> Path:
    settings.GANDAN_DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def office_file(main_type: str, extra: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main_type}"/></Types>')
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return buffer.getvalue()


DOCX_BYTES = office_file("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")
XLSX_BYTES = office_file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")
DOCM_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BOMB = office_file(WORD_TYPE, {f"word/{n}.xml": bytes(101 * 1024 * 1024) for n in range(3)})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF_BYTES, PDF),
        (JPEG_BYTES, JPEG),
        (b"\x89PNG\r\n\x1a\n....", PNG),
        (b"\x00\x00\x00\x18ftypheic....", HEIC),
        (DOCX_BYTES, DOCX),
        (XLSX_BYTES, XLSX),
    ],
)
def test_kind_is_told_by_content(content: bytes, kind: object) -> None:
    assert kind_of(io.BytesIO(content)) == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!doctype html><script>alert(1)</script>", "kind"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
        (b"MZ\x90\x00", "kind"),
        (b"\n%PDF-1.7", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind"),
        (b"PK\x03\x04 cut off", "damaged"),
        (DOCX_BYTES[:-30], "damaged"),
        (office_file("application/epub+zip"), "kind"),
        (office_file(DOCM_TYPE), "macros"),
        (office_file(WORD_TYPE, {"word/vbaProject.bin": b"x"}), "macros"),
        (BOMB, "too_big_inside"),
    ],
)
def test_other_content_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        kind_of(io.BytesIO(content))

    assert caught.value.code == code


@pytest.mark.django_db
def test_upload_lies_under_its_hash_and_reads_back() -> None:
    sha256 = hashlib.sha256(PDF_BYTES).hexdigest()

    stored = store_upload(SimpleUploadedFile("Tờ khai.pdf", PDF_BYTES), by=None, at=AT)

    assert (stored.sha256, stored.name, stored.media_type, stored.size, stored.stored_at) == (
        sha256,
        "Tờ khai.pdf",
        "application/pdf",
        len(PDF_BYTES),
        AT,
    )
    assert content_path(sha256) == files_dir() / sha256[:2] / sha256[2:4] / sha256
    with open_file(stored) as content:
        assert content.read() == PDF_BYTES


@pytest.mark.django_db
def test_same_content_twice_is_two_rows_and_one_content() -> None:
    first = store_paper(PDF_BYTES, name="a.pdf", by=None, at=AT)
    second = store_paper(PDF_BYTES, name="b.pdf", by=None, at=AT)

    contents = [path for path in files_dir().rglob("*") if path.is_file()]
    assert first.pk != second.pk
    assert contents == [content_path(first.sha256)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code", "advice"),
    [
        (b"<html>", "kind", "PDF"),
        (b"", "empty", ""),
        (JPEG_BYTES + bytes(200), "too_large", "MB"),
    ],
)
def test_refused_upload_leaves_no_row_and_no_content(
    content: bytes, code: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_BYTES", 100)

    with pytest.raises(FileRefused) as caught:
        store_upload(SimpleUploadedFile("Giấy khai sinh.pdf", content), by=None, at=AT)

    assert caught.value.code == code
    assert advice in caught.value.message
    assert StoredFile.objects.count() == 0
    assert [path for path in files_dir().rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Gia\u0302\u0301y.PDF", "Giấy.pdf"),
        ("C:\\Users\\x\\tờ khai.pdf", "tờ khai.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("abc\u202efdp.exe", "abcfdp.exe.pdf"),
        ("scan\x00\r\nSet-Cookie: a.pdf", "scanSet-Cookie_ a.pdf"),
        ("..", "tệp.pdf"),
        ("", "tệp.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_name_is_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name, PDF) == cleaned


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "disposition"),
    [
        (PDF_BYTES, "giay.pdf", 'inline; filename="giay.pdf"'),
        (JPEG_BYTES, "ảnh.jpg", "inline; filename*=utf-8''%E1%BA%A3nh.jpg"),
        (DOCX_BYTES, "don.docx", 'attachment; filename="don.docx"'),
    ],
)
def test_served_file_cannot_run_anything(content: bytes, name: str, disposition: str) -> None:
    stored = store_upload(SimpleUploadedFile(name, content), by=None, at=AT)

    response = file_response(stored)

    assert b"".join(response.streaming_content) == content  # type: ignore[arg-type]
    assert {name: response.headers[name] for name in response.headers if name != "Content-Length"} == {
        "Content-Type": stored.media_type,
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING_RUNS,
        "Cache-Control": "private, no-store",
    }
    response.close()


@pytest.mark.django_db
def test_file_of_an_unknown_kind_in_the_row_is_only_saved() -> None:
    stored = store_paper(PDF_BYTES, name="a.pdf", by=None, at=AT)
    stored.media_type = "text/html"

    response = file_response(stored)

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    response.close()


@pytest.mark.django_db
def test_missing_content_is_named() -> None:
    stored = store_paper(PDF_BYTES, name="a.pdf", by=None, at=AT)
    content_path(stored.sha256).unlink()

    with pytest.raises(ContentMissing, match=str(stored.pk)):
        open_file(stored)


@pytest.mark.django_db
def test_refusal_is_said_in_vietnamese_with_what_is_taken_and_what_to_do() -> None:
    with translation.override("vi"), pytest.raises(FileRefused) as caught:
        store_upload(SimpleUploadedFile("a.svg", b"<svg/>"), by=None, at=AT)

    assert caught.value.message == (
        "Chưa nhận được loại tệp này. Nhận được: ảnh chụp bằng điện thoại (JPG, PNG, HEIC), PDF, "
        "tệp Word (DOCX), Excel (XLSX). Xin chụp ảnh tờ giấy hoặc lưu tệp thành PDF rồi gửi lại."
    )


class Watched(io.BytesIO):
    """Keeps how much was asked for at once."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked: list[int | None] = []

    def read(self, size: int | None = -1) -> bytes:
        self.asked.append(size)
        return super().read(size)


def test_package_with_a_huge_list_of_parts_is_refused_before_it_is_read() -> None:
    parts = b"PK\x01\x02".ljust(46, b"\0") * 60_000  # each would become an object of many hundred bytes
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(parts), 4, 0)

    file = Watched(b"PK\x03\x04" + parts + end)

    with pytest.raises(FileRefused) as refused:
        kind_of(file)

    assert refused.value.code == "too_big_inside"
    assert len(parts) not in file.asked
