"""One ward's whole history: its plan, carried out act by act, handed over in blocks of rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np

from gandan.calculus.rules import Calendar, Source
from gandan.dossiers.models import ResultKind
from gandan.exchange.generation.acts import NEXT_DESK, Acts, NotNow
from gandan.exchange.generation.lives import Life, moment
from gandan.exchange.generation.moulds import Mould
from gandan.exchange.generation.plan import Choice, Plan, plan_of
from gandan.exchange.generation.rows import Block
from gandan.exchange.generation.scripts import ALL
from gandan.exchange.generation.wards import Ward
from gandan.ledger.load import Heads

BLOCK = 4000  # acts between two handovers of rows


@dataclass(slots=True)
class Order:
    """What is to be written for one ward: how many dossiers, between which moments, after which head and numbers."""

    ward: Ward
    moulds: Sequence[Mould]
    calendar: Calendar
    dossiers: int
    since: date
    now: datetime
    seed: int
    head: tuple[int, str] = (0, "")
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def chance(self) -> str:
        """Where chance begins: another order, or another state of the chain, gives other dossiers."""
        return f"{self.seed}-{self.ward.code}-{self.head[0]}"


@dataclass(frozen=True, slots=True)
class Written:
    """A part of a ward's history: rows; after the last part also head and numbers."""

    rows: Block
    dossiers: int = 0
    events: int = 0
    heads: Heads = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)


def history_of(order: Order) -> Iterator[Written]:
    """Writes the ward's history in the order of time. Raises NoTime."""
    random = np.random.default_rng(zlib.crc32(order.chance.encode()))
    choices = [choice_of(mould, order.moulds) for mould in order.moulds]
    nameless = replace(
        order.calendar, name="", source=Source("")
    )  # so that wards with the same hours share their tables
    plan = plan_of(order.dossiers, choices, nameless, order.since, order.now, random)
    acts = Acts(order.ward, order.calendar, order.head, order.counters, order.chance, order.now)
    yield from carried_out(plan, order.moulds, acts)


def choice_of(mould: Mould, moulds: Sequence[Mould]) -> Choice:
    """The mould as the plan sees it; the variants of a matter share its weight."""
    variants = sum(one.matter is mould.matter and one.channel == mould.channel for one in moulds)
    return Choice(
        weight=mould.matter.weight / variants,
        rule=mould.rule,
        channel=str(mould.channel),
        immediate=mould.immediate,
        allotted=tuple((act, mould.hours[desk]) for act, desk in NEXT_DESK.items() if mould.hours[desk]),
    )


def carried_out(plan: Plan, moulds: Sequence[Mould], acts: Acts) -> Iterator[Written]:
    """Does what is planned; a dossier's row is written when nothing more happens to it."""
    last = np.zeros(len(plan.moulds), dtype=np.int64)
    last[plan.dossier] = np.arange(len(plan.dossier))  # the place of each dossier's last act
    mould_of, script_of, due_of, last_of = (
        column.tolist() for column in (plan.moulds, plan.scripts, plan.due, last)
    )
    lives: dict[int, Life] = {}
    stopped: set[int] = set()
    for start in range(0, len(plan.dossier), BLOCK):
        here = slice(start, start + BLOCK)
        columns = (plan.dossier[here], plan.beat[here], plan.moment[here], plan.step_due[here])
        done, events = 0, acts.seq
        for place, (dossier, beat, number, by) in enumerate(
            zip(*(c.tolist() for c in columns), strict=True), start
        ):
            script, at = ALL[script_of[dossier]], moment(number)
            act = script.beats[beat].act
            if beat == 0:
                mould = moulds[mould_of[dossier]]
                lives[dossier] = acts.begin(act, mould, at, due_of[dossier], ResultKind(script.result))
                done += 1
            elif dossier not in stopped:
                try:
                    acts.do(act, lives[dossier], at, due_of[dossier] if act == "accept-registered" else by)
                except NotNow:
                    stopped.add(dossier)
            if last_of[dossier] == place:
                acts.close_book(lives.pop(dossier))
        yield Written(acts.taken(), done, acts.seq - events)
    yield Written({}, heads={acts.ward.code: (acts.seq, acts.hash)}, counters=acts.counters)
