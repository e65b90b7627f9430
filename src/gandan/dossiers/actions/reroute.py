"""Open dossiers go to the successor of a merged commune or unit (chuyển hồ sơ khi sắp xếp đơn vị): one act for each.

The order is the merger's; who decided it is the actor. Each act is recognised when it comes again, so that a run
that broke off goes on where it stopped. The dossier keeps code, tracking secret, place in the register and chain.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from gandan.calculus.canonical import Json
from gandan.calculus.rules import Reading
from gandan.dossiers import rerouting
from gandan.dossiers.actions.doing import Deed
from gandan.dossiers.desks import on_day
from gandan.dossiers.models import Call, Consultation, Desk, Dossier, OverdueWarning, PhaseRun
from gandan.dossiers.rerouting import Passing
from gandan.ledger import actions as ledger
from gandan.ledger import rows
from gandan.organization.mergers.actions import complete, count_moved
from gandan.organization.mergers.models import Merger
from gandan.organization.mergers.queries import heirs_of, sources_of, under_way
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.organization.queries import unit_of

log = logging.getLogger(__name__)
AT_ONCE = 200
# Rows beside a dossier that bear its commune, so that lists by commune find them.
BESIDE = (Consultation, OverdueWarning, Call)


@dataclass(frozen=True, slots=True)
class Progress:
    """What one round did, and whether anything is left of the mergers under way."""

    moved: int = 0
    completed: int = 0
    left: bool = False


def pass_on(at: datetime, *, most: int = AT_ONCE) -> Progress:
    """One round over the mergers under way: open dossiers first, then the archive; done again, nothing happens twice."""
    moved = completed = 0
    for merger in under_way(on_day(at)):
        passing = rerouting.passing_of(merger, sources_of(merger), heirs_of(merger))
        wanted = most - moved
        found = list(rerouting.open_first(rerouting.concerned(passing)).values_list("pk", flat=True)[:wanted])
        for dossier_id in found:
            re_route(dossier_id, merger, passing, at=at)
        moved += len(found)
        if len(found) == wanted:
            return Progress(moved, completed, left=True)
        complete(merger, communes=passing.sources, at=at)
        completed += 1
        log.info("merger complete merger=%s", merger.pk)
    return Progress(moved, completed)


def re_route(dossier_id: UUID, merger: Merger, passing: Passing, *, at: datetime) -> Dossier:
    """Passes one dossier on: its units, its desk, and its date where the successor's calendar makes it later."""
    with ledger.act(
        name="re-route",
        actor=merger.decided_by.code,
        at=at,
        request_id=uuid5(merger.pk, str(dossier_id)),
        content={"dossier": dossier_id, "merger": merger.pk},
        subject_id=dossier_id,
    ) as evidence:
        dossier = held(dossier_id)
        if evidence.repeated:
            return dossier
        deed = Deed("re-route", decider(merger), dossier, at, evidence)
        facts: dict[str, Json] = {"merger": merger.pk, "from_commune": dossier.commune_id}
        reading = rerouting.next_reading(dossier, passing, at)
        if dossier.due_at and reading:
            facts |= {"until": dossier.due_at, "date_moved": int(reading.due != dossier.due_at)}
        if dossier.base_due_at:
            facts["base_until"] = dossier.base_due_at
        pass_units(deed, passing)
        pass_desk(deed, passing, reading)
        if reading:
            deed.set_due(reading)
        if dossier.desk != Desk.CLOSED:
            deed.tell("re_routed")
        pass_beside(dossier, passing)
        count_moved(merger)
        deed.record({**facts, "to_commune": passing.successor.pk})
    return dossier


def held(dossier_id: UUID) -> Dossier:
    """The dossier, held until the act ends. Nobody's sight is asked: the order concerns all of the commune's."""
    dossier = rows.find(Dossier, dossier_id, lock=True)
    if dossier is None:
        raise Dossier.DoesNotExist(str(dossier_id))
    dossier.unit_received = unit_of(dossier.unit_received_id)
    dossier.unit_competent = unit_of(dossier.unit_competent_id)
    return dossier


def decider(merger: Merger) -> Officer:
    """Who decided the merger, as the one whose act it is; no duty is needed for what was decided then."""
    user = merger.decided_by
    return Officer(user.pk, user.code, user.full_name, ())


def pass_units(deed: Deed, passing: Passing) -> None:
    """The successor's units take the place of the old ones; the register in which the dossier stands stays."""
    dossier = deed.dossier
    for field in ("unit_received", "unit_competent", "unit_helped", "department"):
        heir = passing.heirs.get(getattr(dossier, f"{field}_id"))
        if heir:
            deed.change(**{field: heir})
    if passing.sources:
        deed.change(commune=passing.successor, origin=dossier.chain)


def pass_desk(deed: Deed, passing: Passing, reading: Reading | None) -> None:
    """The same desk in the successor's unit; who no longer handles it there gives it back to the head."""
    dossier = deed.dossier
    heir = passing.heirs.get(dossier.desk_unit_id) if dossier.desk_unit_id else None
    if dossier.desk == Desk.CLOSED or heir is None:
        return
    staying = rerouting.who_goes_on([dossier], passing, deed.at)
    desk, role, assignee = Desk(dossier.desk), dossier.desk_role, dossier.assignee
    if rerouting.needs_another_handler(dossier, staying):
        desk, role, assignee = Desk.ASSIGNMENT, Role.HEAD_OF_DEPARTMENT, None
    by_due = dossier.act_by == dossier.due_at and reading is not None
    deed.go_to(
        desk,
        unit=heir,
        role=role,
        assignee=assignee,
        act_by=reading.due if by_due and reading else dossier.act_by,
    )


def pass_beside(dossier: Dossier, passing: Passing) -> None:
    """What hangs on the dossier and is found by commune or by unit goes with it."""
    if passing.sources:
        for model in BESIDE:
            model._default_manager.filter(dossier=dossier).update(commune=passing.successor)
    if dossier.phase_number:
        for part in PhaseRun.objects.filter(dossier=dossier, ended_at=None, unit__in=list(passing.heirs)):
            part.unit = passing.heirs[part.unit_id]
            part.save(update_fields=["unit"])
