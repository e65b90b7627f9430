"""What the pages about internal workflows show: places, steps, times beside the limits, the path of an example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gandan.administration.procedures_forms import DAY, DAYS, BasisForm
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Calendar
from gandan.catalogue.content import CaseContent
from gandan.catalogue.content_words import hundredths_words
from gandan.catalogue.expected import expected, no_calendar
from gandan.catalogue.labels import PHASES, STEP_UNITS
from gandan.catalogue.models import Draft, DraftKind, Procedure, ProcedureCase, Workflow
from gandan.catalogue.problems import Problem
from gandan.catalogue.queries import sheet_of, version_at, workflow_for
from gandan.catalogue.staffing import Unstaffed, steps_without_staff
from gandan.catalogue.stored import content_of
from gandan.catalogue.workflow_content import (
    ROLES,
    StepContent,
    WorkflowContent,
    workflow_content,
    workflow_of_text,
)
from gandan.catalogue.workflow_path import HOURS_A_DAY, Measured, PathStep, measured, path_of
from gandan.catalogue.workflow_problems import workflow_problems
from gandan.dossiers.errors import NotFound
from gandan.law.rows import Origin
from gandan.organization.models import Commune, Province, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, administered_communes
from gandan.organization.queries import calendar_of

CHANGERS = frozenset({Role.ADMINISTRATOR, Role.LEGAL_OFFICER})
MOST_PLACES = 200
#: The ends of the codes that every commune's units have, with their usual names.
USUAL_UNITS = {
    "tt": gettext_lazy("public service centre"),
    "vp": gettext_lazy("office of the people's council and committee"),
    "kt": gettext_lazy("department of economy"),
    "vhxh": gettext_lazy("department of culture and society"),
    "ca": gettext_lazy("commune police"),
    "ub": gettext_lazy("people's committee"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A province (then `commune` is None) or a commune whose workflows the officer may change."""

    province: Province
    commune: Commune | None

    @property
    def name(self) -> str:
        return self.commune.full_name if self.commune else self.province.full_name

    @property
    def code(self) -> str:
        return self.commune.pk if self.commune else self.province.pk

    def standing(self, procedure: Procedure, at: datetime) -> Workflow:
        """The workflow that holds there."""
        return workflow_for(procedure, self.commune or Commune(province=self.province), at)

    def calendar(self, on: date) -> Calendar:
        return calendar_of(centre_of(self), on=on)


def centre_of(place: Place) -> Unit | None:
    """The centre whose hours the example goes by."""
    if place.commune is None:
        return None
    return Unit.objects.filter(commune=place.commune, kind=UnitKind.CENTRE, closed_on=None).first()


def places_of(officer: Officer) -> list[Place]:
    """Provinces first, then communes, by code. Two queries."""
    codes = {duty.province for duty in officer.held if duty.province and duty.role in CHANGERS}
    provinces = [Place(one, None) for one in Province.objects.filter(pk__in=codes).order_by("pk")]
    communes = administered_communes(officer)[:MOST_PLACES]
    return provinces + [Place(one.province, one) for one in communes]


def place_with(officer: Officer, code: str) -> Place:
    """The place of that code among those of the officer; NotFound."""
    place = next((one for one in places_of(officer) if one.code == code), None)
    if place is None:
        raise NotFound(_("There is no such place, or it is not yours."))
    return place


def place_of(row: Draft | Workflow) -> Place:
    """For whom a draft or a workflow is meant."""
    commune = (
        Commune.objects.select_related("province").filter(pk=row.commune).first() if row.commune else None
    )
    return Place(commune.province if commune else Province.objects.get(pk=row.province), commune)


@dataclass(frozen=True, slots=True)
class Standing:
    """A workflow decided for a place that holds there, or will."""

    workflow: Workflow
    state: str  # now | coming


def own_workflows(place: Place, at: datetime, code: str = "") -> list[Standing]:
    """The workflows decided for just this place that hold or will, by procedure. One query."""
    rows = Workflow.objects.filter(
        origin=Origin.LOCAL,
        withdrawn_at=None,
        commune=place.commune.pk if place.commune else "",
        province=place.province.pk,
    )
    if code:
        rows = rows.filter(procedure__code=code)
    found = (
        rows.select_related("procedure").prefetch_related("steps").order_by("procedure__code", "valid_from")
    )
    return [
        Standing(one, "now" if one.holds_at(at) else "coming")
        for one in found
        if one.retired_at is None or one.retired_at > at
    ]


