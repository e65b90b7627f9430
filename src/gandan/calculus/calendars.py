"""Counting on a working calendar (lịch làm việc): days and hours of work, without a loop over days.

A `WorkingTime` is worked out once for each calendar and kept. All days are local days of the calendar's zone;
all moments that come back are in that zone. Every function raises `YearWithoutCalendar` rather than take a
year without a published calendar for a year without days off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from gandan.calculus.errors import BadCalendar, NaiveMoment, YearWithoutCalendar
from gandan.calculus.rules import Calendar, DayOff, OfficeHours

SECOND = 1_000_000  # inner arithmetic is in whole microseconds
HOUR = 3600 * SECOND
SATURDAY = 5
KEPT_CALENDARS = 512


def microseconds(moment: time | datetime) -> int:
    """Microseconds since local midnight."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return seconds * SECOND + moment.microsecond


def at_microsecond(offset: int) -> time:
    """Local time that many microseconds after midnight (below 24 hours)."""
    seconds, rest = divmod(offset, SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest)


class Hours:
    """The office hours of one weekday: spans in microseconds since midnight, first opening, last closing."""

    __slots__ = ("closes", "length", "opens", "spans")

    def __init__(self, hours: tuple[OfficeHours, ...]) -> None:
        self.spans = checked_spans(hours)
        self.opens = hours[0].opens
        self.closes = hours[-1].closes
        self.length = sum(closes - opens for opens, closes in self.spans)

    def worked_until(self, clock: int) -> int:
        """Microseconds of work before that microsecond of the day."""
        return sum(min(max(clock - opens, 0), closes - opens) for opens, closes in self.spans)

    def moment_after(self, worked: int) -> int:
        """The microsecond of the day at which so much of its work (at least one, at most `length`) is done."""
        for opens, closes in self.spans:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError("more work than the day has")


class Run:
    """Consecutive years with a calendar: their working days in order, and for each day how many came before.

    `before[i]` is the place, in `days`, of the last working day on or before the i-th day (-1: none);
    `worked[p]` the microseconds of work before the working day at place p, `closes[p]` when that day ends.
    """

    __slots__ = ("before", "closes", "days", "first", "last_year", "worked")

    def __init__(self, first_year: int, last_year: int, calendar: Calendar, week: Sequence[Hours]) -> None:
        self.first = date(first_year, 1, 1).toordinal()
        self.last_year = last_year
        marked = {entry.day.toordinal(): entry.works for entry in calendar.days}
        self.days: list[int] = []
        self.before: list[int] = []
        for ordinal in range(self.first, date(last_year, 12, 31).toordinal() + 1):
            if marked.get(ordinal, (ordinal + 6) % 7 < SATURDAY):
                self.days.append(ordinal)
            self.before.append(len(self.days) - 1)
        zone = calendar.zone
        hours = [week[(ordinal + 6) % 7] for ordinal in self.days]
        self.closes = [
            datetime.combine(date.fromordinal(day), held.closes, zone)
            for day, held in zip(self.days, hours, strict=True)
        ]
        self.worked = [0, *accumulate(held.length for held in hours)]


