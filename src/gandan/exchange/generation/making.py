"""Makes load: wards at work on all cores, their rows into the one database."""

from __future__ import annotations

import gc
import marshal
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection, wait
from typing import cast

from django.db import connection, connections
from django.utils.translation import gettext as _

from gandan.calculus.arrays import hours_of
from gandan.calculus.rules import VIETNAM, Calendar
from gandan.dossiers.models import Counter, Dossier
from gandan.exchange.errors import ExchangeError
from gandan.exchange.generation.filling import filling
from gandan.exchange.generation.history import Order, Written, history_of
from gandan.exchange.generation.moulds import moulds_of
from gandan.exchange.generation.wards import Ward, ready_wards
from gandan.ledger.load import Heads, hold_heads, move_heads
from gandan.organization.queries import calendar_of

LONGEST, SHORTEST = timedelta(days=365), timedelta(days=60)
A_DAY_OF_WORK = (
    10  # dossiers of a ward, at least: a small load is of the last months, so that some are under way
)
FEW = 2000  # dossiers; below it other processes cost more than they bring

A_DAY = timedelta(days=1)
Say = Callable[[int, int], None]
Start = Callable[[Heads, dict[str, int]], Iterator[Written]]


class NothingToCount(ExchangeError):
    """No working day with a published calendar lies in the time in which the wards were at work."""


@dataclass(slots=True)
class Load:
    """What was made."""

    communes: list[str]
    dossiers: int = 0
    events: int = 0
    rows: int = 0
    seconds: float = 0

    @property
    def a_minute(self) -> int:
        return round(self.dossiers / self.seconds * 60) if self.seconds else 0


def make(
    *, dossiers: int, seed: int, now: datetime, communes: Sequence[str] = (), say: Say | None = None
) -> Load:
    """Writes so many dossiers with all their acts up to `now` into the wards named, and returns what it wrote.

    The same seed, moment and database give the same dossiers, but for what the installation's own keys make of
    them. Raises ExchangeError where a ward cannot be used, and what the database raises.
    """
    began = time.monotonic()
    wards = ready_wards(communes, now - LONGEST, now, seed)
    load = Load([ward.code for ward in wards])
    orders = [order_of(ward, part, seed, now) for ward, part in shared(wards, dossiers)]
    many = dossiers > Dossier.objects.count()
    with workers(orders) as start, filling(many=many) as into:
        heads, numbers = hold_heads(load.communes), dict(Counter.objects.values_list("scope", "number"))
        known = dict(numbers)
        for written in start(heads, numbers):
            into.write(written.rows)
            load.dossiers += written.dossiers
            load.events += written.events
            heads |= written.heads
            numbers |= written.counters
            if say:
                say(load.dossiers, dossiers)
        move_heads(heads)
        keep_numbers(numbers, known)
        load.rows = into.rows
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    load.seconds = time.monotonic() - began
    return load


def order_of(ward: Ward, dossiers: int, seed: int, now: datetime) -> Order:
    """What is to be written for the ward: since everybody is there, and since its office hours are as they are now."""
    span = min(max(timedelta(days=dossiers / A_DAY_OF_WORK), SHORTEST), LONGEST)
    since = max(ward.since, (now - span).astimezone(VIETNAM).date())
    calendar, first = calendar_since(ward, since, now.astimezone(VIETNAM).date())
    begins = datetime.combine(first, datetime.min.time(), VIETNAM)
    moulds = moulds_of(ward, begins, now, seed)
    if not hours_of(calendar).runs or not moulds:
        raise nothing_to_count(ward)
    return Order(ward, moulds, calendar, dossiers, first, now, seed)


def calendar_since(ward: Ward, since: date, last: date) -> tuple[Calendar, date]:
    """The ward's calendar of today, and the first day from which on it held."""
    calendar, first = calendar_of(ward.centre, on=last), last
    while first > since and calendar_of(ward.centre, on=first - A_DAY) is calendar:
        first -= A_DAY
    return calendar, first


def nothing_to_count(ward: Ward) -> NothingToCount:
    message = _(
        "In commune %(code)s nothing can be counted: no published calendar, or no procedure in force."
    )
    return NothingToCount(message % {"code": ward.code})


def shared(wards: Sequence[Ward], dossiers: int) -> list[tuple[Ward, int]]:
    """As many dossiers for one ward as for the other."""
    part, rest = divmod(dossiers, len(wards))
    return [(ward, part + (number < rest)) for number, ward in enumerate(wards) if part + (number < rest)]


def keep_numbers(numbers: dict[str, int], known: dict[str, int]) -> None:
    """The running numbers go on after those that were given out here."""
    changed = [Counter(scope=scope, number=n) for scope, n in numbers.items() if known.get(scope) != n]
    Counter.objects.bulk_create(
        changed, batch_size=1000, update_conflicts=True, unique_fields=["scope"], update_fields=["number"]
    )


# ---- processes ---------------------------------------------------------------------------------------------


@contextmanager
def workers(orders: Sequence[Order]) -> Iterator[Start]:
    """Starts processes that write histories once they are told heads and numbers; for few dossiers none at all.

    They are made before the transaction begins, and no connection to the database is open then: a process that
    inherits one would speak on it, or end it, for both.
    """
    count = min(len(orders), os.cpu_count() or 1)
    if count < 2 or sum(order.dossiers for order in orders) < FEW:
        yield lambda heads, numbers: (part for order in orders for part in parts_of(order, heads, numbers))
        return
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    ends = [fork.Pipe() for _worker in range(count)]
    processes = [
        fork.Process(target=work, args=(theirs, orders[number::count]), daemon=True)
        for number, (_ours, theirs) in enumerate(ends)
    ]
    for process, (_ours, theirs) in zip(processes, ends, strict=True):
        process.start()
        theirs.close()
    try:
        yield lambda heads, numbers: gathered([ours for ours, _theirs in ends], heads, numbers)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def work(pipe: Connection, orders: Sequence[Order]) -> None:
    """One process: waits for heads and numbers, then sends blocks of rows, an empty message at the end."""
    connections.close_all()
    gc.disable()  # rows have no circles, and looking for some costs a tenth of the time
    heads, numbers = marshal.loads(pipe.recv_bytes())  # noqa: S302  from our own parent
    for order in orders:
        for part in parts_of(order, heads, numbers):
            pipe.send_bytes(marshal.dumps((part.rows, part.dossiers, part.events, part.heads, part.counters)))
    pipe.send_bytes(b"")
    os._exit(0)  # nothing that was inherited is tidied up here


def gathered(pipes: list[Connection], heads: Heads, numbers: dict[str, int]) -> Iterator[Written]:
    """What the processes write, as it comes. Raises EOFError if one of them dies."""
    for pipe in pipes:
        pipe.send_bytes(marshal.dumps((heads, numbers)))
    while pipes:
        for ready in wait(pipes):
            pipe = cast(Connection, ready)
            message = pipe.recv_bytes()
            if message:
                yield Written(*marshal.loads(message))  # noqa: S302  from our own children
            else:
                pipes.remove(pipe)


def parts_of(order: Order, heads: Heads, numbers: dict[str, int]) -> Iterator[Written]:
    order.head, order.counters = heads[order.ward.code], dict(numbers)
    return history_of(order)
