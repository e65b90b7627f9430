"""Why this date (Vì sao ngày này?): the limit told day by day, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from gandan.calculus.calendars import SECOND, WorkingTime, midnight_after
from gandan.calculus.course import Course, Cycle
from gandan.calculus.explain import StepEffect, StepRule
from gandan.calculus.rules import End, Source, Start, Step, SupplementEffect, TimeRule, Unit
from gandan.calculus.terms import HOURLY, WORKING_DAYS, Pause, Term, day_before_first, first_term, moved_term

LONG_DAYS = 40  # beyond it the days of a weekend are told as one
ONE_DAY = timedelta(days=1)
SUPPLEMENT_EFFECTS = {
    SupplementEffect.RESTART: (StepEffect.STOPPED, StepEffect.RESTARTED),
    SupplementEffect.SUBTRACT: (StepEffect.PAUSED, StepEffect.RESUMED),
    SupplementEffect.NONE: (StepEffect.NONE, StepEffect.NONE),
}


def steps_of(course: Course, known_at: datetime | None) -> tuple[Step, ...]:
    """All steps, by their beginning; what has no end yet ends at `known_at`, or where it began."""
    steps = [*supplement_steps(course, known_at), *course.notes]
    steps += [step for cycle in course.cycles for step in cycle_steps(course, cycle)]
    steps += pause_steps(course, known_at)
    return tuple(sorted(steps, key=lambda step: step.start))


def cycle_steps(course: Course, cycle: Cycle) -> list[Step]:
    """The start, the days (or hours) and the end of one running of the limit."""
    rule, ready = course.rule, course.ready
    term = moved_term(rule, ready, cycle.start, tuple(cycle.movers))
    stop = cycle.broken_off or cycle.paused_since or term.due
    until = min(stop, term.due)
    steps = [start_step(course, cycle.start)]
    if rule.unit is Unit.WORKING_HOUR:
        steps += working_hour_steps(course, cycle, until)
    elif rule.unit is Unit.HOUR:
        steps.append(clock_hours_step(rule, cycle, until))
    else:
        steps += day_steps(course, cycle, term, until.date())
    return steps if stop < term.due else [*steps, end_step(course, term)]


def start_step(course: Course, start: datetime) -> Step:
    """How the event itself counts: its day does not, its moment does, or its hour decides."""
    rule, ready, grounds = course.rule, course.ready, course.grounds
    if rule.unit is Unit.SAME_DAY:
        return same_day_step(rule, ready, start)
    if rule.unit in HOURLY:
        return Step(StepRule.RECEIVED, grounds.from_the_moment, StepEffect.STARTS, start, start)
    if rule.start is Start.AT_ONCE:
        return Step(StepRule.RECEIVED, rule.source, StepEffect.STARTS, start, start)
    end = midnight_after(ready, start.date())
    code = StepRule.RECEPTION_DAY if start == course.started else StepRule.COMPLETION_DAY
    return Step(code, grounds.first_day, StepEffect.NOT_COUNTED, start, end)


def same_day_step(rule: TimeRule, ready: WorkingTime, start: datetime) -> Step:
    """Whether the day of reception is itself the last day."""
    cut_off = rule.cut_off or ready.hours_on(start.date()).closes
    detail: dict[str, str | int] = {"cut_off": cut_off.isoformat("minutes")}
    if not ready.is_working_day(start.date()):
        rule_code, effect = StepRule.SAME_DAY_ON_DAY_OFF, StepEffect.NOT_COUNTED
    elif start.timetz().replace(tzinfo=None) > cut_off:
        rule_code, effect = StepRule.SAME_DAY_AFTER_CUT_OFF, StepEffect.NOT_COUNTED
    else:
        rule_code, effect = StepRule.SAME_DAY_IN_TIME, StepEffect.STARTS
    return Step(rule_code, rule.source, effect, start, start, detail)


def end_step(course: Course, term: Term) -> Step:
    """The moment at which the limit ends."""
    rule, grounds = course.rule, course.grounds
    code, source = StepRule.CLOCK_TIME, rule.source
    if rule.unit in HOURLY:
        code = StepRule.HOURS_END
    elif rule.end is End.OFFICE_CLOSE:
        code, source = StepRule.OFFICE_CLOSE, grounds.office_close
    elif rule.end is End.END_OF_DAY:
        code, source = StepRule.END_OF_DAY, grounds.end_of_day
    return Step(code, source, StepEffect.DUE, term.due, term.due)


def day_steps(course: Course, cycle: Cycle, term: Term, until: date) -> list[Step]:
    """One step for each day that counts, with its number, and for each that does not, with its name."""
    rule, ready = course.rule, course.ready
    day = told_after(rule, ready, cycle.start)
    steps: list[Step] = []
    if rule.unit is Unit.MONTH:
        steps.append(months_step(course, cycle, min(term.last, until)))
        day = term.last
    left_out = paused_days(rule, ready, cycle)
    number = 0
    while day < until:
        day += ONE_DAY
        if day in left_out:
            continue
        if day <= term.last and (rule.unit not in WORKING_DAYS or ready.is_working_day(day)):
            number += 1
            steps.append(counted_step(rule, ready, day, number, cycle.start))
        elif ready.is_working_day(day):
            source = course.grounds.last_day_off
            steps.append(whole_day(ready, day, StepRule.LAST_DAY_OFF, source, StepEffect.MOVED))
        else:
            steps.append(skipped_step(course, day))
    return weekends_joined(steps) if len(steps) > LONG_DAYS else steps


def told_after(rule: TimeRule, ready: WorkingTime, start: datetime) -> date:
    """The day after which days are told one by one."""
    if rule.unit is not Unit.SAME_DAY:
        return day_before_first(rule, ready, start)
    same = first_term(rule, ready, start).last == start.date()
    return start.date() - ONE_DAY if same else start.date()


def paused_days(rule: TimeRule, ready: WorkingTime, cycle: Cycle) -> set[date]:
    """The days taken out by pauses: after the day of the stop, through the day of going on.

    A stop on the last day takes that day out instead, so that something is left to go on with.
    """
    out: set[date] = set()
    for place, mover in enumerate(cycle.movers):
        before = moved_term(rule, ready, cycle.start, tuple(cycle.movers[:place]))
        if not isinstance(mover, Pause) or mover.end is None or mover.start >= before.due:
            continue
        first, last = mover.start.date() + ONE_DAY, mover.end.date()
        if mover.start.date() >= before.last:
            after = moved_term(rule, ready, cycle.start, tuple(cycle.movers[: place + 1]))
            first, last = mover.start.date(), after.due.date() - ONE_DAY
        out.update(first + ONE_DAY * ahead for ahead in range((last - first).days + 1))
    return out


def whole_day(
    ready: WorkingTime, day: date, rule: StepRule, source: Source, effect: StepEffect, **detail: str | int
) -> Step:
    """A step that fills a day from 00:00 to 24:00."""
    return Step(rule, source, effect, ready.at(day, time.min), midnight_after(ready, day), detail)


def counted_step(rule: TimeRule, ready: WorkingTime, day: date, number: int, start: datetime) -> Step:
    """A day that counts, as the number-th; a make-up day shows what made it one."""
    entry = ready.marked.get(day)
    code, source = StepRule.CALENDAR_DAY, rule.source
    opens, closes = ready.at(day, time.min), midnight_after(ready, day)
    if rule.unit in WORKING_DAYS:
        code = StepRule.WORKING_DAY
        opens, closes = ready.opens_at(day), ready.closes_at(day)
        if entry is not None and entry.works:
            code, source = StepRule.MAKE_UP_DAY, entry.source
    detail: dict[str, str | int] = {"number": number}
    if rule.amount:
        detail["of"] = rule.amount
    if code is StepRule.MAKE_UP_DAY and entry is not None:
        detail["name"] = entry.name
    return Step(code, source, StepEffect.COUNTED, min(max(opens, start), closes), closes, detail)


def skipped_step(course: Course, day: date) -> Step:
    """A day that does not count, with its name and what says so."""
    ready, grounds = course.ready, course.grounds
    entry = ready.marked.get(day)
    if entry is not None:
        return whole_day(ready, day, StepRule.HOLIDAY, entry.source, StepEffect.SKIPPED, name=entry.name)
    if day.weekday() in ready.calendar.reception_only:
        return whole_day(ready, day, StepRule.RECEPTION_ONLY, grounds.saturday_reception, StepEffect.SKIPPED)
    return whole_day(ready, day, StepRule.WEEKEND, grounds.weekly_rest, StepEffect.SKIPPED)


def weekends_joined(steps: list[Step]) -> list[Step]:
    """The days of one weekend as one step."""
    joined: list[Step] = []
    for step in steps:
        last = joined[-1] if joined else None
        if last and last.rule == step.rule == StepRule.WEEKEND and last.end == step.start:
            joined[-1] = replace(last, end=step.end)
        else:
            joined.append(step)
    return joined


def months_step(course: Course, cycle: Cycle, last: date) -> Step:
    """Months are not told day by day: they end on the corresponding day."""
    end = midnight_after(course.ready, last)
    detail: dict[str, str | int] = {"amount": course.rule.amount}
    source = course.grounds.corresponding_day
    return Step(StepRule.MONTHS, source, StepEffect.COUNTED, cycle.start, end, detail)


def clock_hours_step(rule: TimeRule, cycle: Cycle, until: datetime) -> Step:
    """Clock hours run through day and night in one."""
    detail: dict[str, str | int] = {"amount": rule.amount}
    return Step(StepRule.CLOCK_HOURS, rule.source, StepEffect.COUNTED, cycle.start, until, detail)


def running_spans(cycle: Cycle, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between pauses."""
    start = cycle.start
    for mover in cycle.movers:
        if isinstance(mover, Pause) and start < mover.start < until:
            yield start, mover.start
            start = mover.end or until
    if start < until:
        yield start, until


