"""An officer who leaves (cán bộ thôi việc): duties end, sign-in ends, and what lies on the desk goes on, in one act.

What was assigned goes to a colleague, or back to the head of the department, who assigns it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gandan.accounts.actions.ending import end_sessions
from gandan.accounts.models import OneTimeLink, User
from gandan.calculus.canonical import Json
from gandan.dossiers.actions.doing import Deed
from gandan.dossiers.conflicts import hindrance_of
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.rules import HANDLERS
from gandan.law.bases import cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import (
    chain_of,
    require_another_administrator,
    require_person,
    store_end,
)
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.permissions import Officer
from gandan.organization.queries import unit_of
from gandan.ui.words import local


@dataclass(frozen=True, slots=True)
class Left:
    """A role at a unit's desk that nobody else holds once this person has gone, and how many dossiers lie there."""

    duty: Duty
    dossiers: int


def assigned_to(person: User) -> list[Dossier]:
    """The open dossiers that lie with the person by name, the most urgent first; one query."""
    found = Dossier.objects.filter(assignee=person, finished_at=None).exclude(desk=Desk.CLOSED)
    return list(found.select_related("version__procedure").order_by("act_by", "pk"))


def left_alone(person: User, on: date) -> list[Left]:
    """What nobody could do any more from the day after: the person's roles that no colleague of the unit holds."""
    alone = []
    for duty in Duty.objects.after(on, included=True).filter(user=person).select_related("unit"):
        others = Duty.objects.after(on).filter(unit=duty.unit, role=duty.role, user__is_active=True)
        if not others.exclude(user=person).exists():
            lying = Dossier.objects.filter(desk_unit=duty.unit, desk_role=duty.role, finished_at=None)
            alone.append(Left(duty, lying.count()))
    return alone


def colleagues_for(person: User, communes: Sequence[str], on: date) -> list[tuple[User, int]]:
    """Who could take over: handlers of these communes beside the person, with what they have, the least first."""
    held = Duty.objects.held_on(on).filter(
        role__in=HANDLERS, unit__commune__in=communes, user__is_active=True
    )
    load = Count("pk", filter=Q(finished_at=None))
    counted = dict(
        Dossier.objects.filter(commune__in=communes, finished_at=None)
        .exclude(assignee=None)
        .values_list("assignee")
        .annotate(load=load)
    )
    people = {duty.user_id: duty.user for duty in held.select_related("user") if duty.user_id != person.pk}
    found = [(user, counted.get(key, 0)) for key, user in people.items()]
    return sorted(found, key=lambda one: (one[1], one[0].full_name))


def leave(
    person: User,
    *,
    last_day: date,
    successor: User | None,
    seen: Sequence[UUID],
    document: str,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> User:
    """Ends every duty of the person after `last_day`, and the sign-in at once if that day is today or past.

    The dossiers assigned to the person go to `successor`, or without one back to the heads of their departments.
    `seen`: those that the administrator looked at; others since then make the act refuse. Raises Unacceptable,
    and Refused, NotCompetent, BasisMissing of the rooms below.
    """
    asked = {
        "person": person.pk,
        "last_day": last_day,
        "successor": successor.pk if successor else "",
        "document": document,
    }
    with ledger.act(
        name="leave", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        person = User.objects.select_for_update().get(pk=person.pk)
        if evidence.repeated:
            return person
        today = local(at).date()
        require_person(officer, person, today)
        if person.pk == officer.user_id:
            raise Unacceptable(_("Nobody takes leave of themselves. Please ask another administrator."))
        basis = cleaned_basis(document)
        chain = chain_of(person, today)
        _hand_over(evidence, officer, person, successor, seen, at)
        _end_duties(evidence, officer, person, last_day, basis)
        if last_day <= today:
            _end_sign_in(person, at)
        record(
            evidence,
            chain=chain,
            act="leave",
            subject_kind="account",
            subject_id=person.pk,
            document=basis,
            body={"person": person.code, "until": last_day, "signs_in": int(person.is_active)},
        )
    return person


def _hand_over(
    evidence: ledger.Act,
    officer: Officer,
    person: User,
    successor: User | None,
    seen: Sequence[UUID],
    at: datetime,
) -> None:
    dossiers = assigned_to(person)
    if {dossier.pk for dossier in dossiers} != set(seen):
        raise Unacceptable(
            _("What lies on the desk changed since you looked. Look at it again; nothing was done.")
        )
    if successor is not None and dossiers:
        places = {dossier.commune_id for dossier in dossiers}
        able = {user.pk for user, _load in colleagues_for(person, sorted(places), local(at).date())}
        if successor.pk not in able:
            raise Unacceptable(_("Choose a colleague who processes dossiers here."), field="successor")
    for dossier in sorted(dossiers, key=lambda one: one.pk):
        _pass_on(Deed("hand-over", officer, dossier, at, evidence), successor)


def _pass_on(deed: Deed, successor: User | None) -> None:
    """One dossier to the colleague at the same desk; else to the head, where it waits for assignment.

    To the head too where the colleague has a tie to a party: who leaves is no reason to look away.
    """
    dossier, facts = deed.dossier, dict[str, Json]()
    unit = unit_of(dossier.desk_unit_id) if dossier.desk_unit_id else None
    if successor is not None and not hindrance_of(successor.pk, dossier, deed.at):
        facts["assignee"] = successor.code
        deed.go_to(
            Desk(dossier.desk),
            unit=unit,
            role=dossier.desk_role,
            assignee=successor,
            act_by=dossier.act_by,
        )
    elif dossier.desk == Desk.APPRAISAL:
        deed.go_to(Desk.ASSIGNMENT, unit=unit, role=Role.HEAD_OF_DEPARTMENT, act_by=dossier.act_by)
    else:
        deed.change(assignee=None)
    deed.record(facts)


def _end_duties(evidence: ledger.Act, officer: Officer, person: User, last_day: date, basis: str) -> None:
    for duty in Duty.objects.after(last_day).filter(user=person).select_related("user", "unit"):
        require_another_administrator(duty, officer)
        store_end(evidence, duty, max(last_day, duty.valid_from), basis)


def _end_sign_in(person: User, at: datetime) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])
    OneTimeLink.objects.filter(user=person, closed_at=None).update(closed_at=at)
    end_sessions(person, at=at)


def lies_at(unit: Unit) -> str:
    """Why the unit cannot be closed yet: open dossiers that lie there or were received there; '' if none."""
    there = Q(desk_unit=unit) | Q(department=unit) | Q(unit_received=unit) | Q(unit_competent=unit)
    count = Dossier.objects.filter(there, finished_at=None).count()
    if not count:
        return ""
    return _(
        "%(count)d open dossiers lie here or are decided here. Finish them, or merge the unit into another one: "
        "then they are passed on."
    ) % {"count": count}
