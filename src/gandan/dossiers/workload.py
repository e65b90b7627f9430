"""How much lies where (khối lượng việc): by step, and by person for the person and their head alone.

People are listed by name and never ranked. Below `workload.smallest` stays no median is given: small numbers jump.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gandan.calculus.calendars import working_time
from gandan.dossiers import desks
from gandan.dossiers.delays import working_seconds
from gandan.dossiers.leading import headed_units, leads_wards
from gandan.dossiers.models import Desk, Dossier, StepRun
from gandan.dossiers.queries import NOT_OURS, Bounds
from gandan.dossiers.rules import HANDLERS
from gandan.law.queries import value_at
from gandan.organization.models import Duty, Unit
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of

STAYS_READ = 5000  # the latest stays at a desk, enough for a median


@dataclass(frozen=True, slots=True)
class Load:
    """What lies there now, and how long it stayed: `median_hours` of working time, None for fewer than enough stays."""

    open: int
    late: int
    near: int
    stays: int
    median_hours: float | None


@dataclass(frozen=True, slots=True)
class StepLoad:
    desk: str
    load: Load


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person: all their duties on the day, wherever they are, and their load here."""

    name: str
    duties: list[Duty]
    load: Load

    @property
    def is_concurrent(self) -> bool:
        """True for somebody who holds several duties at once (kiêm nhiệm)."""
        return len(self.duties) > 1


@dataclass(frozen=True, slots=True)
class Workload:
    steps: list[StepLoad]
    people: list[PersonLoad]
    days: int
    smallest: int


def workload(officer: Officer, limits: Bounds) -> Workload:
    """By step of what the officer leads, by person of the departments they head, and themselves. Five queries."""
    day = desks.on_day(limits.now)
    days, smallest = value_at("workload.window", day).amount, value_at("workload.smallest", day).amount
    since = limits.now - timedelta(days=days)
    stays = stays_since(led_units(officer), officer.user_id, since)
    people = people_of(officer, limits.now)
    by_desk, by_person = hours_by(stays)
    return Workload(
        steps=step_loads(officer, limits, by_desk, smallest),
        people=person_loads(people, limits, by_person, smallest),
        days=days,
        smallest=smallest,
    )


def led_units(officer: Officer) -> list[UUID]:
    """The units that the officer answers for: all of their wards, else the departments they head. One query."""
    mine = Q(commune_id__in=leads_wards(officer)) | Q(pk__in=headed_units(officer))
    return list(Unit.objects.filter(mine).values_list("pk", flat=True))


def people_of(officer: Officer, at: datetime) -> dict[UUID, list[Duty]]:
    """The people whose figures this officer may see, with all their duties of the day: those of the departments they
    head, and themselves. One query."""
    held = Duty.objects.held_on(desks.on_day(at)).filter(user__is_active=True)
    theirs = held.filter(unit_id__in=headed_units(officer), role__in=HANDLERS).values("user_id")
    duties = held.filter(Q(user_id__in=theirs) | Q(user_id=officer.user_id)).select_related("user", "unit")
    found: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in duties.order_by("user__full_name", "user_id", "valid_from", "pk"):
        found[duty.user_id].append(duty)
    return dict(found)


def stays_since(units: Sequence[UUID], user: UUID, since: datetime) -> list[StepRun]:
    """The latest stays that ended at these units, or with this officer. One query (index `step_ended_by_unit`)."""
    theirs = Q(unit_id__in=units) | Q(assignee_id=user)
    ended = StepRun.objects.filter(theirs, ended_at__gte=since).exclude(desk=Desk.WAITING)
    return list(ended.only("desk", "assignee", "began_at", "ended_at").order_by("-ended_at")[:STAYS_READ])


def hours_by(stays: Iterable[StepRun]) -> tuple[dict[str, list[float]], dict[UUID, list[float]]]:
    """Working hours of each stay, by step and by person."""
    calendar = working_time(calendar_of(None))
    by_desk: dict[str, list[float]] = defaultdict(list)
    by_person: dict[UUID, list[float]] = defaultdict(list)
    for stay in stays:
        hours = working_seconds(calendar, stay.began_at, stay.ended_at or stay.began_at) / 3600
        by_desk[stay.desk].append(hours)
        if stay.assignee_id:
            by_person[stay.assignee_id].append(hours)
    return by_desk, by_person


def lying(officer: Officer) -> QuerySet[Dossier]:
    """What is open in what the officer leads."""
    led = Q(commune_id__in=leads_wards(officer)) | Q(department_id__in=headed_units(officer))
    return Dossier.objects.filter(led, finished_at__isnull=True).exclude(desk__in=NOT_OURS)


def counted(dossiers: QuerySet[Dossier], by: str, limits: Bounds) -> dict[Any, tuple[int, int, int]]:
    """How many are open, late and near, by one of the columns. One query."""
    rows = (
        dossiers.order_by()
        .values_list(by)
        .annotate(
            whole=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=limits.now)),
            near=Count("pk", filter=Q(due_at__gte=limits.now, due_at__lte=limits.warned)),
        )
    )
    return {key: (whole, late, near) for key, whole, late, near in rows}


def step_loads(
    officer: Officer, limits: Bounds, hours: dict[str, list[float]], smallest: int
) -> list[StepLoad]:
    """The steps in the order of the procedure. One query."""
    rows = counted(lying(officer), "desk", limits)
    order = [desk for desk in Desk if desk not in NOT_OURS]
    return [
        StepLoad(str(desk.label), load_of(rows.get(desk), hours.get(desk, []), smallest))
        for desk in order
        if desk in rows or desk in hours
    ]


def person_loads(
    people: dict[UUID, list[Duty]], limits: Bounds, hours: dict[UUID, list[float]], smallest: int
) -> list[PersonLoad]:
    """The people by name. One query."""
    assigned = Dossier.objects.filter(assignee_id__in=people, finished_at__isnull=True).exclude(
        desk__in=NOT_OURS
    )
    rows = counted(assigned, "assignee_id", limits)
    return [
        PersonLoad(duties[0].user.full_name, duties, load_of(rows.get(user), hours.get(user, []), smallest))
        for user, duties in people.items()
    ]


def load_of(row: tuple[int, int, int] | None, hours: Sequence[float], smallest: int) -> Load:
    whole, late, near = row or (0, 0, 0)
    return Load(
        open=whole,
        late=late,
        near=near,
        stays=len(hours),
        median_hours=median(hours) if len(hours) >= smallest else None,
    )
