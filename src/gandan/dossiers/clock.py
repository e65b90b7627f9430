"""The clock of one dossier: its rule, its calendar and its events go in, a reading with its steps comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from gandan.calculus.clock import own_term, read_clock
from gandan.calculus.rules import (
    VIETNAM,
    Calendar,
    ClockAct,
    ClockEvent,
    IndexClock,
    Mark,
    Reading,
    Source,
    Start,
    TimeRule,
)
from gandan.calculus.sources import ONE_STOP, Grounds
from gandan.calculus.storing import steps_text as steps_text
from gandan.calculus.storing import stored_reading as stored_reading
from gandan.catalogue.expected import law_holds
from gandan.catalogue.grounds import grounds_from
from gandan.catalogue.lapsing import rule_on
from gandan.catalogue.models import ProcedureCase
from gandan.dossiers.models import Dossier, Lane
from gandan.law.queries import value_at
from gandan.law.shipped import LawRowMissing
from gandan.ledger.models import Event
from gandan.organization.mergers.models import Merger
from gandan.organization.models import Unit as Office
from gandan.organization.queries import calendar_of

CLOCK_ACTS = {
    "accept": ClockAct.ACCEPT,
    "forward": ClockAct.COMPETENT_RECEIVE,
    "request-supplement": ClockAct.REQUEST_SUPPLEMENT,
    "receive-supplement": ClockAct.RECEIVE_SUPPLEMENT,
    "extend": ClockAct.EXTEND,
    "refuse": ClockAct.REFUSE,
    "close": ClockAct.STOP,
    "stop": ClockAct.STOP,
    "reopen": ClockAct.REOPEN,
    "withdraw": ClockAct.WITHDRAW,
    "finish": ClockAct.FINISH,
    "return": ClockAct.RETURN,
    "re-route": ClockAct.RE_ROUTE,
}

# The letter names the term; the law gives no figure.
OPINION = Source(ONE_STOP, "khoản 4 Điều 19")

# What the time limit was last counted from: the office hours of that day hold.
STARTS = (ClockAct.ACCEPT, ClockAct.COMPETENT_RECEIVE, ClockAct.RECEIVE_SUPPLEMENT, ClockAct.RE_ROUTE)


def rule_of(case: ProcedureCase, *, on: date | None = None, non_geographic: bool = False) -> TimeRule | None:
    """The case's time limit; received outside its area the clock starts at the competent agency (118 art. 17.3).

    `on`: the day of reception, after which the law that the limit rests on may have ended.
    """
    rule = case.rule()
    if rule is not None and on is not None:
        rule = rule_on(rule, on, law_holds)
    if rule is not None and non_geographic:
        return replace(rule, start=Start.COMPETENT_RECEIVES)
    return rule


def clock_events(dossier_id: UUID) -> list[ClockEvent]:
    """The dossier's acts that move a clock, from its evidence. One query."""
    events = (
        Event.objects.about(dossier_id)
        .filter(act__in=CLOCK_ACTS)
        .only("act", "at", "seq", "body", "request_id")
    )
    return [as_clock_event(event) for event in events if moves_clock(event)]


def moves_clock(event: Event) -> bool:
    """False for papers that came incomplete: the person is still waited for (118/2025/NĐ-CP art. 19.5).

    False too for a part that was forwarded: only the whole moves the clock to the competent agency (art. 17.3).
    """
    if event.act == "forward":
        return bool(event.facts["whole"])
    return event.act != "receive-supplement" or bool(event.facts["complete"])


def as_clock_event(event: Event) -> ClockEvent:
    return ClockEvent(
        act=CLOCK_ACTS[event.act],
        at=event.at,
        until=moment_in(event, "until"),
        key=str(event.request_id),
        place=event.seq,
        source=merger_source(event) if event.act == "re-route" else None,
        base=moment_in(event, "base_until"),
    )


def moment_in(event: Event, name: str) -> datetime | None:
    """A moment among the facts of an event, if it is there."""
    told = event.facts.get(name)
    return datetime.fromisoformat(told) if told else None


def merger_source(event: Event) -> Source:
    """The document on which the dossier passed to a successor. One query, for such dossiers alone."""
    document = Merger.objects.values_list("document", flat=True).get(pk=event.facts["merger"])
    return Source(document, "", Mark.CONFIRMED)


def read(
    dossier: Dossier,
    *,
    further: Iterable[ClockEvent] = (),
    at: datetime,
    known: Iterable[ClockEvent] | None = None,
) -> Reading:
    """Reads the dossier's clock as its evidence stands, with `further` acts added. Raises the clock's own errors.

    `known`: its acts so far, where the caller has read those of many dossiers at once.
    """
    received = dossier.accepted_at or dossier.registered_at
    rule = rule_of(
        dossier.case,
        on=received.astimezone(VIETNAM).date(),
        non_geographic=dossier.unit_received.commune_id != dossier.unit_competent.commune_id,
    )
    if rule is None:
        raise ValueError(f"case {dossier.case_id} has no time rule")
    events = list(clock_events(dossier.id) if known is None else known)
    last = max((event.place for event in events), default=0)
    events += [replace(event, place=last + 1) for event in further]
    began = max((event.at for event in events if event.act in STARTS), default=received)
    calendar = calendar_of(dossier.unit_competent, on=began.astimezone(VIETNAM).date())
    return read_clock(rule, calendar, events, known_at=at, grounds=grounds_on(received))


def first_reading(
    case: ProcedureCase, calendar: Calendar, at: datetime, *, non_geographic: bool = False
) -> Reading | None:
    """What the clock says for a dossier accepted at `at`; None when the procedure has no usable time."""
    rule = rule_of(case, on=at.astimezone(VIETNAM).date(), non_geographic=non_geographic)
    if rule is None:
        return None
    return read_clock(rule, calendar, [ClockEvent(ClockAct.ACCEPT, at)], known_at=at, grounds=grounds_on(at))


def opinion_term(dossier: Dossier, asked: Office | None, days: int, at: datetime) -> Reading:
    """The term of a consultation, by the calendar of the unit that is asked, or else of who decides the dossier."""
    calendar = calendar_of(asked or dossier.unit_competent, on=at.astimezone(VIETNAM).date())
    return own_term(calendar, at, days, OPINION, grounds_on(at))


def reopened(dossier: Dossier, at: datetime) -> Reading:
    """What the clock says once a dossier that had ended goes on: no text gives it a new limit."""
    return read(dossier, further=[ClockEvent(ClockAct.REOPEN, at)], at=at)


def correction(dossier: Dossier, at: datetime) -> Reading:
    """By when a wrong result must be back corrected (118/2025/NĐ-CP art. 23); the index clock is the dossier's own.

    What was settled at once had no clock: there the index clock is what its row says.
    """
    day = at.astimezone(VIETNAM).date()
    law = value_at("correction.within", day)
    term = own_term(calendar_of(dossier.unit_competent, on=day), at, law.amount, law.source, grounds_on(at))
    if dossier.lane == Lane.IMMEDIATE:
        index = IndexClock(dossier.base_due_at, dossier.wait_seconds, dossier.finished_at, late=False)
    else:
        index = read(dossier, at=at).index
    return replace(term, index=index)


def grounds_on(at: datetime) -> Grounds:
    """The dated rows of the law that the steps name, as they hold on the day of reception. Warm, no query."""
    day = at.astimezone(VIETNAM).date()

    def source_of(key: str) -> Source | None:
        try:
            return value_at(key, day).source
        except LawRowMissing:
            return None

    return grounds_from(source_of)
