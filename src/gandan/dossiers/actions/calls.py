"""Calls to people (gọi điện cho người dân): what came of each, when to try again, and the undoing of a slip."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gandan.calculus.calendars import HOUR, working_time
from gandan.calculus.canonical import Json
from gandan.dossiers import desks
from gandan.dossiers.actions.doing import Deed, doing
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.models import Call, CallOutcome, Dossier
from gandan.law.queries import value_at
from gandan.notifications.actions import call_again, give_up, mark_sent
from gandan.notifications.models import Channel, Message, MessageState
from gandan.organization.models import Role
from gandan.organization.permissions import Officer

LONGEST_NOTE = 500
LONGEST_WAIT = timedelta(days=31)  # a slip in the year must not bury the call


def record_call(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    message_id: UUID,
    outcome: CallOutcome,
    note: str = "",
    next_try_at: datetime | None = None,
) -> Dossier:
    """Records one call about one waiting message (ghi cuộc gọi): the list empties as calls are recorded.

    Reached: done. Not reached: again after the term of `call.retry_after`, until `call.max_tries` calls were made.
    Wrong number: nobody else need try it. To be called again: at `next_try_at`. The dossier itself does not change.
    """
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Unacceptable(_("The note is longer than 500 characters. Please shorten it."), field="note")
    if outcome == CallOutcome.CALL_BACK and not (next_try_at and at < next_try_at <= at + LONGEST_WAIT):
        raise Unacceptable(_("Say when to call again: within the next 31 days."), field="next_date")
    content = {"message": message_id, "outcome": str(outcome), "note": note, "next_try_at": next_try_at}
    with doing(
        "record-call",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=None,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        message = waiting_call(deed, message_id)
        tries = live_calls(message.pk).count() + 1
        again, given_up = what_follows(deed.dossier, outcome, tries, next_try_at, at)
        settle(message, again, given_up=given_up, at=at)
        facts: dict[str, Json] = {
            "topic": message.topic,
            "outcome": str(outcome),
            "attempt": tries,
            "given_up": int(given_up),
        }
        if again:
            facts["next_try_at"] = again
        event = deed.note(facts, remark=note)
        Call.objects.create(
            dossier=deed.dossier,
            commune_id=deed.dossier.commune_id,
            message_id=message.pk,
            topic=message.topic,
            number=tries,
            outcome=outcome,
            event_id=event.id,
            next_try_at=again,
            by_id=officer.user_id,
            at=at,
        )
    return deed.dossier


def waiting_call(deed: Deed, message_id: UUID) -> Message:
    """The message about this dossier that waits for a call; NotAllowed once somebody else has settled it."""
    message = Message.objects.filter(
        pk=message_id, subject_kind="dossier", subject_id=deed.dossier.pk, channel=Channel.CALL
    ).first()
    if message is None or message.state != MessageState.WAITING:
        raise NotAllowed(_("This call is no longer on the list: a colleague has recorded it."))
    return message


def live_calls(message_id: UUID) -> QuerySet[Call]:
    """The calls about this message that were not taken back."""
    return Call.objects.filter(message_id=message_id, undone_at__isnull=True)


def what_follows(
    dossier: Dossier, outcome: CallOutcome, tries: int, next_try_at: datetime | None, at: datetime
) -> tuple[datetime | None, bool]:
    """When to call again (None: not any more), and whether that is because we gave up."""
    if outcome == CallOutcome.REACHED:
        return None, False
    if outcome == CallOutcome.CALL_BACK:
        return next_try_at, False
    day, commune = desks.on_day(at), dossier.commune_id
    if (
        outcome == CallOutcome.WRONG_NUMBER
        or tries >= value_at("call.max_tries", day, commune=commune).amount
    ):
        return None, True
    hours = value_at("call.retry_after", day, commune=commune).amount
    return working_time(desks.calendar_on(dossier.unit_received, at)).add_work(at, hours * HOUR), False


def settle(message: Message, again: datetime | None, *, given_up: bool, at: datetime) -> None:
    if again:
        call_again(message.pk, after=again)
    elif given_up:
        give_up(message.pk)
    else:
        mark_sent(message.pk, at=at)


def undo_call(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    call_id: UUID,
) -> Dossier:
    """Takes back the last call about a message, recorded by a slip on the same day: the call is to be made again."""
    with doing(
        "undo-call",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=None,
        content={"call": call_id},
    ) as deed:
        if deed.repeated:
            return deed.dossier
        call = Call.objects.filter(pk=call_id, dossier=deed.dossier).first()
        if call is None:
            raise NotAllowed(_("There is no such call on this dossier."))
        require_undoable(call, deed)
        call.undone_at = at
        call.save(update_fields=["undone_at"])
        call_again(call.message_id, after=None)
        deed.note({"topic": call.topic, "outcome": call.outcome, "attempt": call.number})
    return deed.dossier


def require_undoable(call: Call, deed: Deed) -> None:
    """NotAllowed unless it is the last one about its message, of today, and one's own (or one directs the centre)."""
    last = live_calls(call.message_id).order_by("-number").values_list("pk", flat=True).first()
    if call.undone_at is not None or last != call.pk:
        raise NotAllowed(_("Only the last call about this matter can be taken back, and only once."))
    if desks.on_day(call.at) != desks.on_day(deed.at):
        raise NotAllowed(_("A call can be taken back on the same day only. Record a further call instead."))
    directs = Role.CENTRE_DIRECTOR in deed.officer.roles_in(deed.dossier.commune_id)
    if call.by_id != deed.officer.user_id and not directs:
        raise NotAllowed(_("Only who recorded the call, or the director of the centre, takes it back."))
