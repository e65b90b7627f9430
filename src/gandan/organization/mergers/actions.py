"""The acts of a merger: decide it, and say that all work has been passed on.

The acts close and open units, move duties and write the lineage. Open dossiers move afterwards, one act each
(`dossiers.actions.reroute`), because a room below knows nothing of dossiers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import F
from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import Json
from gandan.calculus.rules import VIETNAM
from gandan.law import cache
from gandan.law.bases import CELL, cleaned_basis, record
from gandan.ledger import actions as ledger
from gandan.organization.actions.staff import DutyWish, store_duty, store_end
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.loading import searchable
from gandan.organization.mergers.models import DutyChoice, MergedCommune, MergedUnit, Merger, MergerKind
from gandan.organization.mergers.planning import Plan, UnitMove, duties_of, plan_communes, plan_units
from gandan.organization.models import Commune, Duty, Predecessor, Role, Share, Unit
from gandan.organization.permissions import Officer, require_administration
from gandan.organization.queries import CALENDAR, forget_units


def merge_communes(
    sources: Sequence[Commune],
    successor: Commune,
    *,
    document: str,
    effective_on: date,
    ending: Collection[str] = (),
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Merger:
    """Merges communes into one, on a document (sáp nhập đơn vị hành chính cấp xã); for the province's administrator.

    `successor` may be new: then it is saved with its usual units. Old units work until the day before, their
    duties move or end with them (`ending`: codes of units). Raises Refused, NotCompetent, BasisMissing.
    """
    asked = {
        "sources": sorted(one.pk for one in sources),
        "successor": successor.pk,
        "name": successor.full_name,
        "document": document,
        "effective_on": effective_on,
        "ending": sorted(ending),
    }
    with ledger.act(
        name="merge-communes", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Merger.objects.get(pk=str(evidence.outcome["merger"]))
        require_administration(officer, successor.province)
        held = list(
            Commune.objects.select_for_update().filter(pk__in=[one.pk for one in sources]).order_by("pk")
        )
        plan = plan_communes(held, successor, effective_on=effective_on, today=day_of(at), ending=ending)
        merger = carry_out(evidence, plan, officer, cleaned_basis(document))
        write_lineage(merger, plan)
        evidence.done(merger=str(merger.pk))
    forget_units()
    cache.changed(CALENDAR)
    return merger


def merge_units(
    olds: Sequence[Unit],
    into: Unit,
    *,
    document: str,
    effective_on: date,
    ending: Collection[str] = (),
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Merger:
    """Merges units of one commune into another unit of it (sắp xếp bộ phận). Raises like `merge_communes`."""
    asked = {
        "units": sorted(unit.code for unit in olds),
        "into": into.pk,
        "document": document,
        "effective_on": effective_on,
        "ending": sorted(ending),
    }
    with ledger.act(
        name="merge-units", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Merger.objects.get(pk=str(evidence.outcome["merger"]))
        require_administration(officer, into.own_commune)
        held = list(
            Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in olds]).order_by("code")
        )
        plan = plan_units(held, into, effective_on=effective_on, today=day_of(at), ending=ending)
        merger = carry_out(evidence, plan, officer, cleaned_basis(document))
        closing = [unit.pk for unit in olds]
        Unit.objects.filter(parent__in=closing).exclude(pk__in=closing).update(parent=into)
        evidence.done(merger=str(merger.pk))
    forget_units()
    return merger


def day_of(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


# ---- rows and events -----------------------------------------------------------------------------------------


def carry_out(evidence: ledger.Act, plan: Plan, officer: Officer, basis: str) -> Merger:
    """Saves what the plan says; one event in the chain of each commune, and one in the cell's."""
    decider = User.objects.filter(pk=officer.user_id).first()
    if decider is None:
        raise NotCompetent(_("A merger is decided by a person who is signed in."))
    if plan.successor._state.adding:
        plan.successor.save()
    for unit in plan.opens:
        unit.save()
    merger = Merger.objects.create(
        kind=plan.kind,
        successor=plan.successor,
        document=basis,
        effective_on=plan.effective_on,
        starts_on=plan.starts_on,
        decided_by=decider,
        decided_at=evidence.at,
    )
    given = sum(move_duties(evidence, move, plan, officer, basis) for move in plan.moves)
    for move in plan.moves:
        close(move, plan, merger)
    record_decision(evidence, merger, plan, given, basis)
    return merger


def close(move: UnitMove, plan: Plan, merger: Merger) -> None:
    if move.old.opened_on > plan.last_day:
        raise Refused(_("“%(unit)s” would close before it opened.") % {"unit": move.old.name})
    move.old.closed_on = plan.last_day
    move.old.save(update_fields=["closed_on"])
    MergedUnit.objects.create(merger=merger, old=move.old, new=move.new, duties=move.duties)


