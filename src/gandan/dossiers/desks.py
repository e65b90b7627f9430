"""Desks in their order: who comes next, and by when (thời hạn từng bước)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gandan.calculus.calendars import HOUR, WorkingTime, working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Calendar, Reading
from gandan.calculus.rules import Unit as TimeUnit
from gandan.calculus.timers import (
    apology_due,
    closing_due,
    machine_alert_due,
    officer_answer_due,
    supplement_notice_due,
    transfer_due,
)
from gandan.catalogue.queries import workflow_for
from gandan.dossiers.models import Desk, Dossier
from gandan.law.queries import value_at
from gandan.organization.models import Role, Unit, UnitKind
from gandan.organization.queries import calendar_of

MOMENT = timedelta(microseconds=1)


def opening(unit: Unit, reading: Reading | None, at: datetime) -> tuple[Desk, Role, datetime]:
    """The first desk of a new dossier, and by when it must be cleared.

    Accepted: transfer by the 15:00 rule (118 art. 18.2). Only registered: the officer's answer within
    08 working hours (118 art. 17.2c).
    """
    if reading:
        return Desk.TRANSFER, Role.COUNTER_OFFICER, transfer_by(unit, at)
    return Desk.RECEPTION, Role.COUNTER_OFFICER, answer_by(unit, at)


def transfer_by(unit: Unit, at: datetime) -> datetime:
    """The 15:00 rule of transfer: the same working day, or the start of the next one (118/2025/NĐ-CP art. 18.2)."""
    return transfer_due(
        calendar_on(unit, at), at, cut_off=value_at("transfer.cut_off", on_day(at)).time_of_day
    )


def answer_by(unit: Unit, at: datetime) -> datetime:
    """When the one-stop must have answered a dossier filed online (118/2025/NĐ-CP art. 17.2c)."""
    return officer_answer_due(calendar_on(unit, at), at, value_at("online.officer_answer", on_day(at)).amount)


def alert_by(unit: Unit, at: datetime) -> datetime:
    """By when the system must have shown an online dossier to the officer (118/2025/NĐ-CP art. 17.2: 02 hours).

    Ours stands on the officer's list from the moment of registration; the event keeps what the law allows.
    """
    return machine_alert_due(calendar_on(unit, at), at, value_at("online.machine_alert", on_day(at)).amount)


def answered(dossier: Dossier, at: datetime) -> dict[str, int]:
    """Whether the one-stop's answer to what was only registered comes later than its 08 working hours; else nothing."""
    if dossier.desk != Desk.RECEPTION:
        return {}
    return {"answer_late": int(dossier.act_by is not None and at > dossier.act_by)}


def on_day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def calendar_on(unit: Unit, at: datetime) -> Calendar:
    """The unit's calendar with the office hours of the day of `at`: what held at the event counts, not what holds now."""
    return calendar_of(unit, on=on_day(at))


def committee_of(dossier: Dossier) -> Unit:
    """The people's committee of the dossier's commune: leaders and văn thư sit there."""
    return Unit.objects.get(
        commune_id=dossier.commune_id, kind=UnitKind.PEOPLE_COMMITTEE, closed_on__isnull=True
    )


def notice_by(dossier: Dossier) -> datetime:
    """By when a request to supplement may be sent after reception (118/2025/NĐ-CP art. 19.5: 3 working days)."""
    received = dossier.accepted_at or dossier.registered_at
    days = value_at("supplement.notice_within", on_day(received)).amount
    return supplement_notice_due(calendar_on(dossier.unit_competent, received), received, days)


def close_by(dossier: Dossier, asked_at: datetime) -> datetime:
    """Until when the person may complete the papers: the procedure's own period, else 15 days (118 art. 19.5)."""
    calendar = calendar_on(dossier.unit_competent, asked_at)
    case = dossier.case
    if case.supplement_days:
        return closing_due(
            calendar, asked_at, case.supplement_days, TimeUnit(case.supplement_unit or TimeUnit.DAY)
        )
    return closing_due(calendar, asked_at, value_at("supplement.close_after", on_day(asked_at)).amount)


def apology_by(dossier: Dossier) -> datetime:
    """By when an apology still moves the due date: at least one day before it (118/2025/NĐ-CP art. 19.6)."""
    if dossier.due_at is None:
        raise ValueError("no due moment")
    days = value_at("apology.before", on_day(dossier.due_at)).amount
    return apology_due(calendar_on(dossier.unit_competent, dossier.due_at), dossier.due_at, days)


def apology_span(calendar: WorkingTime, days: int, at: datetime) -> tuple[datetime, datetime] | None:
    """After which due moment, and up to which, an apology must go out today at the latest; None on a day off.

    `apology_by` asked the other way round: `days` before the due date, or on the last working day before that.
    """
    today = calendar.local(at).date()
    try:
        if not calendar.is_working_day(today):
            return None
        following = calendar.add_days(today, 1)
    except YearWithoutCalendar:
        return None
    first, beyond = today + timedelta(days=days), following + timedelta(days=days)
    return midnight(first) - MOMENT, midnight(beyond) - MOMENT


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


# Which desk a step of the internal workflow means, by its role; the head of department comes twice.
DESK_ROLES: dict[Desk, tuple[Role, int]] = {
    Desk.ASSIGNMENT: (Role.HEAD_OF_DEPARTMENT, 0),
    Desk.APPRAISAL: (Role.SPECIALIST, 0),
    Desk.CHECK: (Role.HEAD_OF_DEPARTMENT, 1),
    Desk.SIGNATURE: (Role.SIGNING_LEADER, 0),
    Desk.STAMP: (Role.CLERK, 0),
}


def step_by(dossier: Dossier, desk: Desk, at: datetime) -> datetime | None:
    """By when this desk must be cleared: the workflow's time for the step, never later than the due moment."""
    hours = allotted_hours(dossier, desk)
    if hours is None:
        return dossier.due_at
    step_due = working_time(calendar_on(dossier.unit_competent, at)).add_work(at, round(hours * HOUR))
    return min(step_due, dossier.due_at) if dossier.due_at else step_due


def allotted_hours(dossier: Dossier, desk: Desk) -> float | None:
    """Working hours that the internal workflow (quy trình nội bộ) gives to the desk; None where it counts none.

    The workflow of the day of reception holds to the end, whatever was published since.
    """
    if desk not in DESK_ROLES:
        return None
    role, turn = DESK_ROLES[desk]
    received = dossier.accepted_at or dossier.registered_at
    workflow = workflow_for(dossier.version.procedure, dossier.commune, received)
    steps = [step for step in workflow.steps.all() if step.role == role] if workflow else []
    if len(steps) <= turn or steps[turn].amount is None:
        return None
    amount = float(steps[turn].amount or 0)
    per_unit = {TimeUnit.WORKING_DAY: 8.0, TimeUnit.WORKING_HOUR: 1.0}
    return amount * per_unit[TimeUnit(steps[turn].unit)] if steps[turn].unit in per_unit else None
