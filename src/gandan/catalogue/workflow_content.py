"""What an internal workflow says (nội dung quy trình nội bộ): who does which step, where, in what time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandan.catalogue import labels
from gandan.catalogue.content import Kind, said, specs
from gandan.catalogue.models import Workflow, WorkflowStep
from gandan.catalogue.reading import read_as
from gandan.organization.models import Role

OUTSIDE = pgettext_lazy("role of a step", "somebody outside the commune")
WORKING_ROLES = (
    Role.COUNTER_OFFICER,
    Role.SPECIALIST,
    Role.HEAD_OF_DEPARTMENT,
    Role.SIGNING_LEADER,
    Role.CLERK,
    Role.CENTRE_DIRECTOR,
    Role.LEGAL_OFFICER,
    Role.POLICE_OFFICER,
    Role.TAX_OFFICER,
)
ROLES: labels.Labels = {"": OUTSIDE, **{role.value: role.label for role in WORKING_ROLES}}


@dataclass(frozen=True, slots=True)
class StepContent:
    """A step, as `models.WorkflowStep`."""

    KEY: ClassVar[str] = "work"
    TITLE: ClassVar[str] = "work"

    work: str = said(_("What is done"))
    role: str = said(_("Role"), Kind.CHOICE, "", ROLES)
    role_text: str = said(_("Who, in the words of the decision"))
    unit_code: str = said(_("Office or department (end of its code)"))
    amount_hundredths: int | None = said(_("Time of the step"), Kind.HUNDREDTHS, None)
    unit: str = said(_("Unit of the time"), Kind.CHOICE, "working_day", labels.STEP_UNITS)
    phase: str = said(_("Level"), Kind.CHOICE, "commune", labels.PHASES)


@dataclass(frozen=True, slots=True)
class WorkflowContent:
    """All that a workflow says; for whom it is meant stands beside it."""

    SCHEMA: ClassVar[str] = "gandan-workflow-1"

    procedure: str = said(_("Code of the procedure"))
    name: str = said(_("Name of the workflow"))
    steps: tuple[StepContent, ...] = said(_("Steps"), Kind.ROWS, (), rows=StepContent)


def workflow_from(data: Any) -> WorkflowContent:
    """The content of a workflow that the data hold. Raises ContentRefused."""
    return read_as(WorkflowContent, WorkflowContent.SCHEMA, data)


def workflow_of_text(text: str) -> WorkflowContent:
    """The content of a draft, from its canonical text."""
    return workflow_from(json.loads(text))


def workflow_content(workflow: Workflow, code: str) -> WorkflowContent:
    """What a stored workflow says, for the procedure of that code (a sample bears none)."""
    steps = tuple(
        StepContent(**{spec.name: getattr(step, spec.name) for spec in specs(StepContent)})
        for step in sorted(workflow.steps.all(), key=lambda step: step.position)
    )
    return WorkflowContent(procedure=code, name=workflow.name, steps=steps)


def steps_of(content: WorkflowContent, workflow: Workflow) -> list[WorkflowStep]:
    """The rows of the steps, not stored."""
    return [
        WorkflowStep(
            workflow=workflow,
            position=position,
            **{spec.name: getattr(step, spec.name) for spec in specs(StepContent)},
        )
        for position, step in enumerate(content.steps, 1)
    ]
