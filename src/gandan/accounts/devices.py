"""Which device somebody sits at: a mark of our own in a cookie, and the words that its browser uses of itself.

The mark opens nothing. It tells a known device from a new one, and keeps a guesser elsewhere from locking it out.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from gandan.accounts.secrets import blind_index

COOKIE = "gandan_device"
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep
MARK = re.compile(r"[A-Za-z0-9_-]{20,64}")
# In this order: every browser also names those that it resembles.
BROWSERS = (
    ("Coc_Coc", "Cốc Cốc"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
# RFC 1918, RFC 4193, and the machine itself
OWN_NETWORKS = [
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "127.0.0.0/8", "::1/128")
]


@dataclass(frozen=True, slots=True)
class Device:
    """Where a request comes from: the hash of the device's mark ('' without one), its words, its address."""

    mark: str
    agent: str
    address: str


def device_of(request: HttpRequest) -> Device:
    cookie = request.COOKIES.get(COOKIE, "")
    mark = blind_index(cookie, "device") if MARK.fullmatch(cookie) else ""
    address = request.META.get("REMOTE_ADDR", "")[:45]
    return Device(mark, agent_words(request.headers.get("User-Agent", "")), address)


def mark_device(request: HttpRequest, response: HttpResponseBase) -> str:
    """Gives the device a mark, or its mark more time; returns the hash."""
    cookie = request.COOKIES.get(COOKIE, "")
    if not MARK.fullmatch(cookie):
        cookie = secrets.token_urlsafe(24)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return blind_index(cookie, "device")


def agent_words(header: str) -> str:
    """`Chrome · Windows`: browser and system, as far as the header tells; '' if it tells nothing."""
    words = [next((word for sign, word in known if sign in header), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in words if word)


def is_of_own_network(address: str) -> bool:
    """True for an address that only a network of one's own gives out."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in OWN_NETWORKS)
