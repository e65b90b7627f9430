"""Take up again what had ended: a wrong result is corrected (đính chính), a closed dossier is reopened (mở lại)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.dossiers import clock, desks
from gandan.dossiers.actions.doing import Deed, doing, reason_text
from gandan.dossiers.actions.forward import insert, open_part
from gandan.dossiers.actions.processing import handles
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import Desk, Dossier, EarlierEnd, PhaseKind, ResultKind, State
from gandan.notifications.actions import drop_waiting
from gandan.organization.models import Role
from gandan.organization.permissions import Officer

FINISHED = (State.DONE, State.RETURNED)


def correct(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, reason: str
) -> Dossier:
    """The one-stop sends a result back that is wrong by the agency's fault; the person gets an apology and a date.

    The corrected result is due by a term of its own, 03 working days, and goes through check, signature and
    book again. The wrong one stays in the record; the index clock has stopped with it. Source: 118/2025/NĐ-CP art. 23.
    """
    reason = reason_text(reason)
    with doing(
        "correct",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content={"reason": reason},
    ) as deed:
        if deed.repeated:
            return deed.dossier
        drop_waiting("dossier", deed.dossier.id)  # "your result is ready" is no longer true
        end = keep_end(deed, reason)
        reading = clock.correction(deed.dossier, at)
        deed.set_due(reading)
        deed.change(is_correction=True)
        back_to_handler(deed)
        deed.tell("correction", {"due_at": reading.due} if reading.due else None)
        deed.record(earlier(end), remark=reason, to_citizen=True)
    return deed.dossier


def reopen(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    reason: str,
    basis: str,
) -> Dossier:
    """A leader's decision with its basis: the dossier goes on where it had stopped, and so does its clock.

    No text gives a new limit: the earlier date holds, also when it has passed (docs/decisions/0002-clock.md).
    """
    reason, basis = reason_text(reason), " ".join(basis.split())
    content = {"reason": reason, "basis": basis}
    with doing(
        "reopen",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        if not basis or len(basis) > 300:
            raise Unacceptable(
                _("Write the basis of the decision: number and date of the document, or the article."),
                field="basis",
            )
        drop_waiting("dossier", deed.dossier.id)
        end = keep_end(deed, reason, basis)
        if deed.dossier.accepted_at:
            deed.set_due(clock.reopened(deed.dossier, at))
        go_on(deed)
        deed.tell("reopened")
        basis_hash = content_hash(deed.dossier, {"basis": basis})
        deed.record({**earlier(end), "basis_hash": basis_hash}, remark=reason, to_citizen=True)
    return deed.dossier


def keep_end(deed: Deed, reason: str, basis: str = "") -> EarlierEnd:
    """Keeps how the dossier had ended, and takes that from its row."""
    dossier = deed.dossier
    end = EarlierEnd.objects.create(
        dossier=dossier,
        number=dossier.earlier_ends.count() + 1,
        act=deed.name,
        state=dossier.state,
        result_kind=dossier.result_kind,
        result_number=dossier.result_number,
        due_at=dossier.due_at,
        finished_at=dossier.finished_at or dossier.changed_at,
        returned_at=dossier.returned_at,
        reason=reason,
        basis=basis,
        by_id=deed.officer.user_id,
        at=deed.at,
    )
    deed.change(finished_at=None, returned_at=None, stop_ground="")
    if dossier.phase_number:  # several bodies had worked on it: the commune's own part begins again
        insert(deed, [open_part(deed, PhaseKind.BACK, dossier.unit_received)])
    return end


def earlier(end: EarlierEnd) -> dict[str, Json]:
    """What an event says of the earlier end: which one, in what state, with what result, whether it was in hand."""
    return {
        "earlier_end": end.number,
        "earlier_state": int(end.state),
        "earlier_result": str(end.result_kind),
        "was_returned": int(end.returned_at is not None),
    }


def back_to_handler(deed: Deed) -> None:
    """To who had examined it, or to the head who assigns; what was settled at once goes to a department first."""
    dossier, handler, due = deed.dossier, deed.dossier.proposed_by, deed.changes.get("due_at")
    deed.change(result_kind=ResultKind.NONE, result_number="", proposed_by=None, approved_by=None)
    if dossier.department is None:
        unit = dossier.unit_received
        deed.go_to(
            Desk.TRANSFER,
            unit=unit,
            role=Role.COUNTER_OFFICER,
            act_by=desks.transfer_by(unit, deed.at),
            state=State.ACCEPTED,
        )
    elif handler and handler.is_active and handles(handler, dossier, deed.at):
        deed.go_to(
            Desk.APPRAISAL,
            unit=dossier.department,
            role=Role.SPECIALIST,
            assignee=handler,
            act_by=due,
            state=State.PROCESSING,
        )
    else:
        deed.go_to(
            Desk.ASSIGNMENT,
            unit=dossier.department,
            role=Role.HEAD_OF_DEPARTMENT,
            act_by=due,
            state=State.PROCESSING,
        )


def go_on(deed: Deed) -> None:
    """After a result: examined anew. Before one: at the desk where it had stopped."""
    if deed.dossier.state in FINISHED:
        return back_to_handler(deed)
    if deed.dossier.supplements.filter(received_at__isnull=True).exists():
        return wait_again(deed)
    if deed.dossier.accepted_at is None:
        return look_again(deed)
    return take_up(deed)


def wait_again(deed: Deed) -> None:
    """The papers that were asked for are still missing: the person gets the whole period once more."""
    deed.go_to(
        Desk.WAITING,
        unit=deed.dossier.unit_received,
        role=Role.COUNTER_OFFICER,
        act_by=desks.close_by(deed.dossier, deed.at),
        state=State.SUPPLEMENT,
    )


def look_again(deed: Deed) -> None:
    """Nothing was accepted yet: the one-stop answers anew."""
    deed.go_to(
        Desk.RECEPTION,
        unit=deed.dossier.unit_received,
        role=Role.COUNTER_OFFICER,
        act_by=desks.answer_by(deed.dossier.unit_received, deed.at),
        state=State.REGISTERED,
    )


def take_up(deed: Deed) -> None:
    """At the desk where it lay last, with its unit and officer; what lay elsewhere goes on in the commune."""
    last = deed.dossier.steps.order_by("-number").select_related("unit", "assignee").first()
    if last is None or last.desk == Desk.FORWARDED:
        return back_to_handler(deed)
    deed.go_to(
        Desk(last.desk),
        unit=last.unit,
        role=last.role,
        assignee=last.assignee,
        act_by=deed.changes.get("due_at"),
        state=State.ACCEPTED if last.desk == Desk.TRANSFER else State.PROCESSING,
    )
    return None