def working_hour_steps(course: Course, cycle: Cycle, until: datetime) -> list[Step]:
    """The work of each day, in minutes; days without work by their name."""
    return [step for start, end in running_spans(cycle, until) for step in span_steps(course, start, end)]


def span_steps(course: Course, start: datetime, end: datetime) -> Iterator[Step]:
    """The days of one stretch."""
    rule, ready = course.rule, course.ready
    day = start.date()
    while day <= end.date():
        if ready.is_working_day(day):
            opens = max(start, ready.opens_at(day))
            closes = min(end, ready.closes_at(day))
            worked = ready.worked_before(closes) - ready.worked_before(opens) if opens < closes else 0
            if worked:
                detail: dict[str, str | int] = {"minutes": worked // (60 * SECOND)}
                yield Step(StepRule.WORKING_HOURS, rule.source, StepEffect.COUNTED, opens, closes, detail)
        else:
            yield skipped_step(course, day)
        day += ONE_DAY


def pause_steps(course: Course, known_at: datetime | None) -> list[Step]:
    """The suspensions, with the working days that they took."""
    return [
        pause_step(course.ready, mover, mover.source, mover.end or known_at or mover.start)
        for cycle in course.cycles
        for mover in cycle.movers
        if isinstance(mover, Pause) and mover.source is not None
    ]


def pause_step(ready: WorkingTime, pause: Pause, source: Source, end: datetime) -> Step:
    days = ready.days_between(pause.start.date(), end.date())
    return Step(StepRule.SUSPENDED, source, StepEffect.PAUSED, pause.start, end, {"days": days})


def supplement_steps(course: Course, known_at: datetime | None) -> list[Step]:
    """The waits for the person, and what completion did to the limit."""
    effect = course.rule.supplement
    restarts = effect is SupplementEffect.RESTART
    source = course.grounds.supplement if restarts else course.rule.source
    asked, completed = SUPPLEMENT_EFFECTS[effect]
    steps: list[Step] = []
    for wait in course.waits:
        end = wait.end or wait.start
        steps.append(Step(StepRule.SUPPLEMENT_REQUESTED, source, asked, wait.start, end))
        steps.append(Step(StepRule.SUPPLEMENT_COMPLETE, source, completed, end, end))
    since = course.waiting_since
    if since is not None:
        still = max(since, known_at or since)
        steps.append(Step(StepRule.SUPPLEMENT_REQUESTED, source, asked, since, still))
    return steps
