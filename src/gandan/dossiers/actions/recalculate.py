"""Recalculation is an act (tính lại hạn): one for each dossier, when a rule or the calendar changed meanwhile.

Nothing recalculates by itself. Somebody looks at what would move (`gandan.dossiers.dry_run`), then says so: the clock
is read anew, the steps are kept beside the earlier ones, and the event names the dated rows that came and went.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import Reading
from gandan.dossiers.actions.doing import Deed
from gandan.dossiers.dry_run import Moved, difference, facts_of, out_of_date
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.models import Deadline, Dossier, StepRun
from gandan.dossiers.permissions import with_reference_rows
from gandan.law.bases import cleaned_basis
from gandan.ledger import actions as ledger
from gandan.ledger import rows
from gandan.organization.permissions import Officer

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What one round did; `after` is the cursor behind it, none once every open dossier was looked at."""

    done: int
    after: tuple[str, UUID] | None


def recalculate_out_of_date(
    communes: Sequence[str],
    *,
    officer: Officer,
    document: str,
    request_id: UUID,
    at: datetime,
    after: tuple[str, UUID] | None = None,
    most: int = AT_ONCE,
) -> Recalculated:
    """One round: recalculates the next dossiers whose stored dates are not what the clock says now.

    Each is an act of its own, recognised when the round comes again. NotAllowed, and BasisMissing of the law.
    """
    basis = cleaned_basis(document)
    looks = (look for look in out_of_date(communes, at=at, after=after) if look.moved)
    found = list(islice(looks, most))
    for look in found:
        recalculate(look.key[1], officer=officer, document=basis, request_id=request_id, at=at)
    return Recalculated(len(found), found[-1].key if len(found) == most else None)


def recalculate(
    dossier_id: UUID, *, officer: Officer, document: str, request_id: UUID, at: datetime
) -> Dossier:
    """Reads the clock of one dossier anew and takes over what it says; the person is told of a later date.

    Nothing is recorded where nothing differs. `request_id` is the round's; the dossier's own is made of it.
    """
    with ledger.act(
        name="recalculate",
        actor=officer.code,
        at=at,
        request_id=uuid5(request_id, str(dossier_id)),
        content={"dossier": dossier_id, "document": document},
        subject_id=dossier_id,
    ) as evidence:
        dossier = rows.find(Dossier, dossier_id, lock=True)
        if dossier is None:
            raise Dossier.DoesNotExist(str(dossier_id))
        with_reference_rows(dossier)
        if evidence.repeated:
            return dossier
        require_recalculation(officer, dossier)
        moved = difference(dossier, facts_of([dossier])[dossier.pk], at)
        if moved is not None and dossier.is_open and dossier.changed_at <= at:
            _take_over(Deed("recalculate", officer, dossier, at, evidence), moved, document)
    return dossier


def require_recalculation(officer: Officer, dossier: Dossier) -> None:
    """NotAllowed unless the officer administers the commune, or confirms the law of the country."""
    if not (officer.confirms_law or officer.administers(dossier.commune)):
        raise NotAllowed(_("Recalculating is for the administrator of the commune and the legal officer."))


def _take_over(deed: Deed, moved: Moved, document: str) -> None:
    before, after = moved.before, moved.after
    facts: dict[str, Json] = {}
    if before.due_at:
        facts["due_before"] = before.due_at
    if moved.due_moves and after.reading is not None:
        facts |= changed_rows(deed.dossier, after.reading)
        deed.set_due(after.reading)
    if before.act_by != after.act_by:
        deed.change(act_by=after.act_by)
        StepRun.objects.filter(dossier=deed.dossier, ended_at=None).update(act_by=after.act_by)
    if moved.seconds > 0 and after.due_at:
        deed.tell("date_moved", {"due_at": after.due_at})
    deed.record(facts, remark=document)


def changed_rows(dossier: Dossier, reading: Reading) -> dict[str, Json]:
    """The dated rows from which the new date is counted and the last one was not, and the other way round."""
    last = Deadline.objects.filter(dossier=dossier).order_by("-number").first()
    before = set(json.loads(last.law_rows)) if last else set()
    now = set(reading.rows)
    return {"rows": sorted(now - before), "rows_gone": sorted(before - now)}
