"""A ward's history as it is written: one dossier under way, and what all its acts share.

What an act does to a dossier stands a second time here and in `acts.py`, because the acts themselves do a few hundred
a second and load needs thousands. `tests/test_generation.py` drives the same dossiers through the real acts and compares
row by row: who changes an act and not these files learns it there.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from random import Random
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from gandan.calculus.arrays import moment_of, number_of
from gandan.calculus.calendars import SECOND
from gandan.calculus.canonical import canonical_facts
from gandan.calculus.clock import read_clock
from gandan.calculus.folding import fold
from gandan.calculus.hashchain import CONTENT_TAG, event_hash
from gandan.calculus.rules import VIETNAM, Calendar, ClockAct, ClockEvent, Reading, Unit
from gandan.calculus.sources import Grounds
from gandan.calculus.storing import steps_text
from gandan.dossiers.clock import grounds_on
from gandan.dossiers.models import (
    Deadline,
    Desk,
    Dossier,
    DossierFee,
    DossierPaper,
    Party,
    Remark,
    ResultKind,
    State,
    StepRun,
)
from gandan.exchange.generation.moulds import MARK, Mould, Person, text_of
from gandan.exchange.generation.rows import GIVEN, Block, Row
from gandan.exchange.generation.wards import Seat, Ward
from gandan.ledger.actions import DIGEST_PURPOSE
from gandan.ledger.models import EVENT_VERSION, Event, Request
from gandan.notifications.models import Channel as MessageChannel
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Role

TOLD_AFTER = timedelta(days=1)  # older messages were told within the hour, as in the demonstration
TOLD_WITHIN = timedelta(hours=1)
RANDOM_BYTES = 1 << 14
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  as the database's own text: UTC without saying so
COLUMNS = itemgetter(*GIVEN[Dossier])
Asked = tuple[tuple[str, Any], ...]
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as a number (microseconds since 1970), as the database keeps it, and as the body of an event says it."""

    number: int
    stored: str
    told: str

    @property
    def at(self) -> datetime:
        return moment_of(self.number)


def moment(number: int) -> Moment:
    told = (EPOCH + timedelta(microseconds=number)).isoformat(timespec="microseconds")
    stored = told if number % SECOND else told[:-7]  # Django writes no zeros behind a whole second
    return Moment(number, stored.replace("T", " "), f"{told}Z")


@lru_cache(maxsize=50_000)
def due_moment(number: int) -> Moment:
    """Optimization: there are few different due moments."""
    return moment(number)


@dataclass(slots=True)
class Life:
    """One dossier under way: its row so far by fields, and what is not on its row."""

    mould: Mould
    id: str  # 32 hexadecimal digits
    text: str  # the same as a UUID is written
    row: dict[str, Any]
    handler: Seat
    leader: Seat
    told_by: str  # channel of messages; '' for somebody who cannot be reached
    result: ResultKind
    desk: Desk = Desk.RECEPTION
    state: State = State.REGISTERED
    due: int = 0
    base_due: int = 0
    act_by: int = 0
    step: list[Any] | None = None
    clock: list[ClockEvent] = field(default_factory=list)
    messages: list[list[Any]] = field(default_factory=list)
    remarks: list[list[Any]] = field(default_factory=list)
    rows: list[tuple[type, list[Any]]] = field(default_factory=list)  # supplements and extensions


