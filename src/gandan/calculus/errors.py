"""Why a moment cannot be counted.

ClockError
├── YearWithoutCalendar   a day of a year without a published working calendar was needed
├── NaiveMoment           a moment without a time zone came in
├── BadCalendar           the calendar contradicts itself
└── BadRule               the time limit lacks what its unit needs
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


class ClockError(Exception):
    """The clock refuses to count; the message says why, in English, for developers and logs."""


class YearWithoutCalendar(ClockError):
    """A year (`year`) has no published working calendar (năm chưa có lịch); `years` are those that have."""

    def __init__(self, year: int, years: Iterable[int]) -> None:
        self.year = year
        self.years = tuple(sorted(years))
        super().__init__(f"no working calendar for {year}; there is one for {self.years}")


class NaiveMoment(ClockError):
    """A moment without a time zone: nobody can say which instant is meant."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        super().__init__(f"moment without a time zone: {moment.isoformat()}")


class BadCalendar(ClockError):
    """A calendar without office hours, with spans that overlap, or with a day both off and worked."""


class BadRule(ClockError):
    """A time limit that cannot be counted: amount below one, or a clock time that is not given."""
