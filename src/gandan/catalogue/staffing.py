"""Steps that nobody could do (bước không có người làm): asked by the administrator and by the leader's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.models import Phase, Workflow, WorkflowStep
from gandan.catalogue.queries import versions_at, workflow_for
from gandan.organization.models import Commune, Duty, Role

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """A role that steps need and nobody holds; `unit_code` "" means anywhere in the commune.

    `work`: the first such step; `procedures`: the codes whose workflows have one.
    """

    role: Role
    unit_code: str
    work: str
    workflow: Workflow
    procedures: tuple[str, ...]


def steps_without_staff(commune: Commune, on: date) -> list[Unstaffed]:
    """What workflows in force that day ask of the commune and no member of staff could do; most procedures first.

    One query for the duties; procedures for guidance alone are left out.
    """
    needed: dict[tuple[str, str], list[tuple[str, WorkflowStep, Workflow]]] = defaultdict(list)
    for code, workflow in _in_force(commune, on):
        for step in workflow.steps.all():
            if step.role and step.phase == Phase.COMMUNE:
                needed[step.role, step.unit_code.lower()].append((code, step, workflow))
    held = _held(commune, on)
    missing = [
        Unstaffed(
            Role(role),
            unit_code,
            uses[0][1].work,
            uses[0][2],
            tuple(dict.fromkeys(code for code, _step, _workflow in uses)),
        )
        for (role, unit_code), uses in needed.items()
        if (role, unit_code) not in held
    ]
    return sorted(missing, key=lambda one: (-len(one.procedures), one.role, one.unit_code))


def _in_force(commune: Commune, on: date) -> Iterator[tuple[str, Workflow]]:
    at = datetime.combine(on, NOON, VIETNAM)
    for version in versions_at(at):
        procedure = version.procedure
        if not version.guide_only and procedure.province in ("", commune.province_id):
            yield procedure.code, workflow_for(procedure, commune, at)


def _held(commune: Commune, on: date) -> set[tuple[str, str]]:
    """Roles held that day, each with "" and with the end of its unit's code."""
    duties = Duty.objects.held_on(on).filter(unit__commune=commune, user__is_active=True)
    held: set[tuple[str, str]] = set()
    for role, code in duties.values_list("role", "unit__code"):
        held |= {(role, ""), (role, code.removeprefix(commune.pk).lstrip(".-").lower())}
    return held
