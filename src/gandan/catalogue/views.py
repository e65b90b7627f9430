"""Public pages of the catalogue: find a procedure, read what it needs. Nothing here writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandan.catalogue import pages, queries
from gandan.catalogue.errors import ProcedureUnknown
from gandan.catalogue.expected import expected, explained
from gandan.catalogue.forms import MomentForm, SearchForm
from gandan.catalogue.wording import time_words
from gandan.organization.models import Commune

SHOWN = 20
SUGGESTED = 8


@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Search, or the fields, or one field; as a fragment for a search that follows the typing."""
    text = _typed(request)
    field = request.GET.get("linh-vuc", "")[:120]
    now = timezone.now()
    context: dict[str, object] = {"text": text, "field": field}
    if text:
        context["rows"] = pages.rows_of_codes([one.code for one in queries.search(text, SHOWN, at=now)], now)
    elif field:
        context["rows"] = pages.rows_of_field(field, now)
    else:
        context["frequent"] = pages.rows_of_codes(pages.FREQUENT, now)
        context["fields"] = pages.fields(now)
    fragment = request.headers.get("HX-Request") == "true"
    response = render(request, "catalogue/_results.html" if fragment else "catalogue/list.html", context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def procedure_page(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure for people; a code outside our catalogue is told so, with a way on."""
    now = timezone.now()
    try:
        version = queries.version_at(code, now)
    except ProcedureUnknown:
        return render(request, "catalogue/unknown.html", {"code": code}, status=404)
    data = {key: request.GET[key] for key in request.GET}
    return render(request, "catalogue/procedure.html", {"sheet": pages.sheet_of(version, data, now)})


@require_safe
def why(request: HttpRequest, code: str) -> HttpResponse:
    """ "Vì sao ngày này?" for a procedure nobody has filed yet: each day counted or skipped, from a moment to try."""
    now = timezone.now().replace(second=0, microsecond=0)
    try:
        version = queries.version_at(code, now)
    except ProcedureUnknown:
        return render(request, "catalogue/unknown.html", {"code": code}, status=404)
    case = pages.case_named(version, request.GET.get("case", ""))
    asked = "received" in request.GET
    rule = case.rule()
    opens = expected(rule, now).received if rule else now
    form = MomentForm(request.GET if asked else None, initial={"received": opens})
    context = {"version": version, "case": case, "form": form, "time": time_words(case.published())}
    if rule is not None and (form.is_valid() or not asked):
        context["reading"] = explained(rule, form.cleaned_data["received"] if asked else opens)
    return render(request, "catalogue/why.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The fragment under a procedure picker: a button per find, `name="procedure"`, its value the code.

    With `xa`, the code of a commune, procedures that only another province has are left out.
    """
    text = _typed(request)
    commune = Commune.objects.filter(code=request.GET["xa"]).first() if "xa" in request.GET else None
    found = queries.search(text, SUGGESTED, commune) if text else []
    return render(request, "catalogue/_suggestions.html", {"text": text, "found": found})


def _typed(request: HttpRequest) -> str:
    form = SearchForm(request.GET)
    return str(form.cleaned_data["q"]) if form.is_valid() else ""
