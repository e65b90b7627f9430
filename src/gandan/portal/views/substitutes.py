"""Who is away and who replaces them (vắng mặt, thay thế): see, arrange, cut short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gandan.dossiers import desks
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.law.errors import BasisMissing
from gandan.organization.absence import actions, queries
from gandan.organization.absence.models import Absence, Substitution
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty
from gandan.portal.absence_forms import (
    AbsenceForm,
    Arranging,
    EndAbsenceForm,
    EndSubstitutionForm,
    SubstituteForm,
)

ACTS: dict[str, Callable[..., object]] = {
    "substitute": actions.substitute,
    "absence": actions.record_absence,
    "end-substitution": actions.end_substitution,
    "end-absence": actions.end_absence,
}
DONE = {
    "substitute": gettext_lazy("The substitution is recorded. It ends by itself after its last day."),
    "absence": gettext_lazy("The absence is recorded."),
    "end-substitution": gettext_lazy("The substitution has ended."),
    "end-absence": gettext_lazy("Welcome back: the absence has ended."),
}
FIELDS = {"valid_from": "first", "valid_to": "last"}  # the days of an absence bear other names in its form


@dataclass(frozen=True, slots=True)
class Replaced:
    """A substitution as the page lists it, with the form that cuts it short for who may."""

    row: Substitution
    end: EndSubstitutionForm | None


@dataclass(frozen=True, slots=True)
class Away:
    row: Absence
    end: EndAbsenceForm | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What this officer may arrange: duties, people who may be away, people who may replace."""

    duties: list[Duty]
    people: list[Any]
    reported: list[Any]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def substitutes(request: StaffRequest) -> HttpResponse:
    """`/dieu-hanh/vang-mat/`: everybody of the ward reads it; who may arrange something has its form."""
    at = timezone.now()
    choices = choices_of(request, at)
    if request.method != "POST":
        return page(request, choices, at)
    form = sent_form(request, choices)
    if form is None or not form.is_valid():
        return page(request, choices, at, sent=form, status=422)
    return perform(request, form, choices, at)


def choices_of(request: StaffRequest, at: datetime) -> Choices:
    """Two queries."""
    day, communes = desks.on_day(at), sorted(request.officer.communes)
    duties = list(
        Duty.objects.held_on(day)
        .filter(unit__commune__in=communes, role__in=queries.REPLACEABLE, user__is_active=True)
        .select_related("user", "unit__commune__province", "unit__province")
        .order_by("user__full_name", "pk")
    )
    mine = [duty for duty in duties if actions.may_arrange(request.officer, duty)]
    reported = {duty.user.code: duty.user for duty in duties if duty in mine}
    reported.setdefault(request.user.code, request.user)
    return Choices(mine, queries.colleagues(communes, day), list(reported.values()))


def sent_form(request: StaffRequest, choices: Choices) -> Arranging | None:
    what = request.POST.get("what", "")
    if what == "substitute":
        return SubstituteForm(request.POST, duties=choices.duties, people=choices.people)
    if what == "absence":
        return AbsenceForm(request.POST, people=choices.reported)
    if what == "end-substitution":
        return EndSubstitutionForm(request.POST)
    return EndAbsenceForm(request.POST) if what == "end-absence" else None


def perform(request: StaffRequest, form: Arranging, choices: Choices, at: datetime) -> HttpResponse:
    """One call, and an answer: done, or why not beside the field, with what was typed kept."""
    try:
        ACTS[form.kind](
            officer=request.officer,
            at=at,
            request_id=form.cleaned_data["request_id"],
            **form.arguments(),
        )
    except Refused as error:
        name = FIELDS.get(error.field, error.field) if form.kind == "absence" else error.field
        form.add_error(name if name in form.fields else None, str(error))
    except (NotCompetent, BasisMissing) as error:
        form.add_error(None, str(error))
    except (Substitution.DoesNotExist, Absence.DoesNotExist):
        form.add_error(None, str(gettext_lazy("There is no such row any more.")))
    else:
        messages.success(request, str(DONE[form.kind]))
        return HttpResponseRedirect(reverse("portal:substitutes"))
    return page(request, choices, at, sent=form, status=422)


def page(
    request: StaffRequest,
    choices: Choices,
    at: datetime,
    *,
    sent: Arranging | None = None,
    status: int = 200,
) -> HttpResponse:
    day, communes = desks.on_day(at), sorted(request.officer.communes)
    asked = {"duty": request.GET.get("nhiem-vu", "")}
    blank: dict[str, Arranging] = {
        "substitute": SubstituteForm(None, duties=choices.duties, people=choices.people, initial=asked),
        "absence": AbsenceForm(None, people=choices.reported),
    }
    if sent is not None and sent.kind in blank:
        blank[sent.kind] = sent
    context = {
        "substitutions": [replaced(request, one) for one in queries.of_communes(communes, day)],
        "absences": [away(request, one, choices) for one in queries.absences_of(communes, day)],
        "may_arrange": bool(choices.duties),
        "form": blank["substitute"],
        "absence_form": blank["absence"],
        "refused": sent if sent is not None and sent.kind not in blank else None,
        "today": day,
    }
    return show(request, "portal/substitutes.html", context, status=status)


def replaced(request: StaffRequest, row: Substitution) -> Replaced:
    mine = actions.may_arrange(request.officer, row.duty)
    return Replaced(row, EndSubstitutionForm(initial={"row": row.pk}) if mine else None)


def away(request: StaffRequest, row: Absence, choices: Choices) -> Away:
    mine = row.user in choices.reported
    return Away(row, EndAbsenceForm(initial={"row": row.pk}) if mine else None)
