"""`./gandan import-log`: each row once, its dates the other system's own, broken rows explained."""

from __future__ import annotations

import contextlib
import gzip
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from jsonschema import validate

from gandan.exchange.models import ImportedCase, ImportedEvent
from gandan.ledger.actions import verify_all
from gandan.ledger.models import Event
from gandan.organization.models import Commune, Province

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
RECEIPT = ROOT.parent / "shared" / "data" / "receipt.csv.gz"
MAP = """
case_id = "ma"
activity = "viec"
timestamp = "luc"
actor = "ai"
end = "xong"
planned = "hen"
channel = "kenh"

[activities]
"Tiếp nhận" = "accept"
"""
HEADER = "ma,viec,luc,ai,xong,hen,kenh"
ROWS = (
    "A1,Tiếp nhận,2026-11-23 08:00,Nguyễn Mẫu,2026-11-25 10:00,2026-11-25 17:00,Tại quầy",
    "A1,Trả kết quả,2026-11-25T10:00:00+07:00,Nguyễn Mẫu,2026-11-25 10:00,2026-11-25 17:00,Tại quầy",
    "A2,Tiếp nhận,23/11/2026 09:30,Trần Mẫu,27/11/2026 08:00,25/11/2026 17:00,",
    "A3,Tiếp nhận,23/11/2026,,,25/11/2026 17:00,",
)


@pytest.fixture
def commune(db: None) -> Commune:
    province = Province.objects.create(code="46", kind="thành phố", name="Mẫu")
    return Commune.objects.create(
        code="19975", kind="phường", name="Mẫu", province=province, folded="mau", search_text=" mau"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    return tmp_path


def written(folder: Path, *rows: str, name: str = "log.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def run(path: Path, *, map_: Path | None = None, code: str = "19975") -> dict[str, Any]:
    """What the command prints as JSON, checked against its schema."""
    out = StringIO()
    with contextlib.suppress(SystemExit):  # a rejected row is a finding, and the rest is printed all the same
        call_command(
            "import_log", path, map=map_ or path.parent / "map.toml", commune=code, json=True, stdout=out
        )
    printed: dict[str, Any] = json.loads(out.getvalue())
    validate(printed, json.loads((ROOT / "docs/schemas/import-log.json").read_text()))
    return printed


def test_rows_become_events_with_the_dates_of_their_own_system(commune: Commune, folder: Path) -> None:
    printed = run(written(folder, *ROWS))

    assert printed == {
        "cases": 3, "events": 4, "on_time": 1, "late": 1, "open": 1, "rejected": [], "added": 4,
    }  # fmt: skip
    assert ImportedCase.objects.get(reference="A2").planned_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert verify_all() == []


def test_second_run_adds_nothing(commune: Commune, folder: Path) -> None:
    path = written(folder, *ROWS)
    run(path)

    printed = run(path)

    assert (printed["events"], printed["added"]) == (4, 0)
    assert Event.objects.count() == 4


def test_log_that_has_grown_adds_what_is_new(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS[:2]))

    printed = run(written(folder, *ROWS))

    assert (printed["events"], printed["added"]) == (4, 2)


def test_equal_rows_are_two_events_each_time(commune: Commune, folder: Path) -> None:
    path = written(folder, ROWS[0], ROWS[0])

    assert [run(path)["added"], run(path)["added"]] == [2, 0]


def test_case_that_ended_since_is_brought_up_to_date_with_evidence(commune: Commune, folder: Path) -> None:
    run(written(folder, "A3,Tiếp nhận,23/11/2026,,,25/11/2026 17:00,"))

    printed = run(written(folder, "A3,Tiếp nhận,23/11/2026,,24/11/2026 08:00,25/11/2026 17:00,"))

    assert (printed["added"], printed["on_time"]) == (0, 1)
    assert [event.act for event in Event.objects.order_by("seq")] == ["imported", "import-changed"]


def test_event_after_the_end_of_its_case_is_kept(commune: Commune, folder: Path) -> None:
    late = "A1,Lưu trữ,2026-12-30 08:00,Nguyễn Mẫu,2026-11-25 10:00,2026-11-25 17:00,Tại quầy"

    assert run(written(folder, *ROWS, late))["added"] == 5


def test_who_acted_is_in_no_event(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS))

    bodies = "".join(Event.objects.values_list("body", flat=True))
    assert "Nguyễn" not in bodies
    assert len({Event.objects.get(seq=seq).facts["by"] for seq in (1, 2)}) == 1
    assert Event.objects.get(seq=1).facts["as"] == "accept"
    assert set(ImportedEvent.objects.values_list("actor", flat=True)) == {"Nguyễn Mẫu", "Trần Mẫu", ""}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A1,Tiếp nhận,hôm qua,,,,", "không phải là ngày"),
        ("A1,Tiếp nhận,31/02/2026,,,,", "không phải là ngày"),
        ("A1,Tiếp nhận,9999-12-31T23:59:59-23:00,,,,", "không phải là ngày"),
        (",Tiếp nhận,2026-11-23,,,,", "ma"),
        ("A1,,2026-11-23,,,,", "viec"),
        ("A1,Tiếp nhận,,,,,", "luc"),
        ("A1,Tiếp nhận,2026-11-23", "cột"),
        ("A1,Tiếp nhận,2026-11-23,,,,,thừa", "cột"),
        (f"{'A' * 121},Tiếp nhận,2026-11-23,,,,", "120"),
        (f"A1,{'v' * 201},2026-11-23,,,,", "200"),
        ("A1,Tiếp\0nhận,2026-11-23,,,,", "NUL"),
    ],
)
def test_broken_row_is_named_and_the_others_are_taken(
    commune: Commune, folder: Path, row: str, reason: str
) -> None:
    printed = run(written(folder, ROWS[0], row, ROWS[2]))

    [rejected] = printed["rejected"]
    assert rejected["row"] == 3
    assert reason in rejected["reason"]
    assert printed["added"] == 2


