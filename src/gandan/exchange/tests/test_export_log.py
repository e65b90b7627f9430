"""`./gandan export-log`: what we write is read back by a process-mining tool, and by ourselves."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gandan.dossiers.tests.factories import BIRTH, load_reference, make_dossier, make_ward
from gandan.exchange.tests import test_import_log
from gandan.exchange.tests.mining import read_ocel, read_xes
from gandan.exchange.tests.test_import_log import RECEIPT, ROOT, ROWS, run, written
from gandan.organization.models import Commune, Role

pytestmark = pytest.mark.django_db
commune, folder = test_import_log.commune, test_import_log.folder


def export(format_: str, path: Path, code: str = "") -> Path:
    call_command("export_log", format=format_, out=path, commune=code, stderr=StringIO())
    return path


def test_imported_log_comes_out_as_it_went_in(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS))

    read = read_xes(export("xes", folder / "out.xes"))

    assert (read.cases, read.activities) == (3, {"Tiếp nhận": 3, "Trả kết quả": 1})


def test_ocel_names_cases_and_officers(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS))

    read = read_ocel(export("ocel", folder / "out.json"))

    assert read == {
        "events": {"Tiếp nhận": 3, "Trả kết quả": 1},
        "objects": {"imported-case": 3, "officer": 2},
    }


def test_dossier_comes_out_with_its_acts_and_without_people(folder: Path) -> None:
    load_reference(timezone.now())
    ward = make_ward()
    dossier = make_dossier(ward, at=timezone.now(), code=BIRTH)

    text = export("xes", folder / "out.xes").read_text()
    read = read_xes(folder / "out.xes")
    objects = read_ocel(export("ocel", folder / "out.json"))["objects"]

    assert (read.cases, read.activities) == (1, {"accept": 1})
    assert objects == {"dossier": 1, "procedure": 1, "officer": 1}
    assert str(dossier.pk) in text
    for person in (dossier.owner.name, ward.people[Role.COUNTER_OFFICER].full_name, dossier.code):
        assert person not in text


def test_own_xes_is_taken_in_again(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS))
    export("xes", folder / "out.xes")
    other = Commune.objects.create(
        code="14758",
        kind="phường",
        name="Khác",
        province=commune.province,
        folded="khac",
        search_text=" khac",
    )

    printed = run(folder / "out.xes", map_=ROOT / "examples/xes.toml", code=other.pk)

    assert {name: printed[name] for name in ("cases", "added", "on_time", "late", "open")} == {
        "cases": 3, "added": 4, "on_time": 1, "late": 1, "open": 1,
    }  # fmt: skip


def test_only_the_chain_that_was_asked_for(commune: Commune, folder: Path) -> None:
    run(written(folder, *ROWS))

    assert read_ocel(export("ocel", folder / "out.json", "19975"))["objects"]["imported-case"] == 3
    assert json.loads(export("ocel", folder / "none.json", "").read_text())["events"] != []
    with pytest.raises(CommandError, match="99999"):
        export("ocel", folder / "out.json", "99999")


def test_empty_ledger_is_an_empty_log(commune: Commune, folder: Path) -> None:
    assert json.loads(export("ocel", folder / "out.json").read_text())["objects"] == []
    assert read_xes(export("xes", folder / "out.xes")).cases == 0


def test_failure_leaves_the_earlier_file(commune: Commune, folder: Path) -> None:
    (folder / "out.xes").write_text("earlier")

    with pytest.raises(CommandError):
        export("xes", folder / "missing" / "out.xes")

    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert (folder / "out.xes").read_text() == "earlier"


@pytest.mark.skipif(
    not RECEIPT.exists(), reason="the receipt log is not part of the repository (its licence)"
)
def test_receipt_log_is_read_back_whole(commune: Commune, folder: Path) -> None:
    run(RECEIPT, map_=ROOT / "examples/receipt-log.toml")

    read = read_xes(export("xes", folder / "out.xes"))
    objects = read_ocel(export("ocel", folder / "out.json"))

    assert (read.cases, read.variants, sum(read.activities.values())) == (1434, 116, 8577)
    assert (objects["objects"], sum(objects["events"].values())) == (
        {"imported-case": 1434, "officer": 48},
        8577,
    )