def unstaffed_in(place: Place, on: date) -> list[Unstaffed]:
    return steps_without_staff(place.commune, on) if place.commune else []


# ---- steps in words ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as a page shows it."""

    position: int
    work: str
    who: str
    where: str
    time: str
    phase: str
    problems: tuple[Problem, ...] = ()


def step_rows(steps: Iterable[Any], problems: Iterable[Problem] = ()) -> list[StepRow]:
    faults = list(problems)
    return [
        StepRow(
            position,
            step.work,
            who(step),
            unit_words(step.unit_code),
            step_time(step),
            str(PHASES[step.phase]),
            tuple(one for one in faults if one.key and one.key == step.work),
        )
        for position, step in enumerate(steps, 1)
    ]


def who(step: Any) -> str:
    """The role, and the decision's own words where they say more."""
    role = str(ROLES.get(step.role, step.role)) if step.role else ""
    return " · ".join(part for part in (role, step.role_text) if part)


def unit_words(code: str) -> str:
    return str(USUAL_UNITS.get(code.lower(), code))


def step_time(step: Any) -> str:
    if not step.amount_hundredths:
        return _("no time counted")
    return f"{hundredths_words(step.amount_hundredths)} {STEP_UNITS[step.unit]}"


def hours_words(hundredths: int | None) -> str:
    """4000 → "5 ngày làm việc (40 giờ)"."""
    if hundredths is None:
        return _("in other units, cannot be added")
    hours = hundredths_words(hundredths)
    days = hundredths_words(hundredths // HOURS_A_DAY)
    return _("%(days)s working days (%(hours)s working hours)") % {"days": days, "hours": hours}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The sum beside the limit of one case, in words."""

    label: str
    total: str
    limit: str
    over: bool | None


def limit_rows(found: Iterable[Measured]) -> list[LimitRow]:
    return [LimitRow(one.case.label, hours_words(one.total), limit_words(one), one.over) for one in found]


def limit_words(one: Measured) -> str:
    unit = str(
        STEP_UNITS.get(one.case.unit, _("within the day") if one.case.unit == "same_day" else one.case.unit)
    )
    return unit if one.case.unit == "same_day" else f"{one.case.amount} {unit}"


# ---- the page of a draft -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    """The path of a dossier received at a moment; `problem` where no date can be counted."""

    received: datetime | None
    due: datetime | None
    path: list[PathStep]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    """A draft of a workflow with all that its page shows."""

    draft: Draft
    place: Place
    content: WorkflowContent
    name: str
    rows: list[StepRow]
    problems: list[Problem]
    limits: list[LimitRow]
    example: Example
    before: WorkflowContent

    @property
    def stops(self) -> bool:
        return any(one.stops for one in self.problems)


def workflow_page(draft: Draft, at: datetime, received: datetime | None = None) -> WorkflowPage:
    version = version_at(draft.code, at)
    content, place = workflow_of_text(draft.content), place_of(draft)
    cases: tuple[CaseContent, ...] = content_of(version).cases
    problems = workflow_problems(content, cases)
    standing = place.standing(version.procedure, at)
    return WorkflowPage(
        draft=draft,
        place=place,
        content=content,
        name=version.short_name,
        rows=step_rows(content.steps, problems),
        problems=problems,
        limits=limit_rows(measured(content.steps, cases)),
        example=example_of(content.steps, place, usual_case(sheet_of(version).cases), received, at),
        before=workflow_content(standing, draft.code),
    )


def usual_case(cases: Iterable[ProcedureCase]) -> ProcedureCase:
    return next(case for case in cases if case.when is None)


def example_of(
    steps: Iterable[Any], place: Place, case: ProcedureCase, received: datetime | None, at: datetime
) -> Example:
    """The path of an example received at `received`, or when the office opens next."""
    rule, now = case.rule(), at.replace(second=0, microsecond=0)
    start = received or (expected(rule, now).received if rule else now)
    found = expected(rule, start) if rule else None
    try:
        calendar = place.calendar(start.astimezone(VIETNAM).date())
        return Example(
            start, found.due if found else None, path_of(steps, calendar, start, found.due if found else None)
        )
    except YearWithoutCalendar as error:
        return Example(start, None, [], no_calendar(error))


def workflow_drafts(places: Iterable[Place]) -> list[Draft]:
    """Open drafts for these places, the last changed first. One query."""
    codes = {(place.province.pk, place.commune.pk if place.commune else "") for place in places}
    rows = Draft.objects.filter(kind=DraftKind.WORKFLOW, closed_at=None).order_by("-changed_at")[:500]
    return [one for one in rows if (one.province, one.commune) in codes]


# ---- forms -------------------------------------------------------------------------------------------------


class NameForm(forms.Form):
    """What the workflow is called."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the workflow"), max_length=500)


