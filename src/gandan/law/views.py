"""Public, read-only pages of the law: what holds on a day, its history, and the forms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandan.calculus.folding import fold
from gandan.calculus.rules import VIETNAM
from gandan.law import words
from gandan.law.forms import DayFilter, LawFilter
from gandan.law.models import Parameter
from gandan.law.queries import Shown, all_forms, forms_on, history_of, law_on


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a page, ready to be shown."""

    key: str
    title: str
    value: str
    period: str
    source: str
    mark: str
    mark_words: str
    note: str
    versions: int


@dataclass(frozen=True, slots=True)
class Section:
    """Keys of one group under their heading."""

    anchor: str
    heading: str
    count: str
    lines: list[Line]


def line_of(shown: Shown) -> Line:
    row = shown.row
    return Line(
        key=shown.key,
        title=words.title_of(shown.key),
        value=words.value_words(row) if row else "",
        period=words.period_words(row.valid_from, row.valid_to) if row else "",
        source=row.cited if row else "",
        mark=row.mark if row else "",
        mark_words=words.mark_words(row.mark) if row else "",
        note=row.note if row else "",
        versions=shown.versions,
    )


def _wanted(shown: Shown, query: str, *, only_uncertain: bool) -> bool:
    if only_uncertain and shown.row is not None and shown.row.is_certain:
        return False
    source = shown.row.cited if shown.row else ""
    text = fold(f"{shown.key} {words.all_titles_of(shown.key)} {source}")
    return all(word in text for word in fold(query).split())


def _section(group: str, shown: list[Shown]) -> Section:
    uncertain = sum(1 for s in shown if s.row is None or not s.row.is_certain)
    heading = words.group_words(group)
    count = words.count_words(len(shown), uncertain)
    return Section(f"nhom-{group}", heading, count, [line_of(s) for s in shown])


def _today() -> date:
    return timezone.now().astimezone(VIETNAM).date()


def asked(request: HttpRequest) -> QueryDict:
    """What was asked; without a day, today stands in the field."""
    data = request.GET.copy()
    if not data.get("on"):
        data["on"] = _today().isoformat()
    return data


def day_of(form: LawFilter | DayFilter) -> date:
    """The day asked for, or today where none or a wrong one was typed."""
    typed: date | None = form.cleaned_data.get("on")
    return typed or _today()


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """The list: what holds on a day, searched and filtered."""
    form = LawFilter(asked(request))
    form.is_valid()
    day, query = day_of(form), form.cleaned_data.get("q", "")
    only_uncertain = form.cleaned_data.get("check", False)
    everything = law_on(day)
    wanted = [s for s in everything if _wanted(s, query, only_uncertain=only_uncertain)]
    sections = [_section(group, list(shown)) for group, shown in groupby(wanted, key=lambda s: s.group)]
    uncertain = sum(1 for s in everything if s.row is None or not s.row.is_certain)
    context = {
        "form": form,
        "day": day,
        "sections": sections,
        "found": len(wanted),
        "total": len(everything),
        "uncertain": uncertain,
        "is_open": bool(query or only_uncertain) or len(sections) == 1,
    }
    return render(request, "law/parameters.html", context)


@require_safe
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """One key with all its rows, superseded ones too."""
    rows = history_of(key)
    if not rows:
        raise Http404(f"no law key {key}")
    in_force = [row for row in rows if row.superseded_by_id is None]
    context = {
        "key": key,
        "title": words.title_of(key),
        "local_allowed": rows[0].local_allowed,
        "in_force": [_entry(row) for row in in_force],
        "replaced": [_entry(row) for row in rows if row.superseded_by_id is not None],
    }
    return render(request, "law/parameter.html", context)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its words."""

    row: Parameter
    value: str
    period: str
    source: str
    mark_words: str


def _entry(row: Parameter) -> Entry:
    return Entry(
        row,
        words.value_words(row),
        words.period_words(row.valid_from, row.valid_to),
        row.cited,
        words.mark_words(row.mark),
    )


@require_safe
def legal_forms(request: HttpRequest) -> HttpResponse:
    """Form numbers by circular, and which are printed on a day."""
    form = DayFilter(asked(request))
    form.is_valid()
    day = day_of(form)
    circulars = [
        (circular, list(rows)) for circular, rows in groupby(all_forms(), key=lambda row: row.circular)
    ]
    context = {"form": form, "day": day, "printed": {row.pk for row in forms_on(day)}, "circulars": circulars}
    return render(request, "law/legal_forms.html", context)
