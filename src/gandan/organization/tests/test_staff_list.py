"""A list of staff as a spreadsheet: what its dry run says, and that it is done whole or not at all."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gandan.accounts.models import User
from gandan.documents.errors import FileRefused
from gandan.documents.sheets.writing import Table, write_workbook
from gandan.ledger.actions import verify_all
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions.importing import import_staff
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Commune, Duty, Role, UnitKind
from gandan.organization.staff_list.columns import COLUMNS
from gandan.organization.staff_list.plan import ROLE_WORDS, Outcome, Plan, plan_list
from gandan.organization.staff_list.writing import export, template
from gandan.organization.tests.factories import acting, make_commune, make_officer, make_unit

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
FIRST = date(2026, 12, 1)
WARD = acting(Role.ADMINISTRATOR, commune="19975")
HEADS = [column.head for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]


@pytest.fixture
def ward(db: None) -> Commune:
    make_unit()
    make_unit(UnitKind.DEPARTMENT, name="Văn phòng HĐND và UBND")
    return make_commune()


def line(**values: Any) -> list[Any]:
    """A row for somebody new at the centre's counter, but for `values`."""
    usual = {
        "full_name": "Nguyễn Thị Mẫu",
        "unit": "19975-centre",
        "role": "cán bộ tiếp nhận",
        "valid_from": FIRST,
    }
    return [(usual | values).get(key) for key in KEYS]


def sheet(*lines: list[Any], heads: list[str] = HEADS) -> bytes:
    return write_workbook([Table("Cán bộ", heads, lines)])


def messages(plan: Plan) -> list[tuple[int, str]]:
    return [(row.number, problem.cell) for row in plan.rows for problem in row.problems]


def carry_out(data: bytes, ward: Commune, **further: Any) -> dict[Outcome, int]:
    asked = {
        "place": ward,
        "seen": "",
        "document": "QĐ 12/QĐ-UBND",
        "officer": WARD,
        "at": NOON,
        "request_id": new_id(),
    }
    return import_staff(data, **(asked | further))


def test_new_people_and_their_concurrent_duties(ward: Commune) -> None:
    data = sheet(
        line(username="lan.mau", phone="0000 123 456", post="Quầy 1"),
        line(username="lan.mau", unit="Văn phòng HĐND và UBND", role="CHUYÊN VIÊN"),
        line(full_name="Trần Văn Mẫu", role="specialist", valid_from="01/12/2026", valid_to="31-12-2026"),
    )

    plan = plan_list(data, ward)
    done = carry_out(data, ward, seen=plan.digest)

    assert [row.outcome for row in plan.rows] == [Outcome.NEW, Outcome.DUTY, Outcome.NEW]
    assert done == {"new": 2, "duty": 1, "end": 0, "same": 0, "problem": 0}
    lan = User.objects.get(username="lan.mau")
    assert (lan.code, lan.phone, lan.duties.count()) == ("19975-CB-01", "0000 123 456", 2)
    tran = User.objects.get(username="mau.tv")
    assert (tran.code, tran.duties.get().valid_to) == ("19975-CB-02", date(2026, 12, 31))
    assert verify_all() == []


def test_dry_run_changes_nothing(ward: Commune) -> None:
    plan_list(sheet(line()), ward)

    assert (User.objects.count(), Duty.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_export_read_again_changes_nothing(ward: Commune) -> None:
    make_officer(full_name="Nguyễn Thị Mẫu")
    make_officer(Role.SPECIALIST, make_unit(UnitKind.DEPARTMENT), valid_to=FIRST)
    make_officer(Role.CLERK, valid_to=date(2026, 1, 1))  # left long ago

    plan = plan_list(export(ward, TODAY), ward)

    assert [(row.outcome, row.problems) for row in plan.rows] == [(Outcome.SAME, []), (Outcome.SAME, [])]
    assert not plan.is_ready


def test_template_has_the_heads_and_nobody(ward: Commune) -> None:
    [problem] = plan_list(template(ward, TODAY), ward).problems

    assert problem.message == "Danh sách chưa có dòng nào dưới hàng tiêu đề."


def test_known_person_gets_a_further_duty_or_an_end(ward: Commune) -> None:
    person = make_officer(full_name="Nguyễn Thị Mẫu")
    data = sheet(
        line(code=person.code, role="văn thư"),
        line(username=person.username, valid_from=date(2025, 7, 1), valid_to=TODAY),
    )

    done = carry_out(data, ward)

    assert (done[Outcome.DUTY], done[Outcome.END]) == (1, 1)
    assert [(d.role, d.valid_to) for d in person.duties.order_by("valid_from")] == [
        ("counter_officer", TODAY),
        ("clerk", None),
    ]


@pytest.mark.parametrize(
    ("values", "cell"),
    [
        ({"unit": "Phòng Không Có"}, "E2"),
        ({"role": "giám đốc sở"}, "F2"),
        ({"valid_from": None}, "I2"),
        ({"valid_from": "hôm qua"}, "I2"),
        ({"valid_from": 46357}, "I2"),
        ({"valid_from": "32/01/2026"}, "I2"),
        ({"valid_to": date(2026, 11, 30)}, "J2"),
        ({"full_name": ""}, "B2"),
        ({"full_name": "=SUM(A1)"}, "B2"),
        ({"full_name": 12345}, "B2"),
        ({"username": "Chị Lan"}, "C2"),
        ({"phone": 912345678}, "D2"),
        ({"phone": "gọi sau"}, "D2"),
        ({"code": "19975-CB-99"}, "A2"),
        ({"post": "@cmd"}, "G2"),
        ({"post": date(2026, 1, 1)}, "G2"),
        ({"fields": "x" * 201}, "H2"),
    ],
)
def test_problem_names_its_cell_and_nothing_is_done(ward: Commune, values: dict[str, Any], cell: str) -> None:
    data = sheet(line(**values), line(full_name="Trần Văn Mẫu"))

    assert messages(plan_list(data, ward)) == [(2, cell)]
    with pytest.raises(Refused):
        carry_out(data, ward)
    assert (User.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("second", "cell"),
    [
        ({}, "C3"),  # the same name again: one person or two?
        ({"username": "mau.nt"}, "F3"),  # the same duty again
        ({"username": "mau.nt", "full_name": "Trần Văn Mẫu"}, "C3"),
    ],
)
def test_rows_that_contradict_each_other(ward: Commune, second: dict[str, Any], cell: str) -> None:
    first = {} if not second else {"username": "mau.nt"}

    plan = plan_list(sheet(line(**first), line(**second)), ward)

    assert messages(plan) == [(3, cell)]


def test_user_name_of_somebody_else_tells_nothing_about_him(ward: Commune) -> None:
    stranger = make_officer(full_name="Phạm Thị Kín", unit=make_unit(commune=make_commune("14758")))

    plan = plan_list(sheet(line(username=stranger.username)), ward)

    [problem] = plan.rows[0].problems
    assert problem.cell == "B2"
    assert "Kín" not in problem.message


def test_shifted_columns_are_told_in_one_sentence(ward: Commune) -> None:
    shifted = [[None, *line(full_name=f"Mẫu {n}")[:-1]] for n in range(4)]

    plan = plan_list(sheet(*shifted), ward)

    [problem] = plan.problems
    assert "Vai trò" in problem.message
    assert not plan.is_ready


def test_missing_heads_are_told_by_name(ward: Commune) -> None:
    plan = plan_list(sheet(line(), heads=["Mã cán bộ", "Điện thoại", *HEADS[2:]]), ward)

    [problem] = plan.problems
    assert "Họ và tên" in problem.message
    assert "B1" in problem.message


def test_columns_in_another_order_are_found_by_their_heads(ward: Commune) -> None:
    data = write_workbook([Table("A", HEADS[::-1], [line()[::-1]])])

    assert plan_list(data, ward).rows[0].outcome == Outcome.NEW


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text.replace(old, new, 1) if name == "xl/worksheets/sheet1.xml" else text)
    return file.getvalue()


