"""Spreadsheets: what is written is read again; what would do harm is refused with a sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from random import Random

import pytest

from gandan.documents.errors import FileRefused
from gandan.documents.sheets import reading
from gandan.documents.sheets.reading import Row, read_sheet
from gandan.documents.sheets.writing import Table, write_workbook

PEOPLE = Table(
    "Cán bộ",
    ["Họ và tên", "Từ ngày", "Số"],
    [["Nguyễn Thị Mẫu", date(2026, 12, 1), 70], ["=1+1", None, 0]],
    choices={2: "=$A$1:$A$2"},
    notes={1: "Ngày bắt đầu"},
)


def workbook(*tables: Table) -> bytes:
    return write_workbook(tables or [PEOPLE])


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part written anew."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return file.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    return changed(workbook(), "xl/worksheets/sheet1.xml", lambda text: text.replace(old, new, 1))


def test_what_is_written_is_read_again() -> None:
    sheet = read_sheet(workbook(), most_rows=100)

    assert sheet.rows == (
        Row(1, ("Họ và tên", "Từ ngày", "Số"), is_hidden=False),
        Row(2, ("Nguyễn Thị Mẫu", date(2026, 12, 1), 70.0), is_hidden=False),
        Row(3, ("=1+1", "", 0.0), is_hidden=False),
    )
    assert (sheet.formulas, sheet.hidden_columns) == (frozenset(), frozenset())


def test_hidden_rows_columns_and_formulas_are_told() -> None:
    data = in_sheet(b'<row r="2"', b'<row r="2" hidden="1"')
    data = changed(
        data, "xl/worksheets/sheet1.xml", lambda text: text.replace(b"<v>70</v>", b"<f>69+1</f><v>70</v>")
    )
    data = changed(
        data,
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(b"<cols>", b'<cols><col min="5" max="99" hidden="1"/>'),
    )

    sheet = read_sheet(data, most_rows=100)

    assert [row.is_hidden for row in sheet.rows] == [False, True, False]
    assert sheet.formulas == {(2, 3)}
    assert 5 in sheet.hidden_columns


def test_numbers_of_rows_are_those_of_the_sheet_whatever_is_empty() -> None:
    table = Table("A", ["a"], [[None], [None], ["x"]])

    assert [row.number for row in read_sheet(workbook(table), most_rows=100).rows] == [1, 4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
        (b"Ho ten;Don vi", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kind"),
        (workbook()[:400], "kind"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_sheet(data, most_rows=100)

    assert refusal.value.code == code


@pytest.mark.parametrize("cell", [b"A1048576", b"A102"])
def test_cell_far_below_is_refused_before_a_table_is_made_of_it(cell: bytes) -> None:
    row = b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (cell[1:], cell)

    with pytest.raises(FileRefused) as refusal:
        read_sheet(in_sheet(b"</sheetData>", row), most_rows=100)

    assert refusal.value.code == "too_large"


def test_cell_far_to_the_right_is_refused() -> None:
    row = b'<row r="5"><c r="XFD5"><v>1</v></c></row></sheetData>'

    with pytest.raises(FileRefused) as refusal:
        read_sheet(in_sheet(b"</sheetData>", row), most_rows=100)

    assert refusal.value.code == "too_large"


def test_cell_that_names_a_far_row_inside_a_near_one_is_refused() -> None:
    """Five kilobytes that became two gigabytes: the reader goes by the name of the cell, not by its row."""
    row = b'<row r="5"><c r="BH1048576"><v>1</v></c></row></sheetData>'

    with pytest.raises(FileRefused) as refusal:
        read_sheet(in_sheet(b"</sheetData>", row), most_rows=100)

    assert refusal.value.code == "too_large"


@pytest.mark.parametrize(("target", "code"), [("elsewhere.xml", "too_large"), ("elsewhere.bin", "kind")])
def test_sheet_that_lies_elsewhere_is_looked_through_as_well(target: str, code: str) -> None:
    """A cell there ended the whole process: no memory for its table."""
    data = changed(
        workbook(),
        "xl/_rels/workbook.xml.rels",
        lambda text: text.replace(b"worksheets/sheet1.xml", target.encode()),
    )
    file = BytesIO(data)
    with zipfile.ZipFile(BytesIO(workbook())) as old, zipfile.ZipFile(file, "a") as new:
        sheet = old.read("xl/worksheets/sheet1.xml")
        far = b'<row r="2000000"><c r="XFD2000000"><v>1</v></c></row></sheetData>'
        new.writestr(f"xl/{target}", sheet.replace(b"</sheetData>", far))

    with pytest.raises(FileRefused) as refusal:
        read_sheet(file.getvalue(), most_rows=100)

    assert refusal.value.code == code


def test_hidden_columns_before_the_first_are_no_columns() -> None:
    """As a range this would be two thousand million numbers."""
    data = in_sheet(b"<cols>", b'<cols><col min="-2000000000" max="3" hidden="1"/>')

    assert read_sheet(data, most_rows=100).hidden_columns == {1, 2, 3}


def test_elements_inside_each_other_are_counted_before_they_end() -> None:
    data = changed(workbook(), "xl/styles.xml", lambda _text: b"<a>" * 3_000_000)

    with pytest.raises(FileRefused) as refusal:
        read_sheet(data, most_rows=100)

    assert refusal.value.code == "too_big_inside"


def test_bomb_is_refused_whatever_sizes_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 3 * 1024 * 1024)
    data = changed(workbook(), "xl/styles.xml", lambda text: text + b" " * (4 * 1024 * 1024))

    assert len(data) < 20_000
    with pytest.raises(FileRefused) as refusal:
        read_sheet(data, most_rows=100)

    assert refusal.value.code == "too_big_inside"


def test_crowd_of_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ELEMENTS", 1_000)

    with pytest.raises(FileRefused) as refusal:
        read_sheet(in_sheet(b"</sheetData>", b"<row/>" * 2_000 + b"</sheetData>"), most_rows=100)

    assert refusal.value.code == "too_big_inside"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>"""


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"]
)
def test_document_types_are_refused(part: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_sheet(changed(workbook(), part, lambda _text: LAUGHS), most_rows=100)

    assert refusal.value.code == "damaged"


def test_damaged_files_are_refused_and_never_break_anything() -> None:
    random, data, codes = Random(7), workbook(), set()

    for _attempt in range(300):
        broken = bytearray(data)
        for _byte in range(random.randint(1, 6)):
            broken[random.randrange(len(broken))] = random.randrange(256)
        try:
            read_sheet(bytes(broken), most_rows=100)
        except FileRefused as refusal:
            codes.add(refusal.code)

    assert codes == {"kind", "damaged"}


def test_damaged_parts_are_refused_and_never_break_anything() -> None:
    random, data, codes = Random(7), workbook(), set()
    parts = [
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
    ]

    def spoil(text: bytes) -> bytes:
        place = random.randrange(len(text))
        return text[:place] + random.choice([b"", b"-1", b"9" * 12, b"<", b"\xff"]) + text[place + 3 :]

    for _attempt in range(300):
        try:
            read_sheet(changed(data, random.choice(parts), spoil), most_rows=100)
        except FileRefused as refusal:
            codes.add(refusal.code)

    assert {"damaged"} <= codes <= {"damaged", "kind", "too_large"}
