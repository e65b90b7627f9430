"""To another level and back (liên thông): forward, take over, ask back, return a part; 118/2025/NĐ-CP art. 20.1."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import Json
from gandan.calculus.rules import ClockAct, ClockEvent
from gandan.catalogue.models.workflow import Phase
from gandan.documents.models import StoredFile
from gandan.dossiers import clock, desks, phases
from gandan.dossiers.actions.doing import Deed, doing, reason_text
from gandan.dossiers.actions.processing import handles
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import (
    Desk,
    Dossier,
    DossierFile,
    FileUse,
    PhaseKind,
    PhaseOutcome,
    PhaseRun,
    ResultKind,
    State,
)
from gandan.dossiers.phases import Limit
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer

RESULTS = {PhaseOutcome.GRANTED: ResultKind.GRANTED, PhaseOutcome.REFUSAL: ResultKind.REFUSAL}


def forward(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    body: Unit,
    task: str,
    limit: str = "",
    paper: bool = False,
    whole: bool = False,
) -> Dossier:
    """Sends a part of the work to a body of the province, digitally at once (chuyển liên thông; 118 art. 20.1).

    `limit` names one of `phases.limits_for`; '' where nothing names a time for this part. `paper`: paper goes too.
    `whole`: that body is competent for all of it and the clock counts from now on (118 art. 17.3).
    """
    task = reason_text(task, field="task")
    content = {"body": body.id, "task": task, "limit": limit, "paper": int(paper), "whole": int(whole)}
    with doing(
        "forward",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        dossier = deed.dossier
        check_body(dossier, body, at)
        if whole and dossier.desk != Desk.TRANSFER:
            raise Unacceptable(
                _("Only a dossier that the commune has not worked on passes to another body as a whole."),
                field="whole",
            )
        chosen = limit_chosen(dossier, body, limit, at)
        ended = end_part(deed, PhaseOutcome.FORWARDED)
        sent = open_part(deed, PhaseKind.OTHER_BODY, body, chosen)
        sent.paper_by = phases.paper_by(dossier, at) if paper else None
        sent.confirm_by = phases.confirm_by(chosen, body, at)
        if whole:
            deed.change(unit_competent=body)
            start_anew(deed, body)
        insert(deed, [ended, sent] if ended._state.adding else [sent])
        deed.change(result_kind=ResultKind.NONE, approved_by=None)
        deed.go_to(
            Desk.FORWARDED,
            unit=body,
            role=Role.SPECIALIST,
            act_by=earlier(sent.due_at, deed.changes.get("due_at", dossier.due_at)),
            state=State.PROCESSING,
        )
        deed.record(forward_facts(ended, sent, chosen, whole=whole), remark=task)
    return deed.dossier


def earlier(own: datetime | None, whole: datetime | None) -> datetime | None:
    """What binds first: the part's own date, or that of the whole dossier."""
    return min((one for one in (own, whole) if one), default=None)


def check_body(dossier: Dossier, body: Unit, at: datetime) -> None:
    """An open unit of the province itself: between communes a dossier is consulted on, not forwarded."""
    if body.province_id != dossier.unit_received.own_province.pk or not body.is_open(desks.on_day(at)):
        raise Unacceptable(_("Choose a body of this province that is open."), field="body")


def limit_chosen(dossier: Dossier, body: Unit, key: str, at: datetime) -> Limit | None:
    if not key:
        return None
    found = phases.limit_named(key, dossier, body, at)
    if found is None:
        raise Unacceptable(_("This limit does not hold for this body today. Choose again."), field="limit")
    return found


def forward_facts(ended: PhaseRun, sent: PhaseRun, limit: Limit | None, *, whole: bool) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "phase": sent.number,
        "body": sent.unit.code,
        "whole": int(whole),
        "paper": int(sent.paper_by is not None),
        "phase_late": int(ended.late),
    }
    if sent.due_at and limit:
        facts |= {"phase_due_at": sent.due_at, "limit": limit.law_key or limit.key}
    if sent.paper_by:
        facts["paper_by"] = sent.paper_by
    return facts


