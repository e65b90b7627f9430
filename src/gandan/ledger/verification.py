"""Does the ledger still say what was written? Reads every event once, in constant memory, without locks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _

from gandan.calculus.hashchain import GENESIS
from gandan.ledger.heads import Head, read_head_file
from gandan.ledger.models import ChainHead, Event

PAGE = 2_000
# What a column raises when it is read back from SQLite with something else in it than was written.
UNREADABLE = (ValueError, TypeError, AttributeError, OperationalError)

Progress = Callable[[str, int], None]


class Fault(StrEnum):
    """What is wrong with an event, or with a chain as a whole."""

    NUMBER = "number"
    LINK = "link"
    HASH = "hash"
    BODY = "body"
    COLUMN = "column"
    HEAD = "head"
    AGAINST = "against"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad event of a chain: its number, its id ('' if it is missing), and what is wrong."""

    chain: str
    seq: int
    fault: Fault
    message: str
    event_id: str = ""


@dataclass(slots=True)
class ChainReport:
    """What the reading of one chain gave: its last sound event, how far it is proven, the finding if any."""

    chain: str
    seq: int = 0
    hash: str = GENESIS
    proven_to: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify_all(against: Path | None = None) -> list[Finding]:
    """The first bad event of each chain; [] if all are sound. `against` is a head file kept elsewhere."""
    heads = read_head_file(against) if against else []
    return [finding for report in examine(heads) for finding in report.findings]


def examine(
    heads: Iterable[Head] = (), *, only: str | None = None, progress: Progress | None = None
) -> Iterator[ChainReport]:
    """Reads all chains, or the chain `only`, in the order of their codes, one report each."""
    held = list(heads)
    for chain in sorted(chains(held)):
        if only is None or chain == only:
            yield verify_chain(chain, held, progress=progress)


def chains(heads: Iterable[Head] = ()) -> set[str]:
    """Codes of all chains that have events, a head row, or a head held elsewhere."""
    found = {head.chain for head in heads} | set(ChainHead.objects.values_list("chain", flat=True))
    # Optimization: steps from code to code in the index, where DISTINCT would read every event.
    code = Event.objects.order_by("chain").values_list("chain", flat=True).first()
    while code is not None:
        found.add(code)
        code = Event.objects.filter(chain__gt=code).order_by("chain").values_list("chain", flat=True).first()
    return found


def verify_chain(chain: str, heads: Iterable[Head] = (), *, progress: Progress | None = None) -> ChainReport:
    """Reads one chain from its first event to its head and stops at the first bad event.

    `heads` are those held elsewhere; others than this chain's are passed over. Acts may go on meanwhile.
    """
    held = sorted(head for head in heads if head.chain == chain)
    report = ChainReport(chain=chain)
    for event in _events(report, progress):
        fault = _fault(event, report) or _contradiction(event, held)
        if fault:
            report.findings.append(fault)
            return report
        report.seq, report.hash = event.seq, event.hash
    if not report.findings:
        _compare_ends(report, held)
    return report


def _events(report: ChainReport, progress: Progress | None) -> Iterator[Event]:
    """The chain's events, page by page, until its head row is reached; a finding if it never is."""
    while True:
        page, unreadable = _page(report.chain, report.seq)
        yield from page
        if unreadable:
            report.findings.append(unreadable)
            return
        if progress and page:
            progress(report.chain, report.seq)
        if not page and _reached_head(report):
            return


def _reached_head(report: ChainReport) -> bool:
    """True when no more events are to come: the head row agrees, or the difference is now a finding.

    The head row is read after the events, so a head that is ahead may only mean that acts went on;
    then the next page has their events. A head ahead of an empty page means that events are gone.
    """
    head = ChainHead.objects.filter(pk=report.chain).first()
    seq, hash_ = (head.seq, head.hash) if head else (0, GENESIS)
    if (seq, hash_) == (report.seq, report.hash):
        return True
    if head and head.seq > report.seq and Event.objects.of_chain(report.chain, after=report.seq).exists():
        return False
    message = _(
        "The head row names event %(head)s as the last; event %(last)s is the last, or has another hash."
    )
    first_bad = seq if seq == report.seq else min(seq, report.seq) + 1
    values = {"head": seq, "last": report.seq}
    report.findings.append(Finding(report.chain, first_bad, Fault.HEAD, message % values))
    return True


