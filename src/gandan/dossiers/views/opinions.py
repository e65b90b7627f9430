"""`/y-kien/`: opinions of other bodies that are awaited, those that are late first; what the centre's head is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from gandan.dossiers import queries
from gandan.dossiers.conflicts import indexes_of
from gandan.dossiers.examined import Opinion, opinions_of
from gandan.dossiers.permissions import objection
from gandan.dossiers.views.acts import act_url, dossier_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.organization.permissions import Officer
from gandan.ui.paging import take_page

LISTS: tuple[tuple[str, str | Promise], ...] = (
    ("cham", pgettext_lazy("opinions", "Not answered in time")),
    ("cho", pgettext_lazy("opinions", "Awaited")),
    ("tra-loi-cham", pgettext_lazy("opinions", "Answered late")),
)
SIZE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One consultation in the list; `act_url` if this officer may record its answer now."""

    opinion: Opinion
    url: str
    act_url: str


@staff_page
@require_safe
def opinions(request: StaffRequest) -> HttpResponse:
    """One list at a time, by its moment. The same number of queries, however many there are."""
    at = timezone.now()
    which = request.GET.get("xem", "")
    which = which if which in dict(LISTS) else "cham"
    order = ("-answered_at", "-id") if which == "tra-loi-cham" else ("due_at", "id")
    page = take_page(request, queries.opinions_in(request.officer, which, at), order=order, size=SIZE)
    told = opinions_of(page.rows, at, with_steps=False)
    address = reverse("dossiers:opinions")
    context: dict[str, Any] = {
        "page": page,
        "rows": [row_of(opinion, request.officer, at) for opinion in told],
        "lists": [(f"{address}?xem={key}", label, key == which) for key, label in LISTS],
        "caption": dict(LISTS)[which],
    }
    return show(request, "dossiers/opinions.html", context)


def row_of(opinion: Opinion, officer: Officer, at: datetime) -> Row:
    asked = opinion.asked
    parties = (asked.dossier.owner, asked.dossier.agent)
    # Optimization: or the guard against conflicts of interest would ask for the parties of each row.
    asked.dossier.party_indexes = indexes_of(one.identity_index for one in parties if one)
    may = asked.is_open and not objection("receive-opinion", officer, asked.dossier, at)
    return Row(
        opinion=opinion,
        url=f"{dossier_url(asked.dossier_id)}#y-kien-{asked.number}",
        act_url=act_url(asked.dossier_id, "receive-opinion") if may else "",
    )
