"""Signing in: a name and a password judged, a code judged, a passkey judged, and the sign-in written down."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.contrib.auth import authenticate

from gandan.accounts import passkeys, totp, tries
from gandan.accounts.devices import Device
from gandan.accounts.errors import NobodyKnown, PasskeyRefused, Resting, WrongCode, WrongPassword
from gandan.accounts.models import (
    AuthenticatorApp,
    Method,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    SignIn,
    User,
)
from gandan.accounts.oidc import Person
from gandan.accounts.passkeys import Site
from gandan.accounts.secrets import SecretError, blind_index, open_sealed
from gandan.ledger.actions import act
from gandan.ledger.ids import new_id

log = logging.getLogger(__name__)

# A known device has tries of its own: whoever guesses elsewhere cannot lock its owner out.
TRIES_OF_A_DEVICE = 5
# All other devices: one name from one client, one client for all names (a whole ward may be behind one address),
# one name from anywhere.
TRIES_OF_A_PAIR = 5
TRIES_OF_A_CLIENT = 60
TRIES_OF_A_NAME = 20
TRIES_OF_CODES = 5
TRIES_OF_CODES_ANYWHERE = 10


def check_password(*, username: str, password: str, device: Device, at: datetime) -> User:
    """The person whose name and password these are.

    Raises WrongPassword, in the same words and time whether or not the account exists, and Resting when
    there were too many tries: then the password is not even looked at.
    """
    name = User.normalize_username(username).casefold()
    tried = limits_of(name, device)
    was_last = False
    for number, (who, limit) in enumerate(tried):
        taken = tries.take(who, limit=limit, at=at)
        if taken.refused:
            raise Resting(taken.until)
        was_last = taken.was_last if number == 0 else was_last
    user = authenticate(username=username, password=password)
    if not isinstance(user, User):
        if was_last:
            raise Resting(at + tries.WINDOW)
        raise WrongPassword
    first, *others = (who for who, _limit in tried)
    tries.forgive(first)
    tries.give_back(*others)
    return user


def limits_of(name: str, device: Device) -> list[tuple[str, int]]:
    """Whose tries one sign-in uses up. Who has none left uses up nobody else's."""
    if device.mark and SignIn.objects.filter(user__username=name, device=device.mark).exists():
        return [(f"device:{name}:{device.mark}", TRIES_OF_A_DEVICE)]
    client = tries.one_client(device.address)
    return [
        (f"pair:{name}:{client}", TRIES_OF_A_PAIR),
        (f"client:{client}", TRIES_OF_A_CLIENT),
        (f"name:{name}", TRIES_OF_A_NAME),
    ]


def check_code(*, person: User, code: str, device: Device, at: datetime) -> Method:
    """Takes a code of the app, or a reserve code, once; says which it was. Raises WrongCode or Resting."""
    place = device.mark or tries.one_client(device.address)
    tried = (
        (f"code:{person.pk}:{place}", TRIES_OF_CODES),
        (f"codes:{person.pk}", TRIES_OF_CODES_ANYWHERE),
    )
    for who, limit in tried:
        taken = tries.take(who, limit=limit, at=at)
        if taken.refused:
            raise Resting(taken.until)
    typed = plain(code)
    if takes_app_code(person, typed, at):
        found = Method.APP
    elif takes_reserve_code(person, typed, at):
        found = Method.RECOVERY
    else:
        raise WrongCode
    tries.forgive(*(who for who, _limit in tried))
    return found


def plain(code: str) -> str:
    """A code without what people type between its letters."""
    return "".join(letter for letter in code if letter.isalnum()).lower()


def takes_app_code(person: User, code: str, at: datetime) -> bool:
    """True if the app shows this code now and it was not taken before; then it is taken."""
    app = AuthenticatorApp.objects.filter(user=person).first()
    if app is None or not (code.isascii() and code.isdigit() and len(code) == totp.DIGITS):
        return False
    step = totp.step_that_fits(secret_of(app, person), code, at)
    if step is None:
        return False
    # Two at once: the condition lets one of them through.
    fresh = AuthenticatorApp.objects.filter(user=person, last_step__lt=step)
    return fresh.update(last_step=step) == 1