def _page(chain: str, after: int) -> tuple[list[Event], Finding | None]:
    events = Event.objects.of_chain(chain, after=after)
    try:
        return list(events[:PAGE]), None
    except UNREADABLE:
        return _page_one_by_one(chain, after)


def _page_one_by_one(chain: str, after: int) -> tuple[list[Event], Finding | None]:
    """The events before the one that cannot be read, and the finding that names it."""
    readable: list[Event] = []
    for seq in Event.objects.of_chain(chain, after=after).values_list("seq", flat=True)[:PAGE]:
        try:
            readable.append(Event.objects.get(chain=chain, seq=seq))
        except UNREADABLE:
            return readable, _unreadable(chain, seq)
    return readable, None


def _fault(event: Event, report: ChainReport) -> Finding | None:
    """What is wrong with `event` after the sound part of its chain in `report`; None if nothing."""
    if event.seq != report.seq + 1:
        message = _("Event %(seq)s is missing.")
        return Finding(report.chain, report.seq + 1, Fault.NUMBER, message % {"seq": report.seq + 1})
    if event.prev != report.hash:
        message = _("Event %(seq)s does not follow event %(before)s: one of the two was changed.")
        return _finding(event, Fault.LINK, message % {"seq": event.seq, "before": report.seq})
    if not isinstance(event.body, str) or event.hash != event.expected_hash():
        message = _("The hash of event %(seq)s is not that of its body.")
        return _finding(event, Fault.HASH, message % {"seq": event.seq})
    return _body_fault(event)


def _body_fault(event: Event) -> Finding | None:
    try:
        body = json.loads(event.body)
        if event.compose(body["facts"]) == event.body:
            return None
    except (*UNREADABLE, KeyError, RecursionError):
        body = None
    try:
        columns = _differing_columns(event, body)
    except UNREADABLE:
        return _unreadable(event.chain, event.seq)
    if columns:
        message = _("Event %(seq)s: its columns differ from its body (%(columns)s).")
        return _finding(event, Fault.COLUMN, message % {"seq": event.seq, "columns": ", ".join(columns)})
    message = _("The body of event %(seq)s is not in the form of docs/events.md.")
    return _finding(event, Fault.BODY, message % {"seq": event.seq})


def _differing_columns(event: Event, body: Any) -> list[str]:
    envelope = event.envelope()
    if not isinstance(body, dict):
        return []
    return [name for name, value in envelope.items() if body.get(name) != value]


def _unreadable(chain: str, seq: int) -> Finding:
    message = _("Event %(seq)s cannot be read: a column holds something else than was written.")
    return Finding(chain, seq, Fault.COLUMN, message % {"seq": seq})


def _contradiction(event: Event, held: list[Head]) -> Finding | None:
    for head in held:
        if head.seq == event.seq and not head.agrees_with(event.hash):
            message = _("Event %(seq)s is not the one that is written down elsewhere.")
            return _finding(event, Fault.AGAINST, message % {"seq": event.seq})
    return None


def _compare_ends(report: ChainReport, held: list[Head]) -> None:
    """Heads held elsewhere beyond the chain's end are lost events; the last one within it proves so far."""
    if not held:
        return
    last = held[-1].seq
    if last > report.seq:
        message = _("Events %(first)s to %(last)s are written down elsewhere and missing here.")
        values = {"first": report.seq + 1, "last": last}
        report.findings.append(Finding(report.chain, report.seq + 1, Fault.LOST, message % values))
    report.proven_to = max((head.seq for head in held if head.seq <= report.seq), default=0)


def _finding(event: Event, fault: Fault, message: str) -> Finding:
    return Finding(event.chain, event.seq, fault, message, str(event.id))
