"""Dates, moments and money as State papers write them: always in Vietnamese, whatever the screen speaks."""

from __future__ import annotations

from datetime import date, datetime

from gandan.ui.words import local

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def long_moment(moment: datetime) -> str:
    """`17 giờ 00 phút, thứ Hai ngày 30/11/2026`, in Việt Nam's time."""
    on_wall = local(moment)
    return f"{on_wall:%H} giờ {on_wall:%M} phút, {WEEKDAYS[on_wall.weekday()]} ngày {on_wall:%d/%m/%Y}"


def short_date(day: date) -> str:
    """`thứ Hai ngày 30/11/2026`."""
    return f"{WEEKDAYS[day.weekday()]} ngày {day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """`ngày 05 tháng 01 năm 2026`: zeros before days 1-9 and months 1-2 only (NĐ 30/2020 Annex I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def dong(amount: int) -> str:
    """`8.000 đ`, unbreakable."""
    return f"{amount:,}".replace(",", ".") + "\u00a0đ"
