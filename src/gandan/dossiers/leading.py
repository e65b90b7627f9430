"""What leaders and officers ask in the morning: what is late, what is nearly late, whose apology must go out today.

Every list is one of dossiers whose legal clock runs (`dossier_open_by_due`), the earliest due first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from gandan.calculus.calendars import working_time
from gandan.dossiers import desks
from gandan.dossiers.models import Desk, Dossier, OverdueWarning
from gandan.dossiers.queries import (
    COUNTED_EXACTLY,
    NOT_OURS,
    Bounds,
    at_desks,
    wards_of,
)
from gandan.law.queries import value_at
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of

LEADS_WARD = frozenset({Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR})
LEADS = LEADS_WARD | {Role.HEAD_OF_DEPARTMENT}

ALL, LATE, NEAR, APOLOGY, REMINDED = "", "tre", "sap-tre", "xin-loi", "duoc-nhac"


def leads_wards(officer: Officer) -> list[str]:
    """The communes that the officer answers for as a whole."""
    return sorted(d.commune for d in officer.held if d.commune and d.role in LEADS_WARD)


def headed_units(officer: Officer) -> list[UUID]:
    """The departments that the officer is head of."""
    return [duty.unit_id for duty in officer.held if duty.role == Role.HEAD_OF_DEPARTMENT]


def running(officer: Officer) -> QuerySet[Dossier]:
    """Dossiers whose legal clock runs and for which the officer answers: the ward's, the department's, one's own."""
    here = Dossier.objects.filter(
        commune_id__in=wards_of(officer), finished_at__isnull=True, due_at__isnull=False
    )
    answers_for = Q(commune_id__in=leads_wards(officer)) | Q(department_id__in=headed_units(officer))
    return here.filter(answers_for | at_desks(officer)).exclude(desk__in=NOT_OURS)


def in_watch(officer: Officer, which: str, limits: Bounds) -> QuerySet[Dossier]:
    """One of the lists of the watch: late and near (with a warning), late, near, apology today, reminded."""
    if which == REMINDED:
        mine = running(officer).filter(at_desks(officer))
        return mine.filter(reminded_step__gt=0, reminded_step=F("step_number"))
    chosen = running(officer)
    if which == LATE:
        return chosen.filter(due_at__lt=limits.now)
    if which == NEAR:
        return chosen.filter(due_at__gte=limits.now, due_at__lte=limits.warned)
    if which == APOLOGY:
        return chosen.filter(apology_today(limits.now), extension_count=0)
    return chosen.filter(due_at__lte=limits.warned)


def apology_today(at: datetime) -> Q:
    """Due moments whose apology must go out today at the latest (118/2025/NĐ-CP art. 19.6); none on a day off."""
    span = apologies_of(at)
    return Q(due_at__gt=span[0], due_at__lte=span[1]) if span else Q(pk__in=[])


def apologies_of(at: datetime) -> tuple[datetime, datetime] | None:
    """Between which due moments an apology must go out on the day of `at`. Warm, no query."""
    law = value_at("apology.before", desks.on_day(at))
    return desks.apology_span(working_time(calendar_of(None)), law.amount, at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the officer's area stands, each figure up to 1,001."""

    late: int
    near: int
    apologies: int
    to_sign: int
    to_check: int


def standing(officer: Officer, limits: Bounds) -> Standing:
    """All figures of the morning. Two queries."""
    soon = in_watch(officer, ALL, limits) | in_watch(officer, APOLOGY, limits)
    found = soon.order_by().values_list("due_at", "extension_count")[: COUNTED_EXACTLY + 1]
    rows = [(due, count) for due, count in found if due]
    span = apologies_of(limits.now)
    return Standing(
        late=sum(due < limits.now for due, _count in rows),
        near=sum(limits.now <= due <= limits.warned for due, _count in rows),
        apologies=sum(bool(span and span[0] < due <= span[1] and not count) for due, count in rows),
        **waiting_for(officer),
    )


def waiting_for(officer: Officer) -> dict[str, int]:
    """How many proposals wait for the officer's own signature, and for their agreement. One query."""
    lying = at_own_desk(officer).order_by().values_list("desk")[: COUNTED_EXACTLY + 1]
    found = [desk for (desk,) in lying]
    return {"to_sign": found.count(Desk.SIGNATURE), "to_check": found.count(Desk.CHECK)}


def at_own_desk(officer: Officer) -> QuerySet[Dossier]:
    """What waits for this leader's signature or agreement, at the desks of the duties that they hold."""
    mine = Q(pk__in=[])
    for duty in officer.held:
        if duty.role == Role.SIGNING_LEADER:
            mine |= Q(desk_unit_id=duty.unit_id, desk_role=duty.role, desk=Desk.SIGNATURE)
        elif duty.role == Role.HEAD_OF_DEPARTMENT:
            mine |= Q(desk_unit_id=duty.unit_id, desk_role=duty.role, desk=Desk.CHECK)
    return Dossier.objects.filter(mine, commune_id__in=wards_of(officer), finished_at__isnull=True)


def watch_rows(chosen: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a row of the watch shows. One further query: the warnings of each dossier's present date."""
    warnings = OverdueWarning.objects.filter(due_at=F("dossier__due_at")).order_by("-at")
    people = ("owner", "assignee", "version__procedure", "commune", "unit_competent", "desk_unit")
    return chosen.select_related(*people).prefetch_related(Prefetch("warnings", queryset=warnings))
