"""The end of sessions: their rows go, and every worker finds none at its next request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from gandan.accounts.models import Session, SignIn, User


def end_sessions(person: User, *, at: datetime, spare: UUID | None = None) -> int:
    """Ends all sessions of a person, but for the one with the public id `spare`. Returns how many."""
    going = Session.objects.filter(user=person)
    return end(going.exclude(public_id=spare) if spare else going, at=at)


def end_session(person: User, public_id: UUID, *, at: datetime) -> int:
    """Ends one session of this person; 0 if it is gone already, or another's."""
    return end(Session.objects.filter(user=person, public_id=public_id), at=at)


def end(going: Iterable[Session], *, at: datetime) -> int:
    named = {session.public_id: session.pk for session in going}
    ended, _details = Session.objects.filter(pk__in=named.values()).delete()
    SignIn.objects.filter(session__in=named, ended_at=None).update(ended_at=at)
    return ended
