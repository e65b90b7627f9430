"""The course of a dossier's clock (diễn biến): acts in order, and the state into which they bring the clock.

    (none) ─accept─▶ running ─request_supplement─▶ waiting ─receive_supplement─▶ running (again, or from zero)
                        │ ▲                        running ─suspend─▶ suspended ─resume─▶ running
                        │ └──────────reopen──────────┐
                        └─refuse, stop, withdraw, finish, return─▶ ended

An act that does not fit the state is passed over and noted, not raised: the clock reads what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from gandan.calculus.calendars import WorkingTime
from gandan.calculus.explain import Breach, StepEffect, StepRule
from gandan.calculus.rules import (
    ClockAct,
    ClockEvent,
    Source,
    Start,
    Step,
    SupplementEffect,
    TimeRule,
)
from gandan.calculus.sources import SPECIAL_LAW, Grounds
from gandan.calculus.terms import Extension, Kept, Mover, Pause, Term, moved_term

ORDER = {act: place for place, act in enumerate(ClockAct)}
ENDS = (ClockAct.REFUSE, ClockAct.STOP, ClockAct.WITHDRAW, ClockAct.FINISH)


@dataclass(slots=True)
class Cycle:
    """One running of the limit from zero; `broken_off` when a supplement was asked for that restarts it."""

    start: datetime
    movers: list[Mover] = field(default_factory=list)
    broken_off: datetime | None = None

    @property
    def paused_since(self) -> datetime | None:
        """Since when the count stands still, if it does."""
        pauses = (mover for mover in self.movers if isinstance(mover, Pause) and mover.end is None)
        return next((pause.start for pause in pauses), None)


@dataclass(slots=True)
class Course:
    """What the acts so far have made of the clock. All moments are in the calendar's zone."""

    rule: TimeRule
    ready: WorkingTime
    grounds: Grounds
    accepted: datetime | None = None
    cycles: list[Cycle] = field(default_factory=list)
    requests: int = 0
    waiting_since: datetime | None = None
    waits: list[Pause] = field(default_factory=list)
    suspended: bool = False
    ended: ClockEvent | None = None
    base_told: datetime | None = None
    breaches: list[Breach] = field(default_factory=list)
    notes: list[Step] = field(default_factory=list)

    @property
    def started(self) -> datetime | None:
        """When the clock first started."""
        return self.cycles[0].start if self.cycles else None

    @property
    def stands_still(self) -> bool:
        """No due moment can be named: not started, waiting for the person, or suspended."""
        waits = self.waiting_since is not None and self.rule.supplement is not SupplementEffect.NONE
        return not self.cycles or waits or self.suspended

    def term(self) -> Term:
        """The limit of the present cycle, pauses without an end left out."""
        cycle = self.cycles[-1]
        return moved_term(self.rule, self.ready, cycle.start, tuple(cycle.movers))

    def note(
        self,
        rule: StepRule,
        effect: StepEffect,
        source: Source,
        event: ClockEvent,
        **detail: str | int,
    ) -> None:
        """Keep a step for the explanation."""
        self.notes.append(Step(rule, source, effect, event.at, event.at, {"act": event.act.value, **detail}))

    def breach(self, code: Breach) -> None:
        if code not in self.breaches:
            self.breaches.append(code)


def in_order(events: Iterable[ClockEvent], ready: WorkingTime) -> list[ClockEvent]:
    """Events by moment, then by place, then by the order of acts; the same act twice (by key, or by content) counts once."""
    seen: set[object] = set()
    kept: list[ClockEvent] = []
    local = [in_zone(event, ready) for event in events]
    for event in sorted(local, key=_rank):
        mark = (event.act, event.key) if event.key else (event.act, event.at, event.until, event.amount)
        if mark not in seen:
            seen.add(mark)
            kept.append(event)
    return kept


def _rank(event: ClockEvent) -> tuple[datetime, int, int, str, int, str]:
    until = event.until.isoformat() if event.until else ""
    return event.at, event.place, ORDER[event.act], until, event.amount or 0, event.key