class WorkingTime:
    """A calendar made ready for counting. Get it by `working_time(calendar)`."""

    __slots__ = ("calendar", "marked", "runs", "week", "zone")

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.zone = calendar.zone
        self.week = checked_week(calendar)
        self.marked = checked_days(calendar.days)
        self.runs: dict[int, Run] = {}
        for first, last in consecutive(sorted(calendar.years)):
            run = Run(first, last, calendar, self.week)
            self.runs.update((year, run) for year in range(first, last + 1))

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's zone; raises `NaiveMoment` without a zone."""
        if moment.tzinfo is self.zone:
            return moment
        if moment.tzinfo is None:
            raise NaiveMoment(moment)
        return moment.astimezone(self.zone)

    def run_of(self, day: date) -> Run:
        """The run that holds the day."""
        run = self.runs.get(day.year)
        if run is None:
            raise YearWithoutCalendar(day.year, self.calendar.years)
        return run

    def place(self, day: date) -> int:
        """Place of the last working day on or before the day, in its run (-1: none)."""
        run = self.run_of(day)
        return run.before[day.toordinal() - run.first]

    def day_at(self, run: Run, place: int) -> date:
        """The working day at that place of the run."""
        if place < 0:
            raise YearWithoutCalendar(date.fromordinal(run.first).year - 1, self.calendar.years)
        if place >= len(run.days):
            raise YearWithoutCalendar(run.last_year + 1, self.calendar.years)
        return date.fromordinal(run.days[place])

    def is_working_day(self, day: date) -> bool:
        run = self.run_of(day)
        place = run.before[day.toordinal() - run.first]
        return place >= 0 and run.days[place] == day.toordinal()

    def add_days(self, day: date, amount: int) -> date:
        """The amount-th working day after the day, itself not counted; before it, if negative."""
        run = self.run_of(day)
        if amount < 0:
            return self.day_at(run, bisect_left(run.days, day.toordinal()) + amount)
        return self.day_at(run, self.place(day) + amount)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, else the next working day."""
        return day if self.is_working_day(day) else self.add_days(day, 1)

    def on_or_before(self, day: date) -> date:
        """The day itself if it is worked, else the working day before it."""
        return self.day_at(self.run_of(day), self.place(day))

    def days_between(self, after: date, until: date) -> int:
        """Working days later than `after` and not later than `until`."""
        if self.run_of(after) is not self.run_of(until):
            first, last = sorted((after.year, until.year))
            missing = next(year for year in range(first, last) if year not in self.runs)
            raise YearWithoutCalendar(missing, self.calendar.years)
        return self.place(until) - self.place(after)

    def at(self, day: date, clock: time) -> datetime:
        """That local time on that day."""
        return datetime.combine(day, clock, self.zone)

    def hours_on(self, day: date) -> Hours:
        """The office hours that the day has if it is worked."""
        return self.week[day.weekday()]

    def opens_at(self, day: date) -> datetime:
        """When work begins on that day."""
        return self.at(day, self.hours_on(day).opens)

    def closes_at(self, day: date) -> datetime:
        """When work ends on that day."""
        return self.at(day, self.hours_on(day).closes)

    def worked_before(self, moment: datetime) -> int:
        """Microseconds of work since the run began; grows with the moment."""
        local = self.local(moment)
        day = local.date()
        run, place = self.run_of(day), self.place(day)
        if not self.is_working_day(day):
            return run.worked[place + 1]
        return run.worked[place] + self.hours_on(day).worked_until(microseconds(local))

    def moment_worked(self, run: Run, worked: int) -> datetime:
        """The first moment at which so much work of the run is done (never before work begins)."""
        place = bisect_left(run.worked, worked) - 1
        day = self.day_at(run, place)
        return self.at(day, at_microsecond(self.hours_on(day).moment_after(worked - run.worked[place])))

    def next_moment(self, moment: datetime) -> datetime:
        """The moment itself if somebody works then, else the next opening."""
        local = self.local(moment)
        day = local.date()
        if self.is_working_day(day):
            clock = microseconds(local)
            for opens, closes in self.hours_on(day).spans:
                if clock < closes:
                    return local if clock >= opens else self.at(day, at_microsecond(opens))
        return self.opens_at(self.add_days(day, 1))

    def add_work(self, moment: datetime, amount: int) -> datetime:
        """The moment after so much work; what ends at closing time ends then, not next morning."""
        if amount <= 0:
            return self.next_moment(moment)
        run = self.run_of(self.local(moment).date())
        return self.moment_worked(run, self.worked_before(moment) + amount)


def checked_spans(hours: tuple[OfficeHours, ...]) -> tuple[tuple[int, int], ...]:
    """Office hours as microseconds since midnight; raises `BadCalendar` unless in order and apart."""
    spans = tuple((microseconds(span.opens), microseconds(span.closes)) for span in hours)
    flat = [edge for span in spans for edge in span]
    if not spans or any(opens >= closes for opens, closes in spans) or flat != sorted(flat):
        raise BadCalendar(f"office hours missing or out of order: {hours}")
    return spans


def checked_week(calendar: Calendar) -> tuple[Hours, ...]:
    """The hours of each weekday from Monday on; raises `BadCalendar` if they contradict themselves."""
    usual, own = Hours(calendar.hours), dict(calendar.weekday_hours)
    if len(own) != len(calendar.weekday_hours) or not own.keys() <= set(range(7)):
        raise BadCalendar(f"hours of a weekday that is none, or twice: {calendar.weekday_hours}")
    return tuple(Hours(own[day]) if day in own else usual for day in range(7))


def checked_days(days: tuple[DayOff, ...]) -> dict[date, DayOff]:
    """The marked days by date; raises `BadCalendar` if one is both off and worked."""
    marked: dict[date, DayOff] = {}
    for entry in days:
        if marked.setdefault(entry.day, entry).works != entry.works:
            raise BadCalendar(f"{entry.day} is both off and worked")
    return marked


def consecutive(years: list[int]) -> list[tuple[int, int]]:
    """First and last year of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


