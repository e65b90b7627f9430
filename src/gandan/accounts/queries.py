"""Reads of who looked, and of how people sign in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from gandan.accounts.models import AuthenticatorApp, Look, Passkey, RecoveryCode, Session, SignIn, User

MOST_SESSIONS = 50


def looks_of(subject_id: UUID) -> QuerySet[Look]:
    """Who looked at one record, the latest first, with the people."""
    return Look.objects.filter(subject_id=subject_id).select_related("user").order_by("-at", "-id")


def has_second_factor(person: User) -> bool:
    """True if the person has a passkey or an app. At most two queries."""
    passkeys = Passkey.objects.filter(user=person)
    return passkeys.exists() or AuthenticatorApp.objects.filter(user=person).exists()


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person signs in with."""

    passkeys: list[Passkey]
    app: AuthenticatorApp | None
    codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.app)


def factors_of(person: User) -> Factors:
    """Three queries."""
    return Factors(
        list(Passkey.objects.filter(user=person).order_by("added_at", "id")),
        AuthenticatorApp.objects.filter(user=person).first(),
        RecoveryCode.objects.filter(user=person, used_at=None).count(),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A device that is signed in: its session, and the sign-in that began it (None: before we wrote them down)."""

    session: Session
    sign_in: SignIn | None
    is_this: bool


def places_of(person: User, *, this: UUID | None, now: object) -> list[Place]:
    """The devices that are signed in, the one asking first, then by last use. Two queries."""
    rows = Session.objects.filter(user=person, expire_date__gt=now).defer("session_data")
    sessions = list(rows.order_by("-used_at")[:MOST_SESSIONS])
    found = SignIn.objects.filter(session__in=[session.public_id for session in sessions])
    began = {sign_in.session: sign_in for sign_in in found}
    places = [Place(s, began.get(s.public_id), s.public_id == this) for s in sessions]
    return sorted(places, key=lambda place: not place.is_this)


def sign_ins_of(person: User) -> QuerySet[SignIn]:
    """The history, for paging by (-at, -id)."""
    return SignIn.objects.filter(user=person)
