"""Remind the colleague at whose desk a dossier lies (nhắc việc)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gandan.calculus.canonical import Json
from gandan.dossiers.actions.doing import doing
from gandan.dossiers.models import Dossier
from gandan.ledger import rows
from gandan.organization.permissions import Officer


def remind(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """Shows the dossier as reminded in the list of whoever has it, once a day at most, and keeps who reminded whom.

    Nothing of the dossier changes: whoever is at work on it just now must not be told to begin again.
    """
    with doing(
        "remind", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=None
    ) as deed:
        if deed.repeated:
            return deed.dossier
        dossier = deed.dossier
        rows.update(Dossier, {"reminded_step": dossier.step_number}, {"id": dossier.pk})
        facts: dict[str, Json] = {
            "step": dossier.step_number,
            "reminded_unit": dossier.desk_unit.code if dossier.desk_unit else "",
        }
        if dossier.assignee:
            facts["reminded"] = dossier.assignee.code
        deed.note(facts)
    return deed.dossier