def in_zone(event: ClockEvent, ready: WorkingTime) -> ClockEvent:
    """The event with its moments in the calendar's zone."""
    until = ready.local(event.until) if event.until else None
    base = ready.local(event.base) if event.base else None
    return replace(event, at=ready.local(event.at), until=until, base=base)


def accept(course: Course, event: ClockEvent) -> None:
    if course.accepted is not None:
        return passed_over(course, event)
    course.accepted = event.at
    if course.rule.start is not Start.COMPETENT_RECEIVES:
        course.cycles.append(Cycle(event.at))
    else:
        source = course.grounds.competent_receives
        course.note(StepRule.RECEIVED_ELSEWHERE, StepEffect.NOT_COUNTED, source, event)
    return None


def competent_receive(course: Course, event: ClockEvent) -> None:
    if course.rule.start is not Start.COMPETENT_RECEIVES or course.cycles:
        return passed_over(course, event)
    course.cycles.append(Cycle(event.at))
    course.note(StepRule.COMPETENT_RECEIVED, StepEffect.STARTS, course.grounds.competent_receives, event)
    return None


def request_supplement(course: Course, event: ClockEvent) -> None:
    """Ask for a supplement (yêu cầu bổ sung): the second one is late in the index, whatever its ground."""
    course.requests += 1
    if course.requests > 1:
        course.breach(Breach.SECOND_SUPPLEMENT)
        course.note(StepRule.SECOND_SUPPLEMENT, StepEffect.LATE_IN_INDEX, course.grounds.index, event)
    if course.waiting_since is not None:
        return
    course.waiting_since = event.at
    effect = course.rule.supplement
    if course.cycles and effect is SupplementEffect.RESTART:
        course.cycles[-1].broken_off = event.at
    elif course.cycles and effect is SupplementEffect.SUBTRACT and not course.suspended:
        course.cycles[-1].movers.append(Pause(event.at))


def receive_supplement(course: Course, event: ClockEvent) -> None:
    """The dossier is complete again: from zero, or on with what is left, or as if nothing had been."""
    if course.waiting_since is None:
        return passed_over(course, event)
    course.waits.append(Pause(course.waiting_since, event.at))
    course.waiting_since = None
    if course.cycles and course.rule.supplement is SupplementEffect.RESTART:
        restart(course, event)
    elif course.cycles and not course.suspended:
        end_pause(course, event.at)
    return None


def restart(course: Course, event: ClockEvent) -> None:
    """Count again from zero; a suspension that still lasts goes on in the new count."""
    pauses = [mover for mover in course.cycles[-1].movers if isinstance(mover, Pause) and mover.end is None]
    end_pause(course, event.at)
    course.cycles.append(Cycle(event.at, [replace(pause, start=event.at) for pause in pauses]))


def suspend(course: Course, event: ClockEvent) -> None:
    if course.suspended or not course.cycles:
        return passed_over(course, event)
    course.suspended = True
    if course.cycles[-1].paused_since is None:
        course.cycles[-1].movers.append(Pause(event.at, source=event.source or SPECIAL_LAW))
    return None


def resume(course: Course, event: ClockEvent) -> None:
    if not course.suspended:
        return passed_over(course, event)
    course.suspended = False
    if course.waiting_since is None or course.rule.supplement is not SupplementEffect.SUBTRACT:
        end_pause(course, event.at)
    return None


def end_pause(course: Course, at: datetime) -> None:
    """End the pause that lasts, if there is one."""
    movers = course.cycles[-1].movers
    for place, mover in enumerate(movers):
        if isinstance(mover, Pause) and mover.end is None:
            movers[place] = replace(mover, end=at)


