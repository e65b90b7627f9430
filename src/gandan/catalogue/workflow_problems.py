"""What must be put right before a workflow can be published, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _

from gandan.catalogue.content import CaseContent, specs
from gandan.catalogue.models import Phase, WorkflowStep
from gandan.catalogue.problems import Problem
from gandan.catalogue.workflow_content import StepContent, WorkflowContent
from gandan.catalogue.workflow_path import measured
from gandan.organization.models import Role

MOST_STEPS = 40
UNIT_CODE = re.compile(r"[A-Za-z0-9._-]{1,20}", re.ASCII)
#: How far a dossier is when somebody of this role has done a step; it never goes back. The head of department comes
#: twice: to assign, and to check; the counter officer receives and returns.
STAGES: dict[str, tuple[int, ...]] = {
    Role.COUNTER_OFFICER.value: (0, 9),
    Role.CENTRE_DIRECTOR.value: (0, 1, 9),
    Role.HEAD_OF_DEPARTMENT.value: (1, 3),
    Role.SPECIALIST.value: (2,),
    Role.POLICE_OFFICER.value: (2, 3),
    Role.TAX_OFFICER.value: (2, 3),
    Role.LEGAL_OFFICER.value: (2, 3),
    Role.SIGNING_LEADER.value: (4,),
    Role.CLERK.value: (5,),
}


def workflow_problems(content: WorkflowContent, cases: Sequence[CaseContent]) -> list[Problem]:
    """All that hinders publishing, then what is worth a second look. `cases`: those of the procedure."""
    found = [
        *_of_content(content),
        *(problem for step in content.steps for problem in _of_step(step)),
        *_circles(content.steps),
        *_against_limits(content, cases),
    ]
    return sorted(found, key=lambda one: not one.stops)


def _of_content(content: WorkflowContent) -> Iterator[Problem]:
    if not content.name:
        yield Problem("general", "", _("The workflow needs a name."))
    if not content.steps:
        yield Problem("steps", "", _("A workflow has at least one step."))
    if len(content.steps) > MOST_STEPS:
        yield Problem("steps", "", _("More than %(most)s steps are surely a slip.") % {"most": MOST_STEPS})
    if content.steps and not any(step.role == Role.SIGNING_LEADER for step in content.steps):
        yield Problem("steps", "", _("Nobody decides: no step is for the leader who signs."), stops=False)


def _of_step(step: StepContent) -> Iterator[Problem]:
    name = {"name": step.work}
    if not step.work:
        yield Problem("steps", "", _("A step does not say what is done."))
    for spec in specs(StepContent):
        text = getattr(step, spec.name)
        most = getattr(WorkflowStep._meta.get_field(spec.name), "max_length", None)
        if isinstance(text, str) and most and len(text) > most:
            words = {"label": spec.label, "n": len(text), "most": most}
            yield Problem("steps", step.work, _("“%(label)s” has %(n)s signs; at most %(most)s fit.") % words)
    if step.unit_code and not UNIT_CODE.fullmatch(step.unit_code):
        yield Problem(
            "steps",
            step.work,
            _("“%(name)s”: the end of a unit's code is short, like “tt” or “vhxh”.") % name,
        )
    if not step.role and not step.role_text:
        yield Problem("steps", step.work, _("“%(name)s”: who does it?") % name)
    if step.phase == Phase.COMMUNE and not step.role:
        yield Problem(
            "steps",
            step.work,
            _("“%(name)s”: without a role of the commune nobody here sees this step.") % name,
            stops=False,
        )
    if step.amount_hundredths == 0:
        yield Problem("steps", step.work, _("“%(name)s”: leave the time empty where none is counted.") % name)


def _circles(steps: Sequence[StepContent]) -> Iterator[Problem]:
    """A dossier must not go round: not back to somebody before, not to the province and back and there again."""
    phases = [phase for phase, _group in groupby(step.phase for step in steps)]
    if phases.count(Phase.PROVINCE) > 1:
        yield Problem(
            "steps",
            "",
            _(
                "The dossier goes to the province, comes back and goes there again. Put the steps in one order."
            ),
        )
    for phase in Phase:
        yield from _back_steps([step for step in steps if step.phase == phase])


def _back_steps(steps: Sequence[StepContent]) -> Iterator[Problem]:
    reached = 0
    for step in steps:
        stages = STAGES.get(step.role, ())
        ahead = [stage for stage in stages if stage >= reached]
        if stages and not ahead:
            yield Problem(
                "steps",
                step.work,
                _(
                    "“%(name)s” goes back to somebody who was done already: the dossier would go round in a circle. Put the steps in the order of the work."
                )
                % {"name": step.work},
            )
        reached = min(ahead, default=reached)


def _against_limits(content: WorkflowContent, cases: Sequence[CaseContent]) -> Iterator[Problem]:
    """Over the limit of every case: refused. Over that of one: to be looked at."""
    compared = [one for one in measured(content.steps, cases) if one.over is not None]
    over = [one for one in compared if one.over]
    if over and len(over) == len(compared):
        yield Problem(
            "steps", "", _("The steps together take longer than the law allows in any case of the procedure.")
        )
    for one in over if len(over) < len(compared) else ():
        yield Problem(
            "steps",
            "",
            _("The steps together take longer than the time limit of the case “%(case)s”.")
            % {"case": one.case.label},
            stops=False,
        )
