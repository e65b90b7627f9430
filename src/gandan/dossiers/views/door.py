"""The staff entrance: who is asking, with which duties; and how a refusal of the tree is answered.

@staff_page
def dossier(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    found = dossier_for(request.officer, dossier_id)
    return show(request, "dossiers/dossier.html", {"dossier": found})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gandan.accounts.models import User
from gandan.dossiers.errors import NotAllowed, NotFound, StaleDossier
from gandan.ledger.errors import RequestConflict
from gandan.organization.models import Commune
from gandan.organization.permissions import Officer, officer_of
from gandan.ui.views import conflict


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff with at least one duty today."""

    user: User
    officer: Officer


View = Callable[..., HttpResponseBase]


def staff_page(view: View) -> View:
    """For signed-in staff alone; gives `request.officer` and answers the refusals of the tree.

    Without a sign-in: the sign-in page. Without a duty today: a page that says whom to ask (403).
    NotFound: the one 404 text. NotAllowed that the view let through: 403 with its reason.
    StaleDossier, RequestConflict: 409. Pages of staff are never kept by a cache.
    """

    @never_cache
    @login_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        staff = cast(StaffRequest, request)
        staff.officer = officer_of(staff.user)
        if not staff.officer.held:
            return render(request, "dossiers/no_duties.html", status=403)
        try:
            return view(staff, *args, **kwargs)
        except NotFound:
            return render(request, "404.html", status=404)
        except NotAllowed as error:
            return show(staff, "dossiers/not_allowed.html", {"reason": str(error)}, status=403)
        except StaleDossier as error:
            return conflict(request, str(error), back_url=way_back(kwargs))
        except RequestConflict:
            return conflict(request, already_used(), back_url=way_back(kwargs))

    return answered


def way_back(kwargs: Mapping[str, Any]) -> str:
    """The page of the dossier that the URL names, if it names one."""
    return reverse("dossiers:dossier", args=[kwargs["dossier_id"]]) if "dossier_id" in kwargs else ""


def already_used() -> str:
    return _("This form was already sent once, with other content. The first one counts.")


def show(
    request: StaffRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Renders a page of staff under the name of their ward."""
    return render(
        request, template, {"ward_name": ward_name(request.officer), **(context or {})}, status=status
    )


def ward_name(officer: Officer) -> str:
    """Where the officer works today, for the head of the page: "Phường Hương Thủy"."""
    return ", ".join(commune_name(code) for code in sorted(officer.communes))


@lru_cache(maxsize=4096)
def commune_name(code: str) -> str:
    # Optimization: communes are reference data that a restart follows; every page of staff shows the name.
    return str(Commune.objects.get(pk=code))
