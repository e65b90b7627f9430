"""Dates, money and time left in the words people use at the counter (look.md, "Voice")."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

LEGAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@cache
def weekday_words(_language: str | None) -> tuple[str, ...]:
    """The seven names in the language in force. Optimization: a list asks for one of them in every row."""
    return (
        pgettext("weekday", "Monday"),
        pgettext("weekday", "Tuesday"),
        pgettext("weekday", "Wednesday"),
        pgettext("weekday", "Thursday"),
        pgettext("weekday", "Friday"),
        pgettext("weekday", "Saturday"),
        pgettext("weekday", "Sunday"),
    )


def weekday_word(day: date) -> str:
    """The day of the week as said inside a sentence: thứ Hai … Chủ nhật."""
    return weekday_words(get_language())[day.weekday()]


def local(moment: datetime) -> datetime:
    """An aware moment on the clock on the office wall (Asia/Ho_Chi_Minh). Naive moments are refused."""
    if moment.tzinfo is None:
        raise ValueError("a naive moment has no place on the wall clock")
    return moment.astimezone(LEGAL_ZONE)


def date_words(day: date) -> str:
    """`thứ Hai 30/11/2026`. A moment is first taken to the legal zone."""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{weekday_word(day)} {day.day:02d}/{day.month:02d}/{day.year:04d}"


def datetime_words(moment: datetime) -> str:
    """`thứ Hai 30/11/2026, 17:00`, in the legal zone."""
    moment = local(moment)
    return f"{date_words(moment.date())}, {moment.hour:02d}:{moment.minute:02d}"


def money_words(amount: int | Decimal | None) -> str:
    """`8.000 đ`; an amount that is not known is said to be so, never shown as free."""
    if amount is None:
        return pgettext("amount of money", "not known yet")
    return f"{int(amount):,}".replace(",", ".") + " đ"


def days_left_words(days: int) -> str:
    """Working days left, counted by the clock; 0 is today, negative is late."""
    if days == 0:
        return _("due today")
    if days < 0:
        return ngettext("%(days)d working day late", "%(days)d working days late", -days) % {"days": -days}
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}


def telephone_address(number: str) -> str:
    """`tel:0000199752`: a number as written, made into what a telephone dials."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def hours_left_words(hours: int) -> str:
    """Working hours left; negative is late; 0 is less than one hour left."""
    if hours == 0:
        return _("less than one working hour left")
    if hours < 0:
        return ngettext("%(hours)d working hour late", "%(hours)d working hours late", -hours) % {
            "hours": -hours
        }
    return ngettext("%(hours)d working hour left", "%(hours)d working hours left", hours) % {"hours": hours}
