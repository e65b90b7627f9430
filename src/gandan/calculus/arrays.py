"""The clock for many moments at once (thời hạn của nhiều hồ sơ): what `clock.due_at` says, tens of millions a second.

Moments come in and go out as numpy's `datetime64[us]` in UTC. Nothing is counted a second way: a limit in days or
months gives one due moment for a whole day of reception, or one before and one after a time of that day, so the
one-by-one clock is asked once a day and the rest is looking up. What no table holds (a year without calendar, a day
on which the clocks were changed) is asked one by one. numpy is the extra `analytics`: import this module where it is
used, nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gandan.calculus.calendars import HOUR, SECOND, Run, WorkingTime, microseconds, working_time
from gandan.calculus.clock import due_at
from gandan.calculus.errors import BadRule, ClockError, YearWithoutCalendar
from gandan.calculus.rules import Calendar, Start, TimeRule, Unit

Moments: TypeAlias = NDArray[np.datetime64]
Numbers: TypeAlias = NDArray[np.int64]

EPOCH = date(1970, 1, 1).toordinal()
DAY = 24 * HOUR
LAST = DAY - 1  # the last microsecond of a day
BLOCK = 1 << 15  # moments at a time: what is between two steps stays in the processor's cache
NOT_HELD = np.iinfo(np.int64).min  # is also numpy's "not a time"
KEPT_TABLES = 256
LONGEST_MONTH = 31


def due_at_each(
    rule: TimeRule, calendar: Calendar, received: Moments, *, or_not_a_time: bool = False
) -> Moments:
    """The legal due moment of each clock that starts at `received` and that nothing moves, as `due_at` gives it.

    Raises what `due_at` raises for the first moment that cannot be counted; with `or_not_a_time`, moments for
    which a year has no calendar give numpy's "not a time" (NaT) instead.
    """
    if rule.unit is Unit.HOUR and rule.amount > 0:
        return in_microseconds(received) + np.timedelta64(rule.amount * HOUR, "us")
    if rule.unit is Unit.WORKING_HOUR and rule.amount > 0:
        return hours_of(calendar).add_work(received, rule.amount * HOUR, or_not_a_time=or_not_a_time)
    return days_of(rule, calendar).at_each(received, or_not_a_time=or_not_a_time)


def in_microseconds(moments: Moments) -> Moments:
    return moments.astype("datetime64[us]", copy=False)


def array_of(moments: list[datetime]) -> Moments:
    """Aware moments as an array."""
    return np.array([at.astimezone(UTC).replace(tzinfo=None) for at in moments], dtype="datetime64[us]")


def moment_of(number: int) -> datetime:
    """The moment so many microseconds after the epoch."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)


