"""Pages about procedures: the list, one procedure with its versions, what differs, who stands on which version, files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gandan.administration import procedures
from gandan.administration.procedures_forms import WithdrawForm
from gandan.catalogue import queries
from gandan.catalogue.actions import shipped_content
from gandan.catalogue.actions.procedures import withdraw_procedure
from gandan.catalogue.content import as_json
from gandan.catalogue.errors import NoSuchDraft, NotCompetent, StaleDraft, Unpublishable
from gandan.catalogue.files import as_json_text, as_yaml
from gandan.catalogue.models import DraftKind
from gandan.catalogue.permissions import edits_procedures, require_procedures
from gandan.catalogue.stored import content_of
from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.dossiers.views.door import StaffRequest, View, show, staff_page
from gandan.law.errors import BasisMissing
from gandan.ledger.ids import new_id
from gandan.ui.paging import take_page
from gandan.ui.views import conflict
from gandan.ui.words import date_words

FOUND = 30
FORMATS: dict[str, tuple[Callable[[Any], str], str]] = {
    "yaml": (as_yaml, "application/yaml; charset=utf-8"),
    "json": (as_json_text, "application/json; charset=utf-8"),
}


def procedure_page(view: View) -> View:
    """A page for administrators and legal officers; answers the catalogue's refusals by the house's pages."""

    @staff_page
    @wraps(view)
    def answered(request: StaffRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        procedures.require_reader(request.officer)
        try:
            return view(request, *arguments, **options)
        except NotCompetent as error:
            raise NotAllowed(str(error)) from error
        except NoSuchDraft as error:
            raise NotFound(str(error)) from error
        except StaleDraft as error:
            return conflict(request, str(error), back_url=request.path)

    return answered


def editor_page(view: View) -> View:
    """A page for those who prepare and publish procedures; the rest learns whose work it is, not what is there."""

    @procedure_page
    @wraps(view)
    def answered(request: StaffRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        require_procedures(request.officer)
        return view(request, *arguments, **options)

    return answered


@procedure_page
@require_safe
def procedure_list(request: StaffRequest) -> HttpResponse:
    """`/quan-tri/thu-tuc/`: find one; drafts under way; what comes into force; what was published here."""
    at, text = timezone.now(), request.GET.get("q", "")[:200].strip()
    drafts = list(procedures.open_drafts(DraftKind.PROCEDURE)[:50])
    names = procedures.names_of([one.code for one in drafts], at)
    context = {
        "text": text,
        "found": queries.search(text, FOUND, at=at) if text else [],
        "drafts": [(one, names.get(one.code, one.code)) for one in drafts],
        "coming": procedures.coming_versions(at),
        "recent": procedures.recent_versions(at),
        "lapsing": procedures.lapsing_versions(at),
        "edits": edits_procedures(request.officer),
    }
    return show(request, "administration/procedures/list.html", context)


@procedure_page
@require_safe
def procedure(request: StaffRequest, code: str) -> HttpResponse:
    """One procedure: its versions with their dossiers, its drafts, what can be done."""
    at, found = timezone.now(), procedures.procedure_with(code)
    rows = procedures.versions_of(found, request.officer, at)
    standing = [row for row in rows if row.state != "withdrawn"]
    last = standing[0].version if standing else None
    brought = shipped_content(code, at)
    context = {
        "procedure": found,
        "last": last,
        "rows": rows,
        "drafts": procedures.open_drafts(DraftKind.PROCEDURE).filter(code=code),
        "differs": last is not None and brought is not None and brought != content_of(last),
        "edits": edits_procedures(request.officer),
        "lapses": next((one.until for one in procedures.lapsing_versions(at, code)), None),
        "request_id": new_id(),
    }
    return show(request, "administration/procedures/procedure.html", context)


@procedure_page
@require_safe
def compare(request: StaffRequest, code: str) -> HttpResponse:
    """What differs between any two versions, or from what the program brings: `?a=1&b=2`."""
    at, found = timezone.now(), procedures.procedure_with(code)
    rows = procedures.versions_of(found, request.officer, at)
    numbers = [str(row.version.number) for row in rows]
    first = request.GET.get("a", numbers[1] if len(numbers) > 1 else procedures.SHIPPED)
    second = request.GET.get("b", numbers[0] if numbers else procedures.SHIPPED)
    before, after = (procedures.said_by(code, which, at) for which in (first, second))
    context = {
        "procedure": found,
        "choices": [
            *((number, _("version %(number)s") % {"number": number}) for number in numbers),
            (procedures.SHIPPED, _("as the program brings it")),
        ],
        "first": first,
        "second": second,
        "before": before[1],
        "after": after[1],
        "changed": procedures.changed_parts(before[0], after[0]),
    }
    return show(request, "administration/procedures/compare.html", context)


@procedure_page
@require_safe
def dossiers(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """The open dossiers that stand on a version, and keep it."""
    version = procedures.version_numbered(code, number)
    found = procedures.dossiers_on(version, request.officer)
    page = take_page(request, procedures.listed(found), order=("registered_at", "id"))
    state = procedures.state_of(version, timezone.now())
    rows = [(one, sum(fee.amount or 0 for fee in one.fees.all())) for one in page.rows]
    context = {"version": version, "page": page, "rows": rows, "state": state}
    return show(request, "administration/procedures/dossiers.html", context)


@procedure_page
@require_safe
def version_file(request: StaffRequest, code: str, number: int, form: str) -> HttpResponse:
    """A version as a file by docs/schemas/procedure.json."""
    version = procedures.version_numbered(code, number)
    return as_file(as_json(content_of(version)), form, f"{code}-v{number}")


def as_file(data: Any, form: str, name: str) -> HttpResponse:
    """The data as a file to be kept; NotFound for a format that is none of ours."""
    if form not in FORMATS:
        raise NotFound(_("There is no such file."))
    write, kind = FORMATS[form]
    response = HttpResponse(write(data), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@editor_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Takes back a version that does not hold yet."""
    version, at = procedures.version_numbered(code, number), timezone.now()
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_procedure(version.pk, officer=request.officer, at=at, **form.cleaned_data)
        except Unpublishable as error:
            form.add_error(error.field or None, str(error))
        except BasisMissing as error:
            form.add_error("document", str(error))
        else:
            messages.success(
                request,
                _("Version %(number)s is withdrawn. What is in force now stays in force.")
                % {"number": number},
            )
            return redirect("administration:procedure", code)
    context = {"version": version, "form": form, "state": procedures.state_of(version, at)}
    status = 422 if request.method == "POST" else 200
    return show(request, "administration/procedures/withdraw.html", context, status=status)


def published_words(version: Any, at: Any) -> str:
    """What happened, after publishing."""
    words = {"number": version.number, "day": date_words(version.valid_from)}
    if version.valid_from <= at:
        return _("Version %(number)s is published and in force from now on.") % words
    return _("Version %(number)s is published; it comes into force on %(day)s at 00:00.") % words
