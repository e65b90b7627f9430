"""What a person keeps for signing in: password, passkeys, app, reserve codes. Each change is an act in the ledger.

They are acts of the person on the own account, in the installation's chain `cell`; the facts name kinds and
numbers, never a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts import passkeys, totp, tries
from gandan.accounts.actions.ending import end_sessions
from gandan.accounts.actions.helping import record
from gandan.accounts.actions.signing_in import TRIES_OF_CODES, hash_of_reserve_code, plain, secret_context
from gandan.accounts.competence import known
from gandan.accounts.errors import FactorNeeded, LinkVoid, PasskeyRefused, Resting, WrongCode, WrongPassword
from gandan.accounts.models import AuthenticatorApp, OneTimeLink, Passkey, RecoveryCode, User
from gandan.accounts.passkeys import Site
from gandan.accounts.secrets import blind_index, seal
from gandan.ledger.actions import Act, act
from gandan.ui.words import local

CHAIN = "cell"
MOST_PASSKEYS = 20
RESERVE_CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
CODE_LETTERS = 10


def add_passkey(
    *, person: User, name: str, answer: str, challenge: str, site: Site, request_id: UUID, at: datetime
) -> None:
    """Keeps a passkey that the person's device has just made. Raises PasskeyRefused if that is not proved."""
    with own("add-passkey", person, {"answer": answer}, request_id, at) as evidence:
        if evidence.repeated:
            return
        made = passkeys.made(answer, challenge, site)
        taken = Passkey.objects.filter(credential=made.credential).exists()
        if taken or Passkey.objects.filter(user=person).count() >= MOST_PASSKEYS:
            raise PasskeyRefused("known already" if taken else "too many")
        key = Passkey.objects.create(
            user=person,
            credential=made.credential,
            public_key=made.public_key,
            uses=made.uses,
            transports=made.transports,
            backed_up=made.backed_up,
            name=name,
            added_at=at,
        )
        record(evidence, CHAIN, "add-passkey", person, {"passkey": key.pk})


def remove_passkey(*, person: User, key: Passkey, request_id: UUID, at: datetime) -> None:
    """Takes a passkey away; FactorNeeded if it is the last second factor of somebody who must have one."""
    with own("remove-passkey", person, {"key": key.pk}, request_id, at) as evidence:
        if evidence.repeated:
            return
        others = Passkey.objects.filter(user=person).exclude(pk=key.pk).exists()
        must_leave_one(person, at, leaves=others or AuthenticatorApp.objects.filter(user=person).exists())
        Passkey.objects.filter(pk=key.pk, user=person).delete()
        forget_reserve_codes_of_nothing(person)
        record(evidence, CHAIN, "remove-passkey", person, {"passkey": key.pk})


def rename_passkey(*, person: User, key: Passkey, name: str) -> None:
    """The person's own word for a passkey; of no weight in law."""
    Passkey.objects.filter(pk=key.pk, user=person).update(name=name)


def add_app(*, person: User, secret: str, code: str, request_id: UUID, at: datetime) -> None:
    """Keeps the app that shows `code` for this secret, in place of an earlier one. Raises WrongCode, Resting."""
    with own("add-app", person, {"secret": secret}, request_id, at) as evidence:
        if evidence.repeated:
            return
        step = totp.step_that_fits(secret, plain(code), at)
        if step is None:
            raise WrongCode
        values = {"secret": seal(secret, secret_context(person)), "added_at": at, "last_step": step}
        AuthenticatorApp.objects.update_or_create(user=person, defaults=values)
        record(evidence, CHAIN, "add-app", person, {})


def take_try(person: User, at: datetime) -> None:
    """Counts one try at setting up an app; Resting after too many."""
    taken = tries.take(f"setup:{person.pk}", limit=2 * TRIES_OF_CODES, at=at)
    if taken.refused:
        raise Resting(taken.until)


