"""Sign-in by password or passkey, the steps after it, sign-out, the one-time link."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandan.accounts import oidc, passkeys, tries
from gandan.accounts.actions.factors import choose_password, choose_password_by_link
from gandan.accounts.actions.helping import hash_of
from gandan.accounts.actions.signing_in import (
    check_code,
    check_passkey,
    check_password,
    record_sign_out,
    record_wrong_code,
)
from gandan.accounts.devices import device_of
from gandan.accounts.errors import LinkVoid, PasskeyRefused, Resting, WrongCode, WrongPassword
from gandan.accounts.forms import LONGEST_USERNAME, CodeForm, NewPasswordForm, PasskeyAnswerForm, SignInForm
from gandan.accounts.models import Method, OneTimeLink, User
from gandan.accounts.passkeys import Site
from gandan.accounts.queries import Factors, factors_of
from gandan.accounts.views.steps import (
    METHOD,
    Pending,
    Step,
    begin,
    next_step,
    pending_of,
    proceed,
    proved_second,
    wanted,
)
from gandan.ui.words import local

CHALLENGE, LINK = "challenge", "one_time_link"
CHALLENGE_LASTS = timedelta(minutes=5)
ASKINGS_OF_A_CLIENT = 300


def here(request: HttpRequest, name: str) -> str:
    """The full address of a page of ours, as the outside knows it: GANDAN_ORIGIN, or this very machine's."""
    path = reverse(name)
    on_this_machine = passkeys.is_this_machine(settings.GANDAN_ORIGIN)
    return request.build_absolute_uri(path) if on_this_machine else settings.GANDAN_ORIGIN.rstrip("/") + path


# ---- password and passkey --------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The doors that are open here: the provider's, password, passkey."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if settings.GANDAN_LOCAL_SIGN_IN and form.is_valid():
        at = timezone.now()
        try:
            person = person_of_password(request, form, at)
        except Resting as resting:
            return rests(request, resting.until)
        if person:
            return begin(request, person, Method.PASSWORD, strong=False, return_to=wanted(request), at=at)
    return show_sign_in(request, form)


def person_of_password(request: HttpRequest, form: SignInForm, at: datetime) -> User | None:
    """Whose name and password were typed; None with the error in the form. Raises Resting."""
    name = form.cleaned_data["username"]
    try:
        if len(name) > LONGEST_USERNAME:  # longer than any account's: neither tried nor counted
            raise WrongPassword
        return check_password(
            username=name, password=form.cleaned_data["password"], device=device_of(request), at=at
        )
    except WrongPassword:
        form.add_error(None, ValidationError(wrong_pair(), code="invalid_login"))
        return None


def wrong_pair() -> str:
    return _(
        "The user name or the password is not right. Please type both once more. "
        "After five wrong tries signing in rests for 15 minutes."
    )


