"""The columns of a list of staff (danh sách cán bộ): their heads, and what a cell of each may hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.calculus.folding import fold
from gandan.documents.sheets.reading import Value


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name here, its head in the file (Vietnamese, whatever the language of the page)."""

    key: str
    head: str
    label: str | Promise
    width: int
    required: bool = False


COLUMNS = (
    Column("code", "Mã cán bộ", gettext_lazy("Staff code"), 16),
    Column("full_name", "Họ và tên", gettext_lazy("Full name"), 28, required=True),
    Column("username", "Tên đăng nhập", gettext_lazy("User name"), 18),
    Column("phone", "Điện thoại", gettext_lazy("Telephone"), 16),
    Column("unit", "Đơn vị", pgettext_lazy("staff list", "Unit"), 44, required=True),
    Column("role", "Vai trò", gettext_lazy("Role"), 26, required=True),
    Column("post", "Chức danh", gettext_lazy("Post"), 28),
    Column("fields", "Lĩnh vực", gettext_lazy("Fields of work"), 28),
    Column("valid_from", "Từ ngày", gettext_lazy("From day"), 14, required=True),
    Column("valid_to", "Đến ngày", gettext_lazy("Until day"), 14),
)
BY_KEY = {column.key: column for column in COLUMNS}
DATES = frozenset({"valid_from", "valid_to"})


class CellProblem(Exception):
    """What is wrong with one cell, in plain words."""


def places_in(heads: Sequence[Value]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands (from 0), found by its head; and what is wrong with the row of heads."""
    found = {fold(str(head)): place for place, head in enumerate(heads) if str(head).strip()}
    places = {column.key: found[fold(column.head)] for column in COLUMNS if fold(column.head) in found}
    problems = []
    for wanted, column in enumerate(COLUMNS):
        if column.required and column.key not in places:
            there = str(heads[wanted]).strip() if wanted < len(heads) else ""
            problems.append(
                _("The column “%(head)s” is missing: %(letter)s1 says “%(there)s”. Start from the template.")
                % {"head": column.head, "letter": letter(wanted), "there": there[:40] or "…"}
            )
    return places, problems


def letter(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def text_of(value: Value, key: str) -> str:
    """The words of a cell on one line; CellProblem for what is no text."""
    if isinstance(value, str):
        return " ".join(value.split())
    if key == "phone":
        raise CellProblem(
            _(
                "This number was stored as a figure, so its first 0 is lost. Format the column as text, type it again."
            )
        )
    if isinstance(value, float | int) and not isinstance(value, bool) and value == int(value):
        return str(int(value))
    raise CellProblem(_("This is a date or a figure, not words. Type it as text."))


def day_of(value: Value) -> date | None:
    """The day of a cell; None if it is empty. Text as 30/11/2026 is understood; CellProblem for the rest."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value == "":
        return None
    if isinstance(value, str):
        for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(value.strip(), form).date()  # noqa: DTZ007  a day, no moment
            except ValueError:
                continue
        raise CellProblem(_("“%(text)s” is not a day. Write it as 30/11/2026.") % {"text": value[:40]})
    raise CellProblem(_("This is a figure, not a day. Format the cell as a date."))
