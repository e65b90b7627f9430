"""The dossier on one page, why its date, its files, a recorded look at the identity number, and the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandan.accounts.actions import record_look, record_looks
from gandan.accounts.secrets import SecretError, open_sealed
from gandan.documents.errors import ContentMissing
from gandan.documents.serving import file_response
from gandan.dossiers import guests, papers, words
from gandan.dossiers.at_odds import notice_for
from gandan.dossiers.examined import opinions_of
from gandan.dossiers.models import Desk, Dossier, DossierFile, Party, Supplement
from gandan.dossiers.parts import parts_of
from gandan.dossiers.permissions import (
    Possibility,
    dossier_for,
    is_guest,
    possibilities,
    sees_contact_details,
)
from gandan.dossiers.progress import legal_time_left, path_of, step_time_left
from gandan.dossiers.queries import Sheet, find, sheet_of
from gandan.dossiers.views.acts import act_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.dossiers.why import why_of, whys_of
from gandan.ledger.heads import short_head
from gandan.ui.middleware import is_fragment_request

# The act that a desk waits for; the page offers it first.
MAIN_ACTS = {
    Desk.RECEPTION: "accept",
    Desk.TRANSFER: "transfer",
    Desk.ASSIGNMENT: "assign",
    Desk.APPRAISAL: "propose",
    Desk.CHECK: "check",
    Desk.SIGNATURE: "approve",
    Desk.STAMP: "number-and-stamp",
    Desk.FORWARDED: "take-over",
    Desk.HANDOVER: "finish",
    Desk.RETURN: "return",
    Desk.WAITING: "receive-supplement",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One act as the page lists it."""

    act: str
    label: str
    url: str
    why_not: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A party as this officer may see it: what they may not see is not here."""

    role: str
    name: str
    born: str
    sex: str
    address: str
    phone: str
    email: str
    identity_label: str
    identity_masked: str
    field: str


@staff_page
@require_safe
def dossier(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """`/ho-so/<uuid>/`: who, what, papers, fees, steps, time left, what happened, what may be done now."""
    found, at = dossier_for(request.officer, dossier_id, guests=True), timezone.now()
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page="dossier", at=at)
    return show(request, "dossiers/dossier.html", page_of(request, found, at))


def page_of(request: StaffRequest, found: Dossier, at: datetime) -> dict[str, Any]:
    """Everything that the page shows."""
    guest = is_guest(request.officer, found)
    sheet = guests.part_of(sheet_of(found)) if guest else sheet_of(found)
    contact = sees_contact_details(request.officer, found)
    ways = list(ways_of(found, possibilities(request.officer, found, at)))
    latest = sheet.deadlines[-1] if sheet.deadlines else None
    return {
        "dossier": found,
        "badge": words.badge(found),
        "sheet": sheet,
        "people": people_of(found, contact=contact),
        "conflict": notice_for(request.officer, found, at),
        "sees_contact": contact,
        "main": next((way for way in ways if way.is_main and not way.why_not), None),
        "ways": [way for way in ways if not way.why_not and not way.is_main],
        "not_now": [way for way in ways if way.why_not],
        "reasons": reasons_of(ways),
        "path": path_of(found, sheet.supplements),
        "step_left": step_time_left(found, at),
        "legal_left": legal_time_left(found, at),
        "why": why_of(latest) if latest else None,
        "entries": entries_of(sheet),
        "requests": [(one, papers.items_of(one)) for one in sheet.supplements],
        "open_request": open_request(sheet.supplements),
        "opinions": opinions_of(sheet.consultations, at),
        "news": [(message, words.topic(message.topic)) for message in sheet.messages],
        "prints": [] if guest else papers.prints_of(found, sheet),
        "parts": parts_of(found),
        "head": short_head(sheet.events[-1]) if sheet.events else "",
    }


def ways_of(found: Dossier, possible: list[Possibility]) -> Iterator[Way]:
    main = MAIN_ACTS.get(Desk(found.desk))
    for one in possible:
        yield Way(one.act, one.label, act_url(found.id, one.act), one.why_not, one.act == main)


def reasons_of(ways: list[Way]) -> list[tuple[str, list[str]]]:
    """Each reason once, with the acts that it keeps from being done."""
    found: dict[str, list[str]] = {}
    for way in ways:
        if way.why_not:
            found.setdefault(way.why_not, []).append(way.label)
    return list(found.items())


def open_request(supplements: list[Supplement]) -> Supplement | None:
    return next((one for one in supplements if one.received_at is None), None)


def people_of(found: Dossier, *, contact: bool) -> list[PersonCard]:
    """The owner and whoever files for them; telephone and e-mail only with `contact`."""
    cards = [card_of(found.owner, _("Owner of the dossier"), "owner", contact=contact)]
    if found.agent:
        cards.append(card_of(found.agent, _("Authorised person"), "agent", contact=contact))
    return cards


def card_of(party: Party, role: str, field: str, *, contact: bool) -> PersonCard:
    number = identity_number(party)
    return PersonCard(
        role=role,
        name=party.name,
        born=f"{party.birth_date:%d/%m/%Y}" if party.birth_date else str(party.birth_year or ""),
        sex=party.get_sex_display() if party.sex else "",
        address=party.address,
        phone=party.phone if contact else "",
        email=party.email if contact else "",
        identity_label=party.get_identity_kind_display() if number else "",
        identity_masked=words.masked(number),
        field=field,
    )


def identity_number(party: Party) -> str:
    """The number in clear, '' if there is none, a sentence if the key that opens it is not here."""
    if not party.identity_sealed:
        return ""
    try:
        return open_sealed(party.identity_sealed, "identity")
    except SecretError:
        return _("cannot be read on this machine")


def entries_of(sheet: Sheet) -> list[dict[str, object]]:
    """The ledger's events in words, the newest first, with the remark that belongs to each."""
    entries: list[dict[str, object]] = []
    for event in reversed(sheet.events):
        kind, icon = words.ICONS.get(event.act, ("none", "circle"))
        entries.append(
            {
                "at": event.at,
                "what": words.happened(event.act, event.facts),
                "who": sheet.names.get(event.actor, event.actor),
                "note": sheet.remark_of(event).replace("\n", "; "),
                "kind": kind,
                "icon": icon,
            }
        )
    return entries


