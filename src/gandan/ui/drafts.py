"""Drafts that the browser keeps of a form (`static/ui/js/draft.js`)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.http import urlencode

COOKIE = "gandan_draft_taken"


def forget_draft(response: HttpResponseBase, key: str) -> None:
    """Tells the browser that the form with `data-draft=key` was taken: the next page forgets what was typed.

    Call it on the redirect after the act. Otherwise the next form of that key would come up with the old
    words and the old `request_id`, and be answered with the first result.
    """
    value = urlencode({"": key})[1:]
    response.set_cookie(
        COOKIE, value, max_age=600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=False
    )
