"""Who may do what (from the table that the acts obey), who holds which role, and what was changed of late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gandan.accounts.models import User
from gandan.administration.places import place_for
from gandan.administration.views.door import administration_page
from gandan.dossiers.rules import READS_ALL, RULES
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.bases import CELL
from gandan.law.models import Basis
from gandan.ledger.models import Event
from gandan.organization.models import Commune, Duty, Role
from gandan.organization.queries import today
from gandan.ui.paging import take_page

SIZE = 40
#: What the rooms of this administration let a role do; the acts ask for exactly these.
BESIDES: dict[Role, tuple[str | Promise, ...]] = {
    Role.ADMINISTRATOR: (
        gettext_lazy("Units, staff, duties, office hours, values that the place may set itself"),
        gettext_lazy("Recalculate dates after a change"),
        gettext_lazy("Help with a sign-in"),
    ),
    Role.LEGAL_OFFICER: (
        gettext_lazy("Confirm and enter what holds for the whole country: law and calendar"),
        gettext_lazy("Recalculate dates after a change"),
    ),
    Role.CENTRE_DIRECTOR: (gettext_lazy("See who opened whose dossier; review who holds which role"),),
}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role: what it may do with dossiers, what besides, and who holds it here."""

    name: str
    acts: list[str]
    besides: tuple[str | Promise, ...]
    reads: bool
    holders: list[Duty]


@administration_page
def roles(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/vai-tro/`."""
    where, day = place_for(request.officer, place), today()
    held = Duty.objects.held_on(day).filter(user__is_active=True).select_related("user", "unit")
    here = (
        held.filter(unit__commune=where) if isinstance(where, Commune) else held.filter(unit__province=where)
    )
    holders: dict[str, list[Duty]] = {}
    for duty in here.order_by("user__full_name"):
        holders.setdefault(duty.role, []).append(duty)
    lines = [
        RoleLine(
            name=str(role.label),
            acts=[str(rule.label) for rule in RULES.values() if role in rule.roles],
            besides=BESIDES.get(role, ()),
            reads=role in READS_ALL,
            holders=holders.get(role.value, []),
        )
        for role in Role
    ]
    return show(request, "administration/roles.html", {"place": where, "lines": lines})


#: The acts as the register of changes names them.
ACTS: dict[str, str | Promise] = {
    "open-commune": gettext_lazy("Commune opened"),
    "open-province": gettext_lazy("Province opened"),
    "add-unit": gettext_lazy("Unit entered"),
    "change-unit": gettext_lazy("Unit changed"),
    "close-unit": gettext_lazy("Unit closed"),
    "add-person": gettext_lazy("Person entered"),
    "change-person": gettext_lazy("Name or telephone changed"),
    "first-administrator": gettext_lazy("First administrator named"),
    "leave": gettext_lazy("Person left"),
    "give-duty": gettext_lazy("Duty given"),
    "end-duty": gettext_lazy("Duty ended"),
    "set-day": gettext_lazy("Day of the calendar set"),
    "confirm-calendar": gettext_lazy("Calendar of a year confirmed"),
    "set-hours": gettext_lazy("Office hours set"),
    "set-law": gettext_lazy("Value of the law set"),
    "confirm-law": gettext_lazy("Value of the law confirmed"),
    "substitute": gettext_lazy("Substitute named"),
    "merge-communes": gettext_lazy("Communes merged"),
    "merge-units": gettext_lazy("Units merged"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One administrative act in words; `is_own` if somebody gave a duty to himself."""

    basis: Basis
    what: str
    about: str
    who: str
    is_own: bool


@administration_page
def changes(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/thay-doi/`: what was changed here, by whom, on which basis; the newest first."""
    where = place_for(request.officer, place)
    chain = where.pk if isinstance(where, Commune) else CELL
    page = take_page(request, Basis.objects.filter(chain=chain), order=("-at", "-event_id"), size=SIZE)
    events = Event.objects.in_bulk([basis.event_id for basis in page.rows])
    facts = {basis.event_id: events[basis.event_id].facts for basis in page.rows if basis.event_id in events}
    codes = {basis.actor for basis in page.rows} | {str(one.get("person", "")) for one in facts.values()}
    names = dict(User.objects.filter(code__in=codes).values_list("code", "full_name"))
    lines = [change_of(basis, facts.get(basis.event_id, {}), names) for basis in page.rows]
    return show(request, "administration/changes.html", {"place": where, "page": page, "lines": lines})


def change_of(basis: Basis, facts: Mapping[str, Any], names: Mapping[str, str]) -> Change:
    """The act in words: people by name and code, everything else by its code."""
    about = str(next((facts[key] for key in ("person", "unit", "key", "place", "day") if key in facts), ""))
    role = Role(facts["role"]).label if facts.get("role") in set(Role) else ""
    what = str(ACTS.get(basis.act, basis.act))
    return Change(
        basis,
        f"{what}: {role}" if role else what,
        names.get(about, about),
        names.get(basis.actor, basis.actor),
        bool(facts.get("own")),
    )
