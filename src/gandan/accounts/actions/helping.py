"""What one person does for the account of another: each an act in the ledger, of somebody competent.

link = issue_one_time_link(person=lan, by=request.user, chain="19975", request_id=request_id, at=now)
reverse("accounts:one_time_link", args=[link.token])     # shown once, on this page alone
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.actions.ending import end_sessions
from gandan.accounts.competence import known
from gandan.accounts.errors import NotCompetent
from gandan.accounts.models import (
    AuthenticatorApp,
    OneTimeLink,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    User,
)
from gandan.accounts.secrets import blind_index
from gandan.calculus.canonical import Json
from gandan.ledger.actions import Act, act
from gandan.ui.words import local

LINK_LASTS = timedelta(hours=24)
SUBJECT = "account"


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """The link's word, which nobody can read again later, and until when it opens."""

    token: str
    expires_at: datetime


def issue_one_time_link(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> IssuedLink:
    """Issues the link by which `person` chooses a new password once, within a day. Earlier links open no more.

    `by` is another person, competent for the account; else NotCompetent. The link replaces the password
    alone: who has a second factor still needs it. A repeat of the request gives the same link.
    """
    token, expires_at = token_of(request_id), at + LINK_LASTS
    with helping("issue-link", person=person, by=by, chain=chain, request_id=request_id, at=at) as evidence:
        if evidence.repeated:
            return IssuedLink(token, OneTimeLink.objects.get(hashed=hash_of(token)).expires_at)
        if not person.is_active:
            raise NotCompetent(_("This account is closed. Open it first, then issue the link."))
        close_links(person, at)
        link = OneTimeLink.objects.create(
            user=person, hashed=hash_of(token), issued_by=by, issued_at=at, expires_at=expires_at
        )
        record(evidence, chain, "issue-link", person, {"link": link.pk, "expires_at": expires_at})
    return IssuedLink(token, expires_at)


def require_new_password(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> None:
    """Ends the sessions of `person`, who chooses a new password at the next sign-in by password."""
    with helping(
        "require-password", person=person, by=by, chain=chain, request_id=request_id, at=at
    ) as evidence:
        if evidence.repeated:
            return
        User.objects.filter(pk=person.pk).update(must_change_password=True)
        ended = end_sessions(person, at=at)
        record(evidence, chain, "require-password", person, {"sessions_ended": ended})


def deactivate(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> None:
    """Closes the account of somebody who left: no sign-in, no open link, every session ends at once."""
    with helping("deactivate", person=person, by=by, chain=chain, request_id=request_id, at=at) as evidence:
        if evidence.repeated:
            return
        User.objects.filter(pk=person.pk).update(is_active=False)
        close_links(person, at)
        ended = end_sessions(person, at=at)
        record(evidence, chain, "deactivate", person, {"sessions_ended": ended})


def activate(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> None:
    """Opens a closed account again. Its duties are another matter: without one it may do nothing."""
    with helping("activate", person=person, by=by, chain=chain, request_id=request_id, at=at) as evidence:
        if evidence.repeated:
            return
        User.objects.filter(pk=person.pk).update(is_active=True)
        record(evidence, chain, "activate", person, {})


def reset_factors(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> None:
    """Takes away passkeys, app and reserve codes of somebody who lost them, and ends the sessions."""
    with helping(
        "reset-factors", person=person, by=by, chain=chain, request_id=request_id, at=at
    ) as evidence:
        if evidence.repeated:
            return
        passkeys, _of = Passkey.objects.filter(user=person).delete()
        apps, _of = AuthenticatorApp.objects.filter(user=person).delete()
        RecoveryCode.objects.filter(user=person).delete()
        facts = {"passkeys": passkeys, "apps": apps, "sessions_ended": end_sessions(person, at=at)}
        record(evidence, chain, "reset-factors", person, facts)


def release_identity(*, person: User, by: User, chain: str, request_id: UUID, at: datetime) -> None:
    """Frees the account from the identity that it has at the provider: the next sign-in there binds it anew."""
    with helping(
        "release-identity", person=person, by=by, chain=chain, request_id=request_id, at=at
    ) as evidence:
        if evidence.repeated:
            return
        ProviderIdentity.objects.filter(user=person).delete()
        ended = end_sessions(person, at=at)
        record(evidence, chain, "release-identity", person, {"sessions_ended": ended})


@contextmanager
def helping(
    name: str, *, person: User, by: User, chain: str, request_id: UUID, at: datetime
) -> Iterator[Act]:
    """The act of a second, competent person on an account; NotCompetent otherwise."""
    if by.pk == person.pk:
        raise NotCompetent(_("Nobody does this for the own account. Please ask another administrator."))
    if not known.administers(by, person, local(at).date()):
        raise NotCompetent(_("You are not the administrator of this account. Ask the one of that ward."))
    content = {"person": person.pk, "chain": chain}
    with act(
        name=name, actor=by.code, at=at, request_id=request_id, content=content, subject_id=person.pk
    ) as evidence:
        yield evidence


def record(evidence: Act, chain: str, name: str, person: User, facts: Mapping[str, Json]) -> None:
    evidence.append(chain=chain, act=name, subject_kind=SUBJECT, subject_id=person.pk, body=facts)


def close_links(person: User, at: datetime) -> None:
    OneTimeLink.objects.filter(user=person, closed_at=None).update(closed_at=at)


def token_of(request_id: UUID) -> str:
    """128 bits that nobody computes without our keys; the same for a repeat of the request."""
    digest = bytes.fromhex(blind_index(str(request_id), "one-time-link"))
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def hash_of(token: str) -> str:
    return blind_index(token, "one-time-link-stored")
