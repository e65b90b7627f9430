"""An XLSX workbook to fill in or to keep: plain cells, wide columns, choices where there are few answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

#: Nothing typed by anybody becomes a formula or a link when the file is opened.
PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}
FILLED_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, heads, rows; `choices` names for a column (from 0) the range that holds its answers."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | date | None]]
    widths: Sequence[int] = ()
    choices: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    as_text: frozenset[int] = frozenset()


def write_workbook(tables: Sequence[Table]) -> bytes:
    """The workbook with these sheets, as a file."""
    file = BytesIO()
    book = Workbook(file, PLAIN)
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    for table in tables:
        _write(book.add_worksheet(table.name), table, head, text)
    book.close()
    return file.getvalue()


def _write(sheet: Worksheet, table: Table, head: Format, text: Format) -> None:
    for column, name in enumerate(table.heads):
        width = table.widths[column] if column < len(table.widths) else 20
        sheet.set_column(column, column, width, text if column in table.as_text else None)
        sheet.write_string(0, column, name, head)
        if column in table.notes:
            sheet.write_comment(0, column, table.notes[column])
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, value)
    for column, source in table.choices.items():
        sheet.data_validation(1, column, FILLED_ROWS, column, {"validate": "list", "source": source})
    sheet.freeze_panes(1, 0)
