"""Tables for spreadsheet programs, in which no cell can become a formula (CSV injection).

A cell that begins with = + - @, a tab or a line break is computed by spreadsheet programs when the file is opened;
with an apostrophe before it, it is text. Full-width forms count too: some programs fold them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.conf import settings
from django.http import StreamingHttpResponse

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # or Excel takes Vietnamese letters for Latin ones


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet program computes."""
    text = "" if value is None else str(value)
    # Spaces before the sign do not protect: some programs cut them off first.
    return f"'{text}" if text.lstrip(" \u00a0\ufeff\u200b").startswith(FORMULA_SIGNS) else text


def lines(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, every cell quoted."""
    yield BYTE_ORDER_MARK
    sample = [["DỮ LIỆU MẪU"]] if settings.GANDAN_DEMO else []
    for row in chain(sample, [head], rows):
        buffer = io.StringIO()
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()


def csv_response(
    name: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A download `name`.csv, written while it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8", headers=headers)
