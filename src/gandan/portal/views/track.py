"""Tracking without an account (tra cứu hồ sơ)."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gandan.accounts.queries import looks_of
from gandan.dossiers import tracking
from gandan.dossiers.models import Dossier
from gandan.dossiers.progress import legal_time_left
from gandan.dossiers.why import why_of
from gandan.dossiers.words import shown_name
from gandan.portal import followed, limits, notices, sentences, tracked
from gandan.portal.forms import TrackForm
from gandan.portal.lookers import opened_by
from gandan.ui.paging import take_page
from gandan.ui.words import datetime_words


def private(response: HttpResponse) -> HttpResponse:
    """Says that nobody but this browser may keep, index or be told of this page.

    `strict-origin` tells no path to anybody. Under `no-referrer` browsers send `Origin: null` with each form of
    the page, which the check against cross-site requests refuses.
    """
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_GET
def exchange(request: HttpRequest, secret: str) -> HttpResponse:
    """The address of a QR code: the secret becomes a cookie and leaves the address."""
    dossier = Dossier.objects.only("id").filter(tracking_hash=tracking.hash_of(secret)).first()
    if dossier is None:
        return private(render(request, "portal/track_unknown.html", status=404))
    response = redirect("portal:followed", followed.page_id(dossier.pk))
    followed.follow(request, response, dossier.pk)
    return private(response)


@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """Where the code and the word are typed; below, what this browser follows already."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = look_up(request, form)
        if found is not None:
            response = redirect("portal:followed", followed.page_id(found.pk))
            followed.follow(request, response, found.pk)
            return private(response)
    ids = followed.followed(request)
    known = Dossier.objects.filter(pk__in=ids).select_related("version", "owner", "desk_unit") if ids else []
    entries = [(followed.page_id(one.pk), one, sentences.words_for(one, timezone.now())) for one in known]
    context = {"form": form, "entries": entries, "is_cleared": "xong" in request.GET and not ids}
    return private(render(request, "portal/track.html", context))


def look_up(request: HttpRequest, form: TrackForm) -> Dossier | None:
    """The dossier that was typed; else None, with an error that does not tell a wrong code from a wrong word."""
    code, now = form.cleaned_data["code"], timezone.now()
    again = limits.too_often(client=request.META.get("REMOTE_ADDR", ""), code=code, at=now)
    if again:
        form.add_error(
            None,
            _("That was tried too often. Please try again after %(moment)s, or call the counter.")
            % {"moment": datetime_words(again)},
        )
        return None
    dossier = Dossier.objects.only("id").filter(Q(code=code) | Q(official_code=code)).first()
    if dossier and tracking.word_matches(dossier.pk, form.cleaned_data["word"]):
        return dossier
    form.add_error(
        None,
        _(
            "We find no dossier with this code and this word. Please compare both with the receipt, sign by sign."
        ),
    )
    return None


@never_cache
@require_GET
def dossier(request: HttpRequest, page: str) -> HttpResponse:
    """One followed dossier, in plain words. Four queries."""
    dossier_id = followed.find(request, page)
    found = tracked.dossier_of(dossier_id) if dossier_id else None
    if found is None:
        return private(render(request, "portal/track_unknown.html", status=404))
    now = timezone.now()
    reading = tracked.reading_of(found)
    context = {
        "dossier": found,
        "words": sentences.words_for(found, now),
        "steps": sentences.path_of(found),
        "name": shown_name(found.owner),
        "why": why_of(reading) if reading and found.is_open else None,
        "papers": tracked.papers_of(found),
        "visit": found.visit if found.visit and found.visit.citizen_asked and found.is_open else None,
        "told": notices.told_about(found, tracked.remarks_of(found)),
        "left": legal_time_left(found, now) if found.due_at and found.is_open else None,
        "ward_name": found.commune.full_name,
        "ward_phone": found.unit_received.phone,
        "ward_phone_person": found.unit_received.name,
        "lookers_url": reverse("portal:lookers", args=[page]),
    }
    return private(render(request, "portal/track_dossier.html", context))


@never_cache
@require_GET
def lookers(request: HttpRequest, page: str) -> HttpResponse:
    """`…/ai-da-xem/`: who opened this dossier, newest first, for whoever follows it. Four queries."""
    dossier_id = followed.find(request, page)
    found = tracked.dossier_of(dossier_id) if dossier_id else None
    if found is None:
        return private(render(request, "portal/track_unknown.html", status=404))
    looks = looks_of(found.pk).filter(subject_kind="dossier")
    shown = take_page(request, looks, order=("-at", "-id"))
    context = {
        "dossier": found,
        "track_url": reverse("portal:followed", args=[page]),
        "page": shown,
        "rows": opened_by(shown.rows),
        "ward_name": found.commune.full_name,
        "ward_phone": found.unit_received.phone,
        "ward_phone_person": found.unit_received.name,
    }
    return private(render(request, "portal/track_lookers.html", context))


@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Clears what this device follows: for a shared kiosk or a borrowed telephone."""
    response = redirect(f"{reverse('portal:track')}?xong")
    followed.clear(response)
    return private(response)
