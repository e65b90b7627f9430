from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from gandan.ledger.heads import Head, read_head_file
from gandan.ledger.management.commands import verify as verify_command
from gandan.ledger.models import ChainHead
from gandan.ledger.tests.factories import WARD, make_chain, make_event

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).parents[4] / "docs" / "schemas"


def run_json(command: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one object that `command --json` prints, checked against its schema."""
    out, code = StringIO(), 0
    try:
        call_command(command, *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    printed = json.loads(out.getvalue())
    jsonschema.validate(printed, json.loads((SCHEMAS / f"{command}.json").read_text()))
    return code, printed


def test_verify_of_a_sound_ledger() -> None:
    ward, cell = make_chain(2)[-1], make_event(chain="cell")

    code, printed = run_json("verify")

    unproven = "consistent, tail unproven"
    assert code == 0
    assert printed == {
        "verdict": unproven,
        "events": 3,
        "chains": [
            {"chain": WARD, "verdict": unproven, "sound_to": 2, "hash": ward.hash, "proven_to": 0},
            {"chain": "cell", "verdict": unproven, "sound_to": 1, "hash": cell.hash, "proven_to": 0},
        ],
        "findings": [],
    }


def test_verify_of_an_empty_ledger() -> None:
    assert run_json("verify") == (
        0,
        {"verdict": "consistent, tail unproven", "events": 0, "chains": [], "findings": []},
    )


def test_verify_of_a_broken_ledger_names_the_first_bad_event() -> None:
    make_chain(2)
    ChainHead.objects.update(seq=1)

    code, printed = run_json("verify")

    assert (code, printed["verdict"]) == (1, "broken")
    assert [(f["chain"], f["seq"], f["event_id"], f["fault"]) for f in printed["findings"]] == [
        (WARD, 2, None, "head")
    ]


def test_verify_of_one_commune_reads_no_other() -> None:
    make_chain(2)
    make_event(chain="14758")
    ChainHead.objects.filter(chain=WARD).update(seq=1)

    code, printed = run_json("verify", "--commune", "14758")

    assert (code, [chain["chain"] for chain in printed["chains"]]) == (0, ["14758"])


@pytest.mark.parametrize(
    ("chains", "verdict"),
    [
        ([WARD], "consistent, proven to the given heads"),
        ([WARD, "cell"], "consistent, tail unproven"),
    ],
    ids=["every chain has a head", "one has none"],
)
def test_verify_against_a_file(tmp_path: Path, chains: list[str], verdict: str) -> None:
    event, *_others = [make_event(chain=chain) for chain in chains]
    (tmp_path / "receipt.txt").write_text(f"{WARD} 1·{event.hash[:32]}\n")

    code, printed = run_json("verify", "--against", str(tmp_path / "receipt.txt"))

    assert (code, printed["verdict"], printed["chains"][0]["proven_to"]) == (0, verdict, 1)


def test_verify_against_a_head_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "receipt.txt").write_text(f"{WARD} 7 {'ab' * 16}\n")

    code, printed = run_json("verify", "--against", str(tmp_path / "receipt.txt"))

    assert (code, [(f["chain"], f["seq"], f["fault"]) for f in printed["findings"]]) == (
        1,
        [(WARD, 1, "lost")],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--commune", "00000"], "00000"), (["--against", "/nowhere/heads.txt"], "/nowhere/heads.txt")],
)
def test_verify_with_bad_input_is_refused_with_code_2(arguments: list[str], message: str) -> None:
    make_event()

    with pytest.raises(CommandError, match=message) as refused:
        call_command("verify", *arguments)

    assert refused.value.returncode == 2


def test_verify_in_words() -> None:
    make_chain(2)
    out = StringIO()

    call_command("verify", stdout=out)

    assert out.getvalue().splitlines() == [
        "Có 2 sự kiện nguyên vẹn trong 1 chuỗi.",
        "Sổ nhất quán, phần cuối chưa được chứng minh: "
        "hãy đối chiếu với bản giữ ở nơi khác (--against FILE).",
    ]


def test_verify_of_a_broken_ledger_in_words() -> None:
    make_chain(2)
    ChainHead.objects.update(seq=1)
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("verify", stdout=out)

    assert end.value.code == 1
    assert out.getvalue().splitlines()[0].startswith(f"Chuỗi {WARD}: ")


def test_verify_reports_progress_on_standard_error_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_command, "SECONDS_BETWEEN_REPORTS", 0.0)
    make_chain(2)
    err, out = StringIO(), StringIO()

    call_command("verify", "--json", stdout=out, stderr=err)

    assert err.getvalue().splitlines() == [f"Chuỗi {WARD}: đã đọc 2 sự kiện…"]
    assert json.loads(out.getvalue())["events"] == 2


def test_heads_writes_the_file_of_the_day(tmp_path: Path, settings: Settings) -> None:
    settings.GANDAN_DATA = tmp_path
    event = make_event()

    code, printed = run_json("heads")

    path = Path(printed["file"])
    assert (code, printed["heads"], path.parent, len(path.stem)) == (0, 1, tmp_path / "heads", 10)
    assert read_head_file(path) == [Head(WARD, 1, event.hash)]


def test_heads_refuses_when_the_day_before_is_contradicted(tmp_path: Path, settings: Settings) -> None:
    settings.GANDAN_DATA = tmp_path
    make_event()
    (tmp_path / "heads").mkdir()
    (tmp_path / "heads" / "2026-01-05.txt").write_text(f"{WARD} 2 {'ab' * 32}\n")

    with pytest.raises(CommandError, match="đã mất hoặc đã bị sửa") as refused:
        call_command("heads")

    assert refused.value.returncode == 1
    assert [path.name for path in (tmp_path / "heads").iterdir()] == ["2026-01-05.txt"]


def test_heads_in_words(tmp_path: Path) -> None:
    make_event()
    out = StringIO()

    call_command("heads", "--out", str(tmp_path / "h.txt"), stdout=out)

    assert out.getvalue() == f"Đã ghi 1 đầu chuỗi vào {tmp_path}/h.txt.\n"