def extend(course: Course, event: ClockEvent) -> None:
    """A new appointment (xin lỗi và hẹn lại): once, and not when the date has passed."""
    running = course.cycles and course.cycles[-1].broken_off is None
    if not running or (event.until is None and event.amount is None):
        return passed_over(course, event)
    used = sum(isinstance(mover, Extension) for cycle in course.cycles for mover in cycle.movers)
    source = event.source or course.grounds.extension
    if used >= course.rule.max_extensions:
        course.breach(Breach.SECOND_EXTENSION)
        return course.note(StepRule.SECOND_EXTENSION, StepEffect.NONE, source, event)
    if (course.cycles[-1].paused_since or event.at) > course.term().due:
        course.breach(Breach.EXTENSION_AFTER_DUE)
        return course.note(StepRule.EXTENSION_AFTER_DUE, StepEffect.NONE, source, event)
    course.cycles[-1].movers.append(Extension(event.at, event.until, event.amount))
    until = course.term().due.date().isoformat()
    return course.note(StepRule.EXTENSION, StepEffect.EXTENDED, source, event, until=until)


def cancel_extension(course: Course, event: ClockEvent) -> None:
    """Take the last new appointment back; it is then as if it had not been."""
    movers = course.cycles[-1].movers if course.cycles else []
    for mover in reversed(movers):
        if isinstance(mover, Extension):
            movers.remove(mover)
            source = event.source or course.grounds.extension
            return course.note(StepRule.EXTENSION_CANCELLED, StepEffect.SHORTENED, source, event)
    return passed_over(course, event)


def re_route(course: Course, event: ClockEvent) -> None:
    """The dossier passes to the successor of its agency: its hours count, but never make the date earlier."""
    course.base_told = event.base or course.base_told
    if not course.cycles or course.cycles[-1].broken_off is not None or event.until is None:
        return passed_over(course, event)
    rule, effect = StepRule.RE_ROUTED, StepEffect.CONTINUES
    natural = course.term().due
    if natural < event.until:
        rule = StepRule.RE_ROUTED_KEPT
    elif natural > event.until:
        effect = StepEffect.MOVED
    course.cycles[-1].movers.append(Kept(event.until))
    told = {"until": event.until.date().isoformat()}
    return course.note(rule, effect, event.source or course.rule.source, event, **told)


def end(course: Course, event: ClockEvent) -> None:
    """The work is done. Finish is preferred over return (index 2.1); withdrawal counts only once received."""
    if event.act is ClockAct.WITHDRAW and course.accepted is None:
        return passed_over(course, event)
    course.ended = event
    return course.note(StepRule.ENDED, StepEffect.ENDED, course.grounds.index, event)


def passed_over(course: Course, event: ClockEvent) -> None:
    course.note(StepRule.PASSED_OVER, StepEffect.NONE, course.rule.source, event)


def after_end(course: Course, event: ClockEvent) -> None:
    """What may still come once the work is done: finish after return, return after finish, reopen."""
    ended = course.ended
    if event.act is ClockAct.REOPEN:
        course.ended = None
        course.note(StepRule.REOPENED, StepEffect.CONTINUES, course.grounds.reopening, event)
    elif event.act is ClockAct.FINISH and ended is not None and ended.act is ClockAct.RETURN:
        end(course, event)
    elif event.act is not ClockAct.RETURN:
        passed_over(course, event)


ACTS: dict[ClockAct, Callable[[Course, ClockEvent], None]] = {
    ClockAct.ACCEPT: accept,
    ClockAct.COMPETENT_RECEIVE: competent_receive,
    ClockAct.REQUEST_SUPPLEMENT: request_supplement,
    ClockAct.RECEIVE_SUPPLEMENT: receive_supplement,
    ClockAct.EXTEND: extend,
    ClockAct.CANCEL_EXTENSION: cancel_extension,
    ClockAct.SUSPEND: suspend,
    ClockAct.RESUME: resume,
    ClockAct.REOPEN: passed_over,
    ClockAct.RE_ROUTE: re_route,
    ClockAct.RETURN: end,
    **dict.fromkeys(ENDS, end),
}


def run(rule: TimeRule, ready: WorkingTime, grounds: Grounds, events: Iterable[ClockEvent]) -> Course:
    """The course of the clock through all the events, in whatever order they are given."""
    course = Course(rule, ready, grounds)
    for event in in_order(events, ready):
        step = after_end if course.ended else ACTS[event.act]
        step(course, event)
    return course