@staff_page
@require_safe
def why(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """`/ho-so/<uuid>/vi-sao/`: the days that were counted; a fragment for the dialog, else a page."""
    found, at = dossier_for(request.officer, dossier_id, guests=True), timezone.now()
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page="why", at=at)
    readings = whys_of(found.deadlines.all())
    context = {"dossier": found, "why": readings[0] if readings else None, "earlier": readings[1:]}
    if is_fragment_request(request):
        return render(request, "dossiers/_why_dialog.html", context)
    return show(request, "dossiers/why.html", context)


@staff_page
@require_POST
def identity(request: StaffRequest, dossier_id: UUID) -> HttpResponse:
    """The whole identity number of owner or authorised person: shown once, and the look is recorded."""
    found, at = dossier_for(request.officer, dossier_id, guests=True), timezone.now()
    party = found.agent if request.POST.get("who") == "agent" else found.owner
    if party is None or not party.identity_sealed:
        raise Http404
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page="identity", at=at)
    context = {"dossier": found, "party": party, "number": identity_number(party)}
    return show(request, "dossiers/identity.html", context)


@staff_page
@require_safe
def file(request: StaffRequest, dossier_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of this very dossier, shown or (`?tai-ve`) saved."""
    found, at = dossier_for(request.officer, dossier_id, guests=True), timezone.now()
    kept = DossierFile.objects.filter(pk=file_id, dossier=found).select_related("file").first()
    if kept is None or (is_guest(request.officer, found) and not guests.is_shared(kept)):
        return render(request, "404.html", status=404)
    record_look(user=request.user, subject_kind="dossier", subject_id=found.id, page="file", at=at)
    try:
        return file_response(kept.file, as_download="tai-ve" in request.GET)
    except ContentMissing:
        return show(request, "dossiers/file_missing.html", {"dossier": found}, status=500)


@staff_page
@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """`/tim-ho-so/`: by code, number in the register, identity number or name; never in the address bar.

    A find shows whose dossier it is: each is recorded as a look.
    """
    text, at = request.POST.get("q", ""), timezone.now()
    found = find(request.officer, text, at)
    code = " ".join(text.split()).upper()
    exact = [one for one in found if code in (one.code.upper(), (one.official_code or "").upper())]
    if len(exact) == 1:
        return HttpResponseRedirect(reverse("dossiers:dossier", args=[exact[0].id]))
    ids = [one.pk for one in found]
    record_looks(user=request.user, subject_kind="dossier", subject_ids=ids, page="search", at=at)
    rows = [(one, step_time_left(one, at)) for one in found]
    return show(request, "dossiers/search.html", {"rows": rows, "q": text})