def show_sign_in(
    request: HttpRequest, form: SignInForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The sign-in page; `problem` is a sentence above the forms."""
    context = {
        "form": form,
        "next": wanted(request),
        "provider": settings.OIDC,
        "local": settings.GANDAN_LOCAL_SIGN_IN,
        "site": passkeys.site_of(request.get_host()),
        "problem": problem,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def rests(request: HttpRequest, until: datetime) -> HttpResponse:
    """429 after too many wrong tries, in the same words whether or not the account exists."""
    return render(request, "accounts/locked_out.html", {"until": local(until)}, status=429)


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey (JSON). The challenge stays in the session, for one answer."""
    at, site = timezone.now(), passkeys.site_of(request.get_host())
    client = tries.one_client(device_of(request).address)
    if site is None or tries.take(f"asking:{client}", limit=ASKINGS_OF_A_CLIENT, at=at).refused:
        return JsonResponse({}, status=404 if site is None else 429)
    options, challenge = passkeys.to_ask(site)
    keep_challenge(request, challenge, at)
    return JsonResponse(options)


def keep_challenge(request: HttpRequest, challenge: str, at: datetime) -> None:
    request.session[CHALLENGE] = [challenge, at.isoformat()]


def challenge_of(request: HttpRequest, at: datetime) -> tuple[str, Site]:
    """The challenge of this browser, which is used up, and the site. PasskeyRefused without a young one."""
    kept, site = request.session.pop(CHALLENGE, None), passkeys.site_of(request.get_host())
    if kept is None or site is None or at - datetime.fromisoformat(kept[1]) > CHALLENGE_LASTS:
        raise PasskeyRefused("no challenge")
    return kept[0], site


def owner_of_passkey(request: HttpRequest, at: datetime, *, owner: User | None = None) -> User:
    """Who answered this browser's challenge by a passkey. Raises PasskeyRefused."""
    form = PasskeyAnswerForm(request.POST)
    challenge, site = challenge_of(request, at)
    if not form.is_valid():
        raise PasskeyRefused("no answer")
    return check_passkey(
        answer=form.cleaned_data["answer"], challenge=challenge, site=site, at=at, owner=owner
    )


@never_cache
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign-in by passkey alone: the device asked for finger, face or PIN, so it is two factors."""
    at = timezone.now()
    if not settings.GANDAN_LOCAL_SIGN_IN:
        return HttpResponseRedirect(reverse("accounts:sign_in"))
    try:
        person = owner_of_passkey(request, at)
    except PasskeyRefused:
        return show_sign_in(request, SignInForm(), problem=passkey_unknown(), status=400)
    return begin(request, person, Method.PASSKEY, strong=True, return_to=wanted(request), at=at)


def passkey_unknown() -> str:
    return _("This passkey opens no account here. Sign in with your password, then set it up once more.")


# ---- the steps after it ----------------------------------------------------------------------------------------


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, a reserve code, or a passkey."""
    at = timezone.now()
    found = pending_of(request, at)
    if found is None or next_step(*found, at) != Step.CODE:
        return HttpResponseRedirect(reverse("accounts:sign_in"))
    person, pending = found
    typed_code = request.POST if request.method == "POST" and "answer" not in request.POST else None
    factors = factors_of(person)
    form = CodeForm(typed_code, factors=factors)
    problem = ""
    try:
        if "answer" in request.POST:
            owner_of_passkey(request, at, owner=person)
            return proved_second(request, person, pending, Method.BOTH, at)
        if form.is_valid():
            typed, device = form.cleaned_data["code"], device_of(request)
            method = check_code(person=person, code=typed, device=device, at=at)
            return proved_second(request, person, pending, method, at)
    except Resting as resting:
        return rests(request, resting.until)
    except PasskeyRefused:
        problem = _("That was no passkey of this account. Try once more, or type a code.")
    except WrongCode:
        record_wrong_code(person=person, device=device_of(request), at=at)
        form.add_error("code", wrong_code())
    return show_code(request, factors, form, problem)


def wrong_code() -> str:
    return _(
        "This code is not right, or was used already. Wait until the app shows the next one, and type that."
    )


def show_code(request: HttpRequest, factors: Factors, form: CodeForm, problem: str) -> HttpResponse:
    context = {
        "form": form,
        "factors": factors,
        "site": passkeys.site_of(request.get_host()),
        "problem": problem,
    }
    return render(request, "accounts/code.html", context)


@never_cache
@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """The rule asks for a second factor, and the person has none: which one shall it be?"""
    at = timezone.now()
    found = pending_of(request, at)
    if found is None or next_step(*found, at) != Step.SETUP:
        return HttpResponseRedirect(reverse("accounts:sign_in"))
    return render(request, "accounts/setup.html", {"site": passkeys.site_of(request.get_host())})


@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
def new_password(request: HttpRequest) -> HttpResponse:
    """A new password: because an administrator asked for it, or by a one-time link."""
    at = timezone.now()
    link = link_of(request, at)
    found = None if link else pending_of(request, at)
    if link is None and (found is None or next_step(*found, at) != Step.PASSWORD):
        return render(request, "accounts/link_void.html", status=404)
    person = link.user if link else found[0]  # type: ignore[index]
    form = NewPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return take_new_password(request, form, link, found, at)
        except LinkVoid:
            return render(request, "accounts/link_void.html", status=404)
    return render(
        request, "accounts/new_password.html", {"form": form, "person": person, "by_link": bool(link)}
    )


def take_new_password(
    request: HttpRequest,
    form: NewPasswordForm,
    link: OneTimeLink | None,
    found: tuple[User, Pending] | None,
    at: datetime,
) -> HttpResponse:
    """Sets the password and goes on signing in. Raises LinkVoid."""
    given = {"password": form.cleaned_data["new_password1"], "request_id": form.cleaned_data["request_id"]}
    if link:
        person = choose_password_by_link(link=link, at=at, **given)
        request.session.pop(LINK, None)
        pending = Pending(person.pk, Method.LINK, False, at, settings.LOGIN_REDIRECT_URL)
    else:
        assert found is not None  # noqa: S101  the caller looked
        person, pending = found
        choose_password(person=person, at=at, **given)
    return proceed(request, person, pending, at)


def link_of(request: HttpRequest, at: datetime) -> OneTimeLink | None:
    """The open link that this browser came by."""
    kept = request.session.get(LINK)
    link = OneTimeLink.objects.select_related("user").filter(pk=kept).first() if kept else None
    return link if link and link.is_open(at) and link.user.is_active else None


@never_cache
@require_safe
def one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the link's word out of the address at once. Opening it does not use it up: previews open links too."""
    at = timezone.now()
    client = tries.one_client(device_of(request).address)
    if tries.take(f"link:{client}", limit=ASKINGS_OF_A_CLIENT, at=at).refused:
        return rests(request, at + tries.WINDOW)
    link = (
        OneTimeLink.objects.filter(hashed=hash_of(token)).first() if settings.GANDAN_LOCAL_SIGN_IN else None
    )
    if link is None or not link.is_open(at):
        return render(request, "accounts/link_void.html", status=404)
    request.session[LINK] = str(link.pk)
    return HttpResponseRedirect(reverse("accounts:new_password"))


# ---- out -------------------------------------------------------------------------------------------------------


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session. Who came by the provider is told that the sign-in there goes on."""
    session, method = request.session.public_id, request.session.get(METHOD)  # type: ignore[attr-defined]
    logout(request)
    if session:
        record_sign_out(session=session, at=timezone.now())
    by_provider = settings.OIDC and method == Method.PROVIDER
    return HttpResponseRedirect(
        reverse("accounts:signed_out") if by_provider else settings.LOGOUT_REDIRECT_URL
    )


@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """After a sign-in by the provider: out here, and the way to sign out there too."""
    provider = settings.OIDC
    url = oidc.sign_out_address(provider, return_to=here(request, "portal:home")) if provider else ""
    return render(request, "accounts/signed_out.html", {"provider": provider, "url": url})