@pytest.mark.parametrize(
    ("map_", "said"),
    [
        ('case_id = "ma"', "activity, timestamp"),
        (MAP + "\nx = 1", "[activities]"),
        ("ma = 1", "ma"),
        (MAP.replace('"kenh"', "7"), "channel"),
        (MAP.replace('"ai"', '"nguoi"'), "nguoi"),
        ('timezone = "Mars/Base"\n' + MAP, "Mars/Base"),
        ("not toml", "TOML"),
    ],
)
def test_map_that_cannot_be_used_is_explained(commune: Commune, folder: Path, map_: str, said: str) -> None:
    (folder / "other.toml").write_text(map_, "utf-8")

    with pytest.raises(CommandError) as refused:
        run(written(folder, *ROWS), map_=folder / "other.toml")

    assert (refused.value.returncode, said in str(refused.value)) == (2, True)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.csv", b""),
        ("log.csv", HEADER.encode() + b"\nA1,Ti\xe1\xba,2026\n"),
        ("log.csv", b"ma,ma,luc\n"),
        ("log.csv.gz", gzip.compress(b"ma,viec\n" * 9, mtime=0)[:-5]),
        ("log.csv.gz", b"\x1f\x8bnot gzip"),
        ("log.xes", b"<log><trace></trace></log>"),
        ("log.xes", b"<log><trace>"),
        ("log.xes", b'<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>'),
        ("log.xlsx", b"PK"),
        ("log.csv", b"a" * 200_000),
    ],
)
def test_file_that_is_no_log_is_refused(commune: Commune, folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run(path)

    assert refused.value.returncode == 2
    assert not Event.objects.exists()


def test_commune_that_does_not_exist_is_refused(commune: Commune, folder: Path) -> None:
    with pytest.raises(CommandError, match="99999"):
        run(written(folder, *ROWS), code="99999")


def test_semicolons_and_a_byte_order_mark_are_read(commune: Commune, folder: Path) -> None:
    path = folder / "log.csv"
    path.write_text("\n".join((HEADER, *ROWS)).replace(",", ";"), "utf-8-sig")

    assert run(path)["added"] == 4


@pytest.mark.skipif(
    not RECEIPT.exists(), reason="the receipt log is not part of the repository (its licence)"
)
def test_receipt_log_gives_its_published_figures(commune: Commune) -> None:
    printed = run(RECEIPT, map_=ROOT / "examples/receipt-log.toml")

    assert printed == {
        "cases": 1434, "events": 8577, "on_time": 940, "late": 389, "open": 105, "rejected": [], "added": 8577,
    }  # fmt: skip
    assert run(RECEIPT, map_=ROOT / "examples/receipt-log.toml")["added"] == 0
    assert after_their_end() == 145
    assert verify_all() == []


def after_their_end() -> int:
    """Cases with an event after their end, all of which are kept."""
    rows = ImportedEvent.objects.filter(case__ended_at__isnull=False).values_list(
        "case_id", "at", "case__ended_at"
    )
    return len({case for case, at, ended in rows if at > ended})
