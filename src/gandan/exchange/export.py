"""Our events for process-mining tools: cases with what happened to them, as XES or OCEL 2.0.

Dossiers bear their identifier (never a name), officers their code; cases of an imported log bear what they were
called there. Whoever gets such a file learns who handled what, when: it is for the ward's own use.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID
from xml.sax.saxutils import quoteattr

from gandan.dossiers.models import Dossier
from gandan.exchange.actions import ACT, SUBJECT
from gandan.exchange.models import ImportedCase, ImportedEvent
from gandan.ledger.models import Event

DOSSIER = "dossier"
AT_ONCE = 500
IN_MEMORY = 16 * 1024 * 1024
# XML 1.0 has no way to write these, not even escaped.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case: what, who, when."""

    id: UUID
    activity: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its happenings in the order of the chain, and what is known of it as a whole."""

    name: str
    kind: str
    happenings: list[Happening]
    facts: dict[str, str] = field(default_factory=dict)
    moments: dict[str, datetime] = field(default_factory=dict)


def cases(commune: str = "") -> Iterator[Case]:
    """All dossiers and imported cases with their events, of one chain or of all; in constant memory."""
    events = Event.objects.filter(subject_kind__in=[DOSSIER, SUBJECT]).order_by("subject_id", "seq")
    if commune:
        events = events.filter(chain=commune)
    wanted = events.only("id", "act", "actor", "at", "subject_id", "subject_kind")
    grouped = groupby(wanted.iterator(chunk_size=2_000), key=lambda event: event.subject_id)
    histories = ((subject_id, list(of_subject)) for subject_id, of_subject in grouped)
    while many := list(islice(histories, AT_ONCE)):
        yield from _described(many)


def _described(many: list[tuple[UUID, list[Event]]]) -> Iterator[Case]:
    ids = [subject_id for subject_id, _events in many]
    dossiers = Dossier.objects.filter(pk__in=ids).select_related("version__procedure").in_bulk()
    imported = ImportedCase.objects.filter(pk__in=ids).in_bulk()
    rows = ImportedEvent.objects.filter(case__in=imported).in_bulk()
    for subject_id, events in many:
        if subject_id in imported:
            yield _of_import(imported[subject_id], events, rows)
        elif subject_id in dossiers:
            yield _of_dossier(dossiers[subject_id], events)


def _of_dossier(dossier: Dossier, events: list[Event]) -> Case:
    moments = {"due": dossier.due_at, "started": dossier.registered_at, "ended": dossier.finished_at}
    facts = {
        "commune": dossier.commune_id,
        "procedure": dossier.version.procedure.code,
        "channel": dossier.channel,
    }
    happenings = [Happening(event.id, event.act, event.actor, event.at) for event in events]
    return Case(str(dossier.pk), DOSSIER, happenings, facts, _known(moments))


def _of_import(case: ImportedCase, events: list[Event], rows: dict[UUID, ImportedEvent]) -> Case:
    moments = {"due": case.planned_at, "started": case.started_at, "ended": case.ended_at}
    facts = {"commune": case.commune_id} | ({"channel": case.channel} if case.channel else {})
    happenings = [
        Happening(event.id, rows[event.id].activity, rows[event.id].actor, event.at)
        for event in events
        if event.act == ACT
    ]
    return Case(case.reference, SUBJECT, happenings, facts, _known(moments))


def _known(moments: dict[str, datetime | None]) -> dict[str, datetime]:
    return {name: at for name, at in moments.items() if at is not None}


def write_xes(out: IO[str], found: Iterator[Case]) -> int:
    """Writes an XES log (IEEE 1849-2023) and returns the number of events."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="">\n')
    for name, prefix in (("Concept", "concept"), ("Time", "time"), ("Organizational", "org")):
        address = f"http://www.xes-standard.org/{prefix}.xesext"
        out.write(f'  <extension name="{name}" prefix="{prefix}" uri="{address}"/>\n')
    out.write('  <classifier name="Activity" keys="concept:name"/>\n')
    events = 0
    for case in found:
        events += len(case.happenings)
        out.write("  <trace>\n" + "".join(_of_trace(case)) + "  </trace>\n")
    out.write("</log>\n")
    return events


