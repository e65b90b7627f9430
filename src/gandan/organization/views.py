"""Public pages of the organization: find a commune, its units, their staff and working calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gandan.calculus.rules import DEFAULT_HOURS, OfficeHours
from gandan.organization.forms import PlaceSearch
from gandan.organization.models import (
    Commune,
    Duty,
    Holiday,
    OfficeHoursRow,
    Role,
    Unit,
    UnitKind,
    words_of_weekday,
)
from gandan.organization.queries import (
    HeldHours,
    calendar_of,
    calendar_years,
    holidays_of,
    hours_of,
    open_centres,
    today,
    units_of,
)
from gandan.organization.search import search_places
from gandan.organization.shipped import DEFAULT_HOURS_SOURCE

FIRST_YEAR, LAST_YEAR = 2000, 2100
COUNTERS = frozenset({UnitKind.CENTRE, UnitKind.BRANCH, UnitKind.POINT})
LEADING = (Role.CENTRE_DIRECTOR, Role.SIGNING_LEADER, Role.HEAD_OF_DEPARTMENT)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The search for communes, present and past."""
    form = PlaceSearch(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    centres = [] if query else open_centres()
    context = {"form": form, "query": query, "found": search_places(query), "centres": centres}
    return render(request, "organization/places.html", context)


@require_safe
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """One commune: what it was made of, and its units that are open here."""
    place = get_object_or_404(Commune.objects.select_related("province", "merged_into"), pk=code)
    before = sorted(place.predecessors.all(), key=lambda row: (row.old_district, row.old_name))
    units = sorted(units_of(place, today()), key=lambda unit: unit.kind not in COUNTERS)
    context = {"commune": place, "units": units, "predecessors": before}
    return render(request, "organization/commune.html", context)


def footer_of(unit: Unit) -> dict[str, str]:
    """The ward and the telephone that stand at the head and foot of a unit's pages."""
    return {"ward_name": unit.place_name, "ward_phone": unit.phone, "ward_phone_person": unit.name}


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours for a page: spans, where they come from and how certain that is; `days` says of which days."""

    spans: list[OfficeHours]
    source: str
    mark: str
    days: str = ""


def working_hours(rows: list[OfficeHoursRow], days: str = "") -> Hours:
    """The spans of `rows`, or the default of the software, which nobody has confirmed."""
    if not rows:
        return Hours(list(DEFAULT_HOURS), "", DEFAULT_HOURS_SOURCE.mark, days)
    spans = [OfficeHours(row.opens, row.closes) for row in rows]
    return Hours(spans, rows[0].document, rows[0].mark, days)


def hours_shown(held: HeldHours) -> dict[str, object]:
    """What `_hours.html` shows: the usual hours, those of weekdays that differ, reception outside working days."""
    by_weekday = [working_hours(rows, words_of_weekday(day)) for day, rows in held.weekdays.items()]
    return {"hours": working_hours(held.working), "weekdays": by_weekday, "reception": held.reception}


def _staff(unit: Unit, on: date) -> list[Duty]:
    """The duties shown to the public: heads first, then by name; administrators are not a public post."""
    held = Duty.objects.held_on(on).filter(unit=unit, user__is_active=True).select_related("user")
    shown = [duty for duty in held if duty.role != Role.ADMINISTRATOR]
    return sorted(shown, key=lambda duty: (duty.role not in LEADING, duty.user.full_name))


def unit_with_code(code: str) -> Unit:
    return get_object_or_404(
        Unit.objects.select_related("commune__province", "province", "parent"), code=code
    )


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: address, telephone, hours, staff with their fields, units below it."""
    found = unit_with_code(code)
    on = today()
    context = {
        "unit": found,
        "is_open": found.is_open(on),
        "is_counter": found.kind in COUNTERS,
        **hours_shown(hours_of(found, on)),
        "staff": _staff(found, on),
        "children": [child for child in found.children.order_by("code") if child.is_open(on)],
        "year": on.year,
        **footer_of(found),
    }
    return render(request, "organization/unit.html", context)


@require_safe
def calendar(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The working calendar of a unit in a year; a year without a published calendar says so."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no calendar so far off")
    found = unit_with_code(code)
    days: list[Holiday] = holidays_of(year, commune=found.commune_code, province=found.own_province.pk)
    on = today() if year == today().year else date(year, 1, 1)
    context = {
        "unit": found,
        "year": year,
        "days": days,
        "is_published": year in calendar_of(found).years,
        "uncertain": sum(1 for day in days if not day.is_certain),
        **hours_shown(hours_of(found, on)),
        "hours_on": on,
        "years": calendar_years(found),
        **footer_of(found),
    }
    return render(request, "organization/calendar.html", context)
