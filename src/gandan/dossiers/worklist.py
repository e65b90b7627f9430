"""My work today, read fast: the queries of `gandan.dossiers.queries`, compiled once (`gandan.ledger.prepared`)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet, Value
from django.utils.dateparse import parse_datetime

from gandan.accounts.models import User
from gandan.catalogue.models import ProcedureVersion
from gandan.dossiers import queries
from gandan.dossiers.conflicts import indexes_of
from gandan.dossiers.models import Desk, Dossier, Party
from gandan.dossiers.queries import DONE, ELSEWHERE, NOT_OURS, Bounds, CountOf, Counts
from gandan.ledger import prepared
from gandan.ledger.prepared import fetch, instance_of
from gandan.organization.models import Unit
from gandan.organization.permissions import Held, Officer
from gandan.ui.paging import beyond

Kind = TypeVar("Kind", bound=Model)
Shape = tuple[tuple[Any, int, int, bool], ...]

UNTIMED = (DONE,)  # lists that nobody's clock orders: the newest first
UNCOUNTED = (DONE, ELSEWHERE)
NOT_TO_DO = ", ".join(f"'{desk.value}'" for desk in NOT_OURS)
COUNTED = f"""
SELECT COUNT(CASE WHEN desk NOT IN ({NOT_TO_DO}) THEN 1 END),
       COUNT(CASE WHEN desk NOT IN ({NOT_TO_DO}) AND act_by < %s THEN 1 END),
       COUNT(CASE WHEN desk NOT IN ({NOT_TO_DO}) AND act_by >= %s AND act_by <= %s THEN 1 END),
       COUNT(CASE WHEN desk NOT IN ({NOT_TO_DO}) AND act_by > %s AND act_by < %s THEN 1 END),
       COUNT(CASE WHEN desk = 'waiting' THEN 1 END),
       COUNT(CASE WHEN desk = 'return' THEN 1 END),
       COUNT(CASE WHEN desk NOT IN ({NOT_TO_DO}) AND due_at <= %s THEN 1 END),
       COUNT(CASE WHEN reminded_step > 0 AND reminded_step = step_number THEN 1 END)
FROM ({{}}) seen"""  # noqa: S608  names of desks, constants of the code

OWN = (
    "id",
    "code",
    "official_code",
    "commune_id",
    "unit_competent_id",
    "version_id",
    "owner_id",
    "state",
    "desk",
    "desk_unit_id",
    "assignee_id",
    "act_by",
    "registered_at",
    "due_at",
    "extension_count",
    "finished_at",
    "changed_at",
    "result_kind",
    "result_number",
    "proposed_by_id",
    "visit_id",
    "step_number",
    "reminded_step",
)
JOINED = (
    "owner__name",
    "owner__kind",
    "owner__identity_index",
    "agent__identity_index",
    "version__name",
    "version__everyday_name",
    "assignee__full_name",
    "unit_competent__commune_id",
    "unit_competent__name",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: which list, whose, how late."""

    which: str
    scope: str
    when: str


# ---- the officer as values of a query ----------------------------------------------------------------------


def values_of(officer: Officer) -> tuple[Shape, list[prepared.Value]]:
    """The officer taken apart: the shape of the duties, and the values that stand in them.

    Which duty is one of a province belongs to the shape, for it decides about the text of the query.
    """
    units = list(dict.fromkeys(duty.unit_id for duty in officer.held))
    places = list(dict.fromkeys(duty.commune or duty.province for duty in officer.held))
    shape = tuple(
        (
            duty.role,
            units.index(duty.unit_id),
            places.index(duty.commune or duty.province),
            bool(duty.province),
        )
        for duty in officer.held
    )
    return shape, [officer.user_id, *units, *places]


def officer_from(shape: Shape, values: Sequence[Any]) -> Officer:
    """The officer put together again."""
    user_id, *others = values
    units = 1 + max(unit for _role, unit, _place, _provincial in shape)
    held = (
        Held(role, others[unit], "", others[units + place])
        if provincial
        else Held(role, others[unit], others[units + place])
        for role, unit, place, provincial in shape
    )
    return Officer(user_id, "", "", tuple(held))


# ---- figures -----------------------------------------------------------------------------------------------


def counts(officer: Officer, scope: str, limits: Bounds) -> Counts:
    """All figures in one query over at most 1,001 rows, the earliest first."""
    shape, values = values_of(officer)
    most = queries.COUNTED_EXACTLY + 1

    def build(*values: Any) -> QuerySet[Any, Any]:
        work = queries.work_of(officer_from(shape, values), scope)
        seen = work.exclude(desk=Desk.CLOSED).order_by("act_by")
        columns = ("desk", "act_by", "due_at", "reminded_step", "step_number")
        return seen.values_list(*columns)[:most]

    before = (limits.now, limits.now, limits.soon, limits.soon, limits.today, limits.warned)
    found = fetch(("figures", shape, scope, most), build, values, around=COUNTED, before=before)
    return Counts(*found[0]) if found else Counts(0, 0, 0, 0, 0, 0, 0, 0)


