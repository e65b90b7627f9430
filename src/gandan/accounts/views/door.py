"""The door of one's own account: for who is signed in, and for who must still set up a second factor to get in.

@account_page
def add_app(request: AccountRequest) -> HttpResponse: …      # request.person, request.pending

@proved_page                                                 # and has proved who it is a moment ago
def remove_app(request: AccountRequest) -> HttpResponse: …
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gandan.accounts.models import User
from gandan.accounts.views.steps import (
    Pending,
    Step,
    next_step,
    pending_of,
    to_sign_in,
    was_proved_recently,
)
from gandan.ledger.errors import RequestConflict
from gandan.ui.views import conflict


class AccountRequest(HttpRequest):
    """A request for one's own account. `pending` is the sign-in under way of who is not in yet, else None."""

    user: User
    person: User
    pending: Pending | None


View = Callable[..., HttpResponseBase]


def account_page(view: View) -> View:
    """For who is signed in; the rest is sent to sign in. A form used twice for two things is a conflict (409)."""

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        mine = cast(AccountRequest, request)
        mine.person, mine.pending = mine.user, None
        return once(view, mine, *args, **kwargs)

    return answered


def setup_page(view: View) -> View:
    """As `proved_page`, and for who must set up a second factor before getting in: the password was just proved."""
    inside = proved_page(view)

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        at = timezone.now()
        found = None if request.user.is_authenticated else pending_of(request, at)
        if found is None or next_step(*found, at) != Step.SETUP:
            return inside(request, *args, **kwargs)
        theirs = cast(AccountRequest, request)
        theirs.person, theirs.pending = found
        return once(view, theirs, *args, **kwargs)

    return answered


def proved_page(view: View) -> View:
    """For who is signed in and proved it within the last quarter of an hour; else that is asked for first."""

    @account_page
    @wraps(view)
    def answered(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return proof_first(request) or view(request, *args, **kwargs)

    return answered


def proof_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the page that asks who it is once more, and from there back here; None if that was just shown.

    Other rooms ask this before what is sensitive, after they found the person competent.
    """
    if was_proved_recently(request, timezone.now()):
        return None
    return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{urlencode({'next': request.path})}")


def once(view: View, request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except RequestConflict:
        message = _("This form was already sent once, with other content. The first one counts.")
        return conflict(request, message, back_url=reverse("accounts:account"))
