"""The place that an address names: a commune by five digits, or a province by two; and who may administer it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.organization.models import Commune, Province, Role, Unit
from gandan.organization.permissions import Officer, require_administration

Place = Commune | Province
SHOWN_AT_ONCE = 3  # more communes than these get a page each instead of their doors side by side


class PlaceConverter:
    """`<place:place>`: the code of a commune or province."""

    regex = "[0-9]{5}|[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def place_for(officer: Officer, code: str) -> Place:
    """The place, if the officer administers it. NotFound where there is none, NotCompetent where it is another's."""
    place: Place | None
    if len(code) == 2:
        place = Province.objects.filter(pk=code).first()
    else:
        place = Commune.objects.select_related("province").filter(pk=code).first()
    if place is None:
        raise NotFound(_("There is no such place."))
    require_administration(officer, place)
    return place


def units_in(place: Place, on: date | None = None) -> list[Unit]:
    """The units of the place itself, by code: all of them, or those open on a day. One query."""
    rows = (
        Unit.objects.filter(commune=place)
        if isinstance(place, Commune)
        else Unit.objects.filter(province=place)
    )
    units = list(rows.select_related("commune__province", "province", "parent").order_by("code"))
    return [unit for unit in units if on is None or unit.is_open(on)]


def unit_in(place: Place, unit_id: object) -> Unit:
    """One unit of the place; NotFound for another's."""
    for unit in units_in(place):
        if unit.pk == unit_id:
            return unit
    raise NotFound(_("There is no such unit here."))


def administered_provinces(officer: Officer) -> list[Province]:
    """The provinces that the officer administers as a whole, by code; one query at most."""
    codes = [code for code in officer.provinces if Role.ADMINISTRATOR in officer.roles_in_province(code)]
    return list(Province.objects.filter(pk__in=codes).order_by("pk")) if codes else []


def require_administrator(officer: Officer) -> None:
    """NotAllowed for whoever administers nothing."""
    if Role.ADMINISTRATOR not in officer.roles:
        raise NotAllowed(_("This is for administrators."))