def _of_trace(case: Case) -> Iterator[str]:
    yield _string("concept:name", case.name)
    yield _string("gandan:kind", case.kind)
    for name, value in case.facts.items():
        yield _string(f"gandan:{name}", value)
    for name, at in case.moments.items():
        yield _date(f"gandan:{name}", at)
    for happening in case.happenings:
        yield "    <event>\n"
        yield _string("concept:name", happening.activity)
        yield _date("time:timestamp", happening.at)
        if happening.actor:
            yield _string("org:resource", happening.actor)
        yield "    </event>\n"


def _string(key: str, value: str) -> str:
    return f"      <string key={quoteattr(key)} value={quoteattr(UNWRITABLE.sub('', value))}/>\n"


def _date(key: str, at: datetime) -> str:
    return f'      <date key="{key}" value="{iso(at)}"/>\n'


def iso(at: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _type(name: str, attributes: dict[str, str] | None = None) -> dict[str, object]:
    given = attributes or {}
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in given.items()]}


CASE_ATTRIBUTES = {
    "commune": "string",
    "channel": "string",
    "due": "time",
    "started": "time",
    "ended": "time",
}
OBJECT_TYPES = [
    _type(DOSSIER, CASE_ATTRIBUTES),
    _type(SUBJECT, CASE_ATTRIBUTES),
    _type("procedure"),
    _type("officer"),
]


def write_ocel(out: IO[str], found: Iterator[Case]) -> int:
    """Writes an object-centric log (OCEL 2.0, JSON) and returns the number of events.

    Objects are cases, procedures and officers; an event names its case and its officer. Cases and events go out as
    they are read, so the memory is constant; the short lists of procedures, officers and kinds of events follow at the end.
    """
    codes: dict[str, set[str]] = {"procedure": set(), "officer": set()}
    activities: set[str] = set()
    number = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+", encoding="utf-8") as objects:
        out.write(f'{{"objectTypes":{_json(OBJECT_TYPES)},"events":[')
        for case in found:
            codes["procedure"].update(code for code in [case.facts.get("procedure")] if code)
            objects.write(("," if objects.tell() else "") + _json(_object(case)))
            for happening in case.happenings:
                codes["officer"].update(code for code in [happening.actor] if code)
                activities.add(happening.activity)
                out.write(("," if number else "") + _json(_event(case, happening)))
                number += 1
        out.write('],"objects":[')
        objects.seek(0)
        shutil.copyfileobj(objects, out)
    for kind, found_codes in codes.items():
        for code in sorted(found_codes):
            out.write("," + _json(_plain(kind, code)))
    out.write(f'],"eventTypes":{_json([_type(name) for name in sorted(activities)])}}}\n')
    return number


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _object(case: Case) -> dict[str, object]:
    """A case as an object; its attributes hold from the first thing that happened to it."""
    since = iso(case.happenings[0].at) if case.happenings else "1970-01-01T00:00:00Z"
    values = {name: value for name, value in case.facts.items() if name in CASE_ATTRIBUTES}
    values |= {name: iso(at) for name, at in case.moments.items()}
    attributes = [{"name": name, "time": since, "value": value} for name, value in values.items()]
    procedure = case.facts.get("procedure")
    related = [{"objectId": f"procedure:{procedure}", "qualifier": "of procedure"}] if procedure else []
    return {
        "id": f"{case.kind}:{case.name}",
        "type": case.kind,
        "attributes": attributes,
        "relationships": related,
    }


def _plain(kind: str, code: str) -> dict[str, object]:
    return {"id": f"{kind}:{code}", "type": kind, "attributes": [], "relationships": []}


def _event(case: Case, happening: Happening) -> dict[str, object]:
    related = [{"objectId": f"{case.kind}:{case.name}", "qualifier": "case"}]
    if happening.actor:
        related.append({"objectId": f"officer:{happening.actor}", "qualifier": "done by"})
    return {
        "id": str(happening.id),
        "type": happening.activity,
        "time": iso(happening.at),
        "attributes": [],
        "relationships": related,
    }
