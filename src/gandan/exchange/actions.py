"""Acts of the exchange: replay a foreign log into the ledger, each of its rows once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.exchange.errors import ExchangeError
from gandan.exchange.mapping import LogMap
from gandan.exchange.meaning import CaseDates, Occurrence, Rejected, understand
from gandan.exchange.models import ImportedCase, ImportedEvent
from gandan.exchange.reading import read_rows
from gandan.ledger.actions import Planned, append_many
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune

ACTOR = "import-log"
ACT = "imported"
CHANGED = "import-changed"
SUBJECT = "imported-case"
AT_ONCE = 2_000
PSEUDONYM_LENGTH = 16

Progress = Callable[[int], None]
Item = TypeVar("Item")


@dataclass(slots=True)
class Tally:
    """What the log holds, and what of it was new: the figures that `import-log` prints."""

    events: int = 0
    added: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    dates: dict[str, CaseDates] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return len(self.dates)

    @property
    def on_time(self) -> int:
        """Cases that ended by the moment that their own system had planned."""
        return sum(is_late(dates) is False for dates in self.dates.values())

    @property
    def late(self) -> int:
        return sum(is_late(dates) is True for dates in self.dates.values())

    @property
    def open(self) -> int:
        """Cases without an end in the log."""
        return sum(dates.ended_at is None for dates in self.dates.values())


def is_late(dates: CaseDates) -> bool | None:
    """True if the case ended after its planned moment; None while it is open, or was planned for no moment."""
    if dates.ended_at is None or dates.planned_at is None:
        return None
    return dates.ended_at > dates.planned_at


def import_log(
    path: Path, log_map: LogMap, *, commune: str, at: datetime, progress: Progress | None = None
) -> Tally:
    """Replays the log at `path` into the chain of `commune`: one event a row, no preconditions.

    Rows that are there already are passed over, so that a run that was cut, or a log that has grown, is simply
    run again. Rows after the end of their case are kept. Raises ExchangeError for what makes the whole unusable.
    """
    if not Commune.objects.filter(pk=commune).exists():
        raise ExchangeError(_("There is no commune with the code %(code)s.") % {"code": commune})
    tally = Tally()
    seen: Counter[bytes] = Counter()
    understood = (understand(row, log_map) for row in read_rows(path, log_map))
    for many in batches(understood, AT_ONCE):
        tally.rejected += [item for item in many if isinstance(item, Rejected)]
        taken = [(item, digest_of(item, seen)) for item in many if isinstance(item, Occurrence)]
        tally.events += len(taken)
        tally.dates.update((item.case, item.dates) for item, _digest in taken)
        tally.added += _take(taken, log_map, commune=commune, at=at)
        if progress:
            progress(tally.events)
    return tally


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while many := list(islice(iterator, size)):
        yield many


def digest_of(item: Occurrence, seen: Counter[bytes]) -> str:
    """Knows a row again: what, when, by whom, in which case, and the how-manieth of its kind in the log."""
    words = "\0".join((item.case, item.activity, item.actor, item.at.isoformat()))
    plain = hashlib.sha256(words.encode()).digest()
    seen[plain] += 1
    return hashlib.sha256(plain + seen[plain].to_bytes(8, "big")).hexdigest()


def pseudonym(actor: str) -> str:
    """The same short code for the same name within this installation; the name cannot be read from it."""
    digest = salted_hmac("gandan.exchange.actor", actor, algorithm="sha256").hexdigest()
    return digest[:PSEUDONYM_LENGTH]


@transaction.atomic(durable=True)
def _take(taken: list[tuple[Occurrence, str]], log_map: LogMap, *, commune: str, at: datetime) -> int:
    """Writes what is new of these rows; returns how many. Two imports at once wait for each other here."""
    Commune.objects.select_for_update().get(pk=commune)
    cases = _cases({item.case: item.dates for item, _digest in taken}, commune=commune, at=at)
    present = set(ImportedEvent.objects.filter(case__in=cases.values()).values_list("case_id", "digest"))
    new = [pair for pair in taken if (cases[pair[0].case].pk, pair[1]) not in present]
    events = append_many(
        [_planned(item, cases[item.case], log_map, commune=commune, recorded_at=at) for item, _digest in new]
    )
    ImportedEvent.objects.bulk_create(
        ImportedEvent(
            event_id=event.id,
            case=cases[item.case],
            digest=digest,
            activity=item.activity,
            actor=item.actor,
            at=item.at,
        )
        for event, (item, digest) in zip(events, new, strict=True)
    )
    return len(new)


def _cases(wanted: dict[str, CaseDates], *, commune: str, at: datetime) -> dict[str, ImportedCase]:
    """The cases of these references, made or brought up to date."""
    found = {
        case.reference: case
        for case in ImportedCase.objects.filter(commune=commune, reference__in=list(wanted))
    }
    new = [
        ImportedCase(commune_id=commune, reference=reference, **parts(dates))
        for reference, dates in wanted.items()
        if reference not in found
    ]
    changed = [case for case in found.values() if parts(case) != parts(wanted[case.reference])]
    for case in changed:
        for name, value in parts(wanted[case.reference]).items():
            setattr(case, name, value)
    ImportedCase.objects.bulk_create(new)
    ImportedCase.objects.bulk_update(changed, ["channel", "started_at", "ended_at", "planned_at"])
    append_many(
        [_of_case(CHANGED, case, commune=commune, at=at, recorded_at=at, facts={}) for case in changed]
    )
    return found | {case.reference: case for case in new}


def parts(source: CaseDates | ImportedCase) -> dict[str, object]:
    names = ("channel", "started_at", "ended_at", "planned_at")
    return {name: getattr(source, name) for name in names}


def _planned(
    item: Occurrence, case: ImportedCase, log_map: LogMap, *, commune: str, recorded_at: datetime
) -> Planned:
    facts: dict[str, Json] = {"activity": item.activity}
    if item.actor:
        facts["by"] = pseudonym(item.actor)
    if item.activity in log_map.activities:
        facts["as"] = log_map.activities[item.activity]
    return _of_case(ACT, case, commune=commune, at=item.at, recorded_at=recorded_at, facts=facts)


def _of_case(
    act: str,
    case: ImportedCase,
    *,
    commune: str,
    at: datetime,
    recorded_at: datetime,
    facts: dict[str, Json],
) -> Planned:
    moments = {
        "external_due": case.planned_at,
        "external_start": case.started_at,
        "external_end": case.ended_at,
    }
    known = {name: value for name, value in moments.items() if value is not None}
    if case.channel:
        facts = {**facts, "external_channel": case.channel}
    return Planned(
        chain=commune,
        act=act,
        subject_kind=SUBJECT,
        subject_id=case.pk,
        actor=ACTOR,
        at=at,
        recorded_at=recorded_at,
        body={**facts, **known},
        request_id=new_id(),
    )
