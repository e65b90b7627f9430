"""Units of a place: list, add, change, close."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.administration.forms.units import CloseUnitForm, NewUnitForm, UnitForm
from gandan.administration.places import place_for, unit_in, units_in
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.dossiers.actions.leaving import lies_at
from gandan.dossiers.views.door import StaffRequest, show
from gandan.organization.actions.units import LONGEST, add_unit, change_unit, close_unit
from gandan.organization.models import Duty, UnitKind
from gandan.organization.queries import today


@administration_page
def units(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/don-vi/`: open units first, closed ones below; how many work in each."""
    where, day = place_for(request.officer, place), today()
    found = units_in(where)
    held = (
        Duty.objects.held_on(day)
        .filter(unit__in=found, user__is_active=True)
        .values_list("unit_id", flat=True)
    )
    counts = {unit.pk: 0 for unit in found}
    for unit_id in held:
        counts[unit_id] += 1
    context = {
        "place": where,
        "open": [(unit, counts[unit.pk]) for unit in found if unit.is_open(day)],
        "closed": [unit for unit in found if not unit.is_open(day)],
    }
    return show(request, "administration/units.html", context)


@administration_page
def add(request: StaffRequest, place: str) -> HttpResponse:
    """A new unit below one that is there."""
    where, day = place_for(request.officer, place), today()
    form = NewUnitForm(posted(request), place=where, units=units_in(where, day), today=day)
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            added = add_unit(
                where,
                UnitKind(form.cleaned_data["kind"]),
                form.content(),
                parent=form.parent_unit(),
                opened_on=form.cleaned_data["opened_on"],
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            sentence = _("%(unit)s is entered.") % {"unit": added.name}
            return done(request, sentence, "administration:units", place)
    return ask(request, "administration/unit_add.html", form, {"place": where})


@administration_page
def unit(request: StaffRequest, place: str, unit_id: UUID) -> HttpResponse:
    """What is shown and printed of a unit, to be changed; the way to close it."""
    where = place_for(request.officer, place)
    found = unit_in(where, unit_id)
    form = UnitForm(posted(request), initial={name: getattr(found, name) for name in LONGEST})
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            change_unit(
                found,
                form.content(),
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(request, _("The unit is changed."), "administration:units", place)
    return ask(request, "administration/unit_change.html", form, {"place": where, "unit": found})


@administration_page
def close(request: StaffRequest, place: str, unit_id: UUID) -> HttpResponse:
    """Closes a unit: what stands against it is said before anything is typed."""
    where, day = place_for(request.officer, place), today()
    found = unit_in(where, unit_id)
    form = CloseUnitForm(posted(request), initial={"last_day": day})
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            close_unit(
                found,
                last_day=form.cleaned_data["last_day"],
                end_duties=form.cleaned_data["end_duties"],
                hindrance=lies_at,
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(
                request, _("%(unit)s is closed.") % {"unit": found.name}, "administration:units", place
            )
    duties = Duty.objects.after(day).filter(unit=found).select_related("user").order_by("user__full_name")
    context = {"place": where, "unit": found, "hindrance": lies_at(found), "duties": duties}
    return ask(request, "administration/unit_close.html", form, context)
