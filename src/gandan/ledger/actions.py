"""The one door through which events are written.

with act(name="accept", actor="CB-17", at=at, request_id=request_id, content=content) as evidence:
    if evidence.repeated:
        return Dossier.objects.get(pk=evidence.outcome["dossier"])
    dossier = …  # preconditions, then rows
    event = evidence.append(
        chain="19975", act="accept", subject_kind="dossier", subject_id=dossier.id, body={"due_at": due_at}
    )
    evidence.done(dossier=str(dossier.id))
short_head(event)  # known once the block has ended
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gandan.calculus.canonical import CanonicalError, Json, canonical_facts, canonical_json
from gandan.calculus.hashchain import new_salt, salted_hash
from gandan.ledger import rows
from gandan.ledger.errors import InvalidEvent, RepeatedAct, RequestConflict
from gandan.ledger.heads import read_head_file, write_head_file
from gandan.ledger.ids import new_id
from gandan.ledger.models import LONGEST_CODES, ChainHead, Event, Request
from gandan.ledger.verification import verify_all, verify_chain

__all__ = [
    "Act",
    "Planned",
    "act",
    "append_many",
    "new_salt",
    "read_head_file",
    "recorded_as_done",
    "salted_hash",
    "verify_all",
    "verify_chain",
    "write_head_file",
]

# A code, never words: no code may carry a person's name or number.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
DIGEST_PURPOSE = "gandan.ledger.request"
OUTCOME_OF_NOTHING = "{}"
_recorded_as_done = ContextVar("recorded_as_done", default=False)


@contextmanager
def recorded_as_done() -> Iterator[None]:
    """Inside the block, acts are recorded at the moment at which they were done: for sample data alone."""
    token = _recorded_as_done.set(True)
    try:
        yield
    finally:
        _recorded_as_done.reset(token)


@dataclass(frozen=True, slots=True)
class Planned:
    """An event to be written, before its chain gives it a number (see `Act.append` for the fields)."""

    chain: str
    act: str
    subject_kind: str
    subject_id: UUID
    actor: str
    at: datetime
    body: Mapping[str, Json]
    recorded_at: datetime
    request_id: UUID = field(default_factory=new_id)


class Act:
    """One legal act under way (hành vi): collects its events and its outcome until the block ends.

    `repeated` is true when this request was done before with the same content: then write nothing
    and answer from `outcome`, which is what the first run recorded.
    """

    def __init__(
        self, *, actor: str, at: datetime, request: Request, recorded_at: datetime, repeated: bool
    ) -> None:
        self.repeated = repeated
        self.outcome: dict[str, str | int] = json.loads(request.outcome)
        self.actor = actor
        self.at = at
        self.request_id = request.request_id
        self.recorded_at = recorded_at
        self.pending: list[tuple[Event, Mapping[str, Json]]] = []

    def append(
        self, *, chain: str, act: str, subject_kind: str, subject_id: UUID, body: Mapping[str, Json]
    ) -> Event:
        """Adds an event to `chain`; it is written when the block ends, in the order of the calls.

        `body` holds the facts of the act (docs/events.md): text, whole numbers, lists, objects,
        moments, dates, UUIDs; no true, false, null or fraction. The returned event has its id now,
        and its seq, body, prev and hash after the block.
        """
        self._must_be_first()
        planned = Planned(
            chain=chain,
            act=act,
            subject_kind=subject_kind,
            subject_id=subject_id,
            actor=self.actor,
            at=self.at,
            body=body,
            request_id=self.request_id,
            recorded_at=self.recorded_at,
        )
        event = _event(planned)
        try:
            canonical_facts(body)  # refused here, where the caller's line shows in the traceback
        except CanonicalError as error:
            raise InvalidEvent(f"{act}: {error}") from error
        self.pending.append((event, body))
        return event

    def done(self, **outcome: str | int) -> None:
        """Records what a repeat of this request is to be told (ids and codes, no personal data)."""
        self._must_be_first()
        self.outcome.update(outcome)

    def _must_be_first(self) -> None:
        if self.repeated:
            raise RepeatedAct("This request was done before: look at `repeated` and answer from `outcome`.")


@contextmanager
def act(
    *,
    name: str,
    actor: str,
    at: datetime,
    request_id: UUID,
    content: Mapping[str, object],
    recorded_at: datetime | None = None,
    subject_id: UUID | None = None,
) -> Iterator[Act]:
    """Runs one legal act with its evidence in one durable transaction.

    The caller changes its rows inside the block; the events are written when it ends, the heads of
    their chains taken last and in the order of their codes, so that numbers have no gaps and follow
    the order of commits. If the block raises, nothing is kept and the request id stays free.

    `at` is when the act was done in law, `recorded_at` when it is written down: now, unless sample
    data are being made. `content` is all that the client asked for; it is digested, not stored.
    `subject_id`, where the caller knows it beforehand, is answered to a repeat as `outcome["subject"]`.
    Raises RequestConflict if `request_id` was used with another name, actor or content, and
    RuntimeError inside another transaction.
    """
    digest = request_digest(name=name, actor=actor, content=content)
    request = Request(
        request_id=_uuid("request_id", request_id),
        digest=digest,
        act=_code("act", name),
        at=_aware("at", at),
        subject_id=subject_id,
        outcome=OUTCOME_OF_NOTHING if subject_id is None else canonical_facts({"subject": str(subject_id)}),
    )
    with transaction.atomic(durable=True):
        is_new = _claim(request)
        current = Act(
            actor=_code("actor", actor),
            at=at,
            request=request if is_new else _earlier(request),
            recorded_at=_aware("recorded_at", recorded_at or _now(at)),
            repeated=not is_new,
        )
        yield current
        if not current.repeated:
            _settle(request, current)


def append_many(planned: Sequence[Planned]) -> list[Event]:
    """Writes many events at once, each chain's in the order given, and returns them in the chains' order.

    For sample data and imports alone: there is no request row, so a repeat is not recognised. Joins the
    caller's transaction, whose rows it belongs to; the heads stay locked until that ends.
    """
    with transaction.atomic():
        return _write([(_event(plan), plan.body) for plan in planned])


def _event(planned: Planned) -> Event:
    return Event(
        chain=_code("chain", planned.chain),
        act=_code("act", planned.act),
        subject_kind=_code("subject_kind", planned.subject_kind),
        subject_id=_uuid("subject_id", planned.subject_id),
        actor=_code("actor", planned.actor),
        at=_aware("at", planned.at),
        recorded_at=_aware("recorded_at", planned.recorded_at),
        request_id=_uuid("request_id", planned.request_id),
    )


def _now(at: datetime) -> datetime:
    return at if _recorded_as_done.get() else timezone.now()


def request_digest(*, name: str, actor: str, content: Mapping[str, object]) -> str:
    """HMAC-SHA-256 over the canonical text of what was asked, by whom: 64 hexadecimal characters.

    Keyed, because the content may hold names and numbers that a plain hash would let somebody guess.
    """
    text = canonical_json({"act": name, "actor": actor, "content": content})
    return salted_hmac(DIGEST_PURPOSE, text, algorithm="sha256").hexdigest()


def _code(field: str, value: str) -> str:
    """`value`, if it is a code that fits the event's column `field`; else InvalidEvent."""
    longest = LONGEST_CODES[field]
    if not CODE.fullmatch(value) or len(value) > longest:
        raise InvalidEvent(f"{field} {value!r} is not a code of 1-{longest} letters, digits and . _ : -")
    return value