def start_anew(deed: Deed, body: Unit) -> None:
    """Received outside its area, the time counts from when the competent agency has it: digitally, now."""
    dossier = deed.dossier
    dossier.unit_competent = body
    reading = clock.read(dossier, further=[ClockEvent(ClockAct.COMPETENT_RECEIVE, deed.at)], at=deed.at)
    deed.set_due(reading)


# ---- phases --------------------------------------------------------------------------------------------------


def insert(deed: Deed, made: list[PhaseRun]) -> None:
    """Keeps new phases and the number of the last one."""
    PhaseRun.objects.bulk_create(made)
    deed.change(phase_number=made[-1].number)


def end_part(deed: Deed, outcome: PhaseOutcome) -> PhaseRun:
    """Ends the phase that is under way; the first one began, unrecorded, when the dossier was accepted."""
    current = open_phase(deed.dossier) if deed.dossier.phase_number else None
    if current is None:
        began = deed.dossier.accepted_at or deed.dossier.registered_at
        current = first_part(deed.dossier, began)
        current.end(deed.at, outcome)
        return current
    current.end(deed.at, outcome)
    current.save(update_fields=["ended_at", "outcome", "late", "over_seconds"])
    return current


def first_part(dossier: Dossier, began: datetime) -> PhaseRun:
    """The commune's own part, with the time that the workflow gives it."""
    limit = phases.workflow_limit(dossier, Phase.COMMUNE)
    part = PhaseRun(
        dossier=dossier, number=1, kind=PhaseKind.COMMUNE, unit=dossier.unit_received, began_at=began
    )
    return with_limit(part, limit)


def open_part(deed: Deed, kind: PhaseKind, unit: Unit, limit: Limit | None = None) -> PhaseRun:
    """The next phase, not yet saved."""
    number = max(deed.dossier.phase_number, 1) + 1
    part = PhaseRun(
        dossier=deed.dossier,
        number=number,
        kind=kind,
        unit=unit,
        began_at=deed.at,
        handler_id=deed.dossier.assignee_id,
    )
    return with_limit(part, limit)


def with_limit(part: PhaseRun, limit: Limit | None) -> PhaseRun:
    if limit is not None:
        reading = phases.read_limit(limit, part.unit, part.began_at)
        part.due_at, part.steps = reading.due, clock.steps_text(reading)
    return part


def open_phase(dossier: Dossier) -> PhaseRun:
    """The phase under way."""
    return PhaseRun.objects.select_related("unit", "handler").get(dossier=dossier, ended_at=None)


# ---- the other end -------------------------------------------------------------------------------------------


