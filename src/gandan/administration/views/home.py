"""The front page of the administration: what this officer may administer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandan.administration.sections import Section, may_enter, sections_for, sections_in
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.views.door import StaffRequest, commune_name, show, staff_page
from gandan.organization.permissions import Officer


@dataclass(frozen=True, slots=True)
class Door:
    """A section as the front page shows it."""

    url: str
    title: str | Promise
    text: str | Promise
    icon: str


def door_to(section: Section, *arguments: str) -> Door:
    return Door(reverse(section.url_name, args=arguments), section.title, section.text, section.icon)


def doors_by_commune(officer: Officer) -> list[tuple[str, list[Door]]]:
    """Each commune in which the officer administers something, with its doors, by code."""
    groups = [
        (commune_name(code), [door_to(one, code) for one in sections_in(officer, code)])
        for code in sorted(officer.communes)
    ]
    return [(name, doors) for name, doors in groups if doors]


@staff_page
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Doors that concern no single commune, then those of each commune."""
    if not may_enter(request.officer):
        raise NotAllowed(_("Administration is for administrators, legal officers and directors of centres."))
    context = {
        "doors": [door_to(one) for one in sections_for(request.officer)],
        "communes": doors_by_commune(request.officer),
    }
    return show(request, "administration/home.html", context)
