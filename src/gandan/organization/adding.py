"""A new ward ready to work from reference data (`gandan commune add`): what is there, what is missing, what would happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from gandan.calculus.rules import VIETNAM
from gandan.ledger.ids import new_id
from gandan.organization.actions.first import FirstSignIn, administrator_of, name_first_administrator
from gandan.organization.actions.importing import import_staff
from gandan.organization.actions.opening import open_commune, units_to_open
from gandan.organization.actions.staff import PersonWish
from gandan.organization.models import Commune, Unit, UnitKind
from gandan.organization.permissions import operator
from gandan.organization.queries import hours_of, successors_of
from gandan.organization.search import search_places
from gandan.organization.staff_list.plan import Outcome, Plan, plan_list, units_of_place

MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A commune that may have been meant; `instead_of` is the old one that it took in."""

    code: str
    name: str
    instead_of: str = ""


class NoSuchCommune(Exception):
    """No commune has this code; `suggestions` are those that may have been meant."""

    def __init__(self, message: str, suggestions: list[Suggestion]) -> None:
        super().__init__(message)
        self.suggestions = suggestions


def commune_meant(text: str) -> Commune:
    """The commune with this code. NoSuchCommune with suggestions for an old code, a name, or a slip."""
    commune = Commune.objects.select_related("province").filter(pk=text).first()
    if commune is not None:
        return commune
    if not Commune.objects.exists():
        raise NoSuchCommune(_("No commune is loaded yet. Run ./gandan load_reference first."), [])
    successors = successors_of(text)
    if successors:
        old = successors[0]
        message = _("%(code)s was %(name)s (%(district)s), which is merged. It is now part of:") % {
            "code": text,
            "name": old.old_name,
            "district": old.old_district,
        }
        raise NoSuchCommune(message, [_suggested(row.successor, old.old_name) for row in successors])
    found = search_places(text, MOST_SUGGESTIONS)
    old_places = [(row.successor, place.name) for place in found.old for row in place.successors]
    suggestions = [_suggested(one) for one in found.communes] + [_suggested(*one) for one in old_places]
    message = _("No commune has the code %(code)s.") % {"code": text[:60]}
    raise NoSuchCommune(message, suggestions[:MOST_SUGGESTIONS])


def _suggested(commune: Commune, instead_of: str = "") -> Suggestion:
    name = f"{commune.full_name}, {commune.province.full_name}"
    return Suggestion(commune.pk, name, instead_of)


@dataclass(slots=True)
class Added:
    """What was done, or would be (`dry_run`); `plan` holds the list of staff row by row."""

    commune: Commune
    dry_run: bool
    is_new: bool
    units: list[Unit]
    plan: Plan | None
    staff: dict[Outcome, int] = field(default_factory=dict)
    administrator: str = ""
    first_sign_in: FirstSignIn | None = None

    @property
    def is_stopped(self) -> bool:
        """True if the list has a problem: then nothing was done, and the commune was not opened either."""
        return self.plan is not None and bool(self.plan.problems or self.plan.bad)


def add_commune(
    commune: Commune,
    *,
    officers: bytes | None,
    administrator: PersonWish,
    document: str,
    at: datetime,
    dry_run: bool,
    new_password: bool = False,
) -> Added:
    """Opens the commune, enters its staff, names its administrator; what is there already stays.

    The list of staff is looked at before anything is opened: with a problem in it nothing is done.
    FileRefused, OrganizationError.
    """
    day = at.astimezone(VIETNAM).date()
    is_new = not Unit.objects.filter(commune=commune, kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None).exists()
    units = units_to_open(commune, day) if is_new else units_of_place(commune)
    plan = plan_list(officers, commune, units) if officers is not None else None
    added = Added(commune, dry_run, is_new, units, plan, staff=plan.counts if plan else {})
    if not dry_run and not added.is_stopped:
        _carry_out(added, officers, administrator, document, at, new_password=new_password)
    elif not added.is_stopped:
        present = administrator_of(commune)
        added.administrator = present.username if present else _username(administrator, commune)
    return added


def _carry_out(
    added: Added,
    officers: bytes | None,
    administrator: PersonWish,
    document: str,
    at: datetime,
    *,
    new_password: bool,
) -> None:
    commune, officer = added.commune, operator()
    basis = document or commune.resolution
    open_commune(commune.pk, officer=officer, at=at, request_id=new_id(), document=basis)
    added.units = units_of_place(commune)
    if officers is not None:
        added.staff = import_staff(
            officers,
            place=commune,
            seen="",
            document=basis,
            officer=officer,
            at=at,
            request_id=new_id(),
        )
    present = administrator_of(commune)
    if present is None or new_password or not present.has_usable_password():
        person = PersonWish(administrator.full_name, _username(administrator, commune))
        added.first_sign_in = name_first_administrator(
            commune, person, document=basis, officer=officer, at=at, request_id=new_id()
        )
        present = added.first_sign_in.user
    added.administrator = present.username


def _username(administrator: PersonWish, commune: Commune) -> str:
    return administrator.username or f"quantri.{commune.pk}"


def hours_are_entered(commune: Commune, at: datetime) -> bool:
    """False where the default hours of the software are assumed, which nobody has confirmed."""
    centre = Unit.objects.filter(commune=commune, kind=UnitKind.CENTRE, closed_on=None).first()
    return centre is not None and bool(hours_of(centre, at.astimezone(VIETNAM).date()).working)
