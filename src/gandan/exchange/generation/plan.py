"""When what happens: the acts of all dossiers of a ward in the order of time, worked out as arrays.

Nothing here knows a database. Moments are whole microseconds since 1970 in UTC; work is microseconds of office hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from gandan.calculus.arrays import DAY, NOT_HELD, RunTable, due_at_each, hours_of, number_of
from gandan.calculus.calendars import HOUR
from gandan.calculus.rules import VIETNAM, Calendar, TimeRule
from gandan.exchange.generation.scripts import ALL, AT_ONCE, SCRIPTS, Beat, Script

Numbers: TypeAlias = NDArray[np.int64]

SHORTEST = 3 * 60 * 1_000_000  # of work between two acts on one dossier
MONDAY = 1.5  # how much more comes on the first day of a week
NEVER = np.iinfo(np.int64).max
# The part of the day's work at which people come: most in the middle of the morning, few at its end.
CROWD = (9, 12, 10, 5, 7, 8, 5)


@dataclass(frozen=True, slots=True)
class Choice:
    """A mould as the plan sees it: how often, its time limit, by which channel, what the workflow allots after an act."""

    weight: float
    rule: TimeRule
    channel: str
    immediate: bool
    allotted: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Plan:
    """For each dossier its mould and script; for each act dossier, beat, moment, and by when the next desk must act.

    Acts lie in the order of time. `step_due` is 0 where the workflow counts no time for the next desk.
    """

    moulds: NDArray[np.int32]
    scripts: NDArray[np.int16]
    due: Numbers
    dossier: NDArray[np.int32]
    beat: NDArray[np.int8]
    moment: Numbers
    step_due: Numbers


class NoTime(Exception):
    """There is no working day with a published calendar in the span that was asked for."""


def plan_of(
    dossiers: int, choices: Sequence[Choice], calendar: Calendar, since: date, at: datetime, random: Generator
) -> Plan:
    """Plans so many dossiers that begin between the day `since` and the moment `at`, and what is done until then."""
    return _Planner(choices, calendar, random).plan(dossiers, since, number_of(at))


@dataclass(slots=True)
class _Acts:
    """The acts of some dossiers: one row a dossier, one column a beat of their script."""

    dossiers: NDArray[np.int32]
    moments: Numbers
    step_due: Numbers


class _Planner:
    def __init__(self, choices: Sequence[Choice], calendar: Calendar, random: Generator) -> None:
        self.choices, self.calendar, self.random = choices, calendar, random
        self.run: RunTable = hours_of(calendar).runs[-1]

    def plan(self, dossiers: int, since: date, at: int) -> Plan:
        moulds, scripts = self._chosen(dossiers)
        begins = self._beginnings(dossiers, since, at)
        due = np.zeros(dossiers, dtype=np.int64)
        acts = []
        for number, script in enumerate(ALL):
            of_script = np.flatnonzero(scripts == number).astype(np.int32)
            for mould in np.unique(moulds[of_script]):
                chosen = of_script[moulds[of_script] == mould]
                acts.append(self._acts(script, self.choices[mould], chosen, begins[chosen], due))
        return self._in_order(moulds, scripts, due, acts, at)

    def _chosen(self, dossiers: int) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
        """What each dossier is about, and its course, by their weights."""
        by_channel = {
            channel: self._weights([c.channel == channel and not c.immediate for c in self.choices])
            for channel in ("counter", "online")
        }
        at_once = self._weights([c.immediate for c in self.choices])
        share = sum(c.weight for c in self.choices if c.immediate) / sum(c.weight for c in self.choices)
        courses = np.array([s.weight for s in SCRIPTS])
        scripts = (
            self.random.choice(len(SCRIPTS), size=dossiers, p=courses / courses.sum()).astype(np.int16) + 1
        )
        scripts[self.random.random(dossiers) < share] = 0
        moulds = np.zeros(dossiers, dtype=np.int32)
        for number, script in enumerate(ALL):
            here = np.flatnonzero(scripts == number)
            weights = at_once if script is AT_ONCE else by_channel[script.channel]
            moulds[here] = self.random.choice(len(self.choices), size=len(here), p=weights)
        return moulds, scripts.astype(np.int16)

    def _weights(self, meant: list[bool]) -> NDArray[np.float64]:
        weights = np.array([c.weight if here else 0.0 for c, here in zip(self.choices, meant, strict=True)])
        found: NDArray[np.float64] = weights / weights.sum()
        return found

    def _beginnings(self, dossiers: int, since: date, at: int) -> Numbers:
        """Moments of arrival as work done since the run of calendars began, in their order."""
        first = number_of(datetime.combine(since, datetime.min.time(), VIETNAM))
        places = np.flatnonzero((self.run.days >= first) & (self.run.days + DAY <= at))
        places = places[self._countable(self.run.days[places] + DAY - 1)]
        if not len(places):
            raise NoTime
        weights = np.where(((self.run.days[places] // DAY) + 4) % 7 == 0, MONDAY, 1.0)
        chosen = self.random.choice(places, size=dossiers, p=weights / weights.sum())
        lengths = self.run.worked[chosen + 1] - self.run.worked[chosen]
        crowd = np.array(CROWD) / sum(CROWD)
        part = (self.random.choice(len(CROWD), size=dossiers, p=crowd) + self.random.random(dossiers)) / len(
            CROWD
        )
        return np.sort(self.run.worked[chosen] + 1 + (part * (lengths - 2)).astype(np.int64))

    def _countable(self, moments: Numbers) -> NDArray[np.bool_]:
        """True for moments at which every time limit can be counted: its end lies in a year with a calendar."""
        found = np.ones(len(moments), dtype=bool)
        for rule in {choice.rule for choice in self.choices}:
            found &= self._due(rule, moments) != NOT_HELD
        return found

    def _acts(
        self, script: Script, choice: Choice, dossiers: NDArray[np.int32], begins: Numbers, due: Numbers
    ) -> _Acts:
        """The moments of every act of these dossiers, which have one mould and one script."""
        count = len(dossiers)
        work = np.empty((count, len(script.beats)), dtype=np.int64)
        work[:, 0] = begins
        for number in range(1, script.clock + 1):
            work[:, number] = work[:, number - 1] + self._hours(script.beats[number], count)
        start = self._moments(work[:, script.clock])
        due[dossiers] = self._due(choice.rule, start)
        ends = due[dossiers]
        known = ends != NOT_HELD
        whole = np.where(known, self._worked(np.where(known, ends, start)) - work[:, script.clock], 0)
        aimed = np.maximum(whole, 0) * self.random.uniform(*script.pace, count)
        left_out = np.zeros((count, len(script.beats)), dtype=bool)
        for number in range(script.clock + 1, len(script.beats)):
            self._place(
                script.beats, number, work, left_out, start_work=work[:, script.clock], aimed=aimed, due=ends
            )
        moments = self._moments(work.ravel()).reshape(work.shape)
        moments[:, script.clock] = start  # to the microsecond what the due moment was counted from
        moments[left_out] = NEVER
        moments[~known, script.clock :] = NEVER  # no date can be given yet: the act cannot be done
        return _Acts(dossiers, moments, self._step_dues(script, choice, moments))

    def _place(
        self,
        beats: Sequence[Beat],
        number: int,
        work: Numbers,
        left_out: NDArray[np.bool_],
        *,
        start_work: Numbers,
        aimed: NDArray[np.float64],
        due: Numbers,
    ) -> None:
        """Works out one act of each dossier from those before it."""
        beat, before = beats[number], work[:, number - 1]
        wanted = start_work + (beat.share * aimed).astype(np.int64) if beat.share else before
        if not beat.share:
            wanted = wanted + self._hours(beat, len(work))
        work[:, number] = np.maximum(wanted, before + SHORTEST) + self.random.integers(
            0, 60_000_000, len(work)
        )
        if beat.only_early:
            ready = self._moments(before)
            left_out[:, number] = ready + DAY >= due
            work[:, number] = np.where(left_out[:, number], before, work[:, number])

    def _hours(self, beat: Beat, count: int) -> Numbers:
        found: Numbers = (self.random.uniform(*beat.hours, count) * HOUR).astype(np.int64)
        return found

    def _due(self, rule: TimeRule, start: Numbers) -> Numbers:
        """Due moments; NOT_HELD for clocks that cannot be counted yet (a start that never is, a year without calendar)."""
        found = np.full_like(start, NOT_HELD)
        held = start != NEVER
        found[held] = due_at_each(
            rule, self.calendar, start[held].view("datetime64[us]"), or_not_a_time=True
        ).view(np.int64)
        return found

    def _moments(self, work: Numbers) -> Numbers:
        """When so much work is done, never on a whole second; NEVER beyond the calendars."""
        found = self.run.moment_worked(work)
        odd = found - found % 1_000_000 + self.random.integers(1, 1_000_000, len(found))
        result: Numbers = np.where(found == NOT_HELD, NEVER, odd)
        return result

    def _worked(self, moments: Numbers) -> Numbers:
        inside = np.clip(moments, self.run.begins, self.run.begins + len(self.run.works) * DAY - 1)
        return self.run.worked_before(inside)

    def _step_dues(self, script: Script, choice: Choice, moments: Numbers) -> Numbers:
        """By when the workflow wants the next desk to be cleared; 0 where it counts no time."""
        allotted = dict(choice.allotted)
        found = np.zeros_like(moments)
        for number, beat in enumerate(script.beats):
            hours = allotted.get(beat.act, 0)
            done = np.flatnonzero(moments[:, number] != NEVER) if hours else ()
            if len(done):
                given = moments[done, number].view("datetime64[us]")
                by = hours_of(self.calendar).add_work(given, hours, or_not_a_time=True).view(np.int64)
                found[done, number] = np.where(by == NOT_HELD, 0, by)
        return found

    def _in_order(
        self,
        moulds: NDArray[np.int32],
        scripts: NDArray[np.int16],
        due: Numbers,
        acts: Sequence[_Acts],
        at: int,
    ) -> Plan:
        """All acts up to `at` in the order of time."""
        moment = np.concatenate([one.moments.ravel() for one in acts])
        step_due = np.concatenate([one.step_due.ravel() for one in acts])
        dossier = np.concatenate([np.repeat(one.dossiers, one.moments.shape[1]) for one in acts])
        beat = np.concatenate([np.tile(np.arange(one.moments.shape[1]), len(one.dossiers)) for one in acts])
        done = np.flatnonzero(moment <= at)
        order = done[np.lexsort((beat[done], dossier[done], moment[done]))]
        return Plan(
            moulds, scripts, due, dossier[order], beat[order].astype(np.int8), moment[order], step_due[order]
        )


def span_of(calendar_days: Sequence[Calendar], last: date) -> date:
    """The first day from which on one calendar holds until `last` (`calendar_days` run backwards from it)."""
    same = next((n for n, one in enumerate(calendar_days) if one is not calendar_days[0]), len(calendar_days))
    return last - timedelta(days=same - 1)
