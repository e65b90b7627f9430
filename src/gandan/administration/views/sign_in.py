"""Help with somebody's sign-in: what was lost is taken away, what must change is asked for, a door is shut or opened.

Sensitive, so the administrator shows once more who it is; each help is an act in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandan.accounts import actions
from gandan.accounts.models import ProviderIdentity, User
from gandan.accounts.queries import Factors, factors_of
from gandan.accounts.views.door import proof_first
from gandan.administration.forms.staff import HelpForm
from gandan.administration.places import place_for
from gandan.administration.views.door import administration_page, ask, done, posted
from gandan.administration.views.staff import person_in
from gandan.dossiers.views.door import StaffRequest
from gandan.ledger.ids import new_id
from gandan.organization.actions.staff import chain_of
from gandan.organization.queries import today


@dataclass(frozen=True, slots=True)
class Help:
    """One way to help: the act, its button, what it does before and did after; `stops` for what shuts people out."""

    act: Callable[..., None]
    button: str | Promise
    before: str | Promise
    after: str | Promise
    stops: bool = False


HELPS = {
    "new-password": Help(
        actions.require_new_password,
        _("Ask for a new password"),
        _(
            "Somebody else may know the password: all devices are signed out, and the next sign-in asks for a new one."
        ),
        _("All devices are signed out. The next sign-in asks for a new password."),
    ),
    "factors": Help(
        actions.reset_factors,
        _("Take the second step away"),
        _(
            "Telephone and keys are lost: passkeys, app and reserve codes open nothing any more, and all devices "
            "are signed out. Make sure that it is really this person who asks: see the face, or call back."
        ),
        _(
            "Passkeys, app and reserve codes are taken away. The person sets up new ones after the next sign-in."
        ),
        stops=True,
    ),
    "identity": Help(
        actions.release_identity,
        _("Free it from the name at the provider"),
        _("The person has another name there now: the next sign-in by the provider ties the account anew."),
        _("The account is free. The next sign-in by the provider ties it anew."),
    ),
    "close": Help(
        actions.deactivate,
        _("Close the account now"),
        _(
            "Nobody signs in by it any more, and all devices are signed out at once. Duties and dossiers stay as they are."
        ),
        _("The account is closed, and all its devices are signed out."),
        stops=True,
    ),
    "open": Help(
        actions.activate,
        _("Open the account again"),
        _("The person signs in as before. Duties are given apart."),
        _("The account is open again."),
    ),
}


def helps_for(person: User, factors: Factors) -> dict[str, Help]:
    """What makes sense for this account as it stands."""
    if not person.is_active:
        return {"open": HELPS["open"]}
    makes_sense = {
        "new-password": settings.GANDAN_LOCAL_SIGN_IN and person.has_usable_password(),
        "factors": factors.any,
        "identity": ProviderIdentity.objects.filter(user=person).exists(),
        "close": True,
    }
    return {name: HELPS[name] for name, sense in makes_sense.items() if sense}


@administration_page
def sign_in(request: StaffRequest, place: str, person_id: UUID) -> HttpResponse:
    """`/quan-tri/<place>/can-bo/<id>/dang-nhap/`."""
    where = place_for(request.officer, place)
    person = person_in(where, person_id)
    asked = proof_first(request)
    if asked:
        return asked
    factors = factors_of(person)
    helps = helps_for(person, factors)
    form = HelpForm(posted(request), initial={"request_id": new_id()}, names=HELPS)
    if request.method == "POST" and form.is_valid():
        given = HELPS[form.cleaned_data["help"]]
        given.act(
            person=person,
            by=request.user,
            chain=chain_of(person, today()),
            request_id=form.cleaned_data["request_id"],
            at=timezone.now(),
        )
        return done(request, str(given.after), "administration:person", place, person.pk)
    context: dict[str, Any] = {"place": where, "person": person, "factors": factors, "helps": helps}
    return ask(request, "administration/sign_in.html", form, context)
