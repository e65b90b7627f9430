"""Values of the law: what holds with its marks, confirmed on the text, set anew from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.administration.forms.changes import ConfirmForm, ValueForm
from gandan.administration.places import (
    SHOWN_AT_ONCE,
    Place,
    administered_provinces,
    place_for,
    require_administrator,
)
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.administration.views.glimpses import look, open_communes_of
from gandan.calculus.folding import fold
from gandan.dossiers.dry_run import Proposal
from gandan.dossiers.errors import NotFound
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law import words
from gandan.law.actions import confirm_parameter, proposed_parameter, set_parameter
from gandan.law.bases import cleaned_basis
from gandan.law.forms import LawFilter
from gandan.law.models import Parameter
from gandan.law.permissions import require_change
from gandan.law.queries import history_of, law_on, value_at
from gandan.law.rows import Scope
from gandan.law.shipped import LawRowMissing
from gandan.law.views import asked, day_of
from gandan.organization.models import Commune, Role
from gandan.organization.permissions import administered_communes
from gandan.organization.queries import today


@dataclass(frozen=True, slots=True)
class Line:
    """One key as the list shows it."""

    key: str
    title: str
    value: str
    row: Parameter | None
    local_allowed: bool


@administration_page
def parameters(request: StaffRequest) -> HttpResponse:
    """`/quan-tri/luat/`: every key with its value, mark and source; searched, and only what needs checking if wished."""
    if request.officer.roles.isdisjoint({Role.ADMINISTRATOR, Role.LEGAL_OFFICER}):
        require_administrator(request.officer)
    form = LawFilter(asked(request))
    form.is_valid()
    day, query = day_of(form), form.cleaned_data.get("q", "")
    wanted = []
    for shown in law_on(day):
        if form.cleaned_data.get("check") and shown.row is not None and shown.row.is_certain:
            continue
        text = fold(f"{shown.key} {words.all_titles_of(shown.key)} {shown.row.cited if shown.row else ''}")
        if all(word in text for word in fold(query).split()):
            value = words.value_words(shown.row) if shown.row else ""
            local = bool(shown.row and shown.row.local_allowed)
            wanted.append((shown.group, Line(shown.key, words.title_of(shown.key), value, shown.row, local)))
    groups = [
        (words.group_words(group), [line for _group, line in lines])
        for group, lines in groupby(wanted, key=lambda pair: pair[0])
    ]
    context = {"form": form, "day": day, "groups": groups, "found": len(wanted)}
    return show(request, "administration/parameters.html", context)


def history(key: str) -> list[Parameter]:
    """All rows of the key; NotFound if there is none."""
    rows = history_of(key)
    if not rows:
        raise NotFound(_("There is no such value."))
    return rows


@administration_page
def parameter(request: StaffRequest, key: str) -> HttpResponse:
    """One key: the rows in force, where somebody may confirm or follow them, and those before."""
    if request.officer.roles.isdisjoint({Role.ADMINISTRATOR, Role.LEGAL_OFFICER}):
        require_administrator(request.officer)
    rows = history(key)
    entries = [
        (row, words.value_words(row), words.period_words(row.valid_from, row.valid_to)) for row in rows
    ]
    context = {
        "key": key,
        "title": words.title_of(key),
        "in_force": [entry for entry in entries if entry[0].superseded_by_id is None],
        "replaced": [entry for entry in entries if entry[0].superseded_by_id is not None],
        "local_allowed": rows[0].local_allowed,
        "may_change": request.officer.confirms_law,
        "places": [*administered_provinces(request.officer), *administered_communes(request.officer)][
            :SHOWN_AT_ONCE
        ],
    }
    return show(request, "administration/parameter.html", context)


@administration_page
def confirm(request: StaffRequest, key: str, row_id: object) -> HttpResponse:
    """Confirms one row on the text that was read."""
    row = next((one for one in history(key) if one.pk == row_id), None)
    if row is None:
        raise NotFound(_("There is no such value."))
    require_change(request.officer, Scope(row.scope), row.scope_code)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            confirm_parameter(
                row,
                document=form.cleaned_data["document"],
                officer=request.officer,
                at=timezone.now(),
                request_id=form.cleaned_data["request_id"],
            )
            return done(request, _("The value is confirmed."), "administration:parameter", key)
    context = {
        "key": key,
        "title": words.title_of(key),
        "row": row,
        "value": words.value_words(row),
        "period": words.period_words(row.valid_from, row.valid_to),
    }
    return ask(request, "administration/parameter_confirm.html", form, context)


@administration_page
def national_value(request: StaffRequest, key: str) -> HttpResponse:
    """A new value for the whole country from a day on."""
    require_change(request.officer, Scope.NATIONAL, "")
    return value_page(request, key, Scope.NATIONAL, None)


@administration_page
def local_value(request: StaffRequest, place: str, key: str) -> HttpResponse:
    """A value of one commune or province, where the law lets it have its own."""
    where = place_for(request.officer, place)
    return value_page(request, key, Scope.COMMUNE if isinstance(where, Commune) else Scope.PROVINCE, where)


@administration_page
def local_values(request: StaffRequest, place: str) -> HttpResponse:
    """`/quan-tri/<place>/gia-tri/`: what this place may set itself, and what holds there now."""
    where, day = place_for(request.officer, place), today()
    commune = where.pk if isinstance(where, Commune) else ""
    province = where.province_id if isinstance(where, Commune) else where.pk
    lines = []
    for shown in law_on(day):
        if shown.row is not None and shown.row.local_allowed:
            row = value_at(shown.key, day, province=province, commune=commune)
            own = row.scope_code == where.pk
            lines.append((shown.key, words.title_of(shown.key), words.value_words(row), row, own))
    return show(request, "administration/local_values.html", {"place": where, "lines": lines})


def value_page(request: StaffRequest, key: str, scope: Scope, where: Place | None) -> HttpResponse:
    """The form; the look at what would move; the act."""
    code = where.pk if where else ""
    row = row_to_follow(key, scope, where)
    form = ValueForm(posted(request), row=row)
    back = (
        reverse("administration:local_values", args=[code])
        if where
        else reverse("administration:parameter", args=[key])
    )
    context = {
        "title": words.title_of(key),
        "back": back,
        "place": where,
        "now": f"{words.value_words(row)} ({words.period_words(row.valid_from, row.valid_to)})",
        "row": row,
        "cannot": not form.can_be_typed or (scope != Scope.NATIONAL and not row.local_allowed),
    }
    if request.method == "POST" and form.is_valid():
        cleaned, at = form.cleaned_data, timezone.now()
        content = {
            "scope": scope,
            "scope_code": code,
            "valid_from": cleaned["valid_from"],
            "article": cleaned["article"],
        }
        with refusals_told(form):
            if request.POST.get("step") == "enter":
                set_parameter(
                    key,
                    form.value(),
                    **content,
                    document=cleaned["document"],
                    officer=request.officer,
                    at=at,
                    request_id=cleaned["request_id"],
                )
                return done(
                    request,
                    _("The value is set. No date was recalculated yet."),
                    "administration:parameter",
                    key,
                )
            document = cleaned_basis(cleaned["document"])
            new = proposed_parameter(
                key, form.value(), **content, document=document, by=request.officer.code, at=at
            )
            proposal = Proposal(law=(new,))
            return look(request, form, proposal, open_communes_of(scope, code), context)
    return ask(request, "administration/change_form.html", form, context)


def row_to_follow(key: str, scope: Scope, where: Place | None) -> Parameter:
    """The row that holds today there: what a new value follows."""
    commune = where.pk if isinstance(where, Commune) else ""
    province = where.province_id if isinstance(where, Commune) else where.pk if where else ""
    try:
        return value_at(key, today(), province=province, commune=commune)
    except LawRowMissing as error:
        raise NotFound(_("There is no such value.")) from error