def _uuid(field: str, value: UUID) -> UUID:
    # A text would be stored in another form than the body's, and the chain would never verify.
    if not isinstance(value, UUID):
        raise InvalidEvent(f"{field} {value!r} is not a UUID")
    return value


def _aware(field: str, value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InvalidEvent(f"{field} {value.isoformat()} has no time zone")
    return value


def _claim(request: Request) -> bool:
    """True if the request id is new and now ours; a rival act with the same id waits here for our end.

    Optimization: one statement where looking first and inserting later would need a savepoint.
    """
    return rows.insert([request], ignore_conflicts=True) == 1


def _earlier(request: Request) -> Request:
    earlier = Request.objects.get(pk=request.pk)
    if earlier.digest != request.digest:
        raise RequestConflict(f"Request {request.pk} was used before for something else.")
    return earlier


def _settle(request: Request, current: Act) -> None:
    """Writes the outcome, then the events: the heads are the last locks that an act takes."""
    outcome = canonical_facts(current.outcome)
    first = current.pending[0][0].subject_id if current.pending else None
    subject_id = request.subject_id or first
    # Optimization: what was known beforehand was written with the claim, and costs no statement here.
    if (outcome, subject_id) != (request.outcome, request.subject_id):
        Request.objects.filter(pk=request.pk).update(outcome=outcome, subject_id=subject_id)
    _write(current.pending)


def _write(pending: list[tuple[Event, Mapping[str, Json]]]) -> list[Event]:
    if not pending:
        return []
    ordered = sorted(pending, key=lambda item: item[0].chain)  # stable: keeps the order within a chain
    heads = _lock_heads(sorted({event.chain for event, _ in ordered}))
    for event, facts in ordered:
        _link(heads[event.chain], event, facts)
    events = [event for event, _ in ordered]
    if len(events) <= rows.MOST:
        rows.insert(events)
    else:
        Event.objects.bulk_create(events)
    for head in heads.values():
        rows.update(ChainHead, {"seq": head.seq, "hash": head.hash}, {"chain": head.chain})
    return events


def _link(head: ChainHead, event: Event, facts: Mapping[str, Json]) -> None:
    event.seq = head.seq + 1
    event.prev = head.hash
    event.body = event.compose(facts)
    event.hash = event.expected_hash()
    head.seq, head.hash = event.seq, event.hash


def _lock_heads(chains: list[str]) -> dict[str, ChainHead]:
    """The heads of `chains`, locked in the order of their codes; a chain's first event makes its head."""
    heads = _select_heads(chains)
    if len(heads) < len(chains):
        missing = [ChainHead(chain=chain) for chain in chains if chain not in heads]
        ChainHead.objects.bulk_create(missing, ignore_conflicts=True)
        heads = _select_heads(chains)
    return heads


def _select_heads(chains: list[str]) -> dict[str, ChainHead]:
    if len(chains) == 1:
        head = rows.find(ChainHead, chains[0], lock=True)
        return {head.chain: head} if head else {}
    # PostgreSQL locks in the order of ORDER BY; SQLite ignores FOR UPDATE and has its IMMEDIATE lock.
    heads = ChainHead.objects.select_for_update().filter(pk__in=chains).order_by("chain")
    return {head.chain: head for head in heads}
