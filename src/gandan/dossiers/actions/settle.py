"""The immediate-result lane (kết quả trả ngay: chứng thực, hộ tịch): done while the person waits, still recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.catalogue.models import ProcedureVersion
from gandan.dossiers import desks, numbers
from gandan.dossiers.actions.take_in import (
    check_papers,
    draft,
    first_reading,
    keep_apart,
    opening_facts,
    procedure_of,
    save_new,
)
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.intake import IntakeInput
from gandan.dossiers.models import Desk, Dossier, Lane, ResultKind, State
from gandan.dossiers.permissions import taken_in_for
from gandan.ledger import actions as ledger
from gandan.ledger.ids import new_id
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer


def settle(
    *,
    officer: Officer,
    unit: Unit,
    intake: IntakeInput,
    request_id: UUID,
    at: datetime,
    recorded_at: datetime | None = None,
) -> Dossier:
    """Records a matter that was settled at once, with its fee and its book number; no receipt unless asked.

    Source: 118/2025/NĐ-CP art. 17.4: progress and result must be recorded all the same.
    """
    content = {"unit": unit.id, **intake.content()}
    with ledger.act(
        name="settle",
        actor=officer.code,
        at=at,
        request_id=request_id,
        content=content,
        recorded_at=recorded_at,
        subject_id=new_id(),
    ) as evidence:
        dossier_id = UUID(str(evidence.outcome["subject"]))
        if evidence.repeated:
            return Dossier.objects.get(pk=dossier_id)
        if Role.COUNTER_OFFICER not in officer.roles_in(unit.commune_code):
            raise NotAllowed(_("Only a counter officer of this commune takes dossiers in."))
        version, case = procedure_of(intake, at)
        if not version.immediate:
            raise Unacceptable(
                _("This procedure is not one that is settled while the person waits."), field="procedure"
            )
        check_papers(intake)
        reading = first_reading(case, unit, at)
        dossier = draft(dossier_id, unit, intake, case, version, at=at, reading=reading)
        keep_apart(officer, dossier, at)
        dossier.lane, dossier.state, dossier.desk = Lane.IMMEDIATE, State.RETURNED, Desk.CLOSED
        dossier.desk_unit, dossier.desk_role, dossier.act_by = None, "", None
        dossier.step_number = 0  # it never lay at a desk
        dossier.finished_at = dossier.returned_at = at
        dossier.result_kind, dossier.result_number = ResultKind.GRANTED, book_number(unit, version, at)
        scans = save_new(dossier, intake, reading)
        body: dict[str, Json] = {
            **opening_facts(dossier, version, case, intake, scans),
            **taken_in_for(officer, unit),
            "result": str(ResultKind.GRANTED),
        }
        evidence.append(
            chain=dossier.commune_id, act="settle", subject_kind="dossier", subject_id=dossier.id, body=body
        )
    return dossier


def book_number(unit: Unit, version: ProcedureVersion, at: datetime) -> str:
    """The next number in the procedure's book of this year (sổ chứng thực, sổ hộ tịch), e.g. 42/2026."""
    year = desks.on_day(at).year
    (number,) = numbers.next_numbers([numbers.book_scope(unit.commune_code, version.procedure.code, year)])
    return f"{number}/{year}"
