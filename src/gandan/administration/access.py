"""What a review of access shows of each duty: since when, the last sign-in, the last act, what lies on the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max

from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Dossier
from gandan.ledger.models import ChainHead, Event
from gandan.organization.models import Duty
from gandan.organization.permissions import Officer
from gandan.organization.reviews.actions import REVIEWERS
from gandan.organization.reviews.models import ReviewedDuty
from gandan.organization.reviews.queries import duties_in, standing_of

NEWEST_EVENTS = 50_000  # looked through for last acts: a page must not read a chain of many years


@dataclass(frozen=True, slots=True)
class Held:
    """One duty as the review shows it; `line` is what was said of it already."""

    duty: Duty
    days: int
    last_act: datetime | None
    dossiers: int
    line: ReviewedDuty | None
    is_own: bool


def held_in(commune: str, at: datetime, *, lines: dict[UUID, ReviewedDuty], reader: UUID) -> list[Held]:
    """Every duty of the commune. Four queries."""
    day = at.astimezone(VIETNAM).date()
    duties = duties_in(commune, day)
    acts = last_acts(commune, (duty.user.code for duty in duties))
    loads = open_dossiers(duty.user_id for duty in duties)
    return [
        Held(
            duty=duty,
            days=(day - duty.valid_from).days,
            last_act=acts.get(duty.user.code),
            dossiers=loads.get(duty.user_id, 0),
            line=lines.get(duty.pk),
            is_own=duty.user_id == reader,
        )
        for duty in duties
    ]


def reviews_due(officer: Officer, at: datetime) -> list[str]:
    """Codes of the communes whose review of roles this officer should see to. Three queries a commune."""
    day = at.astimezone(VIETNAM).date()
    mine = [code for code in sorted(officer.communes) if officer.roles_in(code) & REVIEWERS]
    return [code for code in mine if standing_of(code, day).is_due]


def last_acts(commune: str, codes: Iterable[str]) -> dict[str, datetime]:
    """The last act of each officer among the newest events of the chain, whose numbers have no gaps. Two queries."""
    head = ChainHead.objects.filter(pk=commune).values_list("seq", flat=True).first() or 0
    newest = Event.objects.filter(chain=commune, seq__gt=head - NEWEST_EVENTS, actor__in=set(codes))
    return dict(newest.order_by().values_list("actor").annotate(Max("at")))


def open_dossiers(users: Iterable[UUID]) -> dict[UUID, int]:
    """How many open dossiers each officer was assigned. One query."""
    mine = Dossier.objects.filter(assignee_id__in=set(users), finished_at=None).order_by()
    return dict(mine.values_list("assignee_id").annotate(Count("pk")))
