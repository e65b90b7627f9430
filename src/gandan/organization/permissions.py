"""Who may act where: the officer of a request, with roles and units, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gandan.law.rows import Scope
from gandan.ledger import prepared
from gandan.organization.errors import NotCompetent
from gandan.organization.models import Commune, Duty, Province, Role, Unit, UnitKind
from gandan.organization.queries import today

if TYPE_CHECKING:
    from gandan.accounts.models import User


@dataclass(frozen=True, slots=True)
class Held:
    """One duty of the officer: a role in a unit of a commune, or (then `commune` is '') in one of a province.

    `instead_of`: the code of an absent colleague whose duty it is, and their id; '' for a duty of one's own.
    """

    role: Role
    unit_id: UUID
    commune: str
    province: str = ""
    instead_of: str = ""
    replaced_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff with the duties of one day (cán bộ đang làm nhiệm vụ); `code` is what events bear."""

    user_id: UUID
    code: str
    name: str
    held: tuple[Held, ...]
    is_operator: bool = False  # of the machine: commands on the server, whose files are the database itself

    @property
    def roles(self) -> frozenset[Role]:
        """All roles, wherever held: for choosing what to show. To permit an act ask `roles_in`."""
        return frozenset(duty.role for duty in self.held)

    @property
    def unit_ids(self) -> frozenset[UUID]:
        return frozenset(duty.unit_id for duty in self.held)

    @property
    def communes(self) -> frozenset[str]:
        """Codes of the communes in which the officer holds any duty."""
        return frozenset(duty.commune for duty in self.held if duty.commune)

    @property
    def provinces(self) -> frozenset[str]:
        """Codes of the provinces in whose own units the officer holds any duty."""
        return frozenset(duty.province for duty in self.held if duty.province)

    def roles_in(self, commune: str) -> frozenset[Role]:
        """The roles held in units of the commune with this code. A duty in a unit of the province gives none."""
        return frozenset(duty.role for duty in self.held if commune and duty.commune == commune)

    def roles_in_province(self, province: str) -> frozenset[Role]:
        """The roles held in units of the province itself. A duty in one of its communes gives none."""
        return frozenset(duty.role for duty in self.held if province and duty.province == province)

    def roles_at(self, unit_id: UUID) -> frozenset[Role]:
        """The roles held in this unit itself."""
        return frozenset(duty.role for duty in self.held if duty.unit_id == unit_id)

    def stands_for(self, roles: frozenset[Role]) -> frozenset[UUID]:
        """Whose work of these roles the officer does today: their own, and that of colleagues whom they replace."""
        replaced = {duty.replaced_id for duty in self.held if duty.role in roles and duty.replaced_id}
        return frozenset({self.user_id, *replaced})

    def instead_of(self, roles: frozenset[Role], commune: str, unit_id: UUID | None = None) -> str:
        """In whose place the officer uses these roles in the commune: a colleague's code, or '' for their own duty.

        A duty in the unit itself (`unit_id`) comes before one elsewhere, one's own before a colleague's.
        """
        able = [duty for duty in self.held if duty.role in roles]
        here = [duty for duty in able if duty.unit_id == unit_id]
        here = here or [duty for duty in able if duty.commune == commune]
        return min((duty.instead_of for duty in here), default="")

    def administers(self, place: Commune | Province) -> bool:
        """True if the officer administers the place: by a duty in it, or in the province that it lies in."""
        if self.is_operator:
            return True
        if isinstance(place, Province):
            return Role.ADMINISTRATOR in self.roles_in_province(place.pk)
        own, above = self.roles_in(place.pk), self.roles_in_province(place.province_id)
        return Role.ADMINISTRATOR in own | above

    def administers_scope(self, scope: Scope, code: str) -> bool:
        """The same by the scope of a dated row; nobody administers the whole country. One query at most."""
        if scope == Scope.PROVINCE:
            return self.is_operator or Role.ADMINISTRATOR in self.roles_in_province(code)
        place = Commune.objects.filter(pk=code).first() if scope == Scope.COMMUNE else None
        return place is not None and self.administers(place)

    @property
    def confirms_law(self) -> bool:
        """True for whoever changes what holds for the whole country: the province's legal officer.

        That of a ward may only where no unit of a province is open here: else a ward's administrator, who
        gives roles there, could change the law of all others. One query at most.
        """
        held = [duty for duty in self.held if duty.role == Role.LEGAL_OFFICER]
        if any(duty.province for duty in held):
            return True
        return bool(held) and not Unit.objects.filter(province__isnull=False, closed_on=None).exists()


def operator(code: str = "may-chu") -> Officer:
    """Whoever runs commands on the server: may open communes and name their first administrator."""
    return Officer(UUID(int=0), code, "", (), is_operator=True)


