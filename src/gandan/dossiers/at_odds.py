"""What a head has to see to: dossiers that lie with somebody who is tied to a party, and who could take them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import conflicts
from gandan.dossiers.conflicts import Conflict, held_back, indexes_of
from gandan.dossiers.models import Desk, Dossier, Party
from gandan.dossiers.queries import handlers_for
from gandan.dossiers.rules import HANDLERS, READS_ALL, RULES
from gandan.organization.integrity.queries import ties_of
from gandan.organization.models import Duty, Role
from gandan.organization.permissions import Officer

# Where an act judges; at the other desks what is done serves the person and goes on.
JUDGING = (Desk.RECEPTION, Desk.ASSIGNMENT, Desk.APPRAISAL, Desk.CHECK, Desk.SIGNATURE, Desk.STAMP)
MOST = 200


@dataclass(frozen=True, slots=True)
class AtOdds:
    """One open dossier with an officer on whose desk it lies and who may not judge it."""

    dossier: Dossier
    officer: User
    conflict: Conflict


def at_odds_in(commune: str, at: datetime) -> list[AtOdds]:
    """Open dossiers of the commune that lie with somebody who is tied to a party, the earliest due first.

    Three queries, none of them longer than the list of those who declared anything.
    """
    day = at.astimezone(VIETNAM).date()
    duties = list(
        Duty.objects.held_on(day)
        .filter(unit__commune_id=commune, role__in=READS_ALL, user__is_active=True)
        .select_related("user")
    )
    indexes = {tie.index for duty in duties for tie in ties_of(duty.user_id)}
    if not indexes:
        return []
    parties = list(Party.objects.filter(identity_index__in=indexes).order_by("-pk")[:MOST])
    kept = {party.pk: party.identity_index for party in parties}
    meant = Q(owner_id__in=kept) | Q(agent_id__in=kept)
    here = Dossier.objects.filter(meant, commune_id=commune, finished_at=None, desk__in=JUDGING)
    found = []
    beside = ("version", "owner", "assignee", "desk_unit")
    for dossier in here.select_related(*beside).order_by("act_by", "pk")[:MOST]:
        numbers = (kept.get(dossier.owner_id), kept.get(dossier.agent_id) if dossier.agent_id else "")
        dossier.party_indexes = indexes_of(one or "" for one in numbers)
        found += tied_at(dossier, people_at(dossier, duties), at)
    return found


def tied_at(dossier: Dossier, people: Sequence[User], at: datetime) -> list[AtOdds]:
    """Those on whose desk it lies, if every one of them is tied; one who is free goes on as ever."""
    held = [(user, held_back(user.pk, dossier, at)) for user in people]
    if not all(conflict for _user, conflict in held):
        return []
    return [AtOdds(dossier, user, conflict) for user, conflict in held if conflict]


def people_at(dossier: Dossier, duties: Sequence[Duty]) -> list[User]:
    """On whose desk it lies: the assignee, or everybody with the desk's role in its unit."""
    if dossier.assignee:
        return [dossier.assignee]
    unit, roles = dossier.desk_unit_id, roles_at(dossier)
    people = {duty.user_id: duty.user for duty in duties if duty.unit_id == unit and duty.role in roles}
    return list(people.values())


def roles_at(dossier: Dossier) -> frozenset[Role]:
    if dossier.desk_role == Role.SPECIALIST:
        return HANDLERS
    return frozenset({Role(dossier.desk_role)}) if dossier.desk_role else frozenset()


def colleagues_for(dossier: Dossier, at: datetime, *, without: UUID) -> list[tuple[User, str]]:
    """Who could act instead, with their post: the same role, no conflict known; of the own department if possible.

    Three queries at most.
    """
    if dossier.desk in (Desk.ASSIGNMENT, Desk.APPRAISAL) and dossier.assignee_id:
        free = [one for one in handlers_for(dossier, at) if not one.hindrance and one.user.pk != without]
        own = [one for one in free if one.is_own_department]
        return [(one.user, one.post) for one in own or free]
    day = at.astimezone(VIETNAM).date()
    duties = (
        Duty.objects.held_on(day)
        .filter(unit__commune_id=dossier.commune_id, role__in=roles_at(dossier), user__is_active=True)
        .exclude(user_id=without)
        .select_related("user", "unit")
        .order_by("user__full_name")
    )
    people = {duty.user_id: (duty.user, duty.post or duty.unit.name) for duty in duties}
    return [one for one in people.values() if held_back(one[0].pk, dossier, at) is None]


def notice_for(officer: Officer, dossier: Dossier, at: datetime) -> str:
    """What the dossier's page says on top of a conflict of interest: to who has it, and to who can give it away."""
    own = conflicts.held_back(officer.user_id, dossier, at) if dossier.desk in JUDGING else None
    if own:
        return conflicts.told_to_officer(own)
    tied = dossier.assignee
    if tied is None or not officer.roles_in(dossier.commune_id) & RULES["assign"].roles:
        return ""
    reason = conflicts.hindrance_of(tied.pk, dossier, at)
    return f"{tied.full_name}: {reason}." if reason else ""
