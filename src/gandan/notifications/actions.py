"""Acts of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from gandan.accounts.models import User
from gandan.calculus.canonical import Json, canonical_facts
from gandan.notifications.models import Channel, Message, MessageState, Subscription


def queue(
    *,
    subject_kind: str,
    subject_id: UUID,
    topic: str,
    facts: Mapping[str, Json],
    channel: Channel,
    at: datetime,
) -> Message:
    """Leaves a message in the outbox, inside the caller's transaction: no act without it, none without the act."""
    return Message.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        topic=topic,
        facts=canonical_facts(facts),
        channel=channel,
        queued_at=at,
    )


def mark_sent(message_id: UUID, *, at: datetime) -> bool:
    """Marks a waiting message as sent (or the call as made); False if somebody else already did."""
    waiting = Message.objects.filter(pk=message_id, state=MessageState.WAITING)
    return waiting.update(state=MessageState.SENT, sent_at=at) == 1


def drop_waiting(subject_kind: str, subject_id: UUID, *, topic: str = "") -> int:
    """What still waits in the outbox about a record (on one topic) is no longer needed; returns how many there were."""
    waiting = Message.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, state=MessageState.WAITING
    )
    if topic:
        waiting = waiting.filter(topic=topic)
    return waiting.update(state=MessageState.DROPPED)


def call_again(message_id: UUID, *, after: datetime | None) -> None:
    """The message waits for a telephone call again, not before `after` (None: now)."""
    Message.objects.filter(pk=message_id).update(state=MessageState.WAITING, sent_at=None, call_after=after)


def give_up(message_id: UUID) -> None:
    """Nobody could be reached; what was to be said stands on the tracking page."""
    Message.objects.filter(pk=message_id, state=MessageState.WAITING).update(state=MessageState.FAILED)


def leave_to_telephone(before: datetime) -> int:
    """E-mails about dossiers that have waited since before a moment are told by telephone; returns how many."""
    waiting = Message.objects.filter(
        state=MessageState.WAITING, channel=Channel.EMAIL, subject_kind="dossier", queued_at__lt=before
    )
    return waiting.update(channel=Channel.CALL)


def drop_queued_before(moment: datetime, *, subject_kind: str) -> None:
    """What still waits about records of this kind since before the moment is no longer needed."""
    old = Message.objects.filter(subject_kind=subject_kind, state=MessageState.WAITING, queued_at__lt=moment)
    old.update(state=MessageState.DROPPED)


def subscribe(user: User, topic: str, *, email: str, at: datetime) -> None:
    """The person gets this topic by e-mail from now on, to this address."""
    values = {"email": email, "is_on": True, "changed_at": at}
    Subscription.objects.update_or_create(user=user, topic=topic, defaults=values)


def unsubscribe(user: User, topic: str, *, at: datetime) -> None:
    """The person gets this topic no more; the address is kept for the day they want it again."""
    Subscription.objects.filter(user=user, topic=topic).update(is_on=False, changed_at=at)
