"""Which open dossiers would move, and by how much, if something of the law or the calendar changed (dry run).

for look in look_through(communes, proposal, at=now, after=None):   # one open dossier after the other
    if look.moved: look.moved.due_before, look.moved.due_after

Nothing is changed, not even for a moment: the proposed rows are laid over those in force, for this thread alone.
A value counts from the day of the event: what begins tomorrow moves no dossier that was received today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gandan.calculus.errors import ClockError, YearWithoutCalendar
from gandan.calculus.rules import ClockEvent, Reading
from gandan.dossiers import clock, desks
from gandan.dossiers.models import Desk, Dossier, Lane, StepRun
from gandan.dossiers.models.dossier import OPEN_STATES
from gandan.dossiers.permissions import with_reference_rows
from gandan.law import queries as law
from gandan.law.models import Parameter
from gandan.law.shipped import LawRowMissing
from gandan.ledger.models import Event
from gandan.organization import queries as organization
from gandan.organization.models import Holiday, OfficeHoursRow

BATCH = 200
CORRECT = "correct"
#: Desks whose own limit is counted from the law and the calendar, from the moment the dossier came to them.
COUNTED_DESKS = (Desk.RECEPTION, Desk.TRANSFER, Desk.WAITING)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be entered: values of the law, days, office hours (`last_days`: rows of hours that would end)."""

    law: tuple[Parameter, ...] = ()
    days: tuple[Holiday, ...] = ()
    hours: tuple[OfficeHoursRow, ...] = ()
    last_days: Mapping[UUID, date] = field(default_factory=dict)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Inside the block, law and calendars are read as if all of it had been entered."""
        with ExitStack() as stack:
            stack.enter_context(law.as_if(*self.law))
            stack.enter_context(organization.as_if(self.days, self.hours, self.last_days))
            yield


@dataclass(frozen=True, slots=True)
class Standing:
    """What the clock says of a dossier: its due moment, by when its desk must act, and why.

    `year` is one without a calendar, into which nothing can be counted; then there is no reading.
    """

    due_at: datetime | None
    act_by: datetime | None
    reading: Reading | None
    year: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A dossier whose due moment or desk limit would change."""

    dossier: Dossier
    before: Standing
    after: Standing

    @property
    def due_moves(self) -> bool:
        return self.before.due_at != self.after.due_at

    @property
    def seconds(self) -> int:
        """By how much the due moment moves; 0 where there is none before or after."""
        if self.before.due_at is None or self.after.due_at is None:
            return 0
        return int((self.after.due_at - self.before.due_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Look:
    """One open dossier that was looked at; `key` is the cursor behind it."""

    key: tuple[str, UUID]
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a dossier's clock is read from, at hand."""

    events: Sequence[ClockEvent]
    desk_since: datetime | None
    correcting_since: datetime | None = None  # a wrong result is being corrected: a term of its own runs


def look_through(
    communes: Sequence[str], proposal: Proposal, *, at: datetime, after: tuple[str, UUID] | None = None
) -> Iterator[Look]:
    """Every open dossier of the communes, in the order of commune and id, with what the proposal would move.

    Three queries for each 200 dossiers; it may be left at any point and taken up behind the last `key`.
    """
    for batch in open_batches(communes, after=after):
        now = [standing(dossier, facts, at) for dossier, facts in batch]
        with proposal.in_force():  # once for all of them: what is laid over is made ready each time
            proposed = [standing(dossier, facts, at) for dossier, facts in batch]
        for (dossier, _facts), before, then in zip(batch, now, proposed, strict=True):
            same = (before.due_at, before.act_by, before.year) == (then.due_at, then.act_by, then.year)
            yield Look((dossier.commune_id, dossier.pk), None if same else Moved(dossier, before, then))


def out_of_date(
    communes: Sequence[str], *, at: datetime, after: tuple[str, UUID] | None = None
) -> Iterator[Look]:
    """The same for what is in force: open dossiers whose stored moments are not what the clock says now."""
    for batch in open_batches(communes, after=after):
        for dossier, facts in batch:
            yield Look((dossier.commune_id, dossier.pk), difference(dossier, facts, at))


def difference(dossier: Dossier, facts: Facts, at: datetime) -> Moved | None:
    """How the clock as it reads now differs from what the dossier bears; None if it does not, or cannot be read."""
    now = standing(dossier, facts, at)
    if now.year or (now.due_at, now.act_by) == (dossier.due_at, dossier.act_by):
        return None
    return Moved(dossier, Standing(dossier.due_at, dossier.act_by, None), now)


def count_open(communes: Sequence[str], limit: int) -> int:
    """How many open dossiers there are, counted up to `limit`; one query."""
    return Dossier.objects.filter(**OPEN, commune__in=communes)[:limit].count()


OPEN = {"finished_at": None, "state__in": OPEN_STATES, "lane": Lane.APPOINTMENT}


def open_batches(
    communes: Sequence[str], *, after: tuple[str, UUID] | None = None
) -> Iterator[list[tuple[Dossier, Facts]]]:
    """Open dossiers with what their clocks are read from, in the order of commune and id, so many at a time."""
    for commune in sorted(communes):
        if after is not None and commune < after[0]:
            continue
        rows = Dossier.objects.filter(**OPEN, commune=commune).order_by("pk")
        last = after[1] if after is not None and commune == after[0] else None
        while batch := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
            known = facts_of(batch)
            yield [(with_reference_rows(dossier), known[dossier.pk]) for dossier in batch]
            last = batch[-1].pk


def facts_of(dossiers: Sequence[Dossier]) -> dict[UUID, Facts]:
    """Acts that move clocks and the beginnings of the present desks, for many dossiers at once. Two queries."""
    keys = [dossier.pk for dossier in dossiers]
    events: dict[UUID, list[ClockEvent]] = defaultdict(list)
    correcting: dict[UUID, datetime | None] = {}
    acts = [*clock.CLOCK_ACTS, CORRECT]
    found = Event.objects.filter(subject_id__in=keys, act__in=acts).order_by("subject_id", "seq")
    for event in found.only("subject_id", "act", "at", "seq", "body", "request_id"):
        correcting[event.subject_id] = event.at if event.act == CORRECT else None
        if event.act != CORRECT and clock.moves_clock(event):
            events[event.subject_id].append(clock.as_clock_event(event))
    steps = StepRun.objects.filter(dossier__in=keys, ended_at=None)
    since = dict(steps.values_list("dossier_id", "began_at"))
    return {key: Facts(events[key], since.get(key), correcting.get(key)) for key in keys}


def standing(dossier: Dossier, facts: Facts, at: datetime) -> Standing:
    """What the clock says of the dossier now, by the law and calendars as they are read at this point."""
    try:
        reading = _reading(dossier, facts, at)
        due_at = reading.due if reading else dossier.due_at
        return Standing(due_at, _act_by(dossier, facts, due_at), reading)
    except YearWithoutCalendar as error:
        return Standing(None, None, None, year=error.year)
    except (ClockError, LawRowMissing):
        # A rule that nobody can count by: the dossier keeps what it bears, whatever the calendar says.
        return Standing(dossier.due_at, dossier.act_by, None)


def _reading(dossier: Dossier, facts: Facts, at: datetime) -> Reading | None:
    """The clock of an accepted dossier; None where none runs yet, or its procedure gives no usable time."""
    if facts.correcting_since is not None:
        return clock.correction(dossier, facts.correcting_since)
    if dossier.accepted_at is None or dossier.case.rule() is None:
        return None
    return clock.read(dossier, known=facts.events, at=at)


def _act_by(dossier: Dossier, facts: Facts, due_at: datetime | None) -> datetime | None:
    """By when the present desk must act: counted anew where the law gives the limit, else never after the due moment."""
    by_due = dossier.act_by == dossier.due_at  # a dossier that came back keeps its whole date as limit
    if facts.desk_since is not None and dossier.desk in COUNTED_DESKS and not by_due:
        return _desk_limit(dossier, facts.desk_since)
    if dossier.act_by is None or due_at is None:
        return dossier.act_by
    return due_at if by_due else min(dossier.act_by, due_at)


def _desk_limit(dossier: Dossier, since: datetime) -> datetime | None:
    if dossier.desk == Desk.RECEPTION:
        return desks.answer_by(dossier.unit_received, since)
    if dossier.desk == Desk.TRANSFER:
        return desks.transfer_by(dossier.unit_received, since)
    return desks.close_by(dossier, since)