class Chronicle:
    """Writes a ward's history in the order of time. `counters`: the numbers given out so far, by scope."""

    def __init__(
        self,
        ward: Ward,
        calendar: Calendar,
        head: tuple[int, str],
        counters: dict[str, int],
        seed: str,
        now: datetime,
    ) -> None:
        self.ward, self.calendar, self.counters = ward, calendar, counters
        self.seq, self.hash = head
        self.rng = Random(seed)
        self.long_ago = str((now - TOLD_AFTER).replace(tzinfo=None))
        self.rows: dict[type, list[Row]] = {model: [] for model in GIVEN}
        self._random, self._used = "", 0
        self._digest = salted_hmac(DIGEST_PURPOSE, "", algorithm="sha256")
        self._grounds: dict[date, Grounds] = {}
        self._steps: dict[tuple[UUID, int, bool], tuple[str, str, str]] = {}

    # ---- rows ----------------------------------------------------------------------------------------------

    def taken(self) -> Block:
        """The rows written since the last time."""
        rows, self.rows = self.rows, {model: [] for model in GIVEN}
        return {model._meta.db_table: lines for model, lines in rows.items()}  # type: ignore[attr-defined]

    def add(self, model: type, row: Sequence[Any]) -> None:
        self.rows[model].append(tuple(row))

    def random(self, digits: int) -> str:
        """So many random hexadecimal digits of this ward's own chance."""
        if self._used + digits > len(self._random):
            self._random, self._used = self.rng.randbytes(RANDOM_BYTES).hex(), 0
        self._used += digits
        return self._random[self._used - digits : self._used]

    def key(self, at: Moment) -> str:
        """A UUIDv7 of that moment, as 32 hexadecimal digits."""
        digits = self.random(18)
        return f"{at.number // 1000:012x}7{digits[:3]}8{digits[3:]}"

    def request_key(self) -> str:
        digits = self.random(30)
        return f"{digits[:12]}4{digits[12:15]}8{digits[15:]}"

    def next_number(self, scope: str) -> int:
        self.counters[scope] = self.counters.get(scope, 0) + 1
        return self.counters[scope]

    # ---- evidence ------------------------------------------------------------------------------------------

    def hashed(self, life: Life, content: str) -> str:
        """The salted hash of legal content that is canonical JSON already."""
        return hmac.digest(life.row["salt"], CONTENT_TAG + content.encode(), "sha256").hex()

    def write_event(
        self, life: Life, act: str, seat: Seat, at: Moment, facts: dict[str, Any], asked: str
    ) -> str:
        """The event and its request; `asked` is the request's content as it is digested. Returns the event's key."""
        request, key, digest = self.request_key(), self.key(at), self._digest.copy()
        digest.update(asked.encode())
        self.seq += 1
        chain, prev = self.ward.code, self.hash
        body = (
            f'{{"act":"{act}","actor":"{seat.code}","at":"{at.told}","chain":"{chain}","facts":{encode(facts)},'
            f'"id":"{dashed(key)}","recorded_at":"{at.told}","request_id":"{dashed(request)}","seq":{self.seq},'
            f'"subject_id":"{life.text}","subject_kind":"dossier","v":{EVENT_VERSION}}}'
        )
        self.hash = event_hash(prev, body)
        outcome = f'{{"subject":"{life.text}"}}'
        self.add(Request, (request, digest.hexdigest(), act, life.id, outcome, at.stored))
        self.add(
            Event,
            (
                key,
                chain,
                self.seq,
                EVENT_VERSION,
                act,
                "dossier",
                life.id,
                seat.code,
                at.stored,
                at.stored,
                request,
                body,
                prev,
                self.hash,
            ),
        )
        return key

    def record(
        self,
        life: Life,
        act: str,
        seat: Seat,
        at: Moment,
        body: dict[str, Any],
        *,
        asked: Asked = (),
        remark: str = "",
        to_citizen: bool = False,
    ) -> None:
        """The one event of a later act, with where the dossier now stands, and its remark."""
        life.row["revision"] += 1
        life.row["changed_at"] = at.stored
        facts = {"state": int(life.state), "desk": str(life.desk), "revision": life.row["revision"], **body}
        if life.due:
            facts["due_at"] = due_moment(life.due).told
        if life.base_due:
            facts["base_due_at"] = due_moment(life.base_due).told
        if life.row["wait_seconds"]:
            facts["wait_seconds"] = life.row["wait_seconds"]
        if remark:
            facts["remark_hash"] = self.hashed(life, f'{{"remark":{text_of(remark)}}}')
        before, after = request_of(act, seat.code, asked)
        event = self.write_event(life, act, seat, at, facts, f"{before}{life.text}{after}")
        if remark:
            life.remarks.append([self.key(at), life.id, event, act, remark, to_citizen, seat.key, at.stored])

    # ---- desks, dates, messages ----------------------------------------------------------------------------

    def open_step(
        self,
        life: Life,
        desk: Desk,
        unit: str,
        role: Role,
        at: Moment,
        act_by: int,
        assignee: str | None = None,
    ) -> None:
        life.desk, life.act_by = desk, act_by
        life.row["step_number"] += 1
        known = due_moment if act_by == life.due else moment
        by = known(act_by).stored if act_by else None
        life.step = [
            self.key(at),
            life.id,
            life.row["step_number"],
            str(desk),
            unit,
            str(role),
            assignee,
            at.stored,
            by,
            None,
            None,
        ]
        life.row |= {
            "desk": str(desk),
            "desk_unit": unit,
            "desk_role": str(role),
            "assignee": assignee,
            "act_by": by,
        }

    def end_step(self, life: Life, seat: Seat, at: Moment) -> None:
        if life.step is not None:
            life.step[-2:] = [at.stored, seat.key]
            self.add(StepRun, life.step)
        life.step = None

    def go_to(
        self,
        life: Life,
        seat: Seat,
        at: Moment,
        desk: Desk,
        unit: str = "",
        role: Role | None = None,
        *,
        act_by: int = 0,
        assignee: str | None = None,
        state: State | None = None,
    ) -> None:
        """Ends the present step and opens the next; a closed dossier gets none."""
        self.end_step(life, seat, at)
        if state is not None:
            life.state = state
        if role is not None:
            self.open_step(life, desk, unit, role, at, act_by, assignee)
            return
        life.desk, life.act_by = desk, 0
        life.row |= {"desk": str(desk), "desk_unit": None, "desk_role": "", "assignee": None, "act_by": None}

    def first_deadline(self, life: Life, at: Moment, due: int) -> None:
        """The first reading of the clock. `due` is what the clock for arrays said.

        Optimization: readings of one day differ in the moment of the start alone, so the clock is read once a day
        (twice where a time of the day decides), and the moment is put in.
        """
        mould, local = life.mould, at.at.astimezone(VIETNAM)
        started = local.isoformat()
        early = local.timetz().replace(tzinfo=None) <= (mould.rule.cut_off or self.calendar.hours[-1].closes)
        key = (mould.case.pk, local.toordinal(), early)
        kept = self._steps.get(key)
        if kept is None or mould.rule.unit in (Unit.HOUR, Unit.WORKING_HOUR):
            reading = self._read(mould, [ClockEvent(ClockAct.ACCEPT, at.at)], at.at)
            if reading.due is None or number_of(reading.due) != due:
                raise AssertionError(f"the clock for arrays disagrees with the clock at {started}")
            kept = (started, steps_text(reading), canonical_facts(list(reading.rows)))
            self._steps[key] = kept
        steps = kept[1].replace(kept[0], started)
        self._deadline(life, "accept", at, due, steps, kept[2])
        life.due = life.base_due = due
        stored = due_moment(due).stored
        life.row |= {"due_at": stored, "base_due_at": stored, "accepted_at": at.stored}
        life.clock.append(ClockEvent(ClockAct.ACCEPT, at.at))

    def read_anew(self, life: Life, act: str, at: Moment, event: ClockEvent) -> Reading:
        """Reads the clock with one more act, and keeps the reading."""
        reading = self.reading(life, event)
        life.due = number_of(reading.due) if reading.due else 0
        life.row["due_at"] = due_moment(life.due).stored if life.due else None
        life.row["wait_seconds"] = reading.index.wait_seconds
        rows = canonical_facts(list(reading.rows))
        self._deadline(life, act, at, life.due, steps_text(reading), rows)
        life.clock.append(event)
        return reading

    def reading(self, life: Life, event: ClockEvent) -> Reading:
        return self._read(life.mould, [*life.clock, event], event.at)

    def _read(self, mould: Mould, events: Sequence[ClockEvent], at: datetime) -> Reading:
        """As `dossiers.clock.read`; the grounds of a day of reception are looked up once."""
        day = events[0].at.astimezone(VIETNAM).date()
        if day not in self._grounds:
            self._grounds[day] = grounds_on(events[0].at)
        return read_clock(mould.rule, self.calendar, events, known_at=at, grounds=self._grounds[day])

    def _deadline(self, life: Life, act: str, at: Moment, due: int, steps: str, rows: str) -> None:
        life.row["reading_number"] += 1
        stored = due_moment(due).stored if due else None
        number = life.row["reading_number"]
        self.add(Deadline, (self.key(at), life.id, number, act, stored, steps, rows, at.stored))

    def tell(self, life: Life, topic: str, at: Moment, facts: dict[str, str] | None = None) -> None:
        if life.told_by:
            row = [
                "dossier",
                life.id,
                topic,
                life.told_by,
                encode(facts or {}),
                str(MessageState.WAITING),
                at.stored,
                None,
            ]
            life.messages.append([self.key(at), *row])

    # ---- the end -------------------------------------------------------------------------------------------

    def close_book(self, life: Life) -> None:
        """Writes what is known only once nothing more happens to the dossier: its row and what may still have changed."""
        if life.step is not None:
            self.add(StepRun, life.step)
        row = {**life.row, "state": int(life.state), "desk": str(life.desk)}
        self.add(Dossier, COLUMNS(row))
        for message in life.messages:
            if message[6] == MessageState.WAITING and message[7] < self.long_ago:
                queued = datetime.fromisoformat(message[7])
                message[6], message[8] = str(MessageState.SENT), str(queued + TOLD_WITHIN)
            self.add(Message, message)
        for remark in life.remarks:
            self.add(Remark, remark)
        for model, other in life.rows:
            self.add(model, other)

    def add_party(self, key: str, one: Person) -> None:
        given = one.given
        born = given.birth_date
        row: Row = (
            key,
            int(given.kind),
            given.name,
            folded(given.name),
            born.isoformat() if born else None,
            born.year if born else given.birth_year,
            str(given.sex),
            given.address,
            given.phone,
            given.email,
            str(given.identity_kind),
            one.sealed,
            one.index,
        )
        self.add(Party, row)

    def add_papers(self, life: Life, at: Moment) -> None:
        for paper in life.mould.papers:
            self.add(DossierPaper, (self.key(at), life.id, *paper))
        for *fee, paid in life.mould.fees:
            self.add(DossierFee, (self.key(at), life.id, *fee, at.stored if paid else None))


@lru_cache(maxsize=4096)
def request_of(act: str, actor: str, asked: Asked) -> tuple[str, str]:
    """What is digested of a request on a dossier, before and after the dossier's id."""
    content = {"act": act, "actor": actor, "content": {"dossier": MARK, **dict(asked)}}
    before, _mark, after = encode(content).partition(text_of(MARK)[1:-1])
    return before, after


def dashed(key: str) -> str:
    """32 hexadecimal digits as a UUID is written."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


@lru_cache(maxsize=20_000)
def folded(name: str) -> str:
    """Optimization: invented names come again and again."""
    return fold(name)


def reached_by(person: Person) -> str:
    """How the person is told of things; '' for not at all."""
    given = person.given
    return str(MessageChannel.EMAIL if given.email else MessageChannel.CALL if given.phone else "")