def number_of(moment: datetime) -> int:
    """Microseconds since the epoch, exactly."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * SECOND + since.microseconds


def offset_on(zone: ZoneInfo, day: date) -> int | None:
    """How far local time is ahead of UTC on that day, in microseconds; None if the clocks are changed on it."""
    ends = (datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone))
    first, last = (end.utcoffset() for end in ends)
    return None if first is None or first != last else first // timedelta(microseconds=1)


def passing_over(error: type[Exception], *, when: bool) -> AbstractContextManager[None]:
    return suppress(error) if when else nullcontext()


class DayTable:
    """A function of moments that is the same all day, or changes once, after a known time of the day.

    `turns(day)`: the last microsecond of the day on which the earlier answer holds (None: it holds all day).
    The function must not go back when the moment goes on; days on which it does not keep to this are not held.
    """

    def __init__(
        self,
        function: Callable[[datetime], datetime],
        zone: ZoneInfo,
        first: date,
        last: date,
        turns: Callable[[date], int | None] = lambda _day: None,
    ) -> None:
        self.function = function
        days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
        self.offset = next((offset for day in days if (offset := offset_on(zone, day)) is not None), 0)
        self.begins = (first.toordinal() - EPOCH) * DAY - self.offset
        rows = [self._day(zone, day, turns(day)) for day in days]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
        self.early, self.late, self.turn = (np.ascontiguousarray(column) for column in columns.T)
        self.turns_at_all = bool((self.early != self.late).any())

    def _day(self, zone: ZoneInfo, day: date, turn: int | None) -> tuple[int, int, int]:
        """The earlier and the later answer of a day, and when the one becomes the other."""
        nothing = (NOT_HELD, NOT_HELD, LAST)
        if offset_on(zone, day) != self.offset:
            return nothing
        midnight = datetime.combine(day, time.min, zone)
        asked = (0, LAST) if turn is None else (0, turn, min(turn + 1, LAST), LAST)
        try:
            answers = [number_of(self.function(midnight + timedelta(microseconds=at))) for at in asked]
        except BadRule:
            raise
        except ClockError:
            return nothing
        middle = len(answers) // 2
        if answers[0] != answers[middle - 1] or answers[middle] != answers[-1]:
            return nothing
        if turn is None and answers[0] != answers[1]:
            return nothing
        return answers[0], answers[-1], LAST if turn is None else turn

    def at_each(self, moments: Moments, *, or_not_a_time: bool = False) -> Moments:
        """The function's value at each moment. Raises what it raises for the first one that has none."""
        given = in_microseconds(moments).view(np.int64)
        found = np.empty_like(given)
        for start in range(0, len(given), BLOCK):
            found[start : start + BLOCK] = self._look_up(given[start : start + BLOCK])
        for place in np.flatnonzero(found == NOT_HELD):
            with passing_over(YearWithoutCalendar, when=or_not_a_time):
                found[place] = number_of(self.function(moment_of(int(given[place]))))
        return found.view("datetime64[us]")

    def _look_up(self, given: Numbers) -> Numbers:
        since = given - self.begins
        day = since // DAY
        inside = bool(day.min() >= 0) and bool(day.max() < len(self.early))
        held = day if inside else np.clip(day, 0, max(len(self.early) - 1, 0))
        if not len(self.early):
            return np.full_like(given, NOT_HELD)
        found: Numbers = self.early[held]
        if self.turns_at_all:
            found = np.where(since - held * DAY > self.turn[held], self.late[held], found)
        return found if inside else np.where(day == held, found, NOT_HELD)


@lru_cache(maxsize=KEPT_TABLES)
def days_of(rule: TimeRule, calendar: Calendar) -> DayTable:
    """The due moment by day of reception, from so long before the first calendar that its first day can be due."""
    ready = working_time(calendar)
    reach = timedelta(days=1 + max(rule.amount, 0) * (LONGEST_MONTH if rule.unit is Unit.MONTH else 1))
    years = sorted(calendar.years) or [EPOCH]

    def turns(day: date) -> int | None:
        closes = microseconds(ready.hours_on(day).closes)
        if rule.unit is Unit.SAME_DAY:
            return microseconds(rule.cut_off) if rule.cut_off else closes
        return closes - 1 if rule.unit is Unit.WORKING_DAY and rule.start is Start.AT_ONCE else None

    def due(moment: datetime) -> datetime:
        return due_at(rule, calendar, moment)

    first, last = date(years[0], 1, 1) - reach, date(years[-1], 12, 31)
    return DayTable(due, calendar.zone, first, last, turns)


