"""The working calendar: a year with its marks, a day set on its document, the year confirmed."""

from __future__ import annotations

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gandan.administration.forms.changes import ConfirmForm, DayOffForm
from gandan.administration.places import Place, place_for, require_administrator
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.administration.views.glimpses import look, open_communes_of
from gandan.dossiers.dry_run import Proposal
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.permissions import require_change
from gandan.law.rows import Scope
from gandan.organization.actions import confirm_calendar, set_day
from gandan.organization.actions.calendars import proposed_day
from gandan.organization.models import Commune, Holiday, Role
from gandan.organization.queries import calendar_of, holidays_of, today
from gandan.organization.views import FIRST_YEAR, LAST_YEAR

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month; `row` is what stands in the calendar for it."""

    day: date
    row: Holiday | None
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month by weeks, Monday first; days of other months are left out."""

    first: date
    weeks: list[list[Cell | None]]


def months_of(year: int, rows: list[Holiday]) -> list[Month]:
    """The year as a wall calendar shows it."""
    marked = {row.day: row for row in rows}
    months = []
    for number in range(1, 13):
        weeks = [
            [Cell(day, marked.get(day), day.weekday() >= 5) if day.month == number else None for day in week]
            for week in Months().monthdatescalendar(year, number)
        ]
        months.append(Month(date(year, number, 1), weeks))
    return months


@administration_page
def this_year(request: StaffRequest) -> HttpResponse:
    """The calendar of this year."""
    return redirect("administration:calendar", today().year)


@administration_page
def calendar(request: StaffRequest, year: int) -> HttpResponse:
    """`/quan-tri/lich/<year>/`: the nation's days, each with its mark; what is open to be done."""
    if request.officer.roles.isdisjoint({Role.ADMINISTRATOR, Role.LEGAL_OFFICER}):
        require_administrator(request.officer)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no calendar so far off")
    rows = holidays_of(year)
    context = {
        "year": year,
        "years": range(max(FIRST_YEAR, today().year - 1), min(LAST_YEAR, today().year + 3)),
        "rows": rows,
        "months": months_of(year, rows) if rows else [],
        "is_published": year in calendar_of(None).years,
        "uncertain": sum(1 for row in rows if not row.is_certain),
        "may_change": request.officer.confirms_law,
        "weekday_heads": WEEKDAYS,
    }
    return show(request, "administration/calendar.html", context)


@administration_page
def confirm(request: StaffRequest, year: int) -> HttpResponse:
    """Confirms the days of a year as they stand, on the document that the legal officer has read."""
    require_change(request.officer, Scope.NATIONAL, "")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no calendar so far off")
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            count = confirm_calendar(
                year,
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            sentence = _("%(count)d days of %(year)d are confirmed.") % {"count": count, "year": year}
            return done(request, sentence, "administration:calendar", year)
    rows = [row for row in holidays_of(year) if not row.is_certain]
    return ask(request, "administration/calendar_confirm.html", form, {"year": year, "rows": rows})


@administration_page
def national_day(request: StaffRequest) -> HttpResponse:
    """A day off or make-up day of the whole country."""
    require_change(request.officer, Scope.NATIONAL, "")
    return day_page(request, Scope.NATIONAL, None)


@administration_page
def local_day(request: StaffRequest, place: str) -> HttpResponse:
    """The same for one commune or province: what its own document fixed, such as a day off in a flood."""
    where = place_for(request.officer, place)
    return day_page(request, Scope.COMMUNE if isinstance(where, Commune) else Scope.PROVINCE, where)


def day_page(request: StaffRequest, scope: Scope, where: Place | None) -> HttpResponse:
    """The form; the look at what would move; the act."""
    code = where.pk if where else ""
    form = DayOffForm(posted(request), initial={"day": request.GET.get("ngay", ""), "works": "0"})
    title = (
        _("Set a day of %(place)s") % {"place": where.full_name}
        if where
        else _("Set a day of the whole country")
    )
    back = (
        reverse("administration:hours", args=[code])
        if where
        else reverse("administration:calendar", args=[today().year])
    )
    context = {"title": title, "back": back, "place": where}
    if request.method == "POST" and form.is_valid():
        cleaned, at = form.cleaned_data, timezone.now()
        content = {"name": cleaned["name"], "works": cleaned["works"] == "1", "document": cleaned["document"]}
        with refusals_told(form):
            if request.POST.get("step") == "enter":
                set_day(
                    cleaned["day"],
                    **content,
                    officer=request.officer,
                    at=at,
                    request_id=cleaned["request_id"],
                    scope=scope,
                    scope_code=code,
                )
                return done(
                    request, _("The day is set. No date was recalculated yet."), "administration:recalculate"
                )
            row = proposed_day(
                cleaned["day"], **content, by=request.officer.code, at=at, scope=scope, scope_code=code
            )
            proposal = Proposal(days=(row,))
            return look(request, form, proposal, open_communes_of(scope, code), context)
    return ask(request, "administration/change_form.html", form, context)