@lru_cache(maxsize=KEPT_CALENDARS)
def _worked_out(calendar: Calendar) -> WorkingTime:
    return WorkingTime(calendar)


_at_hand: dict[int, tuple[Calendar, WorkingTime]] = {}


def working_time(calendar: Calendar) -> WorkingTime:
    """The calendar made ready for counting, worked out once.

    Optimization: hashing a calendar costs more than counting, so the same object is found by identity first.
    """
    kept = _at_hand.get(id(calendar))
    if kept is not None and kept[0] is calendar:
        return kept[1]
    if len(_at_hand) >= KEPT_CALENDARS:
        _at_hand.clear()
    ready = _worked_out(calendar)
    _at_hand[id(calendar)] = (calendar, ready)
    return ready


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether the day counts (ngày làm việc): make-up Saturdays do, reception-only ones do not."""
    return working_time(calendar).is_working_day(day)


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day later than the day."""
    return working_time(calendar).add_days(day, 1)


def add_working_days(calendar: Calendar, day: date, amount: int) -> date:
    """The amount-th working day after the day, which is itself not counted; backwards if negative."""
    return working_time(calendar).add_days(day, amount)


def working_days_between(calendar: Calendar, after: date, until: date) -> int:
    """Working days later than `after` and not later than `until`; negative if `until` is earlier."""
    return working_time(calendar).days_between(after, until)


def start_of_office_hours(calendar: Calendar, day: date) -> datetime:
    """When the office opens on that day."""
    return working_time(calendar).opens_at(day)


def end_of_office_hours(calendar: Calendar, day: date) -> datetime:
    """When the office closes on that day."""
    return working_time(calendar).closes_at(day)


def next_working_moment(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself if somebody works then, else the next opening."""
    return working_time(calendar).next_moment(moment)


def add_working_hours(calendar: Calendar, moment: datetime, hours: int) -> datetime:
    """The moment after so many hours of work (giờ làm việc)."""
    return working_time(calendar).add_work(moment, hours * HOUR)


def working_seconds_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole seconds of work from start to end; 0 if the end is not later."""
    ready = working_time(calendar)
    ready.days_between(ready.local(start).date(), ready.local(end).date())
    return max(0, ready.worked_before(end) - ready.worked_before(start)) // SECOND


def midnight_after(ready: WorkingTime, day: date) -> datetime:
    """24:00 of the day, that is 00:00 of the next."""
    return ready.at(day + timedelta(days=1), time.min)