def test_hidden_row_and_formula_are_problems(ward: Commune) -> None:
    data = sheet(line(), line(full_name="Trần Văn Mẫu"))
    data = changed(data, b'<row r="2"', b'<row r="2" hidden="1"')
    data = changed(data, b'<c r="B3" t="s"><v>', b'<c r="B3" t="s"><f>A1</f><v>')

    assert messages(plan_list(data, ward)) == [(2, ""), (3, "B3")]


def test_hidden_column_is_a_problem_of_the_file(ward: Commune) -> None:
    data = changed(sheet(line()), b"<cols>", b'<cols><col min="6" max="6" hidden="1"/>')

    [problem] = plan_list(data, ward).problems
    assert "Vai trò" in problem.message


def test_list_of_more_than_ten_thousand_rows_is_refused(ward: Commune) -> None:
    with pytest.raises(FileRefused) as refusal:
        plan_list(sheet(*[line()] * 10_001), ward)

    assert refusal.value.code == "too_large"


def test_plan_asks_no_more_for_many_rows_than_for_few(ward: Commune) -> None:
    person = make_officer(full_name="Nguyễn Thị Mẫu")

    def queries(count: int) -> int:
        rows = [line(full_name=f"Người {n} Mẫu") for n in range(count)]
        data = sheet(line(code=person.code, role="văn thư"), *rows)
        with CaptureQueriesContext(connection) as captured:
            plan_list(data, ward)
        return len(captured)

    assert queries(1) == queries(200) == 4


def test_list_is_carried_out_once(ward: Commune) -> None:
    data, request_id = sheet(line()), new_id()

    first = carry_out(data, ward, request_id=request_id)
    again = carry_out(data, ward, request_id=request_id)

    assert first == again
    assert User.objects.count() == 1


def test_what_changed_since_the_dry_run_is_refused(ward: Commune) -> None:
    data = sheet(line(username="lan.mau"))
    seen = plan_list(data, ward).digest
    make_officer(username="lan.mau", full_name="Nguyễn Thị Mẫu")

    with pytest.raises(Refused):
        carry_out(data, ward, seen=seen)

    assert User.objects.count() == 1


def test_failure_in_the_middle_leaves_nothing(ward: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(line(), line(full_name="Trần Văn Mẫu"))
    kept, calls = Duty.objects.create, []

    def failing(**values: Any) -> Duty:
        calls.append(values)
        if len(calls) == 2:
            raise OSError("disk full")
        return kept(**values)

    monkeypatch.setattr(Duty.objects, "create", failing)
    with pytest.raises(OSError, match="disk full"):
        carry_out(data, ward)

    assert (User.objects.count(), Duty.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_stranger_carries_out_nothing(ward: Commune) -> None:
    with pytest.raises(NotCompetent):
        carry_out(sheet(line()), ward, officer=acting(Role.ADMINISTRATOR, commune="14758"))


def test_last_administrator_is_not_ended_by_a_list(ward: Commune) -> None:
    person = make_officer(Role.ADMINISTRATOR, full_name="Nguyễn Thị Mẫu")
    data = sheet(line(code=person.code, role="quản trị viên", valid_from=date(2025, 7, 1), valid_to=TODAY))

    with pytest.raises(Refused):
        carry_out(data, ward)

    assert person.duties.get().valid_to is None


def test_every_role_has_its_words_in_the_file() -> None:
    assert set(ROLE_WORDS) == set(Role)