class StepForm(forms.Form):
    """One step: what, by whom, where, in what time, and after which step."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    work = forms.CharField(label=gettext_lazy("What is done"), max_length=300)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    role_text = forms.CharField(
        label=gettext_lazy("Who, in the words of the decision"), max_length=120, required=False
    )
    unit_code = forms.ChoiceField(
        label=gettext_lazy("Office or department"),
        required=False,
        help_text=gettext_lazy("Leave it open where anybody of that role may do it."),
    )
    time = forms.DecimalField(
        label=gettext_lazy("Time of the step"),
        min_value=0,
        max_value=10_000,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=gettext_lazy("For example 0,5. Leave it empty where no time is counted."),
        widget=forms.TextInput(attrs={"class": "input-short input-figures", "inputmode": "decimal"}),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the time"))
    phase = forms.ChoiceField(label=gettext_lazy("Level"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, step: StepContent, place: Place, seen: int) -> None:
        self.step = step
        super().__init__(data, initial=initial_of(step) | {"seen": seen}, label_suffix="")
        choices: dict[str, Any] = {"role": ROLES, "unit": STEP_UNITS, "phase": PHASES}
        for name, labels in choices.items():
            self.fields[name].choices = list(labels.items())  # type: ignore[attr-defined]
        self.fields["unit_code"].choices = unit_choices(place, step)  # type: ignore[attr-defined]

    def value(self) -> StepContent:
        """The step as filled in. After `is_valid`."""
        clean = self.cleaned_data
        time = clean["time"]
        return StepContent(
            work=clean["work"],
            role=clean["role"],
            role_text=clean["role_text"],
            unit_code=clean["unit_code"],
            amount_hundredths=int(time * 100) if time else None,
            unit=clean["unit"],
            phase=clean["phase"],
        )


def initial_of(step: StepContent) -> dict[str, Any]:
    time = "" if step.amount_hundredths is None else hundredths_words(step.amount_hundredths)
    names = ("work", "role", "role_text", "unit_code", "unit", "phase")
    return {name: getattr(step, name) for name in names} | {"time": time}


def unit_choices(place: Place, step: StepContent) -> list[tuple[str, Any]]:
    """The usual units, those of the commune, and the one that stands there."""
    choices: dict[str, Any] = {"": _("not fixed"), **USUAL_UNITS}
    if place.commune:
        for unit in Unit.objects.filter(commune=place.commune, closed_on=None).order_by("code"):
            end = unit.code.removeprefix(place.commune.pk).lstrip(".-")
            choices[end] = unit.name
    if step.unit_code:
        choices.setdefault(step.unit_code, step.unit_code)
    return list(choices.items())


class EndForm(BasisForm):
    """From which day the workflow is no longer taken for new dossiers."""

    ends_on = forms.DateField(
        label=gettext_lazy("Ends on"),
        help_text=gettext_lazy("From this day on new dossiers follow what holds without it."),
        input_formats=DAYS,
        widget=DAY,
    )
    field_order = ("ends_on", "document", "request_id")


def procedures_words(one: Unstaffed) -> str:
    n = len(one.procedures)
    return ngettext("%(n)s procedure", "%(n)s procedures", n) % {"n": n}
