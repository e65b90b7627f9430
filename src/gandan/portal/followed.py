"""The dossiers that this browser follows: a signed cookie, and no account.

A QR code's secret is exchanged for the cookie at once, so that it stands in no address, no history and no log.
The cookie ends with the browser session and is void after twelve hours; "clear this device" ends it now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from gandan.accounts.secrets import blind_index

COOKIE = "theo-doi"
PATH = "/tra-cuu/"
LONGEST = timedelta(hours=12)
MOST = 10
SALT = "gandan.followed"


def followed(request: HttpRequest) -> list[UUID]:
    """The ids in the cookie, newest first; empty when there is none, or it is old or was tampered with."""
    try:
        ids = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return []
    return [UUID(text) for text in ids]


def page_id(dossier_id: UUID) -> str:
    """What stands in the address instead of the secret: it opens nothing without the cookie."""
    return blind_index(str(dossier_id), "page")[:12]


def find(request: HttpRequest, wanted: str) -> UUID | None:
    """The followed dossier that `wanted` names, or None."""
    return next((one for one in followed(request) if page_id(one) == wanted), None)


def follow(request: HttpRequest, response: HttpResponse, dossier_id: UUID) -> None:
    """Puts the dossier first in the cookie of `response`."""
    others = [one for one in followed(request) if one != dossier_id]
    set_cookie(response, [dossier_id, *others][:MOST])


def set_cookie(response: HttpResponse, ids: Sequence[UUID]) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([one.hex for one in ids], salt=SALT),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def clear(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
