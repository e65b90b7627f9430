"""Random acts by random officers at random moments: never an illegal state, never a date that moves unexplained.

The acts are those of RULES; a new one without an entry in `act_choices` fails here. How many sequences are
tried says GANDAN_ACT_SEQUENCES (docs/environment.md).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import Model

from gandan.calculus.errors import ClockError
from gandan.calculus.explain import StepEffect
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.actions import settle
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.errors import DossierError, NotAllowed, NotFound, StaleDossier, Unacceptable
from gandan.dossiers.models import Deadline, Desk, Dossier, ResultKind, State, StepRun, Visit
from gandan.dossiers.permissions import is_visible, objection, possibilities
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.act_choices import CHOICES, Scene
from gandan.dossiers.tests.factories import (
    CERTIFIED_COPY,
    RESIDENCE,
    Ward,
    local,
    make_dossier,
    make_intake,
    make_user,
    make_ward,
)
from gandan.dossiers.tests.province import decide_workflow, make_body
from gandan.dossiers.views.acts import ACTS
from gandan.dossiers.views.dossier import MAIN_ACTS
from gandan.ledger.actions import verify_chain
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event, Request
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.permissions import Officer, officer_of

SEQUENCES = int(os.environ.get("GANDAN_ACT_SEQUENCES", "120"))
FIRST = int(os.environ.get("GANDAN_ACT_SEED", "1"))
ENOUGH = 1000  # sequences after which an act that was never carried out is a fault of this test
LONGEST = 25  # acts, repeats and pauses in a sequence
# Notes beside the dossier: they leave its row and its revision alone.
NOTES = {"remind", "record-call", "undo-call"}
# An ordinary Monday, a Saturday, the eve of 24 November, the last days of the year, before Tết: day and night.
STARTS = [
    local(text)
    for text in (
        "2026-11-09 08:00",
        "2026-11-13 15:01",
        "2026-11-14 09:00",
        "2026-11-23 16:59",
        "2026-12-30 23:30",
        "2027-02-03 17:01",
    )
]
PAUSES = [timedelta(minutes=1), timedelta(hours=5), timedelta(days=1), timedelta(days=4), timedelta(days=20)]
# What is tried, and how often.
TRIED = {
    "time_passes": 3,
    "somebody_does_what_is_offered": 8,
    "the_desk_does_its_work": 8,
    "anybody_tries_anything": 3,
    "request_comes_again": 1,
    "request_is_used_for_something_else": 1,
}
ENDINGS = {"withdraw", "stop", "refuse"}  # or most sequences would be short
CLOSING = (State.REFUSED, State.WITHDRAWN, State.STOPPED, State.RETURNED)
PLACES: dict[State, set[Desk]] = {
    State.REGISTERED: {Desk.RECEPTION},
    State.ACCEPTED: {Desk.TRANSFER},
    State.PROCESSING: set(Desk) - {Desk.RECEPTION, Desk.TRANSFER, Desk.RETURN, Desk.WAITING, Desk.CLOSED},
    State.SUPPLEMENT: {Desk.WAITING},
    State.DONE: {Desk.RETURN},
    **{state: {Desk.CLOSED} for state in CLOSING},
}
KNOWN = sorted(set(RULES) & set(CHOICES))  # the first test wants them to be the same
LEAVES_ON = date(2026, 11, 20)


def test_every_act_of_the_rules_can_be_tried() -> None:
    assert set(CHOICES) == set(RULES)


@dataclass(frozen=True)
class Done:
    """A request that was carried out, with what is needed to send it again."""

    act: str
    officer: Officer
    request_id: UUID
    at: datetime
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Cast:
    """Who may act until when, a body of the province, and a stranger of another ward."""

    ward: Ward
    body: Unit
    here: tuple[tuple[date | None, Officer], ...]
    stranger: Officer


Step = tuple[str, int]  # what is tried, and the seed of its chance


def sequence(seed: int) -> list[Step]:
    """A course of a dossier: how it comes, then what is tried. Each step draws from a chance of its own."""
    chance = Random(seed)
    kinds = chance.choices(list(TRIED), list(TRIED.values()), k=chance.randint(5, LONGEST))
    return [(kind, chance.getrandbits(32)) for kind in ("comes", *kinds)]


def row_of(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class Walk:
    """One dossier from reception on."""

    def __init__(self, cast: Cast, tally: Counter[str]) -> None:
        self.cast, self.ward, self.tally = cast, cast.ward, tally
        self.done: list[Done] = []
        self.said: list[str] = []

    def take(self, step: Step) -> None:
        kind, seed = step
        getattr(self, kind)(Random(seed))

    # ---- what can happen

    def comes(self, chance: Random) -> None:
        self.at, kind = (
            chance.choice(STARTS),
            chance.choice(["accept", "accept", "accept", "register", "settle"]),
        )
        self.said.append(f"comes {self.at} {kind}")
        if kind == "settle":
            counter, intake = self.ward.officer(Role.COUNTER_OFFICER), make_intake(CERTIFIED_COPY)
            unit = self.ward.centre
            made = settle.settle(officer=counter, unit=unit, intake=intake, request_id=new_id(), at=self.at)
        else:
            made = make_dossier(self.ward, at=self.at, code=RESIDENCE, accept=kind == "accept")
        self.dossier_id = made.pk
        self.look()
        self.check_standing()

    def time_passes(self, chance: Random) -> None:
        pause = chance.choice(PAUSES)
        self.at += pause
        self.said.append(f"{pause} later")

    def somebody_does_what_is_offered(self, chance: Random) -> None:
        for act in chance.sample(KNOWN, len(KNOWN)):
            may = self.who_may(act) if act not in ENDINGS or chance.random() < 0.2 else []
            if may:
                return self.try_out(act, chance.choice(may), chance)
        return None

    def the_desk_does_its_work(self, chance: Random) -> None:
        """Without this, few sequences would come to a result."""
        act = MAIN_ACTS.get(Desk(self.dossier.desk), "")
        if act in KNOWN and self.who_may(act):
            self.try_out(act, chance.choice(self.who_may(act)), chance)

    def anybody_tries_anything(self, chance: Random) -> None:
        self.try_out(chance.choice(KNOWN), chance.choice([*self.officers(), self.cast.stranger]), chance)

    def request_comes_again(self, chance: Random) -> None:
        if self.done:
            before, events = row_of(self.dossier), self.events()

            again = self.send(chance.choice(self.done))

            assert (row_of(again), self.events()) == (before, events)

    def request_is_used_for_something_else(self, chance: Random) -> None:
        if self.done:
            done, events = chance.choice(self.done), self.events()
            other = Done("withdraw", done.officer, done.request_id, self.at, {"reason": "Một việc khác"})

            with pytest.raises((RequestConflict, NotFound)):
                self.send(other)

            assert self.events() == events

    # ---- what is looked at

    def who_may(self, act: str) -> list[Officer]:
        if self.dossier.desk not in RULES[act].desks:
            return []  # nobody, which needs no asking
        return [one for one in self.officers() if not objection(act, one, self.dossier, self.at)]

    def officers(self) -> list[Officer]:
        day = self.at.astimezone(VIETNAM).date()
        return [officer for until, officer in self.cast.here if until is None or day <= until]

    def look(self) -> None:
        self.dossier = Dossier.objects.get(pk=self.dossier_id)

    def events(self) -> int:
        return Event.objects.about(self.dossier_id).count()

    def send(self, done: Done, *, seen: int | None = None) -> Dossier:
        return ACTS[done.act](
            officer=done.officer,
            dossier_id=self.dossier_id,
            request_id=done.request_id,
            at=done.at,
            seen=seen,
            **done.arguments,
        )

    def try_out(self, act: str, officer: Officer, chance: Random) -> None:
        """Does the act, or is refused in words; either way nothing half-done is left behind."""
        arguments = CHOICES[act](Scene(self.ward, self.dossier, self.at, chance, self.cast.body))
        stale = chance.random() < 0.05
        seen = self.dossier.revision - stale
        asked = Done(act, officer, new_id(), self.at, arguments)
        self.said.append(f"{act} by {officer.code}{' on an old page' if stale else ''}: {arguments}")
        why_not = objection(act, officer, self.dossier, self.at)
        before, events, deadlines = row_of(self.dossier), self.events(), self.deadlines()
        try:
            self.send(asked, seen=seen)
        except (DossierError, ClockError) as refusal:
            self.look()
            assert row_of(self.dossier) == before
            assert (self.events(), self.deadlines()) == (events, deadlines)
            assert not Request.objects.filter(pk=asked.request_id).exists()
            self.check_refusal(refusal, act, why_not, stale=stale, officer=officer)
            return
        self.look()
        assert not why_not
        assert not stale or act in NOTES
        assert self.events() == events + 1
        self.check_change(act, before, deadlines)
        self.check_standing()
        self.done.append(asked)
        self.tally[act] += 1

    def check_refusal(
        self, refusal: Exception, act: str, why_not: str, *, stale: bool, officer: Officer
    ) -> None:
        """Who is not offered an act is refused it; who is offered it, is refused only for what they typed."""
        assert str(refusal) or isinstance(refusal, ClockError)
        if isinstance(refusal, Unacceptable):
            return  # what was typed is read first
        if not is_visible(officer, self.dossier):
            assert isinstance(refusal, NotFound if officer == self.cast.stranger else NotFound | NotAllowed)
        elif stale and act not in NOTES:
            assert isinstance(refusal, StaleDossier)
        elif why_not:
            assert not isinstance(refusal, StaleDossier | NotFound)
        elif act not in NOTES and act != "receive-opinion":  # these name a thing that may be gone
            assert not isinstance(refusal, NotAllowed), f"{act} was offered and then refused: {refusal}"

    def deadlines(self) -> list[tuple[int, datetime | None]]:
        return list(
            Deadline.objects.filter(dossier=self.dossier_id)
            .order_by("number")
            .values_list("number", "due_at")
        )

    def check_change(
        self, act: str, before: dict[str, Any], deadlines: list[tuple[int, datetime | None]]
    ) -> None:
        """The revision grows; the due moment moves with a new reading alone, which says why."""
        dossier, now = self.dossier, self.deadlines()
        assert dossier.revision == before["revision"] + (act not in NOTES)
        assert now[: len(deadlines)] == deadlines
        assert len(now) - len(deadlines) in (0, 1)
        if act in NOTES:
            return
        assert dossier.changed_at == self.at
        if dossier.due_at != before["due_at"]:
            assert len(now) == len(deadlines) + 1
        if before["base_due_at"] and act != "forward":  # the whole: it starts where it is competent
            assert dossier.base_due_at == before["base_due_at"]

    def check_standing(self) -> None:
        """Everything that must hold of a dossier, wherever it stands."""
        dossier = self.dossier
        assert dossier.desk in PLACES[State(dossier.state)]
        assert dossier.is_open == (dossier.finished_at is None)
        assert (dossier.state == State.RETURNED) == (dossier.returned_at is not None)
        assert bool(dossier.stop_ground) == (dossier.state == State.STOPPED)
        self.check_result()
        self.check_step()
        self.check_reading()
        self.check_beside()
        self.check_event()
        possibilities(self.officers()[dossier.revision % len(self.officers())], dossier, self.at)

    def check_result(self) -> None:
        dossier = self.dossier
        if dossier.phase_number:
            return  # another body's result was signed there
        decided = {Desk.CHECK, Desk.SIGNATURE, Desk.STAMP, Desk.HANDOVER, Desk.RETURN}
        if dossier.desk in decided:
            assert dossier.result_kind in (ResultKind.GRANTED, ResultKind.REFUSAL)
            assert dossier.proposed_by_id
        if dossier.desk in {Desk.STAMP, Desk.HANDOVER, Desk.RETURN}:
            assert dossier.approved_by_id
            assert dossier.approved_by_id != dossier.proposed_by_id
        if dossier.desk in {Desk.HANDOVER, Desk.RETURN} or dossier.state == State.RETURNED:
            assert dossier.result_number
        elif dossier.is_open:
            assert not dossier.result_number

    def check_step(self) -> None:
        """One open step, which is where the dossier lies; none once it is closed."""
        dossier = self.dossier
        steps = list(StepRun.objects.filter(dossier=dossier).order_by("number"))
        assert [step.number for step in steps] == list(range(1, dossier.step_number + 1))
        still = [step for step in steps if step.ended_at is None]
        if dossier.desk == Desk.CLOSED:
            assert (still, dossier.assignee_id, dossier.act_by) == ([], None, None)
            return
        [step] = still
        assert step.number == dossier.step_number
        for name in ("desk", "assignee_id", "act_by"):
            assert getattr(step, name) == getattr(dossier, name)
        assert (step.unit_id, step.role) == (dossier.desk_unit_id, dossier.desk_role)
        if dossier.desk == Desk.APPRAISAL:
            assert dossier.assignee_id

    def check_reading(self) -> None:
        """The due moment is that of the newest reading, whose last step says it."""
        dossier = self.dossier
        readings = list(Deadline.objects.filter(dossier=dossier).order_by("number"))
        assert len(readings) == dossier.reading_number
        if not readings:
            assert dossier.due_at is None
            return
        newest = readings[-1]
        assert newest.due_at == dossier.due_at
        reading = stored_reading(newest.steps, newest.due_at)
        assert reading.steps
        if dossier.due_at:
            ends = [step.end for step in reading.steps if step.effect == StepEffect.DUE]
            assert dossier.due_at in ends

    def check_beside(self) -> None:
        """Counts and marks on the dossier say what the rows beside it say."""
        dossier = self.dossier
        waiting = dossier.consultations.filter(answered_at=None, closed_at=None).count()
        assert dossier.opinions_open == waiting
        planned = list(Visit.objects.filter(dossier=dossier, recorded_at=None, replaced_at=None))
        assert [visit.pk for visit in planned] == ([dossier.visit_id] if dossier.visit_id else [])
        if dossier.desk == Desk.FORWARDED:
            [part] = dossier.phases.filter(ended_at=None)
            assert part.unit_id == dossier.desk_unit_id
        asked = dossier.supplements.filter(received_at=None).count()
        assert asked == (dossier.desk == Desk.WAITING) or dossier.desk == Desk.CLOSED
        assert dossier.supplements.count() == dossier.supplement_count
        ends = list(dossier.earlier_ends.order_by("number"))
        assert not dossier.is_correction or (dossier.is_open and ends[-1].act == "correct")
        if dossier.is_correction:
            assert dossier.due_at

    def check_event(self) -> None:
        """The last event that speaks of the dossier's standing speaks of this one."""
        dossier = self.dossier
        facts = [event.facts for event in Event.objects.about(dossier.pk) if "state" in event.facts][-1]
        said = {"state": facts["state"], "desk": facts["desk"], "due_at": facts.get("due_at")}
        assert said == {
            "state": int(dossier.state),
            "desk": str(dossier.desk),
            "due_at": utc_text(dossier.due_at),
        }


