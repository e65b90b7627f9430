"""Reference rows kept in the process: read once, read again when their version has changed.

Every request needs the law and the calendar, which change a few times a year. A process looks at the table of
versions at most once in `CHECK_SECONDS`; a change made in the process itself is seen at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction

from gandan.law.models import ReferenceVersion
from gandan.ledger.ids import new_id

CHECK_SECONDS = 2.0

Value = TypeVar("Value")


class _Versions:
    """The versions as last read by this process."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.by_subject: dict[str, UUID] = {}

    def of(self, subject: str) -> UUID | None:
        now = time.monotonic()
        if now - self.read_at >= CHECK_SECONDS:
            self.by_subject = dict(ReferenceVersion.objects.values_list("subject", "version"))
            self.read_at = now
        return self.by_subject.get(subject)

    def forget(self) -> None:
        self.read_at = float("-inf")


_versions = _Versions()


class Cached(Generic[Value]):
    """What `load` returned for the present version of `subject`; warm, it costs no query.

    Without a version nobody knows whether rows came, and they are read each time, unless every writer of the
    subject is known to call `changed` (`begins_empty`).
    """

    def __init__(self, subject: str, load: Callable[[], Value], *, begins_empty: bool = False) -> None:
        self._begins_empty = begins_empty
        self._subject = subject
        self._load = load
        self._kept: tuple[UUID | None, Value] | None = None

    def get(self) -> Value:
        version = _versions.of(self._subject)
        kept = self._kept
        unknown = version is None and not self._begins_empty
        if kept is None or unknown or kept[0] != version:
            kept = (version, self._load())
            self._kept = kept
        return kept[1]


def changed(subject: str, *, digest: str | None = None) -> None:
    """Gives `subject` a new version: every process reads its rows again, this one at once."""
    values = {"version": new_id()} | ({} if digest is None else {"digest": digest})
    ReferenceVersion.objects.update_or_create(subject=subject, defaults=values)
    forget()
    transaction.on_commit(forget)


def locked_digest(subject: str) -> str:
    """The digest of the shipped file last loaded for `subject`, or ""; inside a transaction.

    Its row stays locked until the transaction ends, so that two processes that start together load once.
    """
    row, _created = ReferenceVersion.objects.select_for_update().get_or_create(
        subject=subject, defaults={"version": new_id()}
    )
    return row.digest


def forget() -> None:
    """Makes this process look at the versions again before the next read (tests: after each roll-back)."""
    _versions.forget()
