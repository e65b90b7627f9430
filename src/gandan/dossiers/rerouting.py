"""What a merger does to dossiers: which of them move, to which desk, and what becomes of their dates. Reads alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import ClockAct, ClockEvent, Mark, Reading, Source
from gandan.catalogue.queries import case_of
from gandan.dossiers import clock, desks
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.rules import HANDLERS
from gandan.ledger.models import Event
from gandan.organization.mergers.models import DutyChoice, Merger, MergerKind
from gandan.organization.mergers.planning import Plan
from gandan.organization.models import Commune, Duty, Unit

COUNTED = 1000
UNITS = ("unit_received", "unit_competent", "unit_helped", "department", "desk_unit")


@dataclass(frozen=True, slots=True)
class Passing:
    """A merger as dossiers see it: decided or only planned.

    `coming`: old units whose duties are still to move; once it is decided they have moved.
    """

    successor: Commune
    sources: tuple[str, ...]
    heirs: Mapping[UUID, Unit]
    document: str
    coming: frozenset[UUID] = frozenset()

    @property
    def source(self) -> Source:
        return Source(self.document, "", Mark.CONFIRMED)


def passing_of(merger: Merger, sources: Iterable[Commune], heirs: Mapping[UUID, Unit]) -> Passing:
    codes = tuple(one.pk for one in sources)
    if merger.kind == MergerKind.COMMUNES and not codes:
        raise ValueError(f"merger {merger.pk} of communes names none")
    return Passing(merger.successor, codes, heirs, merger.document)


def planned(plan: Plan, document: str) -> Passing:
    coming = frozenset(move.old.pk for move in plan.moves if move.duties == DutyChoice.MOVE)
    return Passing(plan.successor, tuple(one.pk for one in plan.sources), plan.heirs, document, coming)


def concerned(passing: Passing) -> QuerySet[Dossier]:
    """The dossiers that still have to move: of the old communes all, of merged units those that name one of them."""
    if passing.sources:
        return Dossier.objects.filter(commune_id__in=passing.sources)
    olds = list(passing.heirs)
    names_one = Q()
    for field in UNITS:
        names_one |= Q(**{f"{field}__in": olds})
    return Dossier.objects.filter(names_one, commune=passing.successor)


def open_first(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """What is not closed first, the earliest date before the others; then the archive."""
    closed = Case(When(desk=Desk.CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField())
    return dossiers.annotate(closed=closed).order_by("closed", "due_at", "id")


@dataclass(frozen=True, slots=True)
class Moving:
    """One dossier in the dry run: where it goes, and its date before and after."""

    dossier: Dossier
    unit: str
    old_due: datetime | None
    new_due: datetime | None
    back_to_head: bool

    @property
    def is_moved(self) -> bool:
        """True if the date becomes a later one; it never becomes an earlier one."""
        return self.old_due != self.new_due


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move: counted up to a thousand, and the dossiers of one page."""

    still_open: int
    archive: int
    dates_moved: int
    back_to_head: int
    rows: Sequence[Moving]

    @property
    def is_capped(self) -> bool:
        return max(self.still_open, self.archive) > COUNTED


def preview(passing: Passing, at: datetime, *, shown: int = 50) -> Preview:
    """Dry run over what is open (a thousand at most) and a count of the archive. Five queries, however many."""
    dossiers = concerned(passing)
    related = ("owner", "version", "assignee", "unit_competent", "unit_received", "desk_unit")
    found = list(
        dossiers.exclude(desk=Desk.CLOSED).select_related(*related).order_by("due_at", "id")[: COUNTED + 1]
    )
    archive = dossiers.filter(desk=Desk.CLOSED)[: COUNTED + 1].count()
    rows = movings(found[:COUNTED], passing, at)
    interesting = sorted(rows, key=lambda row: (not row.is_moved, not row.back_to_head))
    return Preview(
        still_open=len(found),
        archive=archive,
        dates_moved=sum(row.is_moved for row in rows),
        back_to_head=sum(row.back_to_head for row in rows),
        rows=interesting[:shown],
    )


