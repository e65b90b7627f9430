"""`./gandan commune add`: a new ward ready to work, done once, with a way out of every slip."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from jsonschema import validate

from gandan.accounts.models import User
from gandan.documents.sheets.writing import Table, write_workbook
from gandan.ledger.actions import verify_all
from gandan.ledger.models import Event
from gandan.organization.models import Commune, Duty, Predecessor, Role, Unit
from gandan.organization.permissions import officer_of
from gandan.organization.staff_list.columns import COLUMNS
from gandan.organization.tests.factories import make_commune

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/schemas/commune-add.json").read_text())


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("commune", "add", *arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments: str) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(run(*arguments, "--json"))
    validate(printed, SCHEMA)
    return printed


def staff_file(folder: Path, *rows: dict[str, str]) -> str:
    usual = {"role": "cán bộ tiếp nhận", "unit": "19975-tt", "valid_from": "01/12/2026"}
    lines = [[(usual | row).get(column.key) for column in COLUMNS] for row in rows]
    file = folder / "can-bo.xlsx"
    file.write_bytes(write_workbook([Table("Cán bộ", [column.head for column in COLUMNS], lines)]))
    return str(file)


def test_new_ward_is_ready_to_work(db: None, tmp_path: Path) -> None:
    make_commune()
    file = staff_file(
        tmp_path, {"full_name": "Nguyễn Thị Mẫu"}, {"full_name": "Trần Văn Mẫu", "unit": "19975-vp"}
    )

    printed = run_json("19975", "--officers", file)

    assert (printed["opened"], printed["staff"]["new"], printed["hours_confirmed"]) == (True, 2, False)
    assert next(unit["code"] for unit in printed["units"]) == "19975-ca"
    assert Unit.objects.count() == 6
    first = User.objects.get(username=printed["administrator"])
    assert first.check_password(printed["first_password"])
    assert first.must_change_password
    assert officer_of(first).administers(make_commune())
    assert {event.act for event in Event.objects.all()} == {
        "open-commune",
        "add-person",
        "give-duty",
        "first-administrator",
    }
    assert verify_all() == []


def test_second_run_changes_nothing_and_shows_no_password(db: None, tmp_path: Path) -> None:
    make_commune()
    file = staff_file(tmp_path, {"full_name": "Nguyễn Thị Mẫu", "username": "lan.mau"})
    run("19975", "--officers", file)
    before = (User.objects.count(), Duty.objects.count(), Event.objects.count())

    printed = run_json("19975", "--officers", file)

    assert (printed["opened"], printed["first_password"]) == (False, "")
    assert printed["staff"] == {"new": 0, "duty": 0, "end": 0, "same": 1, "problem": 0}
    assert (User.objects.count(), Duty.objects.count(), Event.objects.count()) == before


def test_lost_first_password_is_made_anew(db: None) -> None:
    make_commune()
    first = run_json("19975")

    second = run_json("19975", "--new-password")

    user = User.objects.get(username=second["administrator"])
    assert first["first_password"] != second["first_password"]
    assert user.check_password(second["first_password"])
    assert User.objects.count() == 1


def test_administrator_of_the_list_signs_in_first(db: None, tmp_path: Path) -> None:
    make_commune()
    row = {
        "full_name": "Lê Thị Mẫu",
        "username": "le.mau",
        "role": "quản trị viên",
        "valid_from": "01/01/2026",
    }

    printed = run_json("19975", "--officers", staff_file(tmp_path, row))

    assert printed["administrator"] == "le.mau"
    assert User.objects.get().check_password(printed["first_password"])


def test_dry_run_changes_nothing(db: None, tmp_path: Path) -> None:
    make_commune()

    printed = run_json("19975", "--officers", staff_file(tmp_path, {"full_name": "Mẫu Một"}), "--dry-run")

    assert (printed["dry_run"], printed["opened"], printed["staff"]["new"]) == (True, False, 1)
    assert printed["administrator"] == "quantri.19975"
    assert (Unit.objects.count(), User.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("further", [(), ("--dry-run",)])
def test_problem_in_the_list_stops_everything(db: None, tmp_path: Path, further: tuple[str, ...]) -> None:
    make_commune()
    file = staff_file(tmp_path, {"full_name": "Mẫu Một"}, {"full_name": "Mẫu Hai", "unit": "Phòng Không Có"})
    out = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("commune", "add", "19975", "--officers", file, "--json", *further, stdout=out)

    printed = json.loads(out.getvalue())
    validate(printed, SCHEMA)
    assert stop.value.code == 2
    assert [(one["row"], one["cell"]) for one in printed["problems"]] == [(3, "E3")]
    assert (Unit.objects.count(), User.objects.count()) == (0, 0)


def test_code_of_a_merged_commune_names_its_successors(nation: None) -> None:
    with pytest.raises(CommandError) as error:
        run("19807")

    assert error.value.returncode == 2
    assert "←" in str(error.value)


@pytest.mark.parametrize(
    ("typed", "named"), [("huong thuy", "19975"), ("Hương Thủy", "19975"), ("ham rong", "14758")]
)
def test_name_instead_of_a_code_shows_codes(nation: None, typed: str, named: str) -> None:
    with pytest.raises(CommandError) as error:
        run(typed)

    assert named in str(error.value)


@pytest.mark.parametrize("typed", ["99999", "", "'; DROP TABLE", "1" * 500])
def test_unknown_code_is_refused_in_a_sentence(nation: None, typed: str) -> None:
    with pytest.raises(CommandError) as error:
        run(typed)

    assert error.value.returncode == 2
    assert Unit.objects.count() == 0


def test_without_reference_data_it_says_what_to_run(db: None) -> None:
    Predecessor.objects.all().delete()  # those of the module's fixture, until the test ends
    Commune.objects.all().delete()

    with pytest.raises(CommandError, match="load_reference"):
        run("19975")


@pytest.mark.parametrize("content", [None, b"", b"Ho ten;Don vi"])
def test_file_that_is_no_list_is_refused(db: None, tmp_path: Path, content: bytes | None) -> None:
    make_commune()
    file = tmp_path / "x.xlsx"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError) as error:
        run("19975", "--officers", str(file))

    assert error.value.returncode == 2
    assert Unit.objects.count() == 0


def test_roles_of_the_first_administrator_are_administration_alone(db: None) -> None:
    make_commune()
    run("19975")

    assert [duty.role for duty in Duty.objects.all()] == [Role.ADMINISTRATOR]


def test_first_sign_in_asks_for_another_password(db: None, client: Client) -> None:
    make_commune()
    printed = run_json("19975")

    pair = {"username": printed["administrator"], "password": printed["first_password"]}
    answer = client.post("/dang-nhap/", pair, follow=True)

    asked_for = answer.redirect_chain[-1][0]
    assert "mat-khau" in asked_for
    assert client.get("/quan-tri/19975/can-bo/").status_code == 302
