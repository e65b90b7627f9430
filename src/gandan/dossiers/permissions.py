"""Who may see a dossier, who may do which act with it, and why not.

One door: `dossier_for` gives the same answer for "none such" and "not yours". One table, `rules.RULES`, says for
each act whose it is and at which desk; the page lists it, the act enforces it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.catalogue.queries import case_of, version_of
from gandan.dossiers import conflicts
from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.rules import (
    HANDLERS,
    MEETS_CITIZENS,
    READS_ALL,
    RULES,
    WORKS_AT_BODY,
    ActRule,
    is_their_work,
)
from gandan.ledger import rows
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer
from gandan.organization.queries import unit_of


def is_visible(officer: Officer, dossier: Dossier) -> bool:
    """True for a role that reads dossiers in the dossier's commune, and at the other body while the dossier lies there."""
    return bool(officer.roles_in(dossier.commune_id) & READS_ALL) or is_at_their_body(officer, dossier)


def is_at_their_body(officer: Officer, dossier: Dossier) -> bool:
    """True if the dossier was forwarded to a body at which the officer works, and is there now."""
    if dossier.desk != Desk.FORWARDED or dossier.desk_unit_id is None:
        return False
    return bool(officer.roles_at(dossier.desk_unit_id) & WORKS_AT_BODY)


def is_guest(officer: Officer, dossier: Dossier) -> bool:
    """True for who sees the dossier by their body's part alone: what concerns only the commune is not theirs to read."""
    return not officer.roles_in(dossier.commune_id) & READS_ALL


PEOPLE = ("owner", "agent", "assignee")


def dossier_for(
    officer: Officer, dossier_id: UUID, *, for_change: bool = False, people: bool = True, guests: bool = False
) -> Dossier:
    """The dossier, if this officer may see it; else NotFound, whether it exists or not. One query.

    `for_change` holds the row until the act ends (on SQLite the act holds the whole database anyway), so that
    of two acts at once the second reads what the first one did. A page needs the people too; an act, and
    whoever says `people=False`, gets each of them when asked for. `guests`: also for the other body at which a
    forwarded dossier lies; the page then shows what its part needs (`guests.part_of`).
    """
    if for_change or not people:
        dossier = rows.find(Dossier, dossier_id, lock=for_change)
    else:
        found = Dossier.objects.select_related(*PEOPLE).filter(pk=dossier_id)
        dossier = next(iter(found), None)
    if dossier is None or (
        is_guest(officer, dossier) and not (guests and is_at_their_body(officer, dossier))
    ):
        raise NotFound(_("There is no such dossier, or it is not in your area of work."))
    return with_reference_rows(dossier)


def with_reference_rows(dossier: Dossier) -> Dossier:
    """The dossier with its version, case, units and commune at hand; warm, no query."""
    # Optimization: what a version says never changes, and units hardly ever do, so they come from memory
    # instead of six wide joins.
    dossier.version = version_of(dossier.version_id)
    dossier.case = case_of(dossier.version_id, dossier.case_id)
    dossier.unit_received = unit_of(dossier.unit_received_id)
    dossier.unit_competent = unit_of(dossier.unit_competent_id)
    if dossier.unit_received.commune_id == dossier.commune_id:
        dossier.commune = dossier.unit_received.own_commune
    dossier.department = unit_of(dossier.department_id) if dossier.department_id else None
    if dossier.desk == Desk.FORWARDED and dossier.desk_unit_id:
        dossier.desk_unit = unit_of(dossier.desk_unit_id)
    return dossier


def sees_contact_details(officer: Officer, dossier: Dossier) -> bool:
    """True for the one-stop alone: a specialist reaches the citizen only through its record."""
    return bool(officer.roles_in(dossier.commune_id) & MEETS_CITIZENS)


def roles_for(rule: ActRule, officer: Officer, dossier: Dossier) -> frozenset[Role]:
    """The roles that count for the act: those at the other body that has the dossier, or those in its commune."""
    if not rule.at_body:
        return officer.roles_in(dossier.commune_id)
    return officer.roles_at(dossier.desk_unit_id) if dossier.desk_unit_id else frozenset()


def objection(act: str, officer: Officer, dossier: Dossier, at: datetime) -> str:
    """Why this officer may not do `act` with this dossier now, in plain words; '' if they may."""
    rule = RULES[act]
    if dossier.desk not in rule.desks:
        return _("The dossier is now at this step: %(desk)s.") % {"desk": dossier.get_desk_display()}
    if not roles_for(rule, officer, dossier) & rule.roles:
        names = ", ".join(str(Role(role).label) for role in sorted(rule.roles))
        return _("This is for: %(roles)s.") % {"roles": names}
    for object_to in rule.objections:
        reason = object_to(officer, dossier, at)
        if reason:
            return reason
    return conflicts.objection_to(act, officer.user_id, dossier, at)


def require(act: str, officer: Officer, dossier: Dossier, at: datetime) -> None:
    """Raises NotAllowed with the reason, unless the officer may do `act` now."""
    reason = objection(act, officer, dossier, at)
    if reason:
        raise NotAllowed(reason)


def instead_of(act: str, officer: Officer, dossier: Dossier) -> str:
    """In whose place the officer does the act: the code of an absent colleague, or '' for a duty of their own."""
    rule = RULES.get(act)
    if rule is None:
        return ""
    if rule.roles & HANDLERS and dossier.assignee_id != officer.user_id and is_their_work(officer, dossier):
        return next(duty.instead_of for duty in officer.held if duty.replaced_id == dossier.assignee_id)
    return officer.instead_of(rule.roles, dossier.commune_id, dossier.desk_unit_id)


def taken_in_for(officer: Officer, unit: Unit) -> dict[str, Json]:
    """The fact that a counter officer acts in the place of an absent colleague, for events that no rule looks at."""
    code = officer.instead_of(frozenset({Role.COUNTER_OFFICER}), unit.commune_code, unit.pk)
    return {"instead_of": code} if code else {}


@dataclass(frozen=True, slots=True)
class Possibility:
    """One act as the dossier page lists it: possible now, or why not."""

    act: str
    label: str
    why_not: str

    @property
    def possible(self) -> bool:
        return not self.why_not


def possibilities(officer: Officer, dossier: Dossier, at: datetime) -> list[Possibility]:
    """Every act with its answer for this officer now, possible ones first, in the order of the procedure.

    What is done at another body is told to its people alone, and to them nothing else.
    """
    guest = is_guest(officer, dossier)
    found = [
        Possibility(act, str(rule.label), objection(act, officer, dossier, at))
        for act, rule in RULES.items()
        if rule.listed and rule.at_body == guest
    ]
    return sorted(found, key=lambda p: not p.possible)