def count_calls(officer: Officer, at: datetime) -> int:
    """How many people of the officer's wards are to be telephoned now, up to 1,001."""
    shape, values = values_of(officer)

    def build(*values: Any) -> QuerySet[Any, Any]:
        *own, moment = values
        return queries.calls_waiting(officer_from(shape, own), moment).values_list("pk")

    key = ("calls", shape, queries.COUNTED_EXACTLY)
    found = fetch(key, build, [*values, at], around="SELECT COUNT(*) FROM ({}) waiting")
    return int(found[0][0]) if found else 0


# ---- rows --------------------------------------------------------------------------------------------------


def order_of(asked: Wanted) -> tuple[str, str]:
    return ("-registered_at", "-id") if asked.which in UNTIMED else ("act_by", "id")


def rows_of(
    officer: Officer, asked: Wanted, limits: Bounds, after: Sequence[Any] | None, most: int
) -> tuple[list[Dossier], int]:
    """The dossiers of the list after the values of a cursor, and how many calls are to be made. One query.

    Raises ValueError for a cursor that is none of ours.
    """
    shape, values = values_of(officer)
    moments: list[prepared.Value] = [limits.now, limits.soon, limits.today, limits.week, limits.warned]
    cursor = read_cursor(after) if after else []

    def build(*values: Any) -> QuerySet[Any, Any]:
        own, rest = values[: -len(moments) - len(cursor)], values[len(values) - len(moments) - len(cursor) :]
        return choose(officer_from(shape, own), asked, Bounds(*rest[:5]), list(rest[5:]))[:most]

    key: Hashable = ("rows", shape, asked, bool(cursor), most, queries.COUNTED_EXACTLY)
    rows = fetch(key, build, [*values, *moments, *cursor])
    return dossiers_from(rows), rows[0][-1] if rows else 0


def choose(officer: Officer, asked: Wanted, limits: Bounds, cursor: list[Any]) -> QuerySet[Any, Any]:
    """The list in its order; the last column counts the calls of the wards."""
    if asked.which == DONE:
        chosen = queries.done_in(officer)
    elif asked.which == ELSEWHERE:
        chosen = queries.elsewhere(officer)
    else:
        work = queries.in_list(queries.work_of(officer, asked.scope), asked.which)
        chosen = queries.in_group(work, asked.when, limits)
    order = order_of(asked)
    chosen = (chosen.filter(beyond(order, cursor)) if cursor else chosen).order_by(*order)
    calls = queries.calls_waiting(officer, limits.now)
    count = Value(0) if calls.query.is_empty() else CountOf(calls.values("pk"))
    return chosen.annotate(to_call=count).values_list(*OWN, *JOINED, "to_call")


def read_cursor(after: Sequence[Any]) -> list[prepared.Value]:
    """Moment and id of the last row of the page before."""
    moment, last = after
    at = parse_datetime(str(moment))
    if at is None or at.tzinfo is None:
        raise ValueError("no moment")
    return [at, UUID(str(last))]


def dossiers_from(rows: Iterable[tuple[Any, ...]]) -> list[Dossier]:
    """The dossiers of the rows; a version, a unit or an officer that stands in several rows is made once."""
    made: dict[tuple[type[Model], Any], Model] = {}

    def one(kind: type[Kind], names: Sequence[str], *values: Any) -> Kind:
        known = made.get((kind, values[0]))
        if known is None:
            known = made[kind, values[0]] = instance_of(kind, names, values)
        return cast(Kind, known)

    def dossier_of(row: tuple[Any, ...]) -> Dossier:
        own = dict(zip(OWN, row, strict=False))
        owner, kind, index, agent, name, everyday_name, officer, commune, unit = row[len(OWN) : -1]
        version, handler, competent = own["version_id"], own["assignee_id"], own["unit_competent_id"]
        dossier = instance_of(
            Dossier,
            own.keys(),
            own.values(),
            owner=instance_of(Party, ("id", "name", "kind"), (own["owner_id"], owner, kind)),
            version=one(ProcedureVersion, ("id", "name", "everyday_name"), version, name, everyday_name),
            unit_competent=one(Unit, ("id", "commune_id", "name"), competent, commune, unit),
            assignee=one(User, ("id", "full_name"), handler, officer) if handler else None,
        )
        dossier.party_indexes = indexes_of((index, agent or ""))  # or the guard would ask for each row
        return dossier

    return [dossier_of(row) for row in rows]
