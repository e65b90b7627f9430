"""The watch (theo dõi hạn): what is late or nearly late and why, whose apology must go out today, who was reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from gandan.calculus.calendars import working_time
from gandan.dossiers import leading, queries, words
from gandan.dossiers.delays import Delay, delays_of
from gandan.dossiers.models import Dossier
from gandan.dossiers.permissions import objection
from gandan.dossiers.progress import TimeLeft, legal_time_left
from gandan.dossiers.queries import Bounds
from gandan.dossiers.views.acts import act_url, dossier_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.ledger.ids import new_id
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of
from gandan.portal.views.work import Choice
from gandan.ui.paging import take_page

SIZE = 20
ORDER = ("due_at", "id")

LISTS: tuple[tuple[str, str | Promise], ...] = (
    (leading.ALL, pgettext_lazy("watch", "Late and nearly late")),
    (leading.LATE, pgettext_lazy("watch", "Late")),
    (leading.NEAR, pgettext_lazy("watch", "Nearly late")),
    (leading.APOLOGY, pgettext_lazy("watch", "An apology must go out today")),
    (leading.REMINDED, pgettext_lazy("watch", "Reminded")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier of the watch: how late, why, which warnings, and what may be done about it."""

    dossier: Dossier
    url: str
    name: str
    left: TimeLeft | None
    delay: Delay
    extend_url: str
    remind_url: str
    request_id: UUID


@staff_page
@require_safe
def watch(request: StaffRequest) -> HttpResponse:
    """`/canh-bao/`: a fixed number of queries, however many dossiers there are."""
    at, which = timezone.now(), chosen_list(request)
    limits = limits_at(at)
    chosen = leading.in_watch(request.officer, which, limits)
    page = take_page(request, leading.watch_rows(chosen), order=ORDER, size=SIZE)
    context = {
        "page": page,
        "rows": rows_of(page.rows, request.officer, at),
        "tabs": [Choice(list_url(key), label, key == which) for key, label in LISTS],
        "which": which,
        "here": request.get_full_path(),
    }
    return show(request, "portal/watch.html", context)


def chosen_list(request: StaffRequest) -> str:
    """Unknown words mean everything late and nearly late."""
    asked = request.GET.get("xem", "")
    return asked if asked in dict(LISTS) else leading.ALL


def list_url(key: str) -> str:
    address = reverse("portal:watch")
    return f"{address}?xem={key}" if key else address


def limits_at(at: datetime) -> Bounds:
    return queries.bounds(at, working_time(calendar_of(None)))


def rows_of(dossiers: Sequence[Dossier], officer: Officer, at: datetime) -> list[Row]:
    """The rows with their reasons; one query for all of them."""
    delays = delays_of(dossiers, at)
    return [row_of(one, delays[one.pk], officer, at) for one in dossiers]


def row_of(dossier: Dossier, delay: Delay, officer: Officer, at: datetime) -> Row:
    def address(act: str) -> str:
        return "" if objection(act, officer, dossier, at) else act_url(dossier.pk, act)

    # Whether this desk was reminded today already is found out when the button is pressed: no query a row.
    reminded = dossier.reminded_step and dossier.reminded_step == dossier.step_number
    return Row(
        dossier=dossier,
        url=dossier_url(dossier.pk),
        name=words.shown_name(dossier.owner),
        left=legal_time_left(dossier, at),
        delay=delay,
        extend_url=address("extend"),
        remind_url="" if reminded else address("remind"),
        request_id=new_id(),
    )
