"""The leader's morning (điều hành): what is late and near late and why, what to decide, where nobody stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandan.dossiers import leading, worklist
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.gaps import gaps_of
from gandan.dossiers.queries import Bounds, opinions_in
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.dossiers.workload import workload
from gandan.organization.permissions import Officer
from gandan.portal.views.watch import ORDER, limits_at, rows_of
from gandan.portal.views.work import greeting
from gandan.ui.paging import count_up_to, take_page

FIRST_ROWS = 10


def require_leader(officer: Officer) -> None:
    if not officer.roles & leading.LEADS:
        raise NotAllowed(
            _("This page is for heads of departments, leaders who sign, and the centre's director.")
        )


@staff_page
@require_safe
def morning(request: StaffRequest) -> HttpResponse:
    """`/dieu-hanh/`: a fixed number of queries, however many dossiers there are."""
    require_leader(request.officer)
    at = timezone.now()
    limits = limits_at(at)
    chosen = leading.in_watch(request.officer, leading.ALL, limits)
    standing = leading.standing(request.officer, limits)
    page = take_page(
        request,
        leading.watch_rows(chosen),
        order=ORDER,
        size=FIRST_ROWS,
        count=standing.late + standing.near,
    )
    context: dict[str, Any] = {
        "greeting": greeting(at, request.officer),
        "today": at,
        "standing": standing,
        "calls": worklist.count_calls(request.officer, at),
        "opinions": count_up_to(opinions_in(request.officer, "cham", at)),
        "rows": rows_of(page.rows, request.officer, at),
        "page": page,
        "gaps": gaps_in(request.officer, at),
        "replaces": sorted({duty.instead_of for duty in request.officer.held if duty.instead_of}),
        "here": request.get_full_path(),
    }
    return show(request, "portal/morning.html", context)


def gaps_in(officer: Officer, at: datetime) -> Any:
    """For who leads a ward; a head of department sees the rows of their own list alone."""
    wards = leading.leads_wards(officer)
    return gaps_of(wards, at) if wards else None


@staff_page
@require_safe
def load(request: StaffRequest) -> HttpResponse:
    """`/dieu-hanh/khoi-luong/`: for everybody their own figures; for heads and leaders what they lead."""
    at = timezone.now()
    limits: Bounds = limits_at(at)
    context = {
        "load": workload(request.officer, limits),
        "leads": bool(request.officer.roles & leading.LEADS),
        "today": at,
    }
    return show(request, "portal/load.html", context)