def movings(dossiers: Sequence[Dossier], passing: Passing, at: datetime) -> list[Moving]:
    """What becomes of each dossier; their events are read in one query."""
    events = events_of([one.pk for one in dossiers])
    staying = who_goes_on(dossiers, passing, at)
    return [moving(one, passing, events[one.pk], staying, at) for one in dossiers]


def moving(
    dossier: Dossier, passing: Passing, events: list[ClockEvent], staying: frozenset[UUID], at: datetime
) -> Moving:
    reading = next_reading(dossier, passing, at, events)
    unit = passing.heirs.get(dossier.desk_unit_id) if dossier.desk_unit_id else None
    kept = unit or dossier.desk_unit
    return Moving(
        dossier=dossier,
        unit=kept.name if kept else "",
        old_due=dossier.due_at,
        new_due=reading.due if reading else dossier.due_at,
        back_to_head=needs_another_handler(dossier, staying),
    )


def needs_another_handler(dossier: Dossier, staying: frozenset[UUID]) -> bool:
    """True for what is being examined by somebody who does not go on in the successor."""
    return dossier.desk == Desk.APPRAISAL and dossier.assignee_id not in staying


def who_goes_on(dossiers: Iterable[Dossier], passing: Passing, at: datetime) -> frozenset[UUID]:
    """Of the officers who have these dossiers, those who process in the successor, or come along with their unit.

    One query.
    """
    users = {one.assignee_id for one in dossiers if one.assignee_id}
    ending = [unit for unit in passing.heirs if unit not in passing.coming]
    held = Duty.objects.after(desks.on_day(at), included=True).exclude(unit__in=ending)
    held = held.filter(
        Q(unit__commune=passing.successor.pk) | Q(unit__in=passing.coming),
        user__in=users,
        role__in=HANDLERS,
        user__is_active=True,
    )
    return frozenset(held.values_list("user_id", flat=True))


def next_reading(
    dossier: Dossier, passing: Passing, at: datetime, events: list[ClockEvent] | None = None
) -> Reading | None:
    """The clock once the successor has the dossier; None where no limit runs that its hours could move.

    A correction has a term of its own, and what waits for the person is counted anew when it is complete. Where
    the successor's calendar of that year is not published, nothing can be counted: the date stays.
    """
    if dossier.due_at is None or dossier.finished_at is not None or dossier.is_correction:
        return None
    known = clock.clock_events(dossier.pk) if events is None else events
    with_successor = replaced(dossier, passing)
    try:
        return clock.read(with_successor, known=known, further=[passing_on(dossier, passing, at)], at=at)
    except YearWithoutCalendar:
        return None


def replaced(dossier: Dossier, passing: Passing) -> Dossier:
    """The dossier as the successor has it, for counting: a copy that is not saved."""
    made = Dossier(
        id=dossier.pk,
        accepted_at=dossier.accepted_at,
        registered_at=dossier.registered_at,
        unit_received=passing.heirs.get(dossier.unit_received_id, dossier.unit_received),
        unit_competent=passing.heirs.get(dossier.unit_competent_id, dossier.unit_competent),
    )
    made.case = case_of(dossier.version_id, dossier.case_id)
    return made


def passing_on(dossier: Dossier, passing: Passing, at: datetime) -> ClockEvent:
    return ClockEvent(
        ClockAct.RE_ROUTE, at, until=dossier.due_at, source=passing.source, base=dossier.base_due_at
    )


def events_of(ids: Sequence[UUID]) -> dict[UUID, list[ClockEvent]]:
    """The clock's events of many dossiers in one query."""
    found: dict[UUID, list[ClockEvent]] = defaultdict(list)
    rows = Event.objects.filter(subject_id__in=list(ids), act__in=clock.CLOCK_ACTS).order_by("seq")
    for event in rows.only("act", "at", "seq", "body", "request_id", "subject_id"):
        if clock.moves_clock(event):
            found[event.subject_id].append(clock.as_clock_event(event))
    return found
