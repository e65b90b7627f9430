"""Office hours of a place and its units: what holds, what comes, and setting others from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.administration.forms.changes import HoursForm
from gandan.administration.places import place_for, units_in
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.administration.views.glimpses import look, open_communes_of
from gandan.dossiers.dry_run import Proposal
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.bases import cleaned_basis
from gandan.law.rows import Scope
from gandan.organization.actions import set_office_hours
from gandan.organization.actions.hours import ended_by, proposed_hours
from gandan.organization.models import Commune, Holiday, OfficeHoursRow, Unit
from gandan.organization.queries import hours_of, today
from gandan.organization.views import Hours, hours_shown


@dataclass(frozen=True, slots=True)
class OfUnit:
    """The hours that hold for one unit today, and rows of its own that begin later."""

    unit: Unit
    held: dict[str, object]
    coming: list[OfficeHoursRow]


@administration_page
def hours(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/gio-lam-viec/`: each unit with its hours; days of the place's own."""
    where, day = place_for(request.officer, place), today()
    rows = coming_rows(where, day)
    scope = Scope.COMMUNE if isinstance(where, Commune) else Scope.PROVINCE
    own_days = Holiday.objects.in_force().filter(
        scope=scope, scope_code=where.pk, day__gte=date(day.year, 1, 1)
    )
    units = [
        OfUnit(unit, hours_shown(hours_of(unit, day)), [row for row in rows if row.unit_id == unit.pk])
        for unit in units_in(where, day)
    ]
    context = {
        "place": where,
        "units": units,
        "coming": [row for row in rows if row.unit_id is None],
        "own_days": own_days.order_by("day"),
        "unconfirmed": any(
            isinstance(one.held["hours"], Hours) and not one.held["hours"].source for one in units
        ),
    }
    return show(request, "administration/hours.html", context)


def coming_rows(where: object, day: date) -> list[OfficeHoursRow]:
    """Rows of the place and its units that begin after the day. One query."""
    later = OfficeHoursRow.objects.in_force().filter(valid_from__gt=day)
    here = later.filter(scope=Scope.COMMUNE if isinstance(where, Commune) else Scope.PROVINCE)
    return list(here.filter(scope_code=getattr(where, "pk", "")).order_by("valid_from", "weekday", "opens"))


@administration_page
def set_hours(request: StaffRequest, place: str) -> HttpResponse:
    """The form; the look at which dossiers would get another hour; the act."""
    where, day = place_for(request.officer, place), today()
    form = HoursForm(posted(request), place=where, units=units_in(where, day), today=day)
    back = reverse("administration:hours", args=[place])
    context = {"title": _("Set office hours"), "back": back, "place": where, "is_hours": True}
    if request.method == "POST" and form.is_valid():
        cleaned, at = form.cleaned_data, timezone.now()
        chosen = {
            "place": form.where(),
            "valid_from": cleaned["valid_from"],
            "weekday": form.weekday_number(),
            "reception_only": cleaned["reception_only"],
        }
        with refusals_told(form):
            if request.POST.get("step") == "enter":
                set_office_hours(
                    form.spans,
                    **chosen,
                    document=cleaned["document"],
                    officer=request.officer,
                    at=at,
                    request_id=cleaned["request_id"],
                )
                said = _("The office hours are set. No date was recalculated yet.")
                return done(request, said, "administration:hours", place)
            basis = cleaned_basis(cleaned["document"])
            rows = proposed_hours(form.spans, **chosen, document=basis, by=request.officer.code, at=at)
            proposal = Proposal(hours=tuple(rows), last_days=ended_by(**chosen))
            scope = Scope.COMMUNE if isinstance(where, Commune) else Scope.PROVINCE
            return look(request, form, proposal, open_communes_of(scope, place), context)
    return ask(request, "administration/change_form.html", form, context)
