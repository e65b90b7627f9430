"""The template to fill in, and the list of those who are there, in the same columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gandan.documents.sheets.writing import Table, write_workbook
from gandan.organization.models import Commune, Duty, Province, Role
from gandan.organization.staff_list.columns import BY_KEY, COLUMNS
from gandan.organization.staff_list.plan import ROLE_WORDS, units_of_place

SHEET, CHOICES = "Cán bộ", "Danh mục"
KEYS = [column.key for column in COLUMNS]
#: Notes on the heads, in the language of the file.
NOTES = {
    "code": "Để trống với người mới. Mã của người đã có giữ nguyên.",
    "username": "Chữ thường không dấu, số, dấu chấm. Để trống thì phần mềm tự đặt. Một người có nhiều việc: "
    "ghi cùng tên đăng nhập ở mỗi dòng.",
    "unit": "Chọn trong danh sách, hoặc ghi mã đơn vị.",
    "role": "Chọn trong danh sách.",
    "valid_from": "Ngày, ví dụ 30/11/2026.",
    "valid_to": "Để trống nếu chưa có ngày thôi việc này.",
}


def template(place: Commune | Province, on: date) -> bytes:
    """An empty list with the units and roles of the place to choose from."""
    return _workbook(place, [], on)


def export(place: Commune | Province, on: date) -> bytes:
    """Every duty of the place that has not ended before the day: read again, it changes nothing."""
    held = Duty.objects.after(on, included=True).select_related("user", "unit")
    rows = (
        held.filter(unit__commune=place) if isinstance(place, Commune) else held.filter(unit__province=place)
    )
    return _workbook(
        place, [_line(duty) for duty in rows.order_by("unit__code", "user__full_name", "pk")], on
    )


def _line(duty: Duty) -> list[str | date | None]:
    return [
        duty.user.code,
        duty.user.full_name,
        duty.user.username,
        duty.user.phone,
        duty.unit.name,
        ROLE_WORDS[Role(duty.role)],
        duty.post,
        duty.fields,
        duty.valid_from,
        duty.valid_to,
    ]


def _workbook(
    place: Commune | Province, lines: Sequence[Sequence[str | int | date | None]], on: date
) -> bytes:
    units = [unit for unit in units_of_place(place) if unit.closed_on is None or unit.closed_on >= on]
    names = [unit.name for unit in units]
    roles = list(ROLE_WORDS.values())
    longest = max(len(names), len(roles))
    choices = [
        [
            names[n] if n < len(names) else "",
            units[n].code if n < len(units) else "",
            roles[n] if n < len(roles) else "",
        ]
        for n in range(longest)
    ]
    people = Table(
        SHEET,
        [column.head for column in COLUMNS],
        lines,
        widths=[column.width for column in COLUMNS],
        choices={
            KEYS.index("unit"): f"='{CHOICES}'!$A$2:$A${len(names) + 1}",
            KEYS.index("role"): f"='{CHOICES}'!$C$2:$C${len(roles) + 1}",
        },
        notes={KEYS.index(key): note for key, note in NOTES.items()},
        as_text=frozenset({KEYS.index("phone"), KEYS.index("code")}),
    )
    return write_workbook(
        [
            people,
            Table(
                CHOICES, [BY_KEY["unit"].head, "Mã đơn vị", BY_KEY["role"].head], choices, widths=(60, 20, 34)
            ),
        ]
    )