def take_over(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """An officer of the other body takes the dossier over (tiếp nhận liên thông), and is its handler there."""
    with doing(
        "take-over", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        part = open_phase(deed.dossier)
        first = part.taken_at is None
        if first:
            part.taken_at, part.taken_by_id = at, officer.user_id
            part.save(update_fields=["taken_at", "taken_by"])
        deed.go_to(
            Desk.FORWARDED,
            unit=part.unit,
            role=Role.SPECIALIST,
            assignee=User.objects.get(pk=officer.user_id),
            act_by=deed.dossier.act_by,
        )
        facts: dict[str, Json] = {"phase": part.number}
        if part.confirm_by and first:
            facts["confirm_late"] = int(at > part.confirm_by)
        deed.record(facts)
    return deed.dossier


def receive_paper(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """The paper has arrived at the other body: in time, or later than its 01 working day (118 art. 20.1)."""
    with doing(
        "receive-paper", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        part = open_phase(deed.dossier)
        if not part.is_paper_awaited or part.paper_by is None:
            raise Unacceptable(_("No paper is awaited: it has come already, or none was sent."))
        part.paper_at = at
        part.save(update_fields=["paper_at"])
        deed.record({"phase": part.number, "paper_late": int(at > part.paper_by)})
    return deed.dossier


def ask_back(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, reason: str
) -> Dossier:
    """The other body sends the dossier back with a question; only the commune's one-stop asks the person.

    The dossier's own time runs on; the other body's part ends here, and a new one begins when it comes again.
    """
    reason = reason_text(reason)
    with doing(
        "ask-back",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content={"reason": reason},
    ) as deed:
        if deed.repeated:
            return deed.dossier
        part = end_part(deed, PhaseOutcome.ASKED_BACK)
        insert(deed, [open_part(deed, PhaseKind.BACK, deed.dossier.unit_received)])
        back_to_commune(deed, part)
        deed.record(ended_facts(part), remark=reason)
    return deed.dossier


def return_phase(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    outcome: PhaseOutcome,
    opinion: str = "",
    number: str = "",
    file_id: UUID | None = None,
) -> Dossier:
    """The other body returns its part: a result for the person, or its share, after which the commune goes on.

    A result needs its number, a refusal its reason. The result comes back to the centre that received the
    dossier and returns it as printed (118/2025/NĐ-CP art. 20.1).
    """
    opinion, number = opinion.strip(), " ".join(number.split())
    if outcome == PhaseOutcome.REFUSAL:
        opinion = reason_text(opinion, field="opinion")
    if outcome not in {*RESULTS, PhaseOutcome.PART_DONE}:
        raise Unacceptable(_("Choose what you return: a result, or a part."), field="outcome")
    if (outcome in RESULTS) != bool(number):
        raise Unacceptable(
            _("A result has the number of its document; a part alone has none."), field="number"
        )
    if len(number) > 60:
        raise Unacceptable(_("The number is longer than 60 characters."), field="number")
    content = {"outcome": str(outcome), "opinion": opinion, "number": number, "file": file_id}
    with doing(
        "return-phase",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        part = end_part(deed, outcome)
        insert(deed, [open_part(deed, PhaseKind.BACK, deed.dossier.unit_received)])
        facts = ended_facts(part)
        if outcome in RESULTS:
            facts |= take_result(deed, RESULTS[outcome], number, file_id)
        else:
            back_to_commune(deed, part)
        deed.record({**facts, "phase_outcome": str(outcome)}, remark=opinion)
    return deed.dossier


def ended_facts(part: PhaseRun) -> dict[str, Json]:
    return {
        "phase": part.number,
        "body": part.unit.code,
        "phase_late": int(part.late),
        "over_seconds": part.over_seconds,
    }


def take_result(deed: Deed, kind: ResultKind, number: str, file_id: UUID | None) -> dict[str, Json]:
    """The result of the other body, on its way to the centre."""
    dossier = deed.dossier
    if file_id:
        DossierFile.objects.create(dossier=dossier, file_id=file_id, use=FileUse.RESULT, added_at=deed.at)
    deed.change(result_kind=kind, result_number=number)
    deed.go_to(
        Desk.HANDOVER,
        unit=dossier.unit_received,
        role=Role.COUNTER_OFFICER,
        act_by=desks.step_by(dossier, Desk.HANDOVER, deed.at),
    )
    sha256 = StoredFile.objects.values_list("sha256", flat=True).get(pk=file_id) if file_id else ""
    result = {"number": number, "kind": str(kind), "file": sha256}
    return {"file": int(file_id is not None), "result_hash": content_hash(dossier, result)}


def back_to_commune(deed: Deed, part: PhaseRun) -> None:
    """Back at the desk of who worked on it; at the head's, if they no longer do; at the counter, if nobody did."""
    dossier = deed.dossier
    deed.change(result_kind=ResultKind.NONE, approved_by=None)
    if dossier.department is None:
        desk, role, handler = Desk.TRANSFER, Role.COUNTER_OFFICER, None
    else:
        handler = dossier.proposed_by or part.handler
        stays = handler is not None and handler.is_active and handles(handler, dossier, deed.at)
        handler = handler if stays else None
        desk, role = (
            (Desk.APPRAISAL, Role.SPECIALIST) if handler else (Desk.ASSIGNMENT, Role.HEAD_OF_DEPARTMENT)
        )
    deed.go_to(
        desk,
        unit=dossier.department or dossier.unit_received,
        role=role,
        assignee=handler,
        act_by=desks.step_by(dossier, desk, deed.at),
        state=State.ACCEPTED if desk == Desk.TRANSFER else State.PROCESSING,
    )
