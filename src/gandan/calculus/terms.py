"""How far a time limit reaches (thời hạn): its due moment, and what a pause or an extension does to it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gandan.calculus.calendars import HOUR, WorkingTime
from gandan.calculus.errors import BadRule
from gandan.calculus.rules import End, Source, Start, TimeRule, Unit

LAST_SECOND = time(23, 59, 59)  # 24:00 of a day, without becoming the next day
HOURLY = (Unit.HOUR, Unit.WORKING_HOUR)
WORKING_DAYS = (Unit.WORKING_DAY, Unit.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Term:
    """`last` is the day on which the amount is used up, `due` the moment at which the limit ends.

    For calendar days and months `last` may be off; `due` is then on the next working day (BLDS art. 148.5).
    """

    last: date
    due: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count (tạm dừng); without an end it lasts. `source`: what allows a suspension."""

    start: datetime
    end: datetime | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A new appointment (hẹn lại): until a day, or by an amount in the rule's unit."""

    at: datetime
    until: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A date that was told before the dossier passed to another agency: the successor's hours never shorten it."""

    until: datetime


Mover = Pause | Extension | Kept


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, or the last day of that month (BLDS 2015 art. 148.3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_hours(moment: datetime, hours: int) -> datetime:
    """So many clock hours later, in the moment's own zone."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def end_moment(rule: TimeRule, ready: WorkingTime, last: date) -> datetime:
    """When the limit ends, if `last` is its last day: a day off gives way to the next working day."""
    day = ready.on_or_after(last)
    if rule.end is End.OFFICE_CLOSE:
        return ready.closes_at(day)
    if rule.end is End.END_OF_DAY:
        return ready.at(day, LAST_SECOND)
    if rule.end_time is None:
        raise BadRule("a limit that ends at a clock time needs end_time")
    return ready.at(day, rule.end_time)


def day_before_first(rule: TimeRule, ready: WorkingTime, start: datetime) -> date:
    """The day after which counting begins: that of the event, unless the event's own day counts."""
    if rule.start is not Start.AT_ONCE:
        return start.date()
    first = ready.next_moment(start).date() if rule.unit is Unit.WORKING_DAY else start.date()
    return first - timedelta(days=1)


def same_day(rule: TimeRule, ready: WorkingTime, start: datetime) -> date:
    """The day of reception; after the cut-off (giờ chốt), or on a day off, the next working day.

    This is the 15:00 rule of same-day results (NĐ 23/2015 art. 7), not that of `timers.transfer_due`.
    """
    day = start.date()
    in_time = start.timetz().replace(tzinfo=None) <= (rule.cut_off or ready.hours_on(day).closes)
    return day if in_time and ready.is_working_day(day) else ready.add_days(day, 1)


def add_amount(rule: TimeRule, ready: WorkingTime, day: date, amount: int) -> date:
    """So many of the rule's days or months after the day."""
    if rule.unit in WORKING_DAYS:
        return ready.add_days(day, amount)
    if rule.unit is Unit.MONTH:
        return add_months(day, amount)
    return day + timedelta(days=amount)


def last_day(rule: TimeRule, ready: WorkingTime, start: datetime) -> date:
    """The day on which a limit in days or months is used up."""
    if rule.unit is Unit.SAME_DAY:
        return same_day(rule, ready, start)
    if rule.unit is Unit.MONTH and rule.start is Start.AT_ONCE:
        return add_months(start.date(), rule.amount) - timedelta(days=1)
    return add_amount(rule, ready, day_before_first(rule, ready, start), rule.amount)


def first_term(rule: TimeRule, ready: WorkingTime, start: datetime) -> Term:
    """The limit as it runs from a start, before anything moves it. The start is in the calendar's zone."""
    if rule.amount < 1 and rule.unit is not Unit.SAME_DAY:
        raise BadRule(f"a time limit of {rule.amount} {rule.unit}")
    if rule.unit is Unit.HOUR:
        return hourly(add_hours(start, rule.amount))
    if rule.unit is Unit.WORKING_HOUR:
        return hourly(ready.add_work(start, rule.amount * HOUR))
    last = last_day(rule, ready, start)
    return Term(last, end_moment(rule, ready, last))


def hourly(due: datetime) -> Term:
    """The term of a limit in hours."""
    return Term(due.date(), due)


def after_pause(rule: TimeRule, ready: WorkingTime, term: Term, start: datetime, end: datetime) -> Term:
    """The term once time did not count from start to end. What was over before the pause stays over."""
    if start >= term.due:
        return term
    if rule.unit is Unit.HOUR:
        return hourly((term.due.astimezone(UTC) + (end - start)).astimezone(ready.zone))
    if rule.unit is Unit.WORKING_HOUR:
        return hourly(ready.add_work(end, ready.worked_before(term.due) - ready.worked_before(start)))
    if rule.unit in WORKING_DAYS:
        last = ready.add_days(term.last, ready.days_between(start.date(), end.date()))
    else:
        last = term.last + (end.date() - start.date())
    due = end_moment(rule, ready, last)
    while due <= end:  # resumed on the very last day, after closing or on a day off
        last = ready.add_days(due.date(), 1)
        due = end_moment(rule, ready, last)
    return Term(last, due)


def by_amount(rule: TimeRule, ready: WorkingTime, term: Term, amount: int) -> Term:
    """The term longer by an amount in the rule's unit."""
    if rule.unit is Unit.HOUR:
        return hourly(add_hours(term.due, amount))
    if rule.unit is Unit.WORKING_HOUR:
        return hourly(ready.add_work(term.due, amount * HOUR))
    last = add_amount(rule, ready, term.last, amount)
    return Term(last, end_moment(rule, ready, last))


def extended(rule: TimeRule, ready: WorkingTime, term: Term, extension: Extension) -> Term:
    """The term after a new appointment: never earlier than it was, never further than the law allows."""
    wanted = term
    if extension.amount is not None:
        wanted = by_amount(rule, ready, term, extension.amount)
    elif extension.until is not None:
        until = ready.local(extension.until)
        wanted = (
            hourly(until)
            if rule.unit in HOURLY
            else Term(until.date(), end_moment(rule, ready, until.date()))
        )
    if rule.max_extension is not None:
        furthest = by_amount(rule, ready, term, rule.max_extension)
        wanted = min(wanted, furthest, key=lambda one: one.due)
    return max(term, wanted, key=lambda one: one.due)


def moved_term(rule: TimeRule, ready: WorkingTime, start: datetime, movers: tuple[Mover, ...]) -> Term:
    """The term from a start through pauses, extensions and kept dates, in their order. Every pause has ended."""
    term = first_term(rule, ready, start)
    for mover in movers:
        if isinstance(mover, Extension):
            term = extended(rule, ready, term, mover)
        elif isinstance(mover, Kept):
            term = max(term, hourly(ready.local(mover.until)), key=lambda one: one.due)
        elif mover.end is not None:
            term = after_pause(rule, ready, term, mover.start, mover.end)
    return term
