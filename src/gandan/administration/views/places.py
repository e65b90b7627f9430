"""The page of one place: everything in it that its administrator may open."""

from __future__ import annotations

from django.http import HttpResponse

from gandan.administration.places import place_for
from gandan.administration.sections import sections_in
from gandan.administration.views.door import administration_page
from gandan.administration.views.home import door_to
from gandan.dossiers.views.door import StaffRequest, show


@administration_page
def place(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/`."""
    where = place_for(request.officer, place)
    doors = [door_to(one, place) for one in sections_in(request.officer, where)]
    return show(request, "administration/place.html", {"place": where, "doors": doors})