def administered_communes(officer: Officer) -> list[Commune]:
    """The communes open here that the officer administers, by code; one query."""
    provinces = {duty.province for duty in officer.held if duty.role == Role.ADMINISTRATOR and duty.province}
    communes = {duty.commune for duty in officer.held if duty.role == Role.ADMINISTRATOR and duty.commune}
    units = Unit.objects.filter(kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None)
    places = Commune.objects.filter(pk__in=units.values("commune_id"))
    if not officer.is_operator:
        places = places.filter(Q(pk__in=communes) | Q(province_id__in=provinces))
    return list(places.select_related("province").order_by("pk"))


def require_administration(officer: Officer, place: Commune | Province) -> None:
    """NotCompetent unless the officer administers the place."""
    if not officer.administers(place):
        raise NotCompetent(_("This is for the administrator of %(place)s.") % {"place": place.full_name})


def officer_of(user: User, on: date | None = None) -> Officer:
    """The officer that `user` is on the day `on` (today); one query, none for an account without sign-in.

    Duties of absent colleagues whom they replace on that day are theirs too, marked as such. A user without duties
    is an officer who may do nothing. An inactive account has no duties.
    """
    rows = prepared.fetch("officer", _duties, [on or today(), user.pk]) if user.is_active else []
    return Officer(user.pk, user.code, user.full_name, tuple(_held(user.pk, *row) for row in rows))


def _held(
    own: UUID, role: str, unit: UUID, commune: str | None, province: str | None, holder: UUID, code: str
) -> Held:
    if holder == own:
        return Held(Role(role), unit, commune or "", province or "")
    return Held(Role(role), unit, commune or "", province or "", code, holder)


def _duties(on: date, user_id: UUID) -> QuerySet[Any, Any]:
    """Own duties and replaced ones. Optimization: a union, for an OR over both tables would walk all duties."""
    columns = ("role", "unit_id", "unit__commune_id", "unit__province_id", "user_id", "user__code")
    held = Duty.objects.held_on(on)
    replaced = held.filter(
        substitutions__substitute_id=user_id,
        substitutions__ended_at=None,
        substitutions__valid_from__lte=on,
        substitutions__valid_to__gte=on,
    )
    own = held.filter(user_id=user_id).values_list(*columns)
    return own.union(replaced.values_list(*columns), all=True)


def communes_visible(user: User, on: date) -> list[Commune]:
    """The communes in which `user` holds a duty on the day `on`, by code."""
    held = Duty.objects.held_on(on).filter(user=user).values("unit__commune_id")
    return list(Commune.objects.filter(pk__in=held).order_by("pk")) if user.is_active else []


def roles_in(user: User, commune: Commune | str, on: date) -> frozenset[Role]:
    """The roles that `user` holds in units of the commune on the day `on`; one query."""
    code = commune if isinstance(commune, str) else commune.pk
    return officer_of(user, on).roles_in(code)


def administers(by: User, person: User, on: date) -> bool:
    """True if `by` may change the account of `person` on the day `on`; two queries.

    An administrator of a commune: where all the person's duties lie in that commune, now and later on. An
    administrator of a province: in all of its units and communes. Of who has left, the last duty counts.
    """
    held = [duty for duty in officer_of(by, on).held if duty.role == Role.ADMINISTRATOR]
    communes, provinces = {duty.commune for duty in held}, {duty.province for duty in held}
    places = places_of(person, on) if held else []
    return bool(places) and all(
        bool(commune and commune in communes) or bool(province in provinces) for commune, province in places
    )


def places_of(person: User, on: date) -> list[tuple[str, str]]:
    """Commune ('' in a unit of a province) and province of each duty from `on` on, else of the last one."""
    duties = Duty.objects.filter(user=person).order_by("valid_to")
    rows = list(
        duties.values_list("valid_to", "unit__commune_id", "unit__commune__province_id", "unit__province_id")
    )
    to_come = [row for row in rows if row[0] is None or row[0] >= on]
    return [(commune or "", of_commune or own) for _to, commune, of_commune, own in to_come or rows[-1:]]


def second_factor_from(user: User, on: date) -> date | None:
    """The day from which `user` signs in with a second factor alone; None where no rule asks. One query.

    The rule is a setting: roles, a day, and days of grace for whoever gets such a role later.
    """
    roles = settings.GANDAN_SECOND_FACTOR_ROLES
    if not roles:
        return None
    duties = Duty.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), user=user, role__in=roles)
    first = duties.order_by("valid_from").values_list("valid_from", flat=True).first()
    if first is None or settings.GANDAN_SECOND_FACTOR_FROM is None:
        return None
    days = timedelta(days=settings.GANDAN_SECOND_FACTOR_GRACE_DAYS)
    return max(first + days, settings.GANDAN_SECOND_FACTOR_FROM)
