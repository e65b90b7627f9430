"""The first sheet of an XLSX file as rows of values, read without trusting the file.

sheet = read_sheet(upload.read(), most_rows=10_000)      # FileRefused says why not
for row in sheet.rows: row.number, row.cells, row.is_hidden
(5, 2) in sheet.formulas                                 # row 5, column C was computed by a formula

An XLSX is a ZIP of XML. Before anything is built from it, every part is unpacked once against a limit (the sizes
that a ZIP declares may lie), document types are refused, and the sheet is looked through as a stream: two cells far
apart would else become a table of a thousand million cells.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from string import ascii_letters
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from python_calamine import CalamineError, load_workbook

from gandan.documents.errors import FileRefused

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 500
MOST_ELEMENTS = 2_000_000
MOST_COLUMNS = 60
DEEPEST = 60
PIECE = 256 * 1024

Value = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number in the sheet (from 1); empty cells are ''."""

    number: int
    cells: tuple[Value, ...]
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows from the first one on; `formulas` and `hidden_columns` count rows and columns from 1."""

    rows: tuple[Row, ...]
    formulas: frozenset[tuple[int, int]]
    hidden_columns: frozenset[int]


@dataclass(slots=True)
class _Looked:
    """What looking through the sheet's XML told."""

    hidden_rows: set[int]
    hidden_columns: set[int]
    formulas: set[tuple[int, int]]


def read_sheet(data: bytes, *, most_rows: int) -> Sheet:
    """The first sheet. Raises FileRefused: too large, no XLSX, damaged, or made to do harm."""
    if not data:
        raise FileRefused("empty", _("The file is empty. Please choose it once more."))
    if len(data) > LARGEST_FILE:
        raise FileRefused("too_large", _("The file is larger than 5 MB. A list is far smaller."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            _check_parts(packed)
            looked = _look_through(packed, most_rows)
        book = load_workbook(BytesIO(data))
        cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most_rows)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise no_sheet() from error
    except (
        CalamineError,
        ParseError,
        DefusedXmlException,
        LookupError,
        ValueError,
        EOFError,
        zlib.error,
    ) as error:
        raise damaged() from error
    rows = (
        Row(number, tuple(values), number in looked.hidden_rows)
        for number, values in enumerate(cells, start=1)
    )
    kept = tuple(row for row in rows if any(value != "" for value in row.cells))
    return Sheet(kept, frozenset(looked.formulas), frozenset(looked.hidden_columns))


def no_sheet() -> FileRefused:
    return FileRefused(
        "kind",
        _("This is no XLSX file, or it is locked by a password. In Excel choose “Save as”, type .xlsx."),
    )


def damaged() -> FileRefused:
    return FileRefused(
        "damaged", _("The file is damaged. Open it in Excel, save it again as .xlsx and send that.")
    )


def too_big_inside() -> FileRefused:
    return FileRefused(
        "too_big_inside", _("The file unpacks to far more than a list holds. It is not opened.")
    )


def _check_parts(packed: zipfile.ZipFile) -> None:
    """Unpacks every part once, to nowhere, and stops at the limit."""
    parts = packed.infolist()
    if "[Content_Types].xml" not in packed.namelist() or "xl/workbook.xml" not in packed.namelist():
        raise no_sheet()
    left = LARGEST_UNPACKED
    for part in parts[: MOST_PARTS + 1]:
        with packed.open(part) as content:
            while piece := content.read(PIECE):
                left -= len(piece)
                if left < 0:
                    break
    if left < 0 or len(parts) > MOST_PARTS:
        raise too_big_inside()


def _look_through(packed: zipfile.ZipFile, most_rows: int) -> _Looked:
    """Hidden rows and columns and formulas of the first sheet; refuses cells beyond the limits on any sheet."""
    first = _first_sheet(packed)
    looked = _Looked(set(), set(), set())
    if first not in packed.namelist() or not first.endswith(".xml"):
        raise no_sheet()
    for name in packed.namelist():  # a sheet may lie anywhere, so every part is held to the limits of one
        if name.endswith((".xml", ".rels")):
            with packed.open(name) as content:
                found = _look_at(content, most_rows)
            if name == first:
                looked = found
    return looked


def _elements(content: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Each element, when it ends, with its name without namespace; rows are emptied after use.

    Counted when they begin: elements inside each other end only after all of them are in memory.
    """
    number, depth = 0, 0
    for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            number, depth = number + 1, depth + 1
            if number > MOST_ELEMENTS or depth > DEEPEST:
                raise too_big_inside()
            continue
        depth -= 1
        name = element.tag.rpartition("}")[2]
        yield name, element
        if name in ("row", "col", "si"):
            element.clear()


def _first_sheet(packed: zipfile.ZipFile) -> str:
    """The part that holds the first sheet of the workbook."""
    with packed.open("xl/workbook.xml") as content:
        sheets = [element.attrib for name, element in _elements(content) if name == "sheet"]
    with packed.open("xl/_rels/workbook.xml.rels") as content:
        targets = {
            element.get("Id"): element.get("Target", "")
            for name, element in _elements(content)
            if name == "Relationship"
        }
    if not sheets:
        raise no_sheet()
    relation = next((value for key, value in sheets[0].items() if key.endswith("}id")), "")
    target = targets.get(relation, "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _look_at(content: IO[bytes], most_rows: int) -> _Looked:
    looked = _Looked(set(), set(), set())
    number = 0
    for name, element in _elements(content):
        if name == "row":
            number = int(element.get("r", number + 1))
            cells = [cell for cell in element if cell.tag.endswith("}c") or cell.tag == "c"]
            if cells and max(number, *(_row(cell.get("r", "")) for cell in cells)) > most_rows:
                raise FileRefused(
                    "too_large",
                    _("The list has more than %(count)d rows. Please send it in parts.")
                    % {"count": most_rows},
                )
            if element.get("hidden") in ("1", "true"):
                looked.hidden_rows.add(number)
            looked.formulas |= {(number, column) for column in _formulas(cells)}
        elif name == "col" and element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min", "1")), int(element.get("max", "0"))
            looked.hidden_columns |= set(range(max(first, 1), min(last, MOST_COLUMNS) + 1))
    return looked


def _formulas(cells: list[Element]) -> Iterator[int]:
    """The columns of the cells with a formula; refuses a cell too far to the right."""
    column = 0
    for cell in cells:
        column = _column(cell.get("r", "")) or column + 1
        if column > MOST_COLUMNS:
            raise FileRefused(
                "too_large",
                _("The list has something in a column far to the right. Please start from the template."),
            )
        if any(child.tag.rpartition("}")[2] == "f" for child in cell):
            yield column


def _column(reference: str) -> int:
    """C7 → 3; 0 without letters."""
    number = 0
    for letter in reference.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _row(reference: str) -> int:
    """C7 → 7; 0 without digits. It counts for calamine, whatever row the cell stands in."""
    return int(reference.lstrip(ascii_letters) or 0)
