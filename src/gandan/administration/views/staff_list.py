"""A list of staff as a spreadsheet: template, export, dry run, and carrying it out."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.administration.forms.staff import CarryOutForm, StaffListForm
from gandan.administration.places import Place, place_for
from gandan.administration.views.door import administration_page, ask, done, refusals_told
from gandan.documents.errors import FileRefused
from gandan.dossiers.views.door import StaffRequest, show
from gandan.organization.actions.importing import import_staff
from gandan.organization.queries import today
from gandan.organization.staff_list.plan import Outcome, Plan, plan_list
from gandan.organization.staff_list.writing import export, template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


def as_file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@administration_page
def staff_template(request: StaffRequest, place: str) -> HttpResponse:
    """An empty list with the units and roles of the place to choose from."""
    return as_file(template(place_for(request.officer, place), today()), f"mau-can-bo-{place}.xlsx")


@administration_page
def staff_export(request: StaffRequest, place: str) -> HttpResponse:
    """Everybody who has a duty here, today or later."""
    day = today()
    return as_file(export(place_for(request.officer, place), day), f"can-bo-{place}-{day:%Y-%m-%d}.xlsx")


@administration_page
def staff_import(request: StaffRequest, place: str) -> HttpResponse:
    """Chooses a file, shows row by row what would happen, carries it out when that was agreed to."""
    where = place_for(request.officer, place)
    if request.method == "POST" and "seen" in request.POST:
        return _carry_out(request, where)
    is_sent = request.method == "POST"
    form = StaffListForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, label_suffix=""
    )
    if is_sent and form.is_valid():
        with refusals_told(form):
            content = form.cleaned_data["file"]
            return _shown(request, where, plan_list(content, where), content)
    return ask(request, "administration/staff_import.html", form, {"place": where})


def _carry_out(request: StaffRequest, where: Place) -> HttpResponse:
    form = CarryOutForm(request.POST)
    if not form.is_valid() and "content" in form.errors:
        return _asked_again(request, where, form.errors["content"])
    if form.is_valid():
        with refusals_told(form):
            counts = import_staff(
                form.cleaned_data["content"],
                place=where,
                seen=form.cleaned_data["seen"],
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            sentence = _("Done: %(new)d new people, %(duty)d further duties, %(end)d duties ended.")
            said = sentence % {str(outcome): count for outcome, count in counts.items()}
            return done(request, said, "administration:staff", where.pk)
    content = form.cleaned_data["content"]
    try:
        return _shown(request, where, plan_list(content, where), content, form)
    except FileRefused as refusal:  # what came back is no list any more
        return _asked_again(request, where, [refusal.message])


def _asked_again(request: StaffRequest, where: Place, reasons: Sequence[object]) -> HttpResponse:
    """The first page once more, with the reason why the file is needed again."""
    context = {"place": where, "reasons": reasons}
    return ask(request, "administration/staff_import.html", StaffListForm(label_suffix=""), context)


def _shown(
    request: StaffRequest, where: Place, plan: Plan, content: bytes, form: CarryOutForm | None = None
) -> HttpResponse:
    """The dry run: problems first, then what would happen."""
    if form is None:
        text = base64.b64encode(content).decode()
        form = CarryOutForm(initial={"seen": plan.digest, "content": text})
    rows = sorted(plan.rows, key=lambda row: (not row.problems, row.number))
    status = 422 if form.errors or plan.problems or plan.bad else 200
    context = {
        "place": where,
        "plan": plan,
        "rows": rows[:SHOWN],
        "hidden": max(0, len(rows) - SHOWN),
        "counts": [(WORDS[outcome](), count) for outcome, count in plan.counts.items() if count],
        "form": form,
    }
    return show(request, "administration/staff_import_plan.html", context, status=status)


WORDS = {
    Outcome.NEW: lambda: _("new people"),
    Outcome.DUTY: lambda: _("further duties"),
    Outcome.END: lambda: _("duties that end"),
    Outcome.SAME: lambda: _("as before"),
    Outcome.PROBLEM: lambda: _("rows to put right"),
}
