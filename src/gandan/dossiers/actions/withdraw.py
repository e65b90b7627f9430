"""Withdraw at the person's request (công dân rút hồ sơ)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gandan.dossiers.actions.doing import doing, reason_text
from gandan.dossiers.models import Desk, Dossier, State
from gandan.organization.permissions import Officer


def withdraw(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, reason: str
) -> Dossier:
    """Ends the dossier because the person asks for it, before there is a result (118/2025/NĐ-CP art. 21)."""
    reason = reason_text(reason)
    content = {"reason": reason}
    with doing(
        "withdraw",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        before_due = deed.dossier.due_at
        deed.change(finished_at=at)
        deed.go_to(Desk.CLOSED, state=State.WITHDRAWN)
        deed.tell("withdrawn")
        left = int((before_due - at).total_seconds()) if before_due else 0
        deed.record({"seconds_before_due": left}, remark=reason)
    return deed.dossier
