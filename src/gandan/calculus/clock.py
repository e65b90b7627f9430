"""The clock (thời hạn giải quyết) and the index clock beside it.

`read_clock` reads all acts of a dossier and explains itself; `due_at` is the same due moment, fast, no steps.
Nothing here knows the present: `known_at` is the moment up to which acts are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from gandan.calculus.calendars import working_time
from gandan.calculus.course import Course, run
from gandan.calculus.explain import Breach, StepRule
from gandan.calculus.rules import (
    Calendar,
    ClockAct,
    ClockEvent,
    End,
    IndexClock,
    Reading,
    Source,
    Start,
    TimeRule,
    Unit,
)
from gandan.calculus.sources import GENERAL, Grounds
from gandan.calculus.steps import steps_of
from gandan.calculus.terms import Pause, first_term


def due_at(rule: TimeRule, calendar: Calendar, received: datetime) -> datetime:
    """The legal due moment of a clock that starts at `received` and that nothing moves.

    Raises `NaiveMoment`, `BadRule`, `YearWithoutCalendar`. Equal to `read_clock` of one `accept` then.
    """
    ready = working_time(calendar)
    local = ready.local(received)
    if rule.unit is Unit.WORKING_DAY and rule.end is End.OFFICE_CLOSE and rule.start is not Start.AT_ONCE:
        # Optimization: the common rule is two look-ups, without building dates or times.
        day_run = ready.run_of(local)
        place = day_run.before[local.toordinal() - day_run.first] + rule.amount
        if rule.amount > 0 and place < len(day_run.closes):
            return day_run.closes[place]
    return first_term(rule, ready, local).due


def read_clock(
    rule: TimeRule,
    calendar: Calendar,
    events: Iterable[ClockEvent],
    *,
    known_at: datetime | None = None,
    grounds: Grounds = GENERAL,
) -> Reading:
    """What the clock says after these acts, in whatever order they come, and why.

    Acts later than `known_at` are not known. A dossier that another agency must receive first (phi địa giới:
    an act `competent_receive`, known or still to come) starts there. `grounds` are
    what the steps name as their sources. Raises like `due_at`.
    """
    ready = working_time(calendar)
    acts = tuple(events)
    known = ready.local(known_at) if known_at is not None else None
    if any(event.act is ClockAct.COMPETENT_RECEIVE for event in acts):
        rule = replace(rule, start=Start.COMPETENT_RECEIVES)
    if known is not None:
        acts = tuple(event for event in acts if ready.local(event.at) <= known)
    course = run(rule, ready, grounds, acts)
    due = None if course.stands_still else course.term().due
    steps = steps_of(course, known)
    sources = [rule.source, calendar.source, *(step.source for step in steps)]
    rows = tuple(dict.fromkeys(source.row for source in sources if source.row))
    running = not course.stands_still and course.ended is None
    return Reading(due, rule.unit, steps, index_clock(course, known), running, rows)


def own_term(
    calendar: Calendar, begun: datetime, working_days: int, source: Source, grounds: Grounds = GENERAL
) -> Reading:
    """A term of its own beside a dossier's time limit: working days from an act, whose own day is not counted.

    For the answer of a body that is consulted (NĐ 118/2025 art. 19.4) and for a corrected result (art. 23).
    Raises like `due_at`. The index clock of the answer is not the dossier's.
    """
    rule = TimeRule(working_days, Unit.WORKING_DAY, source)
    reading = read_clock(rule, calendar, [ClockEvent(ClockAct.ACCEPT, begun)], grounds=grounds)
    first, *rest = reading.steps
    return replace(reading, steps=(replace(first, rule=StepRule.EVENT_DAY), *rest))


def index_clock(course: Course, known_at: datetime | None) -> IndexClock:
    """On time or late by index 2.1 of QĐ 766/QĐ-TTg: late = counted_end - wait > base_due.

    `base_due` is the due moment by the first start: neither restart nor suspension nor new appointment moves
    it, for the formula names none of them. Waiting for the person is subtracted. The end is refusal, stop,
    finish (before return) or withdrawal; while the person is waited for, the open request. A dossier without
    an end is neither on time nor late (null) until `known_at` is so late that no end can be in time any more:
    then the formula's "not finished: end of the period" applies, and counted_end is `known_at`. A second
    supplement is late, whatever the times say.
    """
    started = course.started
    twice = True if Breach.SECOND_SUPPLEMENT in course.breaches else None
    if started is None:
        return IndexClock(None, 0, None, twice, tuple(course.breaches))
    base_due = first_term(course.rule, course.ready, started).due
    if course.base_told:  # by the hours of the agency that had it first
        base_due = max(base_due, course.base_told)
    wait = wait_until(course, started)
    end = course.ended.at if course.ended else course.waiting_since
    if end is None and known_at is not None and known_at - wait > base_due:
        end = known_at
    late = None if end is None else end - wait > base_due
    return IndexClock(base_due, int(wait.total_seconds()), end, twice or late, tuple(course.breaches))


def wait_until(course: Course, started: datetime) -> timedelta:
    """Time spent waiting for the person since the start: up to completion, or to the end if sooner."""
    waits = list(course.waits)
    if course.waiting_since is not None and course.ended is not None:
        waits.append(Pause(course.waiting_since, course.ended.at))
    spans = ((max(wait.start, started), wait.end or wait.start) for wait in waits)
    return sum((max(end - start, timedelta()) for start, end in spans), timedelta())
