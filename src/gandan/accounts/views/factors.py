"""Setting up and taking away: passkeys, app, reserve codes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from gandan.accounts import passkeys, totp
from gandan.accounts.actions.factors import (
    add_app,
    add_passkey,
    remove_app,
    remove_passkey,
    rename_passkey,
    renew_reserve_codes,
    take_try,
)
from gandan.accounts.devices import device_of
from gandan.accounts.errors import FactorNeeded, PasskeyRefused, Resting, WrongCode
from gandan.accounts.forms import NewAppForm, NewPasskeyForm, OnceForm, PasskeyNameForm
from gandan.accounts.models import Method, Passkey
from gandan.accounts.queries import factors_of
from gandan.accounts.secrets import SecretError, open_sealed, seal
from gandan.accounts.views.door import AccountRequest, proved_page, setup_page
from gandan.accounts.views.signing_in import challenge_of, keep_challenge, rests
from gandan.accounts.views.steps import proved_second
from gandan.ui.qr import qr_image

ISSUER = "Gần Dân"


def after_adding(request: AccountRequest, method: Method) -> HttpResponse:
    """In, for who had to set this up to get in; reserve codes come next for everybody who has none."""
    at, codes = timezone.now(), reverse("accounts:reserve_codes")
    if request.pending is not None:
        response = proved_second(request, request.person, request.pending, method, at)
        response.headers["Location"] = codes
        return response
    has_codes = factors_of(request.person).codes_left
    return HttpResponseRedirect(reverse("accounts:account") if has_codes else codes)


# ---- passkeys --------------------------------------------------------------------------------------------------


@setup_page
def new_passkey(request: AccountRequest) -> HttpResponse:
    """A name, one button, and the device asks for finger, face or PIN."""
    site = passkeys.site_of(request.get_host())
    if site is None:
        return render(request, "accounts/no_passkeys_here.html", {"pending": request.pending})
    suggested = {"name": device_of(request).agent}
    form = NewPasskeyForm(request.POST if request.method == "POST" else None, initial=suggested)
    problem = ""
    if form.is_valid():
        at = timezone.now()
        try:
            challenge, site = challenge_of(request, at)
            add_passkey(
                person=request.person,
                name=form.cleaned_data["name"],
                answer=form.cleaned_data["answer"],
                challenge=challenge,
                site=site,
                request_id=form.cleaned_data["request_id"],
                at=at,
            )
        except PasskeyRefused:
            problem = _("The device made no passkey. Nothing was kept. Press the button once more.")
        else:
            messages.success(request, _("The passkey is set up. From now on this device signs you in."))
            return after_adding(request, Method.BOTH)
    context = {"form": form, "problem": problem, "pending": request.pending}
    return render(request, "accounts/new_passkey.html", context, status=400 if problem else 200)


@setup_page
@require_POST
def new_passkey_options(request: AccountRequest) -> HttpResponse:
    """What the browser needs to make a passkey (JSON)."""
    site = passkeys.site_of(request.get_host())
    if site is None:
        return JsonResponse({}, status=404)
    options, challenge = passkeys.to_make(request.person, factors_of(request.person).passkeys, site)
    keep_challenge(request, challenge, timezone.now())
    return JsonResponse(options)


@proved_page
def passkey(request: AccountRequest, key_id: UUID) -> HttpResponse:
    """One passkey: another name, or away with it."""
    key = Passkey.objects.filter(pk=key_id, user=request.person).first()
    if key is None:
        raise Http404
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": key.name})
    if form.is_valid():
        rename_passkey(person=request.person, key=key, name=form.cleaned_data["name"])
        messages.success(request, _("The name was changed."))
        return HttpResponseRedirect(reverse("accounts:account"))
    return render(request, "accounts/passkey.html", {"key": key, "form": form, "remove": OnceForm()})


@proved_page
@require_POST
def remove_passkey_page(request: AccountRequest, key_id: UUID) -> HttpResponse:
    key = Passkey.objects.filter(pk=key_id, user=request.person).first()
    form = OnceForm(request.POST)
    if key is not None and form.is_valid():
        try:
            remove_passkey(
                person=request.person,
                key=key,
                request_id=form.cleaned_data["request_id"],
                at=timezone.now(),
            )
        except FactorNeeded as needed:
            messages.error(request, str(needed))
        else:
            messages.success(request, _("The passkey was taken away: it opens this account no more."))
    return HttpResponseRedirect(reverse("accounts:account"))


# ---- app -------------------------------------------------------------------------------------------------------


@setup_page
@sensitive_variables("secret")
def new_app(request: AccountRequest) -> HttpResponse:
    """Three steps on one page: an app, the square code, the first six digits."""
    at = timezone.now()
    if request.method == "POST":
        form = NewAppForm(request.POST)
        secret = secret_of(request)
        if secret and form.is_valid():
            try:
                take_try(request.person, at)
                add_app(
                    person=request.person,
                    secret=secret,
                    code=form.cleaned_data["code"],
                    request_id=form.cleaned_data["request_id"],
                    at=at,
                )
            except Resting as resting:
                return rests(request, resting.until)
            except WrongCode:
                form.add_error("code", code_does_not_fit())
            else:
                messages.success(
                    request, _("The app is set up. It shows the code for the second step from now on.")
                )
                return after_adding(request, Method.APP)
        if secret:
            return show_new_app(request, form, secret)
    secret = totp.new_secret()
    return show_new_app(request, NewAppForm(initial={"sealed": seal(secret, context_of(request))}), secret)


def code_does_not_fit() -> str:
    return _(
        "These digits do not fit. Wait for the next ones in the app. "
        "If they never fit, set the clock of the telephone to automatic."
    )


def context_of(request: AccountRequest) -> str:
    return f"accounts.new_app:{request.person.pk}"


def secret_of(request: AccountRequest) -> str:
    """The secret that the form brought back, sealed for this person; '' if it is not ours."""
    try:
        return open_sealed(request.POST.get("sealed", ""), context_of(request))
    except SecretError:
        return ""


def show_new_app(request: AccountRequest, form: NewAppForm, secret: str) -> HttpResponse:
    address = totp.address_of(secret, request.person.username, ISSUER)
    context = {
        "form": form,
        "image": qr_image(address),
        "address": address,
        "secret": totp.in_groups(secret),
        "replaces": factors_of(request.person).app is not None,
        "pending": request.pending,
    }
    return render(request, "accounts/new_app.html", context)


@proved_page
def remove_app_page(request: AccountRequest) -> HttpResponse:
    """Away with the app: asked once, since the telephone keeps showing codes that open nothing."""
    form = OnceForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/remove_app.html", {"form": OnceForm()})
    try:
        remove_app(person=request.person, request_id=form.cleaned_data["request_id"], at=timezone.now())
    except FactorNeeded as needed:
        messages.error(request, str(needed))
    else:
        messages.success(
            request, _("The app was taken away. Remove the account from the app on your telephone too.")
        )
    return HttpResponseRedirect(reverse("accounts:account"))


# ---- reserve codes ---------------------------------------------------------------------------------------------


@proved_page
@sensitive_variables("codes")
def reserve_codes(request: AccountRequest) -> HttpResponse:
    """Ten codes for the day on which telephone and key are at home: shown once, to print or write down."""
    factors = factors_of(request.person)
    if not factors.any:
        return HttpResponseRedirect(reverse("accounts:account"))
    form = OnceForm(request.POST if request.method == "POST" else None)
    codes: list[str] = []
    if form.is_valid():
        codes = renew_reserve_codes(
            person=request.person, request_id=form.cleaned_data["request_id"], at=timezone.now()
        )
    context = {
        "form": OnceForm(),
        "codes": codes,
        "left": factors.codes_left,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/reserve_codes.html", context)
