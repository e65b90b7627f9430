"""One's own account: what it is protected by, where it is signed in, its password."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandan.accounts import passkeys
from gandan.accounts.actions.ending import end_session, end_sessions
from gandan.accounts.actions.factors import check_own_password, choose_password
from gandan.accounts.actions.signing_in import acknowledge, check_code
from gandan.accounts.competence import known
from gandan.accounts.devices import device_of
from gandan.accounts.errors import PasskeyRefused, Resting, WrongCode, WrongPassword
from gandan.accounts.forms import (
    ChangePasswordForm,
    CodeForm,
    OnceForm,
    OwnPasswordForm,
)
from gandan.accounts.queries import factors_of, places_of, sign_ins_of
from gandan.accounts.views.door import AccountRequest, account_page
from gandan.accounts.views.signing_in import owner_of_passkey, rests, wrong_code
from gandan.accounts.views.steps import prove, wanted
from gandan.ui.paging import take_page
from gandan.ui.words import local

NEWEST = ("-at", "-id")


@account_page
@require_safe
def account(request: AccountRequest) -> HttpResponse:
    """What protects the account, and what is still missing."""
    at = timezone.now()
    context = {
        "factors": factors_of(request.person),
        "due": known.second_factor_from(request.person, local(at).date()),
        "site": passkeys.site_of(request.get_host()),
        "has_password": request.person.has_usable_password(),
        "local": settings.GANDAN_LOCAL_SIGN_IN,
        "places": len(places_of(request.person, this=this_session(request), now=at)),
        "form": OnceForm(),
    }
    return render(request, "accounts/account.html", context)


def this_session(request: AccountRequest) -> UUID | None:
    public_id: UUID | None = request.session.public_id  # type: ignore[attr-defined]
    return public_id


@account_page
@require_safe
def devices(request: AccountRequest) -> HttpResponse:
    """Where the account is signed in, and where it was."""
    this = this_session(request)
    page = take_page(request, sign_ins_of(request.person), order=NEWEST)
    unseen = request.person.unseen_session
    context = {
        "places": places_of(request.person, this=this, now=timezone.now()),
        "page": page,
        "unseen": unseen if unseen != this else None,
    }
    return render(request, "accounts/devices.html", context)


@account_page
@require_POST
def end_device(request: AccountRequest, public_id: UUID) -> HttpResponse:
    """Ends one session of one's own; on that device the next page asks to sign in."""
    if public_id == this_session(request):
        messages.info(request, _("This is the device you sit at. To leave it, press “Sign out”."))
    elif end_session(request.person, public_id, at=timezone.now()):
        messages.success(request, _("Signed out there. The next page opened on that device asks to sign in."))
    else:
        messages.info(request, _("That device was signed out already."))
    return HttpResponseRedirect(reverse("accounts:devices"))


@account_page
@require_POST
def end_others(request: AccountRequest) -> HttpResponse:
    """Ends every session of one's own but this one."""
    ended = end_sessions(request.person, at=timezone.now(), spare=this_session(request))
    words = ngettext(
        "%(count)d other device was signed out.", "%(count)d other devices were signed out.", ended
    )
    messages.success(request, words % {"count": ended})
    return HttpResponseRedirect(reverse("accounts:devices"))


@account_page
@require_POST
def was_me(request: AccountRequest) -> HttpResponse:
    """The new device was the person's own."""
    if acknowledge(person=request.person, session=this_session(request)):
        messages.success(request, _("Noted: that was you. The device counts as known."))
    return HttpResponseRedirect(reverse("accounts:devices"))


@account_page
@sensitive_post_parameters("password")
def confirm(request: AccountRequest) -> HttpResponse:
    """Who are you? Asked once more before something sensitive: by the strongest thing that the person has."""
    at, factors = timezone.now(), factors_of(request.person)
    by_passkey = "answer" in request.POST
    typed = request.POST if request.method == "POST" and not by_passkey else None
    form = CodeForm(typed, factors=factors) if factors.any else OwnPasswordForm(typed)
    problem = ""
    try:
        if by_passkey:
            owner_of_passkey(request, at, owner=request.person)
        elif form.is_valid():
            judge(request, form)
        if by_passkey or form.is_valid():
            prove(request, at)
            return HttpResponseRedirect(wanted(request))
    except Resting as resting:
        return rests(request, resting.until)
    except PasskeyRefused:
        problem = _("That was no passkey of this account. Try once more, or type a code.")
    except WrongCode:
        form.add_error("code", wrong_code())
    except WrongPassword:
        form.add_error("password", _("This is not your password. Please type it once more."))
    context = {
        "form": form,
        "factors": factors,
        "next": wanted(request),
        "provider": None if request.person.has_usable_password() or factors.any else settings.OIDC,
        "site": passkeys.site_of(request.get_host()),
        "problem": problem,
    }
    return render(request, "accounts/confirm.html", context)


def judge(request: AccountRequest, form: CodeForm | OwnPasswordForm) -> None:
    """Raises WrongCode, WrongPassword or Resting."""
    at, device = timezone.now(), device_of(request)
    if isinstance(form, CodeForm):
        check_code(person=request.person, code=form.cleaned_data["code"], device=device, at=at)
    else:
        check_own_password(person=request.person, password=form.cleaned_data["password"], at=at)


@account_page
@sensitive_post_parameters("old_password", "new_password1", "new_password2")
def change_password(request: AccountRequest) -> HttpResponse:
    """One's own password; all other devices are signed out."""
    at = timezone.now()
    form = ChangePasswordForm(request.person, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            check_own_password(
                person=request.person, password=str(request.POST.get("old_password", "")), at=at
            )
        except Resting as resting:
            return rests(request, resting.until)
        except WrongPassword:
            pass  # the form says it beside the field
    if form.is_valid():
        choose_password(
            person=request.person,
            password=form.cleaned_data["new_password1"],
            request_id=form.cleaned_data["request_id"],
            at=at,
            spare=this_session(request),
        )
        update_session_auth_hash(request, request.person)
        prove(request, at)
        messages.success(request, _("The new password is in force. Your other devices were signed out."))
        return HttpResponseRedirect(reverse("accounts:account"))
    return render(request, "accounts/change_password.html", {"form": form})
