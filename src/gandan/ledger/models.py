"""Tables of the ledger. Their form is docs/events.md; the only writer is `gandan.ledger.actions.act`."""

from __future__ import annotations

import json
from typing import Any, NoReturn
from uuid import UUID

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from gandan.calculus.canonical import canonical_facts, moment
from gandan.calculus.hashchain import GENESIS, HASH_LENGTH, event_hash
from gandan.ledger.errors import UnchangeableEvent
from gandan.ledger.ids import new_id

EVENT_VERSION = 1
LONGEST_CODES = {"chain": 16, "act": 64, "subject_kind": 32, "actor": 64}


def _refuse() -> NoReturn:
    raise UnchangeableEvent("An event is never changed or deleted; correct a mistake by a further act.")


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events. Every way to change or delete rows is closed."""

    def update(self, **_values: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def _raw_delete(self, using: str | None) -> NoReturn:
        _refuse()

    def bulk_create(self, objs: Any, *arguments: Any, **options: Any) -> list[Event]:
        """Inserts new events; refuses to write over stored ones."""
        if options.get("update_conflicts") or options.get("ignore_conflicts"):
            _refuse()
        return super().bulk_create(objs, *arguments, **options)

    def bulk_update(self, *_arguments: Any, **_options: Any) -> NoReturn:
        _refuse()

    def of_chain(self, chain: str, *, after: int = 0) -> EventQuerySet:
        """Events of `chain` with a greater seq than `after`, in their order (cursor: chain, seq)."""
        return self.filter(chain=chain, seq__gt=after).order_by("seq")

    def about(self, subject_id: UUID) -> EventQuerySet:
        """The history of one subject, in the order in which its chain was written."""
        return self.filter(subject_id=subject_id).order_by("seq")


EventManager = models.Manager.from_queryset(EventQuerySet)


class Event(models.Model):
    """An event (sự kiện): the unchangeable record of one legal act, linked to the one before it.

    `hash` covers `prev` and `body`, `body` covers all other columns (design decision 3).
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    chain = models.CharField(_("chain"), max_length=LONGEST_CODES["chain"])
    seq = models.PositiveBigIntegerField(_("number in the chain"))
    v = models.PositiveSmallIntegerField(_("version of the form"), default=EVENT_VERSION)
    act = models.CharField(_("act"), max_length=LONGEST_CODES["act"])
    subject_kind = models.CharField(_("kind of subject"), max_length=LONGEST_CODES["subject_kind"])
    subject_id = models.UUIDField(_("subject"))
    actor = models.CharField(_("code of the actor"), max_length=LONGEST_CODES["actor"])
    at = models.DateTimeField(_("done at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    request_id = models.UUIDField(_("request"))
    body = models.TextField(_("body"))
    prev = models.CharField(_("hash of the event before"), max_length=HASH_LENGTH)
    hash = models.CharField(_("hash"), max_length=HASH_LENGTH)

    objects = EventManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="event_number_is_used_once_in_its_chain"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="event_numbers_begin_at_one"),
            models.CheckConstraint(condition=models.Q(v__gte=1), name="event_versions_begin_at_one"),
            models.CheckConstraint(
                condition=~models.Q(chain="")
                & ~models.Q(act="")
                & ~models.Q(subject_kind="")
                & ~models.Q(actor=""),
                name="event_names_chain_act_subject_and_actor",
            ),
            models.CheckConstraint(
                condition=Exact(Length("hash"), HASH_LENGTH) & Exact(Length("prev"), HASH_LENGTH),
                name="event_hashes_are_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(seq=1, prev=GENESIS) | (models.Q(seq__gt=1) & ~models.Q(prev=GENESIS)),
                name="event_one_alone_follows_nothing",
            ),
        ]
        indexes = [models.Index(fields=["subject_id", "seq"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.act}"

    def save(self, *arguments: Any, **options: Any) -> None:
        """Inserts a new event; refuses to change one that is stored."""
        if not self._state.adding:
            _refuse()
        super().save(*arguments, **{**options, "force_insert": True})

    def delete(self, *_arguments: Any, **_options: Any) -> NoReturn:
        _refuse()

    @property
    def facts(self) -> dict[str, Any]:
        """The act's own part of the body (docs/events.md, by act)."""
        facts: dict[str, Any] = json.loads(self.body)["facts"]
        return facts

    def envelope(self) -> dict[str, str | int]:
        """Every column that the body repeats, as the body writes it."""
        return {
            "act": self.act,
            "actor": self.actor,
            "at": moment(self.at),
            "chain": self.chain,
            "id": str(self.id),
            "recorded_at": moment(self.recorded_at),
            "request_id": str(self.request_id),
            "seq": self.seq,
            "subject_id": str(self.subject_id),
            "subject_kind": self.subject_kind,
            "v": self.v,
        }

    def compose(self, facts: object) -> str:
        """The body that this event's columns and `facts` make: canonical JSON of all but prev and hash."""
        return canonical_facts({**self.envelope(), "facts": facts})

    def expected_hash(self) -> str:
        return event_hash(self.prev, self.body)


class ChainHead(models.Model):
    """The head of a chain (đầu chuỗi): number and hash of its last event; locked last in each act.

    Its key is the chain's code: one row a chain, found without a second index.
    """

    chain = models.CharField(_("chain"), max_length=LONGEST_CODES["chain"], primary_key=True)
    seq = models.PositiveBigIntegerField(_("number of the last event"), default=0)
    hash = models.CharField(_("hash of the last event"), max_length=HASH_LENGTH, default=GENESIS)

    class Meta:
        verbose_name = _("head of a chain")
        verbose_name_plural = _("heads of chains")
        constraints = [
            models.CheckConstraint(condition=Exact(Length("hash"), HASH_LENGTH), name="head_hash_is_whole"),
            models.CheckConstraint(
                condition=models.Q(seq=0, hash=GENESIS) | (models.Q(seq__gte=1) & ~models.Q(hash=GENESIS)),
                name="head_without_events_is_genesis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class Request(models.Model):
    """A request (yêu cầu) made by a client: done once, however often it is sent.

    `digest` covers the act's name, its actor and its content; `outcome` is what the first run recorded.
    """

    request_id = models.UUIDField(_("request"), primary_key=True)
    digest = models.CharField(_("digest of the content"), max_length=HASH_LENGTH)
    act = models.CharField(_("act"), max_length=LONGEST_CODES["act"])
    subject_id = models.UUIDField(_("subject"), null=True)
    outcome = models.TextField(_("outcome"), default="{}")
    at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("digest"), HASH_LENGTH), name="request_digest_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.request_id}"


class Verification(models.Model):
    """A verification of the ledger (lần kiểm tra sổ): when it was read to its end, and what was found.

    For those who watch the installation; it proves nothing itself.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("done at"))
    chain = models.CharField(_("chain"), max_length=LONGEST_CODES["chain"], blank=True)  # empty: all
    events = models.PositiveBigIntegerField(_("events read"))
    sound = models.BooleanField(_("sound"))
    proven = models.BooleanField(_("proven by heads kept elsewhere"))

    class Meta:
        verbose_name = _("verification of the ledger")
        verbose_name_plural = _("verifications of the ledger")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {'sound' if self.sound else 'broken'}"
