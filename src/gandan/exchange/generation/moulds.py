"""What dossiers of one matter share in one ward: checklist, fees, answers, facts; taken from the real functions once.

A text that every dossier of a mould has, but for a few values, is canonical JSON made once with a mark in the place of
each value; `Pieces.with_values` puts the values in. What real acts write is written here by their own functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from json.encoder import encode_basestring
from random import Random
from typing import Any

from gandan.accounts.secrets import blind_index, seal
from gandan.calculus.calendars import HOUR
from gandan.calculus.canonical import canonical_json
from gandan.calculus.rules import TimeRule
from gandan.catalogue.models import ProcedureCase, ProcedureVersion
from gandan.catalogue.queries import sheet_of, version_at
from gandan.dossiers import desks
from gandan.dossiers.actions.take_in import intake_content, opening_facts
from gandan.dossiers.clock import rule_of
from gandan.dossiers.evidence import party_content
from gandan.dossiers.intake import IntakeInput, PartyInput
from gandan.dossiers.models import Channel, Desk, Dossier, Lane, Party, State
from gandan.exchange.generation.matters import MATTERS, Matter, intake_for
from gandan.exchange.generation.wards import Department, Seat, Ward
from gandan.ledger.actions import new_salt

VARIANTS = 4  # of answers to a matter's questions in a ward
NOBODY = PartyInput(name="@")
STEP_DESKS = (Desk.ASSIGNMENT, Desk.APPRAISAL, Desk.CHECK, Desk.SIGNATURE, Desk.STAMP)
MARK = "\u0001"


def text_of(value: str) -> str:
    """The value as JSON."""
    return str(encode_basestring(value))


@dataclass(frozen=True, slots=True)
class Pieces:
    """A canonical text with places for values, in the order in which they stand in it."""

    fixed: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, content: Mapping[str, object]) -> Pieces:
        """`content` holds `place(name)` where a value will stand."""
        parts = canonical_json(content).split(f'"{escaped(MARK)}')
        names, fixed = [], [parts[0]]
        for part in parts[1:]:
            name, _quote, rest = part.partition('"')
            names.append(name)
            fixed.append(rest)
        return cls(tuple(fixed), tuple(names))

    def with_values(self, values: Mapping[str, str]) -> str:
        """The text; `values` are JSON already."""
        made = [self.fixed[0]]
        for name, fixed in zip(self.names, self.fixed[1:], strict=True):
            made += (values[name], fixed)
        return "".join(made)


def place(name: str) -> str:
    return MARK + name


def escaped(text: str) -> str:
    return text_of(text)[1:-1]


@dataclass(slots=True)
class Mould:
    """One matter with one set of answers, in one ward, by one channel."""

    matter: Matter
    version: ProcedureVersion
    case: ProcedureCase
    rule: TimeRule
    channel: Channel
    counter: Seat
    department: Department
    intake: IntakeInput
    hours: dict[str, int]  # microseconds of work that the workflow gives to a desk
    facts: dict[str, Any]
    content: Pieces
    request: dict[str, Pieces]
    answers: str
    papers: list[tuple[Any, ...]] = field(default_factory=list)
    fees: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def immediate(self) -> bool:
        return self.matter.immediate


def moulds_of(ward: Ward, since: datetime, at: datetime, seed: int) -> list[Mould]:
    """The moulds of all matters whose version holds from `since` to `at` in the ward, by both channels."""
    rng = Random(f"{seed}-{ward.code}-moulds")
    found = []
    for matter in MATTERS:
        version = version_at(matter.code, at)
        if not version.holds_at(since) or version.guide_only or (matter.immediate and not version.immediate):
            continue
        for _variant in range(VARIANTS):
            for channel in (Channel.COUNTER,) if matter.immediate else (Channel.COUNTER, Channel.ONLINE):
                mould = mould_of(ward, matter, version, channel, at, rng)
                if mould is not None:
                    found.append(mould)
    return found


def mould_of(
    ward: Ward, matter: Matter, version: ProcedureVersion, channel: Channel, at: datetime, rng: Random
) -> Mould | None:
    """None for a case whose time limit nobody has written down."""
    intake = intake_for(matter, version, NOBODY, at, rng, channel=channel)
    case = next(case for case in sheet_of(version).cases if case.name == intake.case_name)
    rule = rule_of(case)
    if rule is None:
        return None
    dossier = stub(ward, version, case, intake, at)
    counter = ward.counters[matter.unit in {"ca", "kt"} and len(ward.counters) > 1]
    return Mould(
        matter=matter,
        version=version,
        case=case,
        rule=rule,
        channel=channel,
        counter=counter,
        department=ward.department(matter.unit),
        intake=intake,
        hours={desk.value: hours_at(dossier, desk) for desk in STEP_DESKS},
        facts=opening_facts(dossier, version, case, intake, {}),
        content=content_pieces(dossier, intake),
        request={
            name: request_pieces(ward, name, counter, intake) for name in ("register", "accept", "settle")
        },
        answers=canonical_json(dict(intake.answers)),
        papers=[
            (n, p.key, p.name, str(p.answer), p.originals, p.certified, p.copies, p.data_source, p.reason)
            for n, p in enumerate(intake.papers, start=1)
        ],
        fees=[(n, f.key, f.label, f.amount, f.quantity, f.paid) for n, f in enumerate(intake.fees, start=1)],
    )


def stub(
    ward: Ward, version: ProcedureVersion, case: ProcedureCase, intake: IntakeInput, at: datetime
) -> Dossier:
    """A dossier of the mould that is in no database, for the functions that look at one."""
    return Dossier(
        code=place("code"),
        commune=ward.centre.commune,
        unit_received=ward.centre,
        unit_competent=ward.centre,
        version=version,
        case=case,
        owner=Party(name="@"),
        channel=intake.channel,
        lane=Lane.APPOINTMENT,
        state=State.ACCEPTED,
        desk=Desk.TRANSFER,
        register_number=0,
        first_contact_at=at,
        registered_at=at,
        accepted_at=at,
        result_number=place("result"),
        salt=new_salt(),
    )


def hours_at(dossier: Dossier, desk: Desk) -> int:
    """Microseconds of work that the workflow gives to the desk; 0 where it counts none."""
    hours = desks.allotted_hours(dossier, desk)
    return round(hours * HOUR) if hours else 0


def content_pieces(dossier: Dossier, intake: IntakeInput) -> Pieces:
    """The legal content that the first event vouches for."""
    content = intake_content(dossier, intake, {})
    return Pieces.of({**content, "due_at": place("due_at"), "owner": place("owner"), "agent": place("agent")})


def request_pieces(ward: Ward, name: str, counter: Seat, intake: IntakeInput) -> Pieces:
    """What was asked for, as the request's digest takes it in."""
    asked = {**intake.content(), "owner": place("owner"), "agent": place("agent")}
    own = (
        {"unit": ward.centre.id}
        if name == "settle"
        else {"unit": ward.centre.id, "accept": int(name == "accept")}
    )
    return Pieces.of({"act": name, "actor": counter.code, "content": {**own, **asked}})


@dataclass(frozen=True, slots=True)
class Person:
    """A party ready to be written: what was typed, its legal content and what was asked for as JSON."""

    given: PartyInput
    sealed: str
    index: str
    content: str
    asked: str

    @classmethod
    def of(cls, given: PartyInput) -> Person:
        number = given.identity_number
        index = blind_index(number, "identity")
        plain = {name: json_of(getattr(given, name)) for name in ASKED.names}
        birth = given.birth_date.isoformat() if given.birth_date else str(given.birth_year or "")
        content = PARTY.with_values({**plain, "birth": text_of(birth), "identity": text_of(index)})
        return cls(given, seal(number, "identity"), index, content, ASKED.with_values(plain))


PARTY = Pieces.of({name: place(name) for name in party_content(Party())})
ASKED = Pieces.of({name: place(name) for name in PartyInput.__slots__})


def json_of(value: object) -> str:
    """A member of a party as canonical JSON writes it."""
    if isinstance(value, str):
        return text_of(value)
    if value is None:
        return "null"
    return f'"{value.isoformat()}"' if isinstance(value, date) else str(int(value))  # type: ignore[call-overload]
