"""From the centre to the signature: transfer, assign, propose, check, approve, send back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import Json
from gandan.dossiers import conflicts, desks
from gandan.dossiers.actions.doing import doing, reason_text
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import Desk, Dossier, ResultKind, State
from gandan.dossiers.rules import HANDLERS
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.permissions import Officer


def transfer(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, department: Unit
) -> Dossier:
    """Passes an accepted dossier to the department (chuyển hồ sơ; the 15:00 rule, 118/2025/NĐ-CP art. 18.2)."""
    content = {"department": department.id}
    with doing(
        "transfer",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        if department.commune_id != deed.dossier.commune_id:
            raise Unacceptable(_("Choose a department of this commune."), field="department")
        late = deed.dossier.act_by is not None and at > deed.dossier.act_by
        deed.change(department=department)
        deed.go_to(
            Desk.ASSIGNMENT,
            unit=department,
            role=Role.HEAD_OF_DEPARTMENT,
            act_by=desks.step_by(deed.dossier, Desk.ASSIGNMENT, at),
            state=State.PROCESSING,
        )
        deed.record({"department": department.code, "transfer_late": int(late)})
    return deed.dossier


def assign(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, assignee: User
) -> Dossier:
    """The head gives the dossier to an officer (phân công; 118/2025/NĐ-CP art. 19.1), or to another one."""
    content = {"assignee": assignee.code}
    with doing(
        "assign",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        if not handles(assignee, deed.dossier, at):
            raise Unacceptable(
                _("Choose an officer who processes dossiers in this commune."), field="assignee"
            )
        handed_over = hand_over(deed.dossier, assignee, at)
        deed.go_to(
            Desk.APPRAISAL,
            unit=deed.dossier.department,
            role=Role.SPECIALIST,
            assignee=assignee,
            act_by=desks.step_by(deed.dossier, Desk.APPRAISAL, at),
            state=State.PROCESSING,
        )
        deed.record({"assignee": assignee.code, **handed_over})
    return deed.dossier


def hand_over(dossier: Dossier, assignee: User, at: datetime) -> dict[str, Json]:
    """Refuses an assignee who is tied to a party; the facts of the event, if the one before was (chuyển người khác xử lý)."""
    found = conflicts.held_back(assignee.pk, dossier, at)
    if found:
        message = _("%(name)s %(reason)s. Choose a colleague, or decide on the report first.")
        told = {"name": assignee.full_name, "reason": conflicts.told_to_others(found)}
        raise Unacceptable(message % told, field="assignee")
    before = dossier.assignee_id
    tied = conflicts.conflict_of(before, dossier, at) if before and before != assignee.pk else None
    if tied is None:
        return {}
    evidence = content_hash(dossier, {"officer": str(before), **tied.evidence()})
    return {"handed_over": 1, "conflict_hash": evidence}


def handles(user: User, dossier: Dossier, at: datetime) -> bool:
    """True if the user has a processing duty in the dossier's commune on that day."""
    duties = Duty.objects.held_on(desks.on_day(at)).filter(
        user=user, role__in=HANDLERS, unit__commune_id=dossier.commune_id
    )
    return duties.exists()


def propose(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    result: ResultKind,
    opinion: str,
) -> Dossier:
    """The handler proposes the result, or a refusal with its reason (thẩm định, trình; 118 art. 19.2-19.3)."""
    if result == ResultKind.REFUSAL:
        opinion = reason_text(opinion, field="opinion")
    if result not in {ResultKind.GRANTED, ResultKind.REFUSAL}:
        raise Unacceptable(_("Choose what you propose: to grant or to refuse."), field="result")
    content = {"result": str(result), "opinion": opinion}
    with doing(
        "propose",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.change(proposed_by_id=officer.user_id, result_kind=result)
        deed.go_to(
            Desk.CHECK,
            unit=deed.dossier.department,
            role=Role.HEAD_OF_DEPARTMENT,
            act_by=desks.step_by(deed.dossier, Desk.CHECK, at),
        )
        deed.record({"result": str(result)}, remark=opinion)
    return deed.dossier


def check(*, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None) -> Dossier:
    """The head of department agrees and passes the proposal on for signature (lãnh đạo phòng duyệt)."""
    with doing(
        "check", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.go_to(
            Desk.SIGNATURE,
            unit=desks.committee_of(deed.dossier),
            role=Role.SIGNING_LEADER,
            act_by=desks.step_by(deed.dossier, Desk.SIGNATURE, at),
        )
        deed.record()
    return deed.dossier


def approve(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """The competent leader approves and signs (phê duyệt): never who proposed it (four eyes)."""
    with doing(
        "approve", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.change(approved_by_id=officer.user_id)
        deed.go_to(
            Desk.STAMP,
            unit=desks.committee_of(deed.dossier),
            role=Role.CLERK,
            act_by=desks.step_by(deed.dossier, Desk.STAMP, at),
        )
        deed.record({"result": str(deed.dossier.result_kind)})
    return deed.dossier


def send_back(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, reason: str
) -> Dossier:
    """Back to the handler with a reason (trả lại để hoàn thiện); the time limit runs on."""
    reason = reason_text(reason)
    content = {"reason": reason}
    with doing(
        "send-back",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        handler = deed.dossier.proposed_by
        deed.change(result_kind=ResultKind.NONE, proposed_by=None, approved_by=None)
        deed.go_to(
            Desk.APPRAISAL,
            unit=deed.dossier.department,
            role=Role.SPECIALIST,
            assignee=handler,
            act_by=desks.step_by(deed.dossier, Desk.APPRAISAL, at),
        )
        deed.record(remark=reason)
    return deed.dossier
