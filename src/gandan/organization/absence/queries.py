"""Reads of absences and substitutions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from gandan.organization.absence.models import Absence, Substitution
from gandan.organization.models import Duty, Role

if TYPE_CHECKING:
    from gandan.accounts.models import User

REPLACEABLE = frozenset(
    {
        Role.COUNTER_OFFICER,
        Role.SPECIALIST,
        Role.HEAD_OF_DEPARTMENT,
        Role.CLERK,
        Role.SIGNING_LEADER,
        Role.CENTRE_DIRECTOR,
        Role.POLICE_OFFICER,
        Role.TAX_OFFICER,
    }
)
SIGNS = frozenset({Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR})


def running(first: date, last: date) -> QuerySet[Substitution]:
    """Substitutions that hold on any day from `first` to `last` and were not cut short."""
    return Substitution.objects.filter(ended_at=None, valid_from__lte=last, valid_to__gte=first)


def away(first: date, last: date) -> QuerySet[Absence]:
    """Absences on any day from `first` to `last`, unless the person came back."""
    return Absence.objects.filter(ended_at=None, valid_from__lte=last, valid_to__gte=first)


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty whose holder is away and whom nobody replaces on that day."""

    duty: Duty
    absence: Absence


def gaps(communes: list[str], on: date) -> list[Gap]:
    """The duties of the communes that lie idle on the day: their holder is away, nobody replaces them. Three queries."""
    absences = {one.user_id: one for one in away(on, on).filter(user__duties__unit__commune__in=communes)}
    if not absences:
        return []
    duties = Duty.objects.held_on(on).filter(
        user__in=absences, unit__commune__in=communes, role__in=REPLACEABLE
    )
    replaced = set(running(on, on).filter(duty__in=duties).values_list("duty_id", flat=True))
    open_duties = duties.exclude(pk__in=replaced).select_related("user", "unit")
    return [Gap(duty, absences[duty.user_id]) for duty in open_duties.order_by("user__full_name", "pk")]


def of_communes(communes: list[str], on: date) -> list[Substitution]:
    """What holds on the day or later in the communes, by first day. One query."""
    holding = Substitution.objects.filter(ended_at=None, valid_to__gte=on, duty__unit__commune__in=communes)
    return list(
        holding.select_related("duty__user", "duty__unit__commune__province", "substitute").order_by(
            "valid_from", "pk"
        )
    )


def absences_of(communes: list[str], on: date) -> list[Absence]:
    """Who is away on the day or later, by first day. One query."""
    held = Duty.objects.held_on(on).filter(unit__commune__in=communes).values("user_id")
    holding = Absence.objects.filter(ended_at=None, valid_to__gte=on, user__in=held)
    return list(holding.select_related("user").order_by("valid_from", "pk"))


def colleagues(communes: list[str], on: date) -> list[User]:
    """Active members of staff with a duty in one of the communes on the day, by name. One query."""
    duties = Duty.objects.held_on(on).filter(unit__commune__in=communes, user__is_active=True)
    people: dict[UUID, User] = {}
    for duty in duties.select_related("user").order_by("user__full_name"):
        people.setdefault(duty.user_id, duty.user)
    return list(people.values())
