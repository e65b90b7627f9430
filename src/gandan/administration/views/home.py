"""The front page of the administration: what this officer may administer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandan.administration.access import reviews_due
from gandan.administration.places import SHOWN_AT_ONCE, Place, administered_provinces
from gandan.administration.sections import Section, may_enter, sections_for, sections_in
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.views.door import StaffRequest, commune_name, show, staff_page
from gandan.organization.models import Commune
from gandan.organization.permissions import Officer, administered_communes


@dataclass(frozen=True, slots=True)
class Door:
    """A section as the front page shows it."""

    url: str
    title: str | Promise
    text: str | Promise
    icon: str


def door_to(section: Section, *arguments: str) -> Door:
    return Door(reverse(section.url_name, args=arguments), section.title, section.text, section.icon)


def places_of(officer: Officer) -> list[Place]:
    """Where the officer administers or watches over something: provinces, then communes, by code."""
    communes = {place.pk: place for place in administered_communes(officer)}
    others = Commune.objects.filter(pk__in=officer.communes - communes.keys()).select_related("province")
    communes |= {place.pk: place for place in others}
    return [*administered_provinces(officer), *(communes[code] for code in sorted(communes))]


@staff_page
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Doors that concern no single place, then those of each place; many places get a page each."""
    if not may_enter(request.officer):
        raise NotAllowed(_("Administration is for administrators, legal officers and directors of centres."))
    places = places_of(request.officer)
    with_doors = [
        (place, [door_to(one, place.pk) for one in sections_in(request.officer, place)])
        for place in places[:SHOWN_AT_ONCE]
    ]
    context = {
        "doors": [door_to(one) for one in sections_for(request.officer)],
        "places": [(place, doors) for place, doors in with_doors if doors],
        "many": places if len(places) > SHOWN_AT_ONCE else [],
        "reviews": [(code, commune_name(code)) for code in reviews_due(request.officer, timezone.now())],
    }
    return show(request, "administration/home.html", context)