def secret_of(app: AuthenticatorApp, person: User) -> str:
    """The secret of an app; '' where the keys of the installation were lost: then no code fits."""
    try:
        return open_sealed(app.secret, secret_context(person))
    except SecretError:
        log.error("secret of an app cannot be opened account=%s", person.code)
        return ""


def secret_context(person: User) -> str:
    """Where the secret of an app lies: sealed for this place and this person alone."""
    return f"accounts.AuthenticatorApp.secret:{person.pk}"


def takes_reserve_code(person: User, code: str, at: datetime) -> bool:
    hashed = hash_of_reserve_code(person, code)
    unused = RecoveryCode.objects.filter(user=person, hashed=hashed, used_at=None)
    return unused.update(used_at=at) == 1


def hash_of_reserve_code(person: User, code: str) -> str:
    return blind_index(f"{person.pk}:{code}", "reserve-code")


def check_passkey(
    *, answer: str, challenge: str, site: Site, at: datetime, owner: User | None = None
) -> User:
    """The owner of the passkey that answered the challenge; of `owner` alone, if given. Raises PasskeyRefused."""
    key = Passkey.objects.select_related("user").filter(credential=passkeys.named(answer)).first()
    if key is None or not key.user.is_active or (owner and key.user_id != owner.pk):
        raise PasskeyRefused("unknown key")
    proof = passkeys.proved(answer, challenge, site, key)
    unused_since = Passkey.objects.filter(pk=key.pk, uses=key.uses)
    if not unused_since.update(uses=proof.uses, used_at=at, backed_up=proof.backed_up):
        raise PasskeyRefused("used at the same moment")
    return key.user


def person_at_provider(*, issuer: str, told: Person, at: datetime) -> User:
    """The account of a person whom the provider names; at the first time the two are bound, as an act.

    Raises NobodyKnown: no open account has that name, or it is bound to somebody else there. No account and no
    duty comes into being here.
    """
    known = (
        ProviderIdentity.objects.select_related("user").filter(issuer=issuer, subject=told.subject).first()
    )
    if known is not None:
        if not known.user.is_active:
            raise NobodyKnown
        return known.user
    user = User.objects.filter(username=told.name, is_active=True).first() if told.name else None
    if user is None or ProviderIdentity.objects.filter(issuer=issuer, user=user).exists():
        raise NobodyKnown
    content = {"issuer": issuer, "subject": told.subject}
    with act(name="bind-identity", actor=user.code, at=at, request_id=new_id(), content=content) as evidence:
        ProviderIdentity.objects.create(user=user, issuer=issuer, subject=told.subject, bound_at=at)
        evidence.append(
            chain="cell", act="bind-identity", subject_kind="account", subject_id=user.pk, body={}
        )
    return user


def record_sign_in(*, person: User, method: Method, device: Device, session: UUID, at: datetime) -> bool:
    """Writes the sign-in down. True on a device that this person never used before: then the others are told.

    The very first sign-in of an account is no news to anybody.
    """
    before = SignIn.objects.filter(user=person, code_wrong=False)
    is_new = before.exists() and not before.filter(device=device.mark).exists()
    SignIn.objects.create(
        user=person,
        at=at,
        method=method,
        device=device.mark,
        new_device=is_new,
        agent=device.agent,
        address=device.address,
        session=session,
    )
    if is_new:
        User.objects.filter(pk=person.pk).update(unseen_session=session)
    return is_new


def record_wrong_code(*, person: User, device: Device, at: datetime) -> None:
    """Somebody knew the password and not the second step: the owner sees it in the history."""
    SignIn.objects.create(
        user=person,
        at=at,
        method=Method.PASSWORD,
        code_wrong=True,
        agent=device.agent,
        address=device.address,
    )


def acknowledge(*, person: User, session: UUID | None) -> bool:
    """The person says that the new device was theirs. Not from that very sign-in: False."""
    told = User.objects.filter(pk=person.pk).exclude(unseen_session=None)
    return (told.exclude(unseen_session=session) if session else told).update(unseen_session=None) == 1


def record_sign_out(*, session: UUID, at: datetime) -> None:
    SignIn.objects.filter(session=session, ended_at=None).update(ended_at=at)
