"""Ask for what is missing, all of it and once; receive it; close when it never comes (bổ sung hồ sơ)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import canonical_json
from gandan.calculus.rules import ClockAct, ClockEvent
from gandan.dossiers import clock, desks
from gandan.dossiers.actions.doing import Deed, doing, reason_text
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.models import Answer, Desk, Dossier, DossierPaper, State, StopGround, Supplement
from gandan.organization.models import Role
from gandan.organization.permissions import Officer


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """One paper that is missing or wrong, and why it is needed."""

    name: str
    reason: str


def request_supplement(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    items: Sequence[MissingPaper],
    basis: str = "",
) -> Dossier:
    """Asks for all that is missing in one time, a reason for each paper (Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ).

    The request goes out in the one-stop's name; the clock stands still. A second request needs a `basis` in law.
    After appraisal the notice is due within 3 working days of reception; a later one is recorded as late.
    Source: 118/2025/NĐ-CP arts. 16.3, 17.1c, 17.2a, 19.5.
    """
    wanted = [
        MissingPaper(" ".join(item.name.split()), reason_text(item.reason, field="items")) for item in items
    ]
    basis = " ".join(basis.split())
    content = {"items": [[item.name, item.reason] for item in wanted], "basis": basis}
    with doing(
        "request-supplement",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        check_request(deed, wanted, basis)
        supplement = make_supplement(deed, wanted, basis)
        stop_clock(deed)
        deed.change(supplement_count=supplement.number)
        deed.go_to(
            Desk.WAITING,
            unit=deed.dossier.unit_received,
            role=Role.COUNTER_OFFICER,
            act_by=supplement.close_at,
            state=State.SUPPLEMENT,
        )
        deed.tell("supplement", {"close_at": supplement.close_at})
        deed.record(
            {
                "number": supplement.number,
                "items": len(wanted),
                "notice_late": int(supplement.notice_late),
                "close_at": supplement.close_at,
                "second_basis": int(bool(basis)),
                **desks.answered(deed.dossier, at),
            },
            remark="\n".join(f"{item.name}: {item.reason}" for item in wanted),
            to_citizen=True,
        )
    return deed.dossier


def check_request(deed: Deed, wanted: Sequence[MissingPaper], basis: str) -> None:
    dossier = deed.dossier
    if not wanted or any(not item.name for item in wanted):
        raise Unacceptable(_("Name each missing paper and say why it is needed."), field="items")
    if dossier.supplement_count and not basis:
        raise Unacceptable(
            _(
                "More papers were already asked for once. A second request is allowed only with a basis in law: "
                "write the document and the article. The dossier will count as late in the 766 index."
            ),
            field="basis",
        )


def make_supplement(deed: Deed, wanted: Sequence[MissingPaper], basis: str) -> Supplement:
    dossier = deed.dossier
    return Supplement.objects.create(
        dossier=dossier,
        number=dossier.supplement_count + 1,
        items=canonical_json([{"name": item.name, "reason": item.reason} for item in wanted]),
        basis=basis,
        resume_desk=dossier.desk,
        asked_by_id=deed.officer.user_id,
        asked_at=deed.at,
        notice_late=notice_is_late(dossier, deed.at),
        close_at=desks.close_by(dossier, deed.at),
    )


def notice_is_late(dossier: Dossier, at: datetime) -> bool:
    """True if the notice comes later than 3 working days after reception (118/2025/NĐ-CP art. 19.5)."""
    if dossier.accepted_at is None:
        return False
    return at > desks.notice_by(dossier)


def stop_clock(deed: Deed) -> None:
    """Before acceptance no clock runs yet; after it, it stands still from now on."""
    if deed.dossier.accepted_at is None:
        return
    reading = clock.read(deed.dossier, further=[ClockEvent(ClockAct.REQUEST_SUPPLEMENT, deed.at)], at=deed.at)
    deed.set_due(reading)


def receive_supplement(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    complete: bool,
    remark: str = "",
) -> Dossier:
    """Receives what was asked for. Complete: the clock starts again from zero (118/2025/NĐ-CP art. 19.5).

    Incomplete: what came is recorded, the dossier goes on waiting, and nothing new may be asked for.
    """
    content = {"complete": int(complete), "remark": remark}
    with doing(
        "receive-supplement",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        supplement = deed.dossier.supplements.get(received_at__isnull=True)
        if complete:
            take_up_again(deed, supplement)
        elif not remark:
            raise Unacceptable(_("Say what is still missing of what was asked for."), field="remark")
        deed.record(
            {"number": supplement.number, "complete": int(complete)},
            remark=" ".join(remark.split()),
            to_citizen=not complete,
        )
    return deed.dossier


def take_up_again(deed: Deed, supplement: Supplement) -> None:
    dossier = deed.dossier
    Supplement.objects.filter(pk=supplement.pk).update(received_at=deed.at)
    DossierPaper.objects.filter(dossier=dossier, answer=Answer.MISSING).update(answer=Answer.HANDED_IN)
    if dossier.accepted_at is None:
        deed.go_to(
            Desk.RECEPTION,
            unit=dossier.unit_received,
            role=Role.COUNTER_OFFICER,
            act_by=desks.answer_by(dossier.unit_received, deed.at),
            state=State.REGISTERED,
        )
        return
    reading = clock.read(dossier, further=[ClockEvent(ClockAct.RECEIVE_SUPPLEMENT, deed.at)], at=deed.at)
    deed.set_due(reading)
    deed.tell("supplement_received", {"due_at": reading.due} if reading.due else None)
    resume(deed, Desk(supplement.resume_desk))


def resume(deed: Deed, desk: Desk) -> None:
    """Back to the desk that asked, with its unit and officer; the state says it is being processed again."""
    earlier = (
        deed.dossier.steps.filter(desk=desk).order_by("-number").select_related("unit", "assignee").first()
    )
    state = State.ACCEPTED if desk == Desk.TRANSFER else State.PROCESSING
    deed.go_to(
        desk,
        unit=earlier.unit if earlier else deed.dossier.unit_received,
        role=earlier.role if earlier else Role.COUNTER_OFFICER,
        assignee=earlier.assignee if earlier else None,
        act_by=deed.changes.get("due_at"),
        state=state,
    )


def close(*, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None) -> Dossier:
    """Closes a dossier whose papers were not completed in the period (118/2025/NĐ-CP art. 19.5: 15 days)."""
    with doing(
        "close", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.change(finished_at=at, stop_ground=StopGround.NOT_SUPPLEMENTED)
        deed.go_to(Desk.CLOSED, state=State.STOPPED)
        deed.tell("closed")
        deed.record({"ground": str(StopGround.NOT_SUPPLEMENTED)})
    return deed.dossier
