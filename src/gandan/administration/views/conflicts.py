"""Conflicts of interest: the reports that I may read, the form of one, the head's decision and its notification."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandan.accounts.actions import record_look
from gandan.administration.forms.interests import DecideForm, ReportForm, RequestForm
from gandan.administration.rules import Rule, rule
from gandan.calculus.rules import VIETNAM, Reading
from gandan.catalogue.explain import explain
from gandan.dossiers.at_odds import AtOdds, at_odds_in
from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.dossiers.models import Dossier
from gandan.dossiers.permissions import dossier_for
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.dossiers.why import Why
from gandan.organization.errors import Refused
from gandan.organization.integrity import actions
from gandan.organization.integrity.models import ConflictReport
from gandan.organization.integrity.queries import decides_in, reports_for, words_of
from gandan.organization.integrity.terms import readings_of
from gandan.organization.integrity.words import CASES, case_cited
from gandan.organization.models import Duty
from gandan.organization.permissions import Officer
from gandan.ui.paging import take_page

RELATIVE_HAS_AN_INTEREST = 8


def staff_in(communes: list[str] | frozenset[str], at: datetime) -> list[Duty]:
    """Who holds a duty today in these communes, by name. One query."""
    held = Duty.objects.held_on(at.astimezone(VIETNAM).date())
    found = held.filter(unit__commune_id__in=communes, user__is_active=True)
    return list(found.select_related("user", "unit").order_by("user__full_name", "valid_from"))


@staff_page
@require_safe
def conflicts(request: StaffRequest) -> HttpResponse:
    """`/xung-dot-loi-ich/`: my reports; for heads what waits for a decision, and dossiers that lie wrong."""
    at, heads = timezone.now(), decides_in(request.officer)
    found = reports_for(request.officer)
    page = take_page(request, found, order=("-reported_at", "-id"))
    context = {
        "page": page,
        "rows": [row_of(report, request.officer, at) for report in page.rows],
        "is_head": bool(heads),
        "at_odds": [one for code in heads for one in at_odds_in(code, at) if is_mine(one, request.officer)],
    }
    return show(request, "administration/conflicts.html", context)


def is_mine(found: AtOdds, officer: Officer) -> bool:
    """False for the head's own conflict: that is told on the dossier, and another head sees to it."""
    return found.officer.pk != officer.user_id


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the list: whether it waits for this officer, and whether what is due next is late."""

    report: ConflictReport
    case: str
    by: datetime | None
    is_late: bool
    is_to_do: bool


def row_of(report: ConflictReport, officer: Officer, at: datetime) -> Row:
    by, done = (report.decide_by, report.decided_at)
    if done:
        by, done = report.notify_by, report.notified_at
    late = by is not None and (done or at) > by
    mine = decides_on(officer, report) and done is None
    return Row(report, str(CASES[report.case]), None if done else by, late, mine)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: StaffRequest) -> HttpResponse:
    """`/xung-dot-loi-ich/bao-cao/`: a report about oneself, or about a colleague."""
    at = timezone.now()
    staff = staff_in(request.officer.communes, at)
    form = ReportForm(request.POST or None, at=at, staff=staff, initial=suggested(request))
    about = dossier_named(request, request.POST.get("dossier") or request.GET.get("ho-so", ""))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.report_conflict(officer=request.officer, at=at, **form.arguments())
        except Refused as error:
            name = {"known_at": "known_on"}.get(error.field, error.field)
            form.add_error(name if name in form.fields else None, str(error))
        else:
            messages.success(request, _("Reported. The head decides on it; you find it here."))
            return redirect("administration:conflict", made.pk)
    context = {"form": form, "dossier": about, "terms": terms_on(at)}
    status = 422 if request.method == "POST" else 200
    return show(request, "administration/report_conflict.html", context, status=status)


def suggested(request: StaffRequest) -> dict[str, Any]:
    """What the address of the form says already: a dossier, an officer by code."""
    found: dict[str, Any] = {"concerned": request.GET.get("can-bo", "") or request.officer.code}
    dossier = dossier_named(request, request.GET.get("ho-so", ""))
    return {**found, "dossier": dossier.pk, "case": RELATIVE_HAS_AN_INTEREST} if dossier else found


def dossier_named(request: StaffRequest, text: str) -> Dossier | None:
    """The dossier of the address, if this officer may see it; else the answer of "none such"."""
    if not text:
        return None
    try:
        return dossier_for(request.officer, UUID(text), people=False)
    except ValueError:
        raise NotFound(_("There is no such dossier, or it is not in your area of work.")) from None


def terms_on(at: datetime) -> list[Rule]:
    day = at.astimezone(VIETNAM).date()
    return [rule(key, day) for key in ("xdli.report", "xdli.decide", "xdli.notify")]


def report_for(request: StaffRequest, report_id: UUID) -> ConflictReport:
    found = reports_for(request.officer).select_related("reporter").filter(pk=report_id).first()
    if found is None:
        raise NotFound(_("There is no such report, or it is not yours to read."))
    return found


def report_to_decide(request: StaffRequest, report_id: UUID) -> ConflictReport:
    found = report_for(request, report_id)
    if not decides_on(request.officer, found):
        raise NotAllowed(_("Deciding is for the head, and nobody decides on their own conflict of interest."))
    return found


def decides_on(officer: Officer, found: ConflictReport) -> bool:
    return found.commune_id in decides_in(officer) and found.concerned_id != officer.user_id


@staff_page
@require_safe
def conflict(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """One report: its four contents, its three dates with their steps, and what the head can do."""
    return page_of(request, report_for(request, report_id))


def page_of(
    request: StaffRequest, found: ConflictReport, *, form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    record_look(
        user=request.user, subject_kind="conflict-report", subject_id=found.pk, page="conflict", at=at
    )
    decides = decides_on(request.officer, found)
    if decides and found.decided_at is None and form is None:
        form = decide_form(found, at)
    context = {
        "report": found,
        "case": CASES[found.case],
        "cited": case_cited(found.case),
        "words": words_of(found),
        "stages": stages_of(found, at),
        "form": form,
        "stop": rule("xdli.stop_decide", at.astimezone(VIETNAM).date()),
        "notify_form": RequestForm(on=at.date()) if decides and is_to_notify(found) else None,
        "shows_reporter": decides or found.reporter_id == request.officer.user_id,
        "subject": subject_of(request, found),
    }
    return show(request, "administration/conflict.html", context, status=status)


def decide_form(found: ConflictReport, at: datetime, data: Any = None) -> DecideForm:
    staff = [duty for duty in staff_in([found.commune_id], at) if duty.user_id != found.concerned_id]
    return DecideForm(data, on=at.astimezone(VIETNAM).date(), staff=staff)


def is_to_notify(found: ConflictReport) -> bool:
    return found.decided_at is not None and found.notified_at is None


def subject_of(request: StaffRequest, found: ConflictReport) -> Dossier | None:
    """The dossier that the report is about, if this officer may see it."""
    if found.subject_kind != "dossier" or found.subject_id is None:
        return None
    try:
        return dossier_for(request.officer, found.subject_id, people=False)
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the three dates: what, by when, when it was done, whether late, and why this date."""

    name: str
    by: datetime | None
    done: datetime | None
    is_late: bool
    why: Why | None


