"""The clock's steps in words: every code has its sentence, in both languages."""

from __future__ import annotations

import string
from dataclasses import fields

import pytest

from gandan.calculus.clock import read_clock
from gandan.calculus.explain import StepRule
from gandan.calculus.rules import ClockAct, ClockEvent, Mark, SupplementEffect, TimeRule, Unit
from gandan.calculus.sources import GENERAL
from gandan.calculus.tests.vietnam import STATE, act, rule
from gandan.catalogue import step_words
from gandan.catalogue.explain import explain
from gandan.catalogue.grounds import KEYS, grounds_from, shipped_grounds
from gandan.organization.shipped import national_calendar
from gandan.ui.compile_messages import ensure_compiled

LIFE = [
    act("accept", "2026-11-09 08:00"),
    act("request_supplement", "2026-11-10 08:00"),
    act("receive_supplement", "2026-11-11 08:00"),
    act("suspend", "2026-11-12 08:00"),
    act("resume", "2026-11-16 08:00"),
    act("extend", "2026-11-17 08:00", amount=2),
    act("extend", "2026-11-18 08:00", amount=2),
    act("finish", "2026-11-19 08:00"),
    act("reopen", "2026-11-20 08:00"),
]


@pytest.fixture(autouse=True)
def compiled() -> None:
    ensure_compiled()


def test_every_rule_has_a_kind_and_a_sentence() -> None:
    own_way = {StepRule.SUPPLEMENT_REQUESTED, StepRule.ENDED}

    assert set(step_words.KINDS) == set(StepRule)
    assert set(step_words.SENTENCES) == set(StepRule) - own_way
    assert set(step_words.ACTS) == {str(act) for act in ClockAct}


def test_life_of_a_dossier_is_told_in_vietnamese() -> None:
    told = explain(read_clock(rule(5), STATE, LIFE), "vi")

    lines = [(step.kind, step.title, step.text) for step in told]
    assert lines[:5] == [
        (
            "received",
            "thứ Hai 09/11/2026, 08:00",
            "Ngày tiếp nhận không tính; bắt đầu đếm từ ngày kế tiếp.",
        ),
        ("counted_day", "thứ Ba 10/11/2026", "Ngày làm việc thứ 1 trong 5 ngày."),
        (
            "pause",
            "từ thứ Ba 10/11/2026 đến thứ Tư 11/11/2026",
            "Đang chờ bổ sung giấy tờ. Thời hạn dừng lại và sẽ tính lại từ đầu.",
        ),
        ("restart", "thứ Tư 11/11/2026, 08:00", "Giấy tờ đã đủ; thời hạn tính lại từ đầu."),
        (
            "received",
            "thứ Tư 11/11/2026, 08:00",
            "Ngày bổ sung đủ không tính; đếm lại từ ngày kế tiếp.",
        ),
    ]


def test_steps_are_told_in_english_too() -> None:
    told = explain(read_clock(rule(1), STATE, LIFE[:1]), "en")

    assert [step.text for step in told] == [
        "The day of reception is not counted; counting begins the next day.",
        "Working day 1 of 1.",
        "The time limit ends when the office closes.",
    ]


@pytest.mark.parametrize(
    "limit",
    [
        rule(5),
        rule(5, supplement=SupplementEffect.SUBTRACT),
        rule(5, supplement=SupplementEffect.NONE),
        rule(50, Unit.DAY),
        rule(1, Unit.MONTH),
        rule(20, Unit.HOUR),
        rule(20, Unit.WORKING_HOUR),
        rule(0, Unit.SAME_DAY),
    ],
    ids=lambda limit: f"{limit.unit}-{limit.supplement}",
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_sentence_keeps_a_hole(limit: TimeRule, language: str) -> None:
    passed_over = act("resume", "2026-11-09 09:00")

    told = explain(read_clock(limit, STATE, [*LIFE, passed_over]), language)

    assert [step.text for step in told if set("{}") & set(step.text)] == []
    assert all(step.text and step.title and step.source_text for step in told)


def test_vietnamese_keeps_the_holes_of_the_english_sentence() -> None:
    from django.utils.translation import gettext, override

    def holes(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    with override("vi"):
        differing = [text for text in step_words.SENTENCES.values() if holes(text) != holes(gettext(text))]

    assert differing == []


def test_long_limit_tells_weekends_as_one() -> None:
    told = explain(read_clock(rule(45), STATE, [act("accept", "2026-03-02 08:00")]), "vi")

    weekends = [step.title for step in told if step.text == "Ngày nghỉ cuối tuần, không tính."]
    assert weekends[0] == "từ thứ Bảy 07/03/2026 đến Chủ nhật 08/03/2026"


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        (SupplementEffect.RESTART, "pause"),
        (SupplementEffect.SUBTRACT, "pause"),
        (SupplementEffect.NONE, "note"),
    ],
)
def test_wait_is_a_pause_only_if_it_stops_the_limit(effect: SupplementEffect, kind: str) -> None:
    reading = read_clock(rule(5, supplement=effect), STATE, LIFE[:2])

    kinds = [step.kind for step in explain(reading, "en") if step.text.startswith("Waiting")]

    assert kinds == [kind]


def test_uncertain_source_is_shown_as_such() -> None:
    told = explain(read_clock(rule(1), STATE, LIFE[:1]), "vi")

    assert [(step.mark, step.certain) for step in told[::2]] == [("read", True), ("derived", False)]


def test_grounds_are_the_rows_of_the_law() -> None:
    calendar = national_calendar()
    accepted = [ClockEvent(ClockAct.ACCEPT, act("accept", "2026-11-20 09:00").at)]

    rows = read_clock(rule(2), calendar, accepted, grounds=shipped_grounds(accepted[0].at.date())).rows

    assert rows == (
        "rule-row",
        "count.first_day@before",
        "count.working_day@before",
        "holiday@2026-11-24",
        "clock.due_day_end@before",
    )


def test_ground_without_a_row_keeps_its_general_source() -> None:
    assert grounds_from(lambda _key: None) == GENERAL
    assert set(KEYS) <= {field.name for field in fields(GENERAL)}
    assert GENERAL.index.mark is Mark.READ_2ND


def test_what_is_uncertain_behind_every_weekend_is_said_once() -> None:
    told = explain(read_clock(rule(10), STATE, [act("accept", "2026-11-09 08:00")]), "vi")

    weekends = [step for step in told if step.kind == "skipped_day" and not step.certain]
    assert len(weekends) == 4
    assert all(step.quiet for step in weekends)
    assert step_words.asides(told) == [weekends[0].source_text]
