"""The shipped law: versions by date, marks, and refusal of bad data."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from gandan.calculus.rules import Mark
from gandan.law.shipped import (
    LawDataError,
    LawRowMissing,
    form,
    forms,
    keys,
    parameter,
    parse_keys,
    rows,
)

ANNEX_A = [
    "tcd.schedule_post_before",
    "tcd.refuse_written",
    "tcd.first_answer",
    "tcd.forwarder_notice",
    "tcd.forwarder_to_citizen",
    "tcd.online_notice",
    "tcd.online_test",
    "tcd.online_connect",
    "tcd.petition_idle_dismissal",
    "tcd.reps",
    "kn.lodge",
    "kn.accept",
    "kn.s1",
    "kn.s1_remote",
    "kn.send1",
    "kn.lodge2",
    "kn.s2",
    "kn.s2_remote",
    "kn.send2",
    "kn.in_force",
    "kn.dialogue_notice",
    "kn.suspend_send",
    "tc.initial",
    "tc.transfer",
    "tc.notify_accept",
    "tc.settle",
    "tc.ext_complex",
    "tc.ext_special",
    "tc.conclusion_send",
    "tc.act",
    "tc.publish",
    "tc.again",
    "tc.overdue",
    "pakn.transfer",
    "dc.publish_start",
    "dc.post",
    "dc.radio",
    "dc.consult",
    "dc.recognise",
    "dc.meeting_notice",
    "dc.year_conf_notice",
    "dc.ttnd_answer",
    "xdli.report",
    "xdli.decide",
    "xdli.notify",
    "gift",
    "335.complaint",
]


@pytest.mark.parametrize(
    ("key", "on", "value", "unit", "mark"),
    [
        ("supplement.notice_within", date(2025, 6, 30), 3, "working_day", Mark.READ),
        ("supplement.notice_within", date(2026, 11, 21), 3, "working_day", Mark.READ),
        ("supplement.close_after", date(2026, 11, 21), 15, "day", Mark.DERIVED),
        ("supplement.max_requests", date(2026, 11, 21), 1, "count", Mark.READ),
        ("apology.before", date(2026, 11, 21), 1, "day", Mark.READ),
        ("online.machine_alert", date(2026, 11, 21), 2, "hour", Mark.READ),
        ("online.officer_answer", date(2026, 11, 21), 8, "working_hour", Mark.READ),
        ("fee.remit_within", date(2026, 11, 21), 8, "working_hour", Mark.READ),
        ("non_geographic.paper_within", date(2026, 11, 21), 1, "working_day", Mark.READ),
        ("correction.within", date(2026, 11, 21), 3, "working_day", Mark.READ),
        ("kn.accept", date(2026, 6, 30), 10, "day", Mark.READ),
        ("kn.accept", date(2026, 7, 1), 7, "working_day", Mark.READ),
        ("tcd.chairman_min_days", date(2026, 6, 30), {"period": "week", "days": 1}, "", Mark.READ),
        ("tcd.chairman_min_days", date(2026, 7, 1), {"period": "month", "days": 2}, "", Mark.READ),
        ("group.supplement_close_after", date(2026, 9, 1), 7, "working_day", Mark.READ),
        ("supplement.index_max_requests", date(2026, 11, 21), 1, "count", Mark.READ_2ND),
    ],
)
def test_parameter_on_a_day(key: str, on: date, value: Any, unit: str, mark: Mark) -> None:
    row = parameter(key, on)

    assert (row.value, row.unit, row.mark) == (value, unit, mark)


def test_two_cut_offs_at_three_are_two_rules() -> None:
    transfer = parameter("transfer.cut_off", date(2026, 11, 21))
    same_day = parameter("same_day.certification_cut_off", date(2026, 11, 21))

    assert transfer.time_of_day == same_day.time_of_day == time(15)
    assert (transfer.document, same_day.document) == (
        "NĐ 118/2025/NĐ-CP (NĐ 309/2026/NĐ-CP)",
        "NĐ 23/2015/NĐ-CP",
    )


@pytest.mark.parametrize(
    ("key", "on"),
    [
        ("group.supplement_close_after", date(2026, 8, 31)),  # NĐ 301/2026 begins on 1 September
        ("same_day.civil_status_cut_off", date(2027, 3, 1)),  # the new law's text is not known
        ("no.such_key", date(2026, 11, 21)),
    ],
)
def test_parameter_without_a_row_is_refused(key: str, on: date) -> None:
    with pytest.raises(LawRowMissing, match=key):
        parameter(key, on)


def test_annex_a_has_all_its_keys() -> None:
    assert [key for key in ANNEX_A if key not in keys()] == []


def test_every_row_has_a_document_and_its_own_id() -> None:
    all_rows = rows()

    assert [row.id for row in all_rows if not row.document] == []
    assert len({row.id for row in all_rows}) == len(all_rows)


def test_amount_of_a_rule_in_words_is_refused() -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        _ = parameter("clock.start", date(2026, 11, 21)).amount


def test_source_bears_the_row() -> None:
    source = parameter("apology.before", date(2026, 11, 21)).source

    assert (source.document, source.article, source.row) == (
        "NĐ 118/2025/NĐ-CP",
        "khoản 6 Điều 19",
        "apology.before@2025-07-01",
    )


@pytest.mark.parametrize(
    ("rows_of_key", "problem"),
    [
        ([{"from": date(2026, 1, 1), "to": date(2025, 1, 1)}], "ends before it starts"),
        ([{"to": date(2026, 6, 30)}, {"from": date(2026, 6, 30)}], "hold on the same day"),
        ([{"from": date(2025, 1, 1)}, {"from": date(2026, 1, 1)}], "hold on the same day"),
        ([{"frmo": date(2025, 1, 1)}], "unknown fields"),
    ],
)
def test_bad_rows_are_refused(rows_of_key: list[dict[str, Any]], problem: str) -> None:
    filled = [{"value": 1, "document": "A", "mark": "read", **row} for row in rows_of_key]

    with pytest.raises(LawDataError, match=problem):
        list(parse_keys({"a.key": {"group": "clock", "title": "A", "en": "A", "rows": filled}}))


def test_unknown_mark_is_refused() -> None:
    row = {"value": 1, "document": "A", "mark": "certain"}

    with pytest.raises(ValueError, match="certain"):
        list(parse_keys({"a.key": {"group": "clock", "title": "A", "en": "A", "rows": [row]}}))


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("receipt", "01", "01"),
        ("apology", "04", "04"),
        ("control_sheet", "05", "06"),
        ("register", "06", "07"),
    ],
)
def test_form_number_changes_with_the_circular(key: str, before: str, after: str) -> None:
    numbers = form(key, date(2025, 9, 14)).number, form(key, date(2025, 9, 15)).number

    assert numbers == (before, after)


def test_form_five_means_two_papers() -> None:
    assert [(f.circular, f.key) for f in forms() if f.number == "05"] == [
        ("TT 01/2018/TT-VPCP", "control_sheet"),
        ("TT 03/2025/TT-VPCP", "stop"),
    ]


def test_stop_notice_before_its_circular_is_refused() -> None:
    with pytest.raises(LawRowMissing):
        form("stop", date(2025, 9, 14))


def test_layouts_of_the_new_forms_are_not_found() -> None:
    marks = {f.layout_mark for f in forms() if f.circular == "TT 03/2025/TT-VPCP"}

    assert marks == {Mark.NOT_FOUND}
