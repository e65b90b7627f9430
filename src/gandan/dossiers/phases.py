"""The parts of a dossier that goes to another level (liên thông): their limits, and who may take them.

A limit is never made up: it comes from the workflow that the province decided, or from a dated row of the law.
Where neither names one, the part has no date of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from gandan.calculus.calendars import HOUR, working_time
from gandan.calculus.clock import own_term, read_clock
from gandan.calculus.rules import ClockAct, ClockEvent, Mark, Reading, Source, TimeRule
from gandan.calculus.rules import Unit as TimeUnit
from gandan.calculus.timers import paper_transfer_due
from gandan.catalogue.models import WorkflowStep
from gandan.catalogue.models.workflow import Phase
from gandan.catalogue.queries import workflow_for
from gandan.dossiers import desks
from gandan.dossiers.clock import grounds_on
from gandan.dossiers.models import Desk, Dossier
from gandan.law.queries import value_at
from gandan.law.shipped import LawRowMissing
from gandan.organization.models import Unit, UnitKind
from gandan.organization.queries import calendar_of, units_of_province

WORKFLOW = "workflow"
#: Steps of the electronic groups (63/2024/NĐ-CP as amended by 301/2026/NĐ-CP) by the kind of body that does them.
GROUP_STEPS: dict[UnitKind, tuple[tuple[str, str], ...]] = {
    UnitKind.POLICE: (
        ("group.birth_residence", "with_parents"),
        ("group.birth_residence", "other"),
        ("group.birth_identity_card", ""),
        ("group.death_residence", ""),
    ),
    UnitKind.SOCIAL_INSURANCE: (
        ("group.death_insurance", "benefits"),
        ("group.death_insurance", "stop_monthly"),
    ),
    UnitKind.PROVINCE_DEPARTMENT: (("group.death_funeral_support", ""), ("group.death_merit", "")),
}
#: The next body of an electronic group confirms within these working hours.
CONFIRM = "group.confirm"
WORKING_HOURS_A_DAY = 8


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of one part: `key` names it in a form, `law_key` and `part` where it is a row of the law."""

    key: str
    amount: int
    unit: TimeUnit
    source: Source
    law_key: str = ""
    part: str = ""


def bodies_for(dossier: Dossier, at: datetime) -> list[Unit]:
    """The open units of the province to which the dossier may be forwarded, by name. One query."""
    province = dossier.unit_received.own_province
    return sorted(units_of_province(province, desks.on_day(at)), key=lambda unit: unit.name)


def usual_body(dossier: Dossier, bodies: list[Unit]) -> Unit | None:
    """The unit whose name the steps of the workflow bear ("… - Sở Y tế")."""
    texts = [step.role_text for step in steps_of(dossier, Phase.PROVINCE)]
    return next((unit for unit in bodies if any(short_name(unit) in text for text in texts)), None)


def short_name(unit: Unit) -> str:
    """The unit's name without its place: "Sở Y tế" of "Sở Y tế thành phố Huế"."""
    place = unit.place_name
    return unit.name.removesuffix(place[:1].lower() + place[1:]).strip()


def limits_for(dossier: Dossier, body: Unit, at: datetime) -> list[Limit]:
    """What may limit this body's part, the decided workflow first. Warm, no query."""
    decided = workflow_limit(dossier, Phase.PROVINCE)
    return [*([decided] if decided else []), *group_limits(body, at)]


def limit_named(key: str, dossier: Dossier, body: Unit, at: datetime) -> Limit | None:
    return next((one for one in limits_for(dossier, body, at) if one.key == key), None)


def steps_of(dossier: Dossier, phase: Phase) -> list[WorkflowStep]:
    """The steps of a phase in the workflow of the day of reception."""
    received = dossier.accepted_at or dossier.registered_at
    workflow = workflow_for(dossier.version.procedure, dossier.commune, received)
    return [step for step in workflow.steps.all() if step.phase == phase]


def workflow_limit(dossier: Dossier, phase: Phase) -> Limit | None:
    """The time that the workflow gives to a phase: the sum of its steps, if it counts them in one unit.

    None for our own sample, and for a workflow of one body alone.
    """
    province_steps = steps_of(dossier, Phase.PROVINCE)
    counted = [step for step in steps_of(dossier, phase) if step.amount is not None]
    units = {step.unit for step in counted}
    if not province_steps or len(units) != 1:
        return None
    workflow = counted[0].workflow
    amount, unit = sum((step.amount or Decimal(0) for step in counted), Decimal(0)), TimeUnit(units.pop())
    if amount != int(amount) and unit == TimeUnit.WORKING_DAY:
        amount, unit = amount * WORKING_HOURS_A_DAY, TimeUnit.WORKING_HOUR
    whole = int(amount.to_integral_value(ROUND_CEILING))
    return Limit(WORKFLOW, whole, unit, Source(workflow.decision, "", Mark(workflow.mark)))


def group_limits(body: Unit, at: datetime) -> Iterator[Limit]:
    """The steps of the electronic groups that are this kind of body's, as they hold on that day."""
    for key, part in GROUP_STEPS.get(UnitKind(body.kind), ()):
        try:
            row = value_at(key, desks.on_day(at))
        except LawRowMissing:
            continue
        value = row.content[part] if isinstance(row.content, dict) else row.amount
        yield Limit(f"{key}:{part}", int(value), TimeUnit(row.unit), row.source, key, part)


def read_limit(limit: Limit, body: Unit, at: datetime) -> Reading:
    """The date of a part that begins at `at`, by the calendar of the body that does it, with its steps."""
    calendar, grounds = desks.calendar_on(body, at), grounds_on(at)
    if limit.unit is TimeUnit.WORKING_DAY:
        return own_term(calendar, at, limit.amount, limit.source, grounds)
    rule = TimeRule(limit.amount, limit.unit, limit.source)
    return read_clock(rule, calendar, [ClockEvent(ClockAct.ACCEPT, at)], known_at=at, grounds=grounds)


def confirm_by(limit: Limit | None, body: Unit, at: datetime) -> datetime | None:
    """By when the next body of an electronic group confirms that it has the dossier; None outside the groups."""
    if limit is None or not limit.law_key:
        return None
    hours = value_at(CONFIRM, desks.on_day(at)).amount
    return working_time(desks.calendar_on(body, at)).add_work(at, hours * HOUR)


def paper_by(dossier: Dossier, at: datetime) -> datetime:
    """By when the paper is at the other body: 01 working day (118/2025/NĐ-CP art. 20.1).

    From reception where the dossier is passed on untouched; else from the moment of forwarding, for before it
    the commune's own part needed the paper.
    """
    begun = (dossier.accepted_at or at) if dossier.desk == Desk.TRANSFER else at
    days = value_at("non_geographic.paper_within", desks.on_day(begun)).amount
    return paper_transfer_due(calendar_of(dossier.unit_received, on=desks.on_day(begun)), begun, days)
