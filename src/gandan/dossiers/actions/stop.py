"""Stop at the applicant's request (dừng giải quyết hồ sơ)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.dossiers.actions.doing import doing, minute_of, reason_text
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.models import Desk, Dossier, State, StopGround
from gandan.organization.permissions import Officer


def stop(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    asked_at: datetime,
    reason: str,
) -> Dossier:
    """Stops between the receipt and the decision, with the notice (Thông báo dừng giải quyết hồ sơ).

    That no decision and no result exists is looked at here, in the same transaction. Source: 118/2025/NĐ-CP
    art. 21; TT 03/2025/TT-VPCP art. 7.
    """
    reason = reason_text(reason)
    content = {"asked_at": asked_at, "reason": reason}
    with doing(
        "stop",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        accepted, due = deed.dossier.accepted_at, deed.dossier.due_at
        if accepted is None or not minute_of(accepted) <= asked_at <= at:
            raise Unacceptable(
                _("The request came after the receipt and not in the future. Check the day and the hour."),
                field="asked_at",
            )
        deed.change(finished_at=at, stop_ground=StopGround.ASKED)
        deed.go_to(Desk.CLOSED, state=State.STOPPED)
        deed.tell("stopped")
        deed.record(
            {
                "ground": str(StopGround.ASKED),
                "asked_at": asked_at,
                "seconds_before_due": int((due - at).total_seconds()) if due else 0,
            },
            remark=reason,
        )
    return deed.dossier