def utc_text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


@pytest.fixture
def cast(ward: Ward) -> Cast:
    """Each role once, one who holds three, a posted police officer who leaves, and people of the province."""
    police, many = make_user("Mẫu công an", "19975-police_officer"), make_user("Mẫu kiêm nhiệm", "19975-many")
    place = {"unit": ward.department, "valid_from": date(2025, 7, 1)}
    Duty.objects.create(user=police, role=Role.POLICE_OFFICER, valid_to=LEAVES_ON, **place)
    for role in (Role.SPECIALIST, Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER):
        Duty.objects.create(user=many, role=role, **place)
    ward.people[Role.POLICE_OFFICER] = police
    day = STARTS[0].date()
    here = [
        (LEAVES_ON if user == police else None, officer_of(user, day))
        for user in (*ward.people.values(), many)
    ]
    body = make_body(ward)
    decide_workflow(ward)
    here += [(None, body.officer(role)) for role in (Role.SPECIALIST, Role.HEAD_OF_DEPARTMENT, Role.CLERK)]
    stranger = make_ward("14758", "Hàm Rồng").officer(Role.COUNTER_OFFICER)
    return Cast(ward, body.unit, tuple(here), stranger)


@contextmanager
def put_back() -> Iterator[None]:
    """Each sequence leaves the database as it found it."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
        transaction.savepoint_commit(savepoint)  # or ten thousand of them would lie in one another


def fault_of(cast: Cast, steps: Sequence[Step], tally: Counter[str]) -> tuple[Exception | None, list[str]]:
    """What goes wrong in this sequence, and how it went."""
    walk = Walk(cast, tally)
    with put_back():
        try:
            for step in steps:
                walk.take(step)
            assert verify_chain(cast.ward.commune.code).findings == []
        except Exception as fault:  # noqa: BLE001  any fault is what this looks for
            return fault, walk.said
    return None, walk.said


def shortest(cast: Cast, steps: list[Step], fault: Exception) -> list[Step]:
    """The steps without those that the same kind of fault does not need."""
    place = len(steps) - 1
    while place > 0:
        fewer = steps[:place] + steps[place + 1 :]
        if type(fault_of(cast, fewer, Counter())[0]) is type(fault):
            steps = fewer
        place -= 1
    return steps


def test_random_acts_never_break_a_dossier(cast: Cast) -> None:
    tally: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + SEQUENCES):
        steps = sequence(seed)
        fault, _said = fault_of(cast, steps, tally)
        if fault:
            fault, said = fault_of(cast, shortest(cast, steps, fault), Counter())
            raise AssertionError(f"sequence {seed}: " + "\n  ".join(said)) from fault

    if SEQUENCES >= ENOUGH:
        assert [act for act in KNOWN if not tally[act]] == []
