"""Where nobody stands (thiếu người): dossiers of somebody who left, duties of who is away, steps without staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from gandan.accounts.models import User
from gandan.catalogue.staffing import Unstaffed, steps_without_staff
from gandan.dossiers import desks
from gandan.dossiers.models import Dossier
from gandan.dossiers.queries import NOT_OURS
from gandan.organization.absence.queries import Gap
from gandan.organization.absence.queries import gaps as idle_duties
from gandan.organization.models import Commune, Duty


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who holds no duty in the commune any more, or may not sign in, and still has open dossiers."""

    user: User
    dossiers: int


@dataclass(frozen=True, slots=True)
class Gaps:
    left: list[Left]
    idle: list[Gap]
    unstaffed: list[Unstaffed]

    def __bool__(self) -> bool:
        return bool(self.left or self.idle or self.unstaffed)


def gaps_of(communes: Sequence[str], at: datetime) -> Gaps:
    """All that a leader must arrange today, whatever their ward has. A fixed number of queries for each commune."""
    day = desks.on_day(at)
    places = Commune.objects.select_related("province").in_bulk(communes)
    return Gaps(
        left=left_behind(communes, at),
        idle=idle_duties(list(communes), day),
        unstaffed=[one for code in communes for one in steps_without_staff(places[code], day)],
    )


def left_behind(communes: Sequence[str], at: datetime) -> list[Left]:
    """Who left with open dossiers, by name. Two queries."""
    held = Duty.objects.held_on(desks.on_day(at)).filter(
        user_id=OuterRef("assignee_id"), unit__commune_id=OuterRef("commune_id")
    )
    lying = Dossier.objects.filter(
        commune_id__in=communes, finished_at__isnull=True, assignee__isnull=False
    ).exclude(desk__in=NOT_OURS)
    gone = lying.filter(~Exists(held) | Q(assignee__is_active=False), desk_unit__province__isnull=True)
    counted: dict[UUID, int] = dict(gone.order_by().values_list("assignee_id").annotate(n=Count("pk")))
    people = User.objects.filter(pk__in=counted).order_by("full_name", "pk")
    return [Left(user, counted[user.pk]) for user in people]
