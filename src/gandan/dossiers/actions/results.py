"""The result: number and stamp, arrival at the centre, early notice, into the person's hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.calculus.rules import ClockAct, ClockEvent
from gandan.documents.models import StoredFile
from gandan.dossiers import clock, desks, numbers
from gandan.dossiers.actions.doing import doing, end_phases
from gandan.dossiers.errors import Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import (
    Desk,
    Dossier,
    DossierFile,
    FileUse,
    PhaseOutcome,
    PhaseRun,
    Remark,
    ResultKind,
    ReturnWay,
    State,
)
from gandan.notifications.actions import drop_waiting
from gandan.organization.models import Role
from gandan.organization.permissions import Officer


def number_and_stamp(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    number: str = "",
    file_id: UUID | None = None,
) -> Dossier:
    """Văn thư enters the result in the book and stamps it (vào sổ, đóng dấu); without `number` the next one is taken.

    Source: 30/2020/NĐ-CP art. 15: numbers are issued after signing, one row of numbers a year.
    """
    number = " ".join(number.split())
    content = {"number": number, "file": file_id}
    with doing(
        "number-and-stamp",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        given = number or next_result_number(deed.dossier, at)
        if len(given) > 60:
            raise Unacceptable(_("The number is longer than 60 characters."), field="number")
        if file_id:
            DossierFile.objects.create(dossier=deed.dossier, file_id=file_id, use=FileUse.RESULT, added_at=at)
        deed.change(result_number=given)
        deed.go_to(
            Desk.HANDOVER,
            unit=deed.dossier.unit_received,
            role=Role.COUNTER_OFFICER,
            act_by=desks.step_by(deed.dossier, Desk.HANDOVER, at),
        )
        sha256 = StoredFile.objects.values_list("sha256", flat=True).get(pk=file_id) if file_id else ""
        result = {"number": given, "kind": str(deed.dossier.result_kind), "file": sha256}
        deed.record({"file": int(file_id is not None), "result_hash": content_hash(deed.dossier, result)})
    return deed.dossier


def next_result_number(dossier: Dossier, at: datetime) -> str:
    """The next number of the commune's book of results in this year, e.g. 125/2026."""
    year = desks.on_day(at).year
    (number,) = numbers.next_numbers([numbers.book_scope(dossier.commune_id, "results", year)])
    return f"{number}/{year}"


def finish(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None
) -> Dossier:
    """The result has arrived at the centre: work ended here (state 9, what the on-time index uses).

    Ahead of the date, the person is told beforehand (118/2025/NĐ-CP art. 22.5).
    """
    with doing(
        "finish", officer=officer, dossier_id=dossier_id, request_id=request_id, at=at, seen=seen
    ) as deed:
        if deed.repeated:
            return deed.dossier
        reading = clock.read(deed.dossier, further=[ClockEvent(ClockAct.FINISH, at)], at=at)
        due = deed.dossier.due_at
        early = due is not None and at < due
        end_phases(deed.dossier, at, PhaseOutcome.FINISHED)
        corrected = deed.dossier.is_correction
        deed.change(finished_at=at, wait_seconds=reading.index.wait_seconds, is_correction=False)
        deed.go_to(
            Desk.RETURN,
            unit=deed.dossier.unit_received,
            role=Role.COUNTER_OFFICER,
            act_by=due,
            state=State.DONE,
        )
        if deed.dossier.result_kind == ResultKind.REFUSAL:
            tell_reason(deed.dossier)
        deed.tell("corrected" if corrected else "ready_early" if early else "ready")
        index = reading.index
        deed.record(
            {
                **({"correction": 1} if corrected else {}),
                "result": str(deed.dossier.result_kind),
                "early": int(early),
                **late_phases(deed.dossier),
                "legal_late": int(due is not None and at > due),
                "index_late": int(bool(index.late)),
                "breaches": list(index.breaches),
            }
        )
    return deed.dossier


def late_phases(dossier: Dossier) -> dict[str, Json]:
    """The bodies whose parts took longer than they were given: what others caused is told apart."""
    if not dossier.phase_number:
        return {}
    late = PhaseRun.objects.filter(dossier=dossier, late=True).order_by("number")
    return {"late_phases": list(dict.fromkeys(late.values_list("unit__code", flat=True)))}


def tell_reason(dossier: Dossier) -> None:
    """From now on the citizen reads why the answer is no: before it was signed and here, it was nobody's answer."""
    last = (
        dossier.remarks.filter(act__in=("propose", "return-phase"))
        .order_by("-at")
        .values_list("pk", flat=True)[:1]
    )
    Remark.objects.filter(pk__in=list(last)).update(to_citizen=True)


def notify_early(
    *, officer: Officer, dossier_id: UUID, request_id: UUID, at: datetime, seen: int | None, how: str
) -> Dossier:
    """Records that the person was told of an early result beforehand (118/2025/NĐ-CP art. 22.5): by call, message, in person."""
    if how not in {"call", "message", "in-person"}:
        raise Unacceptable(_("Choose how the person was told."), field="how")
    with doing(
        "notify-early",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content={"how": how},
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.record({"how": how})
    return deed.dossier


def return_result(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    way: ReturnWay,
    collected_by: str = "",
) -> Dossier:
    """The person has the result in hand (trả kết quả; 118/2025/NĐ-CP art. 22.3), or somebody with their power of attorney."""
    collected_by = " ".join(collected_by.split())
    content = {"way": str(way), "collected_by": collected_by}
    with doing(
        "return",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        deed.change(returned_at=at, return_way=way)
        deed.go_to(Desk.CLOSED, state=State.RETURNED)
        drop_waiting("dossier", deed.dossier.id)  # who has the result in hand needs no call any more
        if way != ReturnWay.COUNTER:
            deed.tell("returned")
        deed.record({"way": str(way), "by_other": int(bool(collected_by))}, remark=collected_by)
    return deed.dossier