def remove_app(*, person: User, request_id: UUID, at: datetime) -> None:
    """Takes the app away; FactorNeeded if it is the last second factor of somebody who must have one."""
    with own("remove-app", person, {}, request_id, at) as evidence:
        if evidence.repeated:
            return
        must_leave_one(person, at, leaves=Passkey.objects.filter(user=person).exists())
        AuthenticatorApp.objects.filter(user=person).delete()
        forget_reserve_codes_of_nothing(person)
        record(evidence, CHAIN, "remove-app", person, {})


def renew_reserve_codes(*, person: User, request_id: UUID, at: datetime) -> list[str]:
    """Ten new reserve codes in place of all earlier ones; nobody can read them again later.

    A repeat of the request gives the same codes: they are made from it, with our keys.
    """
    codes = [reserve_code(request_id, number) for number in range(RESERVE_CODES)]
    with own("renew-reserve-codes", person, {}, request_id, at) as evidence:
        if not evidence.repeated:
            RecoveryCode.objects.filter(user=person).delete()
            RecoveryCode.objects.bulk_create(
                RecoveryCode(user=person, hashed=hash_of_reserve_code(person, plain(code))) for code in codes
            )
            record(evidence, CHAIN, "renew-reserve-codes", person, {"codes": RESERVE_CODES})
    return codes


def reserve_code(request_id: UUID, number: int) -> str:
    """`abcde-fghjk`: about 49 bits, in letters that a tired eye tells apart."""
    rest = int(blind_index(f"{request_id}:{number}", "reserve-codes"), 16)
    letters = []
    for _place in range(CODE_LETTERS):
        rest, letter = divmod(rest, len(LETTERS))
        letters.append(LETTERS[letter])
    text = "".join(letters)
    return f"{text[:5]}-{text[5:]}"


def check_own_password(*, person: User, password: str, at: datetime) -> None:
    """Judges the password of somebody who is signed in. Raises WrongPassword, or Resting after too many tries."""
    who = f"own:{person.pk}"
    taken = tries.take(who, limit=TRIES_OF_CODES, at=at)
    if taken.refused:
        raise Resting(taken.until)
    if not person.check_password(password):
        raise WrongPassword
    tries.forgive(who)


def choose_password(
    *, person: User, password: str, request_id: UUID, at: datetime, spare: UUID | None = None
) -> None:
    """Sets a new password, demanded or wanted; all sessions end but the one with the public id `spare`."""
    with own("set-password", person, {}, request_id, at) as evidence:
        if evidence.repeated:
            return
        set_password(person, password)
        end_sessions(person, at=at, spare=spare)
        record(evidence, CHAIN, "set-password", person, {})


def choose_password_by_link(*, link: OneTimeLink, password: str, request_id: UUID, at: datetime) -> User:
    """Sets the password of the link's person and closes the link. Raises LinkVoid if it opens nothing any more."""
    person = link.user
    with own("set-password", person, {"link": link.pk}, request_id, at) as evidence:
        if evidence.repeated:
            return person
        still_open = OneTimeLink.objects.filter(pk=link.pk, closed_at=None, expires_at__gt=at)
        if not person.is_active or still_open.update(closed_at=at) != 1:
            raise LinkVoid
        set_password(person, password)
        end_sessions(person, at=at)
        record(evidence, CHAIN, "set-password", person, {"link": link.pk})
    return person


def set_password(person: User, password: str) -> None:
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])


@contextmanager
def own(
    name: str, person: User, content: Mapping[str, object], request_id: UUID, at: datetime
) -> Iterator[Act]:
    """An act of a person on the own account."""
    with act(
        name=name, actor=person.code, at=at, request_id=request_id, content=content, subject_id=person.pk
    ) as evidence:
        yield evidence


def must_leave_one(person: User, at: datetime, *, leaves: bool) -> None:
    day = local(at).date()
    since = known.second_factor_from(person, day)
    if not leaves and since is not None and since <= day:
        raise FactorNeeded(
            _("Your work asks for a second factor. Add another one first, then take this one away.")
        )


def forget_reserve_codes_of_nothing(person: User) -> None:
    """Reserve codes stand for a factor; without one they go."""
    has_app = AuthenticatorApp.objects.filter(user=person).exists()
    if not has_app and not Passkey.objects.filter(user=person).exists():
        RecoveryCode.objects.filter(user=person).delete()
