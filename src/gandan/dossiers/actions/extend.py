"""Apologise and give a new date (xin lỗi và đề nghị gia hạn)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import ClockAct, ClockEvent
from gandan.dossiers import clock, desks
from gandan.dossiers.actions.doing import doing, reason_text
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.models import Dossier, Extension
from gandan.organization.permissions import Officer


def apologise_and_extend(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    reason: str,
    new_due_at: datetime,
) -> Dossier:
    """Written apology with the reason and a new date: once, and at least one day before the due date.

    In time, the legal due moment moves. Too late, the apology is still owed and recorded, with the date as a
    promise: the legal due moment stays, and the dossier counts as late. Source: 118/2025/NĐ-CP art. 19.6.
    """
    reason = reason_text(reason)
    content = {"reason": reason, "new_due_at": new_due_at}
    with doing(
        "extend",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        dossier, due = deed.dossier, deed.dossier.due_at
        if due is None or new_due_at <= max(due, at):
            raise not_later()
        in_time = at <= desks.apology_by(dossier)
        if in_time:
            reading = clock.read(dossier, further=[ClockEvent(ClockAct.EXTEND, at, until=new_due_at)], at=at)
            if reading.due is None or reading.due <= due:
                raise not_later()  # later the same day: the limit ends when the office closes, as before
            deed.set_due(reading)
            deed.change(extension_count=dossier.extension_count + 1)
            new_due_at = reading.due
        else:
            deed.change(promised_at=new_due_at)
        Extension.objects.create(
            dossier=dossier,
            reason=reason,
            old_due_at=due,
            new_due_at=new_due_at,
            in_time=in_time,
            by_id=officer.user_id,
            at=at,
        )
        deed.tell("apology", {"new_due_at": new_due_at})
        facts: dict[str, Json] = {"in_time": int(in_time)}
        facts["until" if in_time else "promised"] = new_due_at
        deed.record(facts, remark=reason, to_citizen=True)
    return deed.dossier


def not_later() -> Unacceptable:
    return Unacceptable(
        _("The new date must lie after the present one, and in the future."), field="new_due_at"
    )
