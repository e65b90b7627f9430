from __future__ import annotations

from pathlib import Path

import pytest

from gandan.ledger.errors import HeadFileError
from gandan.ledger.heads import Head, current_heads, read_head_file, write_head_file
from gandan.ledger.tests.factories import AT, WARD, make_chain, make_event

HASH = "ab" * 32


@pytest.mark.django_db
def test_head_file_has_a_first_line_and_a_line_for_each_chain(tmp_path: Path) -> None:
    cell, ward = make_event(chain="cell"), make_chain(2)[-1]

    write_head_file(tmp_path / "heads" / "2026-11-23.txt", AT)

    assert (tmp_path / "heads" / "2026-11-23.txt").read_text().splitlines() == [
        "gandan-heads-1 2026-11-23T01:00:00.000000Z 2",
        f"{WARD} 2 {ward.hash}",
        f"cell 1 {cell.hash}",
    ]


@pytest.mark.django_db
def test_head_file_reads_back_as_written(tmp_path: Path) -> None:
    make_chain(2)

    written = write_head_file(tmp_path / "heads.txt", AT)

    assert read_head_file(tmp_path / "heads.txt") == written == current_heads()


@pytest.mark.django_db
def test_head_file_of_an_empty_ledger_has_no_heads(tmp_path: Path) -> None:
    write_head_file(tmp_path / "heads.txt", AT)

    assert read_head_file(tmp_path / "heads.txt") == []


@pytest.mark.django_db
def test_later_heads_replace_earlier_ones_and_leave_nothing_beside(tmp_path: Path) -> None:
    make_chain(2)
    write_head_file(tmp_path / "heads.txt", AT)
    last = make_event()

    write_head_file(tmp_path / "heads.txt", AT)

    assert read_head_file(tmp_path / "heads.txt") == [Head(WARD, 3, last.hash)]
    assert [path.name for path in tmp_path.iterdir()] == ["heads.txt"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "earlier",
    [f"{WARD} 3 {HASH}", f"{WARD} 2 {HASH}", f"14758 1 {HASH}"],
    ids=["smaller now", "other hash now", "chain gone"],
)
def test_heads_that_contradict_the_earlier_file_do_not_replace_it(tmp_path: Path, earlier: str) -> None:
    make_chain(2)
    path = tmp_path / "heads.txt"
    path.write_text(earlier + "\n")

    with pytest.raises(HeadFileError, match="đã mất hoặc đã bị sửa"):
        write_head_file(path, AT)

    assert path.read_text() == earlier + "\n"


@pytest.mark.parametrize(
    "line",
    [
        f"{WARD} 7 {HASH[:32]}",
        f"  {WARD} 7·{HASH[:32]}  ",
        f"Sổ ghi {WARD}/7 · {' '.join(['abab'] * 8)}",
        f"{WARD}/7 {HASH[:32]}",
    ],
)
def test_lines_copied_from_papers_are_read(tmp_path: Path, line: str) -> None:
    path = tmp_path / "receipts.txt"
    path.write_text(f"# từ giấy hẹn\n\n{line}\ncell 12 {HASH}\n", encoding="utf-8")

    assert read_head_file(path) == [Head(WARD, 7, HASH[:32]), Head("cell", 12, HASH)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "không có đầu chuỗi nào"),
        ("# nothing\n", "không có đầu chuỗi nào"),
        (f"{WARD} 0 {HASH}", "Dòng 1"),
        (f"{WARD} 7 {HASH[:31]}", "Dòng 1"),
        (f"{WARD} 7 {HASH}0", "Dòng 1"),
        (f"\n{WARD} seven {HASH}", "Dòng 2"),
        (f"{WARD} 7 {HASH.upper()}", "Dòng 1"),
        ("gandan-heads-1 yesterday", "Dòng 1"),
        (
            f"gandan-heads-1 2026-11-23T01:00:00.000000Z 2\n{WARD} 7 {HASH}\n",
            "có 1 đầu chuỗi, trong khi đã ghi 2",
        ),
    ],
)
def test_damaged_head_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "heads.txt"
    path.write_text(text)

    with pytest.raises(HeadFileError, match=message):
        read_head_file(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "not text"])
def test_head_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "heads.txt"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(HeadFileError, match=r"heads\.txt"):
        read_head_file(path)
