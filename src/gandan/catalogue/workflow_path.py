"""The path of an example dossier through a workflow (đường đi của hồ sơ mẫu), and its time beside the legal limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gandan.calculus.calendars import HOUR, working_time
from gandan.calculus.rules import Calendar, Unit
from gandan.catalogue.content import CaseContent
from gandan.catalogue.models import ProcedureCase, WorkflowStep
from gandan.catalogue.workflow_content import StepContent

HOURS_A_DAY = 8
#: Working hours in one unit of a step or a limit (1 day = 8 hours, as provinces' decisions count); other units
#: cannot be compared with them.
WORKING_HOURS = {Unit.WORKING_DAY.value: HOURS_A_DAY, Unit.WORKING_HOUR.value: 1}


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step with the moments between which the example lies there; `late`: it would end after the due moment."""

    step: StepContent | WorkflowStep
    starts: datetime
    ends: datetime
    late: bool


def path_of(
    steps: Iterable[StepContent | WorkflowStep], calendar: Calendar, received: datetime, due: datetime | None
) -> list[PathStep]:
    """Each step begins when the one before has used up its time. Raises YearWithoutCalendar."""
    path, at = [], received
    for step in steps:
        ends = _end_of(step, calendar, at)
        path.append(PathStep(step, at, ends, due is not None and ends > due))
        at = ends
    return path


def _end_of(step: StepContent | WorkflowStep, calendar: Calendar, at: datetime) -> datetime:
    if not step.amount_hundredths:
        return at
    if step.unit in WORKING_HOURS:
        unit = day_length(calendar) if step.unit == Unit.WORKING_DAY else HOUR
        return working_time(calendar).add_work(at, step.amount_hundredths * unit // 100)
    return at + timedelta(hours=1 if step.unit == Unit.HOUR else 24) * step.amount_hundredths / 100


def day_length(calendar: Calendar) -> int:
    """How long the office works on a working day, as the clock counts (HOUR for one hour)."""
    spans = ((span.closes, span.opens) for span in calendar.hours)
    minutes = sum((c.hour - o.hour) * 60 + c.minute - o.minute for c, o in spans)
    return minutes * HOUR // 60


def total_hundredths(steps: Iterable[StepContent | WorkflowStep], hours_in: dict[str, int]) -> int | None:
    """The sum in hundredths of hours; None if a step counts in a unit that `hours_in` does not know."""
    timed = [step for step in steps if step.amount_hundredths]
    if any(step.unit not in hours_in for step in timed):
        return None
    return sum((step.amount_hundredths or 0) * hours_in[step.unit] for step in timed)


@dataclass(frozen=True, slots=True)
class Measured:
    """The sum of the steps beside the limit of one case; `over` None: the units cannot be compared."""

    case: CaseContent | ProcedureCase
    total: int | None
    limit: int | None

    @property
    def over(self) -> bool | None:
        if self.total is None or self.limit is None:
            return None
        return self.total > self.limit


def measured(
    steps: Iterable[StepContent | WorkflowStep], cases: Iterable[CaseContent | ProcedureCase]
) -> list[Measured]:
    """The sum of the times against each case that gives a date, in hundredths of hours."""
    kept = list(steps)
    found = []
    for case in cases:
        if case.why_no_rule or case.amount is None:
            continue
        hours_in = {Unit.HOUR.value: 1} if case.unit == Unit.HOUR else WORKING_HOURS
        found.append(Measured(case, total_hundredths(kept, hours_in), limit_of(case, hours_in)))
    return found


def limit_of(case: CaseContent | ProcedureCase, hours_in: dict[str, int]) -> int | None:
    """The limit in hundredths of hours; a result of the same day has one working day at most."""
    if case.unit == Unit.SAME_DAY:
        return HOURS_A_DAY * 100
    return (case.amount or 0) * hours_in[case.unit] * 100 if case.unit in hours_in else None
