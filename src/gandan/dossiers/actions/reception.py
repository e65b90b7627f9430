"""Accept or refuse what was only registered (tiếp nhận, từ chối tiếp nhận)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gandan.dossiers import desks
from gandan.dossiers.actions.doing import doing, reason_text
from gandan.dossiers.actions.take_in import first_reading
from gandan.dossiers.models import Desk, Dossier, State
from gandan.organization.models import Role
from gandan.organization.permissions import Officer


def accept(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """Accepts a registered dossier as complete and correct: the clock starts now (118/2025/NĐ-CP art. 17.3)."""
    with doing(
        "accept", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        answer = desks.answered(deed.dossier, at)
        reading = first_reading(deed.dossier.case, deed.dossier.unit_competent, at)
        deed.set_due(reading)
        deed.change(accepted_at=at)
        unit = deed.dossier.unit_received
        deed.go_to(
            Desk.TRANSFER,
            unit=unit,
            role=Role.COUNTER_OFFICER,
            act_by=desks.transfer_by(unit, at),
            state=State.ACCEPTED,
        )
        deed.tell("accepted", {"due_at": reading.due} if reading.due else None)
        deed.record(answer)
    return deed.dossier


def refuse(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, reason: str
) -> Dossier:
    """Refuses a registered dossier with the reason in writing (Phiếu từ chối; 118/2025/NĐ-CP art. 17.1c)."""
    reason = reason_text(reason)
    content = {"reason": reason}
    with doing(
        "refuse",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.change(finished_at=at)
        deed.go_to(Desk.CLOSED, state=State.REFUSED)
        deed.tell("refused")
        deed.record(desks.answered(deed.dossier, at), remark=reason, to_citizen=True)
    return deed.dossier
