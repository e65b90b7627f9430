"""Signing in step by step. Who has proved a password, or comes from the provider, is not signed in yet.

    return begin(request, lan, Method.PASSWORD, strong=False, return_to="/viec-hom-nay/", at=now)

What is still to do lies in the session of the browser, which belongs to nobody until the last step: no page of
staff opens before, because for all of them nobody is signed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from gandan.accounts.actions.signing_in import record_sign_in
from gandan.accounts.competence import known
from gandan.accounts.devices import device_of, mark_device
from gandan.accounts.models import Method, User
from gandan.accounts.queries import has_second_factor
from gandan.accounts.sessions import PUBLIC_ID, STARTED_AT
from gandan.ledger.ids import new_id
from gandan.ui.words import date_words, local

SIGNING_IN, PROVED_AT, METHOD = "signing_in", "proved_at", "method"
LASTS = timedelta(minutes=15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Step(StrEnum):
    """What is still to do, by the name of its page."""

    CODE = "accounts:code"
    PASSWORD = "accounts:new_password"  # noqa: S105  the name of a page
    SETUP = "accounts:setup"


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in under way: whose, how it began, whether two factors were proved, where the person wants to go."""

    person: UUID
    method: Method
    strong: bool
    at: datetime
    return_to: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "person": str(self.person),
            "method": str(self.method),
            "strong": self.strong,
            "at": self.at.isoformat(),
            "return_to": self.return_to,
        }


def wanted(request: HttpRequest) -> str:
    """Where the person wanted to go (`next`), if it is a page of this very host; else the work of the day."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if allowed else settings.LOGIN_REDIRECT_URL


def begin(
    request: HttpRequest, person: User, method: Method, *, strong: bool, return_to: str, at: datetime
) -> HttpResponse:
    """Takes the first proof, and leads to what is still to do, or in."""
    return proceed(request, person, Pending(person.pk, method, strong, at, return_to), at)


def pending_of(request: HttpRequest, at: datetime) -> tuple[User, Pending] | None:
    """The sign-in that is under way in this browser, if it is young enough and the account is open."""
    kept = request.session.get(SIGNING_IN)
    if not kept:
        return None
    pending = Pending(
        UUID(kept["person"]),
        Method(kept["method"]),
        kept["strong"],
        datetime.fromisoformat(kept["at"]),
        kept["return_to"],
    )
    person = User.objects.filter(pk=pending.person, is_active=True).first()
    return (person, pending) if person and at - pending.at < LASTS else None


def next_step(person: User, pending: Pending, at: datetime) -> Step | None:
    """What is still to do; None when all is proved."""
    has_factor = has_second_factor(person)
    if has_factor and not pending.strong:
        return Step.CODE
    if person.must_change_password and pending.method not in {Method.PASSKEY, Method.PROVIDER}:
        return Step.PASSWORD
    if not has_factor and not pending.strong and is_due(person, at):
        return Step.SETUP
    return None


def is_due(person: User, at: datetime) -> bool:
    """True once the rule asks this person for a second factor, the days of grace being over."""
    day = local(at).date()
    since = known.second_factor_from(person, day)
    return since is not None and since <= day


def proceed(request: HttpRequest, person: User, pending: Pending, at: datetime) -> HttpResponse:
    """Leads to the next step, or in."""
    step = next_step(person, pending, at)
    if step is None:
        return complete(request, person, pending, at)
    request.session[SIGNING_IN] = pending.as_dict()
    request.session.cycle_key()  # nobody who knew the key before goes on with it
    return HttpResponseRedirect(reverse(step))


def proved_second(
    request: HttpRequest, person: User, pending: Pending, method: Method, at: datetime
) -> HttpResponse:
    """The second factor was proved: on to what is left."""
    return proceed(request, person, replace(pending, strong=True, method=method), at)


def complete(request: HttpRequest, person: User, pending: Pending, at: datetime) -> HttpResponse:
    """Signs in: a new session of this person, the sign-in written down, the device marked."""
    request.session.pop(SIGNING_IN, None)
    login(request, person, backend=BACKEND)
    session = new_id()
    told = {PUBLIC_ID: str(session), STARTED_AT: at.isoformat()}
    request.session.update({**told, PROVED_AT: at.isoformat(), METHOD: str(pending.method)})
    response = HttpResponseRedirect(pending.return_to)
    device = replace(device_of(request), mark=mark_device(request, response))
    record_sign_in(person=person, method=pending.method, device=device, session=session, at=at)
    remind_of_second_factor(request, person, at)
    return response


def remind_of_second_factor(request: HttpRequest, person: User, at: datetime) -> None:
    """During the days of grace each sign-in says from when a second factor is needed, and where to set it up."""
    due = known.second_factor_from(person, local(at).date())
    if due is None or has_second_factor(person):
        return
    messages.warning(
        request,
        _(
            "From %(day)s you need a second step to sign in. Set it up today under your name, "
            "“Sign-in and protection”; it takes two minutes."
        )
        % {"day": date_words(due)},
    )


def was_proved_recently(request: HttpRequest, at: datetime) -> bool:
    """True if this session proved who it is within the last quarter of an hour."""
    kept = request.session.get(PROVED_AT)
    return kept is not None and at - datetime.fromisoformat(kept) < LASTS


def prove(request: HttpRequest, at: datetime) -> None:
    request.session[PROVED_AT] = at.isoformat()


def to_sign_in(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.path)
