"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gandan.organization.queries import open_centres


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public first page: follow a dossier, find a procedure, find the centre."""
    centres = open_centres()
    context: dict[str, object] = {"centres": centres}
    if len(centres) == 1:
        [only] = centres
        context |= {
            "ward_name": only.place_name,
            "ward_phone": only.phone,
            "ward_phone_person": only.name,
        }
    return render(request, "portal/home.html", context)
