"""What every request passes: whose it is, what is too large or unreadable, the headers, the language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gandan.ui.preferences import read

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
# Half a year, and this host alone: browsers pass it over on plain http.
OVER_TLS = "max-age=15552000"
MEGABYTE = 1024 * 1024
LARGEST_OF_STRANGERS = MEGABYTE  # no public form sends a file
LARGEST = 200 * MEGABYTE  # a form without script may bring all scans of a dossier at once


class ClientAddress:
    """REMOTE_ADDR as the trusted proxy tells it: the last word of X-Forwarded-For, from GANDAN_TRUSTED_PROXY alone.

    What else stands in the header was written by the client and is believed by nobody.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(text) for text in settings.GANDAN_TRUSTED_PROXY]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.trusted and self.is_proxy(request.META.get("REMOTE_ADDR", "")):
            told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            if is_address(told):
                request.META["REMOTE_ADDR"] = told
        return self.get_response(request)

    def is_proxy(self, address: str) -> bool:
        return is_address(address) and any(ip_address(address) in network for network in self.trusted)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class RefuseUnreadable:
    """400 for NUL in address or query, and no cookie with one: no text holds it, and PostgreSQL takes none."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or has_nul(request.GET.lists()):
            raise BadRequest("NUL in the address")
        if any("\0" in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class RefuseBody:
    """413 for more than a form can be, before it is read; 400 for NUL in what was typed.

    Last in the line: it asks who is signed in, and reads a form only after its token was found right.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        size = length_of(request)
        if size > LARGEST or (size > LARGEST_OF_STRANGERS and not request.user.is_authenticated):
            return render(request, "413.html", status=413)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method == "POST" and has_nul(request.POST.lists()):
            raise BadRequest("NUL in a field")


def length_of(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def has_nul(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return any("\0" in text for name, values in fields for text in (name, *map(str, values)))


class SecurityHeaders:
    """Sets the headers that a view has not set itself (a page with a secret in its URL sets no-referrer)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SECURE_COOKIES:
            response.headers.setdefault("Strict-Transport-Security", OVER_TLS)
        return response


class Language:
    """Activates the chosen language: Vietnamese unless the visitor switched (`gandan.ui.preferences`)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = read(request).language
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class HtmxSignIn:
    """A redirect to the sign-in page becomes `HX-Redirect`, or it would land inside a fragment."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_fragment_request(request) and response.status_code in {301, 302, 303}:
            return HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
        return response


def is_fragment_request(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page (a boosted or history request wants the whole)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
