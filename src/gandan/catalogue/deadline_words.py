"""The answer of `./gandan deadline`, as JSON for machines and as lines for people. Without Django."""

from __future__ import annotations

import gettext
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from gandan.calculus.rules import IndexClock, Mark, Reading, Step
from gandan.catalogue.deadline_input import Question
from gandan.catalogue.step_words import CERTAIN, ExplainedStep, Translate, asides, source_text, told
from gandan.ui.compile_messages import ensure_compiled

LOCALES = Path(__file__).resolve().parent / "locale"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
SIGNS = {"counted_day": "●", "skipped_day": "○", "pause": "┊", "end": "■", "note": "·"}


def as_json(reading: Reading) -> dict[str, object]:
    """The object of docs/schemas/deadline.json."""
    index = reading.index
    return {
        "due": iso(reading.due),
        "unit": str(reading.unit),
        "steps": [step_json(step) for step in reading.steps],
        "index": {
            "base_due": iso(index.base_due),
            "wait_seconds": index.wait_seconds,
            "counted_end": iso(index.counted_end),
            "late": index.late,
            "breaches": [str(breach) for breach in index.breaches],
        },
    }


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def step_json(step: Step) -> dict[str, str]:
    """A step; its effect is a stable code, after a colon what makes it particular (number of the day, name …)."""
    detail = dict(step.detail)
    number, of = detail.pop("number", None), detail.pop("of", None)
    particular = [f"{number}/{of}" if of else str(number)] if number else []
    particular += [str(value) for value in detail.values()]
    return {
        "rule": str(step.rule),
        "source": source_text(step.source),
        "mark": str(step.source.mark),
        "from": step.start.isoformat(),
        "to": step.end.isoformat(),
        "effect": ": ".join([str(step.effect), *filter(None, [", ".join(particular)])]),
    }


def vietnamese() -> Translate:
    """Sentences of this room in Vietnamese, from the same catalogue as the pages."""
    with suppress(OSError):  # installed where nothing may be written: what was shipped compiled is taken
        ensure_compiled()
    return gettext.translation("django", LOCALES, ["vi"], fallback=True).gettext


def day_words(day: date) -> str:
    """`thứ Hai 30/11/2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def moment_words(moment: datetime) -> str:
    """`thứ Hai 30/11/2026, 17:00`."""
    return f"{day_words(moment.date())}, {moment:%H:%M}"


def as_text(question: Question, reading: Reading) -> str:
    """The answer in Vietnamese: the date first, then why, then the index beside it."""
    steps = told(reading, vietnamese(), day_words)
    lines = [f"{question.procedure.name} ({question.procedure.code})"]
    lines += case_lines(question)
    if question.commune is not None:
        lines.append(f"Nơi giải quyết: {question.commune.full_name}")
    lines += [f"Nhận hồ sơ: {moment_words(question.received)}", due_line(reading), ""]
    lines += ["Vì sao ngày này?", *(step_line(step) for step in steps), ""]
    lines += [index_line(reading.index), *check_lines(question, steps)]
    return "\n".join(lines)


def case_lines(question: Question) -> list[str]:
    """Which case was taken, and how to ask for another."""
    others = [case for case in question.procedure.cases if case is not question.case]
    if not others:
        return []
    more = "; ".join(f"--case {case.name} ({case.label})" for case in others)
    return [f"Trường hợp: {question.case.label}. Trường hợp khác: {more}"]


def due_line(reading: Reading) -> str:
    """The date, or why there is none now."""
    if reading.due is not None:
        return f"Hạn trả kết quả: {moment_words(reading.due)}"
    return "Hạn trả kết quả: chưa có ngày, vì thời hạn đang dừng hoặc chưa bắt đầu."


def step_line(step: ExplainedStep) -> str:
    check = "" if step.certain else " *" if step.quiet else " (cần kiểm tra)"
    return f"  {SIGNS.get(step.kind, '▸')} {step.title}: {step.text} [{step.source_text}{check}]"


def index_line(index: IndexClock) -> str:
    """The official index in one line, beside the legal date and never instead of it."""
    if index.base_due is None:
        return "Theo QĐ 766 (chỉ số 2.1): chưa bắt đầu tính."
    verdict = {True: "trễ", False: "đúng hạn", None: "chưa xong, chưa kết luận"}[index.late]
    waited = f"{index.wait_seconds // 3600} giờ {index.wait_seconds // 60 % 60} phút"
    ended = f"; tính đến {moment_words(index.counted_end)}" if index.counted_end else ""
    twice = "; đã yêu cầu bổ sung quá một lần" if "second_supplement" in index.breaches else ""
    return (
        f"Theo QĐ 766 (chỉ số 2.1): {verdict}. Mốc {moment_words(index.base_due)};"
        f" trừ thời gian chờ bổ sung {waited}{ended}{twice}."
    )


def check_lines(question: Question, steps: list[ExplainedStep]) -> list[str]:
    """What must be checked before somebody relies on the date."""
    lines = []
    if question.rule.source.mark not in CERTAIN:
        lines.append(
            f"Cần kiểm tra: thời hạn của thủ tục ({source_text(question.rule.source) or 'chưa rõ nguồn'})."
        )
    lines += [f"* Cần kiểm tra, cho mọi ngày cuối tuần: {text}." for text in asides(steps)]
    doubtful = {step.source_text for step in steps if step.mark in (Mark.PROJECTED, Mark.NOT_FOUND)}
    lines += [f"Cần kiểm tra: {text}." for text in sorted(doubtful)]
    return lines