class RunTable:
    """One run of years of a calendar: work before each day, and the spans of work on each working day.

    Spans lie in columns, the first of each day in the first; a day with fewer has empty ones at its end.
    """

    def __init__(self, ready: WorkingTime, run: Run, offset: int) -> None:
        self.begins = (run.first - EPOCH) * DAY - offset
        self.worked = np.array(run.worked, dtype=np.int64)
        self.days = (np.array(run.days, dtype=np.int64) - EPOCH) * DAY - offset
        most = max(len(hours.spans) for hours in ready.week)
        by_place = np.zeros((2, most, len(run.days)), dtype=np.int64)
        for place, ordinal in enumerate(run.days):
            for column, (opens, closes) in enumerate(ready.hours_on(date.fromordinal(ordinal)).spans):
                by_place[:, column, place] = opens, closes - opens
        self.opens, self.lengths = by_place
        before = np.array(run.before, dtype=np.int64)
        ordinals = run.first + np.arange(len(before))
        self.works = (before >= 0) & (np.array([*run.days, 0])[before] == ordinals)
        self.base = self.worked[np.where(self.works, before, before + 1)]
        self.day_opens = np.where(self.works, self.opens[:, before], 0)
        self.day_lengths = np.where(self.works, self.lengths[:, before], 0)

    def worked_before(self, given: Numbers) -> Numbers:
        """Microseconds of work since the run began; all moments lie inside it."""
        since = given - self.begins
        day = since // DAY
        clock = since - day * DAY
        done: Numbers = self.base[day]
        for opens, lengths in zip(self.day_opens, self.day_lengths, strict=True):
            done = done + np.minimum(np.maximum(clock - opens[day], 0), lengths[day])
        return done

    def moment_worked(self, worked: Numbers) -> Numbers:
        """The first moment at which so much work (one or more) is done; NOT_HELD beyond the run."""
        place = np.searchsorted(self.worked, worked, side="left") - 1
        held = np.minimum(place, len(self.days) - 1)
        rest = worked - self.worked[held]
        found = np.zeros_like(worked)
        for opens, lengths in zip(self.opens, self.lengths, strict=True):
            length = lengths[held]
            here = (rest > 0) & (rest <= length)
            found = np.where(here, opens[held] + rest, found)
            rest = np.where(here, 0, rest - length)
        return np.where(place == held, self.days[held] + found, NOT_HELD)


class WorkTable:
    """Hours of work for arrays, as `WorkingTime` counts them. Get it by `hours_of(calendar)`."""

    def __init__(self, calendar: Calendar) -> None:
        self.ready = working_time(calendar)
        self.runs: list[RunTable] = []
        for run in dict.fromkeys(self.ready.runs.values()):
            first, days = date.fromordinal(run.first), range(len(run.before))
            offset = offset_on(calendar.zone, first)
            offsets = {offset_on(calendar.zone, first + timedelta(days=day)) for day in days}
            if offset is not None and offsets == {offset} and run.days:
                self.runs.append(RunTable(self.ready, run, offset))

    def add_work(self, moments: Moments, amount: int | Numbers, *, or_not_a_time: bool = False) -> Moments:
        """Each moment after so much work (microseconds, one or more). Raises like `WorkingTime.add_work`."""
        given = in_microseconds(moments).view(np.int64)
        wanted = np.broadcast_to(np.asarray(amount, dtype=np.int64), given.shape)
        if len(wanted) and int(wanted.min()) < 1:
            raise ValueError("an amount of work below one microsecond")
        found = np.empty_like(given)
        for start in range(0, len(given), BLOCK):
            here = slice(start, start + BLOCK)
            found[here] = self._add(given[here], wanted[here])
        for place in np.flatnonzero(found == NOT_HELD):
            with passing_over(YearWithoutCalendar, when=or_not_a_time):
                moment = moment_of(int(given[place]))
                found[place] = number_of(self.ready.add_work(moment, int(wanted[place])))
        return found.view("datetime64[us]")

    def _add(self, given: Numbers, wanted: Numbers) -> Numbers:
        found = np.full_like(given, NOT_HELD)
        for run in self.runs:
            inside = (given >= run.begins) & (given < run.begins + len(run.works) * DAY)
            if inside.all():
                return run.moment_worked(run.worked_before(given) + wanted)
            if inside.any():
                found[inside] = run.moment_worked(run.worked_before(given[inside]) + wanted[inside])
        return found


@lru_cache(maxsize=KEPT_TABLES)
def hours_of(calendar: Calendar) -> WorkTable:
    """The calendar's hours of work, made ready once."""
    return WorkTable(calendar)
