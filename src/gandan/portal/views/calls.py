"""People to telephone today (cần gọi điện hôm nay): why, what to say, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandan.accounts.actions import record_looks
from gandan.dossiers import desks, words
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.models import Call
from gandan.dossiers.queries import calls_of
from gandan.dossiers.rules import MEETS_CITIZENS
from gandan.dossiers.scripts import CallToMake, calls_to_make
from gandan.dossiers.views.acts import act_url, dossier_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.ids import new_id
from gandan.ui.paging import take_page

SIZE = 10  # a call takes minutes; a long page would only be scrolled
RECENT = 10


@dataclass(frozen=True, slots=True)
class Card:
    """One person to telephone, with the address of the act and the request of its form."""

    call: CallToMake
    act_url: str
    dossier_url: str
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Made:
    """A call recorded today, which can be taken back."""

    call: Call
    what: str
    who: str
    url: str
    undo_url: str
    request_id: UUID


@staff_page
@require_safe
def calls(request: StaffRequest) -> HttpResponse:
    """`/goi-dien/`: for who meets citizens alone; the names and numbers that it shows are recorded as looks."""
    if not request.officer.roles & MEETS_CITIZENS:
        raise NotAllowed(_("Only the one-stop telephones people: it alone sees their numbers."))
    at = timezone.now()
    page = take_page(request, calls_of(request.officer, at), order=("queued_at", "id"), size=SIZE)
    cards = [card_of(one) for one in calls_to_make(page.rows)]
    shown = {card.call.dossier.pk for card in cards}
    record_looks(user=request.user, subject_kind="dossier", subject_ids=shown, page="calls", at=at)
    context: dict[str, Any] = {
        "cards": cards,
        "page": page,
        "made": made_today(request, at),
        "here": reverse("portal:calls"),
    }
    return show(request, "portal/calls.html", context)


def card_of(call: CallToMake) -> Card:
    dossier = call.dossier
    return Card(call, act_url(dossier.pk, "record-call"), dossier_url(dossier.pk), new_id())


def made_today(request: StaffRequest, at: datetime) -> list[Made]:
    """The officer's own last calls of today, the latest first. One query."""
    since = desks.midnight(desks.on_day(at))
    wards = request.officer.communes
    found = Call.objects.filter(
        commune_id__in=wards, at__gte=since, by_id=request.officer.user_id, undone_at__isnull=True
    )
    return [
        Made(
            call=call,
            what=words.topic(call.topic),
            who=words.shown_name(call.dossier.owner),
            url=dossier_url(call.dossier_id),
            undo_url=act_url(call.dossier_id, "undo-call"),
            request_id=new_id(),
        )
        for call in found.select_related("dossier__owner").order_by("-at", "-id")[:RECENT]
    ]
