"""A conflict of interest with one dossier: what it means, who could act instead, how it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandan.accounts.actions import record_look
from gandan.accounts.models import User
from gandan.dossiers import conflicts
from gandan.dossiers.at_odds import colleagues_for
from gandan.dossiers.models import Dossier
from gandan.dossiers.permissions import dossier_for, objection
from gandan.dossiers.views.acts import act_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.ids import new_id
from gandan.organization.integrity.queries import reports_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A colleague who could take the dossier over, with the request that the button sends."""

    user: User
    post: str
    request_id: UUID


@staff_page
@require_safe
def conflict(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """`/ho-so/<uuid>/xung-dot/`: for the officer concerned, and for who can give the dossier to a colleague."""
    found, at = dossier_for(request.officer, dossier_id), timezone.now()
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page="conflict", at=at)
    own = conflicts.held_back(request.officer.user_id, found, at)
    may_assign = not objection("assign", request.officer, found, at)
    tied = found.assignee if may_assign and found.assignee_id != request.officer.user_id else None
    hindrance = conflicts.hindrance_of(tied.pk, found, at) if tied else ""
    concerned = request.officer.user_id if own else found.assignee_id if hindrance else None
    people = colleagues_for(found, at, without=concerned) if concerned else []
    context = {
        "dossier": found,
        "told": conflicts.told_to_officer(own) if own else "",
        "tied": tied if hindrance else None,
        "hindrance": hindrance,
        "offers": [Offer(user, post, new_id()) for user, post in people],
        "assign_url": act_url(found.id, "assign") if may_assign and found.assignee_id else "",
        "report_url": report_url(found, tied if hindrance else None),
        "reports": list(reports_for(request.officer).filter(subject_id=found.id).order_by("-reported_at")),
    }
    return show(request, "dossiers/conflict.html", context)


def report_url(dossier: Dossier, concerned: User | None) -> str:
    """The form of a report with this dossier in it; about oneself, or about the officer named."""
    address = f"{reverse('administration:report_conflict')}?ho-so={dossier.id}"
    return f"{address}&can-bo={concerned.code}" if concerned else address
