"""Sign-in by the province's provider: there and back."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gandan.accounts import oidc, tries
from gandan.accounts.actions.signing_in import person_at_provider
from gandan.accounts.errors import AnswerRefused, NobodyKnown, ProviderDown, ProviderError
from gandan.accounts.models import Method
from gandan.accounts.views.signing_in import here
from gandan.accounts.views.steps import begin, wanted
from gandan.environment import Provider

log = logging.getLogger(__name__)

COOKIE, SALT, PATH = "gandan_provider", "gandan.accounts.provider", "/dang-nhap/"
LASTS = timedelta(minutes=10)
STATUSES = {ProviderDown: 503, NobodyKnown: 403}


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the provider. What this attempt must find again lies in a signed cookie of this browser alone."""
    provider = provider_here()
    try:
        attempt, url = oidc.begin(
            provider,
            return_to=here(request, "accounts:provider_back"),
            anew=request.user.is_authenticated,
            at=timezone.now(),
        )
    except ProviderError as error:
        return problem(request, provider, error)
    response = HttpResponseRedirect(url)
    response.set_cookie(
        COOKIE,
        signing.dumps({"attempt": attempt.as_dict(), "next": wanted(request)}, salt=SALT),
        max_age=LASTS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """From the provider: who it is, and in. An answer counts once, in the browser that asked for it."""
    provider, at = provider_here(), timezone.now()
    try:
        response = signed_in(request, provider, at)
    except ProviderError as error:
        response = problem(request, provider, error)
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def signed_in(request: HttpRequest, provider: Provider, at: datetime) -> HttpResponse:
    attempt, return_to = attempt_of(request)
    if tries.take(f"state:{attempt.state}", limit=1, at=at, window=2 * LASTS).refused:
        raise AnswerRefused("answered before")
    told = oidc.finish(
        provider,
        attempt,
        request.GET.dict(),
        return_to=here(request, "accounts:provider_back"),
        at=at,
    )
    person = person_at_provider(issuer=provider.issuer, told=told, at=at)
    return begin(request, person, Method.PROVIDER, strong=told.strong, return_to=return_to, at=at)


def attempt_of(request: HttpRequest) -> tuple[oidc.Attempt, str]:
    """What this browser began, and where it wanted to go; AnswerRefused without it."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise AnswerRefused("no attempt in this browser") from None
    return oidc.Attempt(**kept["attempt"]), kept["next"]


def provider_here() -> Provider:
    if settings.OIDC is None:
        raise Http404
    provider: Provider = settings.OIDC
    return provider


def problem(request: HttpRequest, provider: Provider, error: ProviderError) -> HttpResponse:
    """Says what went wrong and what to do; the log has the reason in one word, never who it was."""
    kind = type(error).__name__
    log.warning("provider sign-in failed kind=%s reason=%s", kind, error)
    context = {"kind": kind, "provider": provider, "local": settings.GANDAN_LOCAL_SIGN_IN}
    return render(request, "accounts/provider_problem.html", context, status=STATUSES.get(type(error), 400))