def stages_of(found: ConflictReport, at: datetime) -> list[Stage]:
    due = {"report": found.report_by, "decide": found.decide_by, "notify": found.notify_by}
    done = {"report": found.reported_at, "decide": found.decided_at, "notify": found.notified_at}
    names = {"report": _("Report"), "decide": _("Decision"), "notify": _("Notification")}
    readings = readings_of(found.readings, due)
    stages = []
    for key, name in names.items():
        by, end = due[key], done[key]
        why = why_of(readings[key], end or at) if key in readings else None
        if by or end or key != "notify":
            stages.append(Stage(name, by, end, by is not None and (end or at) > by, why))
    return stages


def why_of(reading: Reading, at: datetime) -> Why:
    """The steps in words; the first day is one on which something became known, not one of reception."""
    first = _("What happened on this day starts the term; the day itself is not counted.")
    steps = [
        replace(step, text=first) if step.kind == "received" else step
        for step in explain(reading, get_language() or "vi")
    ]
    return Why(1, "", at, reading.due, steps, [])


@staff_page
@require_POST
def decide(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """The head's decision; shown again with its errors, and with all that was typed."""
    found, at = report_to_decide(request, report_id), timezone.now()
    form = decide_form(found, at, request.POST)
    if form.is_valid():
        try:
            actions.decide_conflict(officer=request.officer, report_id=found.pk, at=at, **form.arguments())
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Decided. Make the decision known now."))
            return redirect("administration:conflict", found.pk)
    return page_of(request, report_for(request, report_id), form=form, status=422)


@staff_page
@require_POST
def notify(request: StaffRequest, report_id: UUID) -> HttpResponse:
    """Makes the decision known: from now on the person reads it."""
    found, at = report_to_decide(request, report_id), timezone.now()
    form = RequestForm(request.POST, on=at.date())
    if not form.is_valid():
        return page_of(request, found, status=422)
    request_id = form.cleaned_data["request_id"]
    try:
        actions.notify_decision(officer=request.officer, report_id=found.pk, request_id=request_id, at=at)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Made known. The person concerned reads the decision from now on."))
    return redirect("administration:conflict", found.pk)
