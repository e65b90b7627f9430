"""Calendars for tests, typed by hand from the facts (not read from the shipped files)."""

from __future__ import annotations

from datetime import date, datetime, time

from gandan.calculus.rules import (
    VIETNAM,
    Calendar,
    ClockAct,
    ClockEvent,
    DayOff,
    OfficeHours,
    Source,
    TimeRule,
    Unit,
)

NOTICE = Source("Thông báo ngày nghỉ (bài thử)")
PROCEDURE = Source("Quyết định công bố (bài thử)", row="rule-row")

DAYS = (
    ("2025-01-01", "Tết Dương lịch"),
    ("2025-01-27", "Tết"),
    ("2025-01-28", "Tết"),
    ("2025-01-29", "Tết"),
    ("2025-01-30", "Tết"),
    ("2025-01-31", "Tết"),
    ("2025-04-07", "Giỗ Tổ"),
    ("2025-04-26", "+làm bù 02/05"),
    ("2025-04-30", "30/4"),
    ("2025-05-01", "1/5"),
    ("2025-05-02", "hoán đổi"),
    ("2025-09-01", "Quốc khánh"),
    ("2025-09-02", "Quốc khánh"),
    ("2026-01-01", "Tết Dương lịch"),
    ("2026-01-02", "hoán đổi với 10/01"),
    ("2026-01-10", "+làm bù 02/01"),
    ("2026-02-16", "Tết"),
    ("2026-02-17", "Tết"),
    ("2026-02-18", "Tết"),
    ("2026-02-19", "Tết"),
    ("2026-02-20", "Tết"),
    ("2026-04-27", "Giỗ Tổ, nghỉ bù"),
    ("2026-04-30", "30/4"),
    ("2026-05-01", "1/5"),
    ("2026-08-22", "+làm bù 31/08"),
    ("2026-08-31", "hoán đổi với 22/08"),
    ("2026-09-01", "Quốc khánh"),
    ("2026-09-02", "Quốc khánh"),
    ("2026-11-24", "Ngày Văn hóa Việt Nam"),
    ("2027-01-01", "Tết Dương lịch"),
    ("2027-02-04", "Tết"),
    ("2027-02-05", "Tết"),
    ("2027-02-08", "Tết"),
    ("2027-02-09", "Tết"),
    ("2027-02-10", "Tết"),
    ("2027-04-16", "Giỗ Tổ"),
    ("2027-04-30", "30/4"),
    ("2027-05-03", "1/5, nghỉ bù"),
    ("2027-09-02", "Quốc khánh"),
    ("2027-09-03", "Quốc khánh"),
    ("2027-11-24", "Ngày Văn hóa Việt Nam"),
)

STATE = Calendar(
    years=frozenset({2025, 2026, 2027}),
    days=tuple(
        DayOff(date.fromisoformat(day), name.lstrip("+"), works=name.startswith("+"), source=NOTICE)
        for day, name in DAYS
    ),
    name="lịch nhà nước",
)
EARLY_HOURS = (OfficeHours(time(7, 0), time(11, 0)), OfficeHours(time(13, 0), time(16, 30)))


def rule(amount: int = 5, unit: Unit = Unit.WORKING_DAY, **more: object) -> TimeRule:
    """A time limit with a source of its own."""
    return TimeRule(amount, unit, PROCEDURE, **more)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    """A moment in Việt Nam from "2026-11-20 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def act(
    name: str, text: str, until: str | None = None, amount: int | None = None, key: str = ""
) -> ClockEvent:
    """An act of the clock at a moment in Việt Nam."""
    return ClockEvent(ClockAct(name), at(text), at(until) if until else None, amount, key)
