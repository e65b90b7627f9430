"""`./gandan deadline` as others call it: exit code, JSON by its schema, Vietnamese for people, clear refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gandan.calculus.explain import Breach, StepEffect, StepRule
from gandan.calculus.rules import ClockAct
from gandan.catalogue.deadline import main
from gandan.catalogue.deadline_input import OTHER_ACTS, SAME_ACT

SOURCE = Path(__file__).resolve().parents[3]
SCHEMAS = SOURCE.parent / "docs" / "schemas"
MARRIAGE_STATUS = "1.004873"  # three working days
BIRTH = "1.001193"  # the same day, after 15:00 the next working day


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from gandan.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, "deadline", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SOURCE), "TZ": "UTC", "PYTHONUTF8": "1"},
    )


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    assert main([*arguments, "--json"]) == 2
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert printed.err == f"{error['vi']}\n{error['en']}\n"
    return error


def written(folder: Path, content: object) -> str:
    file = folder / "events.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def test_json_is_one_object_by_its_schema() -> None:
    done = run("--procedure", MARRIAGE_STATUS, "--received", "2026-11-20T09:00", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    given = json.loads(done.stdout)
    Draft202012Validator(schema("deadline.json")).validate(given)
    assert (given["due"], given["unit"]) == ("2026-11-26T17:00:00+07:00", "working_day")
    assert [step["effect"] for step in given["steps"]] == [
        "not_counted",
        "skipped",
        "skipped",
        "counted: 1/3",
        "skipped: Ngày Văn hóa Việt Nam",
        "counted: 2/3",
        "counted: 3/3",
        "due",
    ]
    assert given["index"] == {
        "base_due": "2026-11-26T17:00:00+07:00",
        "wait_seconds": 0,
        "counted_end": None,
        "late": None,
        "breaches": [],
    }


def test_people_read_vietnamese() -> None:
    done = run("--procedure", BIRTH, "--received", "2026-11-23T15:01", "--commune", "19975")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1:4] == [
        "Nơi giải quyết: Phường Hương Thủy",
        "Nhận hồ sơ: thứ Hai 23/11/2026, 15:01",
        "Hạn trả kết quả: thứ Tư 25/11/2026, 17:00",
    ]
    assert lines[6].startswith(
        "  ▸ thứ Hai 23/11/2026, 15:01: Nhận sau 15:00 nên trả kết quả vào ngày làm việc"
    )


def test_refusal_is_one_object_by_its_schema() -> None:
    done = run("--procedure", "9.999999", "--received", "2026-11-20T09:00", "--json")

    assert done.returncode == 2
    given = json.loads(done.stdout)
    Draft202012Validator(schema("deadline.json")).validate(given)
    assert given["error"]["code"] == "unknown-procedure"


def test_command_needs_no_django() -> None:
    code = (
        "import sys; from gandan.catalogue.deadline import main; "
        f"main(['--procedure', '{BIRTH}', '--received', '2026-11-23T10:00']); "
        "print([name for name in sys.modules if name.split('.')[0] == 'django'], file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
    )

    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    "received", ["2026-11-20T09:00", "2026-11-20T09:00:00+07:00", "2026-11-20T02:00:00Z", "2026-11-20"]
)
def test_naive_times_are_those_of_viet_nam(capsys: pytest.CaptureFixture[str], received: str) -> None:
    given = answer(capsys, "--procedure", MARRIAGE_STATUS, "--received", received)

    assert given["due"] == "2026-11-26T17:00:00+07:00"


def test_events_move_the_clock(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    events = [
        {"act": "assign", "at": "2026-11-09T09:00"},
        {"act": "receive_supplement", "at": "2026-11-16T09:00"},
        {"act": "request_supplement", "at": "2026-11-11T10:00"},
        {"act": "finish", "at": "2026-11-18T15:00"},
    ]
    Draft202012Validator(schema("clock-events.json")).validate(events)

    given = answer(
        capsys,
        *("--procedure", MARRIAGE_STATUS, "--received", "2026-11-09T08:00"),
        *("--events", written(tmp_path, events)),
    )

    assert given["due"] == "2026-11-19T17:00:00+07:00"
    assert given["index"] == {
        "base_due": "2026-11-12T17:00:00+07:00",
        "wait_seconds": 428400,
        "counted_end": "2026-11-18T15:00:00+07:00",
        "late": True,
        "breaches": [],
    }


@pytest.mark.parametrize("word", ["close", "stop", "apologise-and-extend"])
def test_words_of_the_one_stop_are_understood(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, word: str
) -> None:
    file = written(tmp_path, [{"act": word, "at": "2026-11-10T09:00", "until": "2026-11-16"}])

    given = answer(capsys, "--procedure", MARRIAGE_STATUS, "--received", "2026-11-09T08:00", "--events", file)

    assert given["due"] == f"2026-11-{16 if 'extend' in word else 12}T17:00:00+07:00"


def test_second_supplement_is_late(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    events = [
        {"act": "request_supplement", "at": "2026-11-09T09:00"},
        {"act": "receive_supplement", "at": "2026-11-09T10:00"},
        {"act": "request_supplement", "at": "2026-11-09T11:00"},
    ]

    given = answer(
        capsys,
        *("--procedure", MARRIAGE_STATUS, "--received", "2026-11-09T08:00"),
        *("--events", written(tmp_path, events)),
    )

    assert given["due"] is None
    assert given["index"] == {
        "base_due": "2026-11-12T17:00:00+07:00",
        "wait_seconds": 3600,
        "counted_end": "2026-11-09T11:00:00+07:00",
        "late": True,
        "breaches": ["second_supplement"],
    }


def test_acts_after_known_at_are_not_known(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path, [{"act": "finish", "at": "2026-11-18T15:00"}])
    question = ("--procedure", MARRIAGE_STATUS, "--received", "2026-11-09T08:00", "--events", file)

    lates = [
        answer(capsys, *question, "--known-at", known)["index"]["late"]
        for known in ("2026-11-12T17:00", "2026-11-13T08:00", "2026-11-19T08:00")
    ]

    assert lates == [None, True, True]


def test_accept_among_the_events_is_the_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = written(tmp_path, [{"act": "accept", "at": "2026-11-10T08:00"}])

    given = answer(capsys, "--procedure", MARRIAGE_STATUS, "--received", "2026-11-09T08:00", "--events", file)

    assert given["due"] == "2026-11-13T17:00:00+07:00"


def test_tail_of_a_province_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    given = answer(capsys, "--procedure", "1.004873.H05", "--received", "2026-11-20T09:00")

    assert given["due"] == "2026-11-26T17:00:00+07:00"


@pytest.mark.parametrize(
    ("case", "due"),
    [((), "2026-11-20"), (("--case", "many_pages"), "2026-11-25"), (("--case", "Trong ngày"), "2026-11-20")],
)
def test_case_is_chosen_by_name_or_label(
    capsys: pytest.CaptureFixture[str], case: tuple[str, ...], due: str
) -> None:
    given = answer(capsys, "--procedure", "2.000815", "--received", "2026-11-20T09:00", *case)

    assert given["due"] == f"{due}T17:00:00+07:00"


def test_other_cases_are_named_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--procedure", "1.003677", "--received", "2026-11-20T09:00"]) == 0

    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith("Trường hợp: Thông thường. Trường hợp khác: --case verification (")


def test_unknown_case_is_told_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    error = refusal(capsys, "--procedure", "2.000815", "--received", "2026-11-20T09:00", "--case", "nope")

    assert (error["code"], "many_pages" in error["vi"]) == ("unknown-case", True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--procedure", "1.004874", "--received", "2026-11-20T09:00"), "unknown-procedure"),
        (("--procedure", "", "--received", "2026-11-20T09:00"), "unknown-procedure"),
        (("--procedure", MARRIAGE_STATUS, "--received", "2026-02-30T09:00"), "moment"),
        (("--procedure", MARRIAGE_STATUS, "--received", "20/11/2026"), "moment"),
        (("--procedure", MARRIAGE_STATUS, "--received", "0001-01-01T00:00+14:00"), "moment"),
        (("--procedure", MARRIAGE_STATUS, "--received", "2028-03-01T09:00"), "year-without-calendar"),
        (("--procedure", MARRIAGE_STATUS, "--received", "2027-12-31T09:00"), "year-without-calendar"),
        (("--procedure", MARRIAGE_STATUS, "--received", "1999-03-01T09:00"), "year-without-calendar"),
        (("--procedure", MARRIAGE_STATUS), "arguments"),
        (("--procedure", MARRIAGE_STATUS, "--received", "2026-11-20", "--rush"), "arguments"),
    ],
)
def test_bad_question_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    assert refusal(capsys, *arguments)["code"] == code


@pytest.mark.parametrize(
    ("commune", "code", "words"),
    [
        ("12345678901", "commune-code", "“12345678901” có 11 ký tự"),
        ("99999", "unknown-commune", "Không có xã, phường, đặc khu mang mã 99999."),
        ("19966", "unknown-commune", "Mã cũ; nay là: "),
    ],
)
def test_wrong_commune_is_refused(
    capsys: pytest.CaptureFixture[str], commune: str, code: str, words: str
) -> None:
    error = refusal(
        capsys, "--procedure", MARRIAGE_STATUS, "--received", "2026-11-20T09:00", "--commune", commune
    )

    assert (error["code"], words in error["vi"]) == (code, True)


def test_future_of_known_at_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    error = refusal(
        capsys,
        *("--procedure", MARRIAGE_STATUS, "--received", "2026-11-20T09:00"),
        *("--known-at", "2026-11-19T09:00"),
    )

    assert error["code"] == "received-after-known-at"


def test_guide_only_procedure_gives_no_date_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    error = refusal(capsys, "--procedure", "1.011606", "--received", "2026-11-20T09:00")

    assert error["code"] == "guide-only"
    assert error["vi"].startswith("Thủ tục 1.011606 chỉ hướng dẫn, không hẹn ngày. ")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "events-file"),
        ({"act": "finish"}, "events-file"),
        ([{"act": "finish"}], "event"),
        (["finish"], "event"),
        ([{"act": "finsh", "at": "2026-11-21T09:00"}], "event"),
        ([{"act": "finish", "at": "hôm qua"}], "moment"),
        ([{"act": "extend", "at": "2026-11-21T09:00", "amount": "2"}], "event"),
        ([{"act": "extend", "at": "2026-11-21T09:00", "amount": True}], "event"),
        ([{"act": "extend", "at": "2026-11-21T09:00", "until": "mai"}], "moment"),
        ([{"act": "finish", "at": "2026-11-19T09:00"}], "event-before-reception"),
    ],
)
def test_bad_events_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: object, code: str
) -> None:
    file = written(tmp_path, content)

    error = refusal(
        capsys, "--procedure", MARRIAGE_STATUS, "--received", "2026-11-20T09:00", "--events", file
    )

    assert error["code"] == code


def test_missing_events_file_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    error = refusal(
        capsys,
        *("--procedure", MARRIAGE_STATUS, "--received", "2026-11-20T09:00"),
        *("--events", str(tmp_path / "none.json")),
    )

    assert error["code"] == "events-file"


def test_schemas_name_every_code() -> None:
    acts = schema("clock-events.json")["items"]["properties"]["act"]["enum"]
    answer = schema("deadline.json")["$defs"]["answer"]["properties"]
    step = answer["steps"]["items"]["properties"]

    assert set(acts) == {*ClockAct, *OTHER_ACTS, *SAME_ACT}
    assert step["rule"]["enum"] == list(StepRule)
    assert step["effect"]["pattern"] == f"^({'|'.join(StepEffect)})(: .+)?$"
    assert answer["index"]["properties"]["breaches"]["items"]["enum"] == list(Breach)
