"""The switches, the component page, and the pages that say what went wrong."""

from __future__ import annotations

import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from gandan.ui import preferences
from gandan.ui.hindrances import RETRY_AFTER_SECONDS, Hindrance, hindrance_in, typed
from gandan.ui.samples import sample_context


def safe_next(request: HttpRequest, given: str) -> str:
    """`given` if it leads to a page of this very host, else the front page."""
    allowed = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if allowed else "/"


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keeps the pressed switch and returns to the page it stood on. Unknown values change nothing."""
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
    for name, allowed in preferences.choices().items():
        value = request.POST.get(name)
        if value in allowed:
            preferences.write(response, name, value)
    return response


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for the eye and for the accessibility test; not in production."""
    if not settings.GANDAN_COMPONENT_PAGE:
        raise Http404
    base = "ui/base_public.html" if request.GET.get("audience") == "public" else "ui/base.html"
    return render(request, "ui/components.html", {**sample_context(), "base_template": base})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for Django's `handler400`."""
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, for Django's `handler500`; 503 while the database is away or the disk is full. Touches no database."""
    hindrance = hindrance_in(sys.exc_info()[1])
    if hindrance:
        return cannot_now(request, hindrance)
    return render(request, "500.html", status=500)


def cannot_now(request: HttpRequest, hindrance: Hindrance) -> HttpResponse:
    """503: what was typed stands in the page, ready to be sent once more; a repeat is done once."""
    context = {"disk_full": hindrance is Hindrance.DISK_FULL, "typed": typed(request)}
    response = render(request, "503.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429: the caller has tried too often within a short time."""
    return render(request, "429.html", status=429)


def conflict(request: HttpRequest, message: str, *, back_url: str = "") -> HttpResponse:
    """409: another person, or another body under the same `request_id`, was first. Says what to do now."""
    return render(request, "409.html", {"message": message, "back_url": back_url}, status=409)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere: what was typed is still in the browser."""
    return render(request, "403_csrf.html", status=403)