def move_duties(evidence: ledger.Act, move: UnitMove, plan: Plan, officer: Officer, basis: str) -> int:
    """Ends the duties of a unit and, where they move, gives each anew in the other one; how many were given."""
    given = 0
    for duty in duties_of(move.old, plan.starts_on).select_related("user", "unit").order_by("pk"):
        until, begins = duty.valid_to, max(plan.starts_on, duty.valid_from)
        # What was to begin later cannot end before: it ends on its first day, in a unit that is closed by then.
        store_end(evidence, duty, max(plan.last_day, duty.valid_from), basis)
        if move.duties == DutyChoice.MOVE and not holds_already(duty, move.new, begins):
            wish = DutyWish(move.new, Role(duty.role), begins, until, duty.post, duty.fields)
            store_duty(evidence, duty.user, wish, officer, basis)
            given += 1
    return given


def holds_already(duty: Duty, unit: Unit, day: date) -> bool:
    """True for who has the same role in the new unit anyway."""
    same = Duty.objects.after(day, included=True)
    return same.filter(user=duty.user, unit=unit, role=duty.role).exists()


def record_decision(evidence: ledger.Act, merger: Merger, plan: Plan, given: int, basis: str) -> None:
    """What was decided: whole in the cell's chain, and in each commune's own what concerns it."""
    act = "merge-communes" if plan.kind == MergerKind.COMMUNES else "merge-units"
    facts: dict[str, Json] = {
        "successor": plan.successor.pk,
        "from": plan.starts_on,
        "communes": [one.pk for one in plan.sources],
        "units": [move.old.code for move in plan.moves],
        "opened": [unit.code for unit in plan.opens],
        "duties_moved": given,
    }
    chains = [CELL, *sorted({*(one.pk for one in plan.sources), plan.successor.pk})]
    for chain in chains:
        record(
            evidence,
            chain=chain,
            act=act,
            subject_kind="merger",
            subject_id=merger.pk,
            document=basis,
            body=facts,
        )


def write_lineage(merger: Merger, plan: Plan) -> None:
    """Each old commune, and whatever it was made of, leads to the successor from now on."""
    for source in plan.sources:
        MergedCommune.objects.create(merger=merger, commune=source)
        source.merged_into, source.merged_on = plan.successor, plan.starts_on
        source.save(update_fields=["merged_into", "merged_on"])
        rows = [lineage_of(source, merger), *(heired(row, merger) for row in source.predecessors.all())]
        Predecessor.objects.bulk_create(rows, ignore_conflicts=True)


def lineage_of(source: Commune, merger: Merger) -> Predecessor:
    return Predecessor(
        old_code=source.pk,
        old_name=source.full_name,
        old_province=source.province.full_name,
        successor=merger.successor,
        share=Share.WHOLE,
        search_text=searchable(source.full_name, source.province.full_name),
        merger=merger,
        valid_from=merger.starts_on,
    )


def heired(row: Predecessor, merger: Merger) -> Predecessor:
    """What a merged commune was made of is now part of the successor."""
    return Predecessor(
        old_code=row.old_code,
        old_name=row.old_name,
        old_district=row.old_district,
        old_province=row.old_province,
        successor=merger.successor,
        share=row.share,
        search_text=row.search_text,
        merger=merger,
        valid_from=merger.starts_on,
    )


# ---- afterwards ----------------------------------------------------------------------------------------------


def count_moved(merger: Merger) -> None:
    """One more dossier has been passed on; inside its act."""
    Merger.objects.filter(pk=merger.pk).update(moved=F("moved") + 1)


def complete(merger: Merger, *, communes: Sequence[str], at: datetime) -> Merger:
    """All dossiers have been passed on: the chain of each old commune says so and names the successor.

    Done once; a repeat changes nothing. The actor is who decided the merger.
    """
    request_id = uuid5(merger.pk, "complete")
    with ledger.act(
        name="complete-merger",
        actor=merger.decided_by.code,
        at=at,
        request_id=request_id,
        content={"merger": merger.pk},
    ) as evidence:
        merger = Merger.objects.select_for_update().get(pk=merger.pk)
        if evidence.repeated:
            return merger
        merger.completed_at = at
        merger.save(update_fields=["completed_at"])
        for chain in [CELL, *sorted({*communes, merger.successor_id})]:
            record(
                evidence,
                chain=chain,
                act="complete-merger",
                subject_kind="merger",
                subject_id=merger.pk,
                document=merger.document,
                body={"successor": merger.successor_id, "moved": merger.moved},
            )
    return merger
