"""A draft looked at before it holds: as people would read it, as the counter would use it, with an example's date."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from gandan.administration.procedures_forms import SampleForm
from gandan.catalogue import pages
from gandan.catalogue.content import Content
from gandan.catalogue.expected import expected, explained
from gandan.catalogue.models import Procedure, ProcedureVersion
from gandan.catalogue.queries import Sheet
from gandan.catalogue.stored import Made, made_of
from gandan.catalogue.wording import time_words
from gandan.dossiers.errors import NotFound
from gandan.dossiers.forms.intake import IntakeSheet
from gandan.dossiers.views.door import StaffRequest
from gandan.organization.models import Unit, UnitKind
from gandan.organization.permissions import Officer

VIEWS = ("dan", "quay", "ngay")


class DraftSheet(IntakeSheet):
    """The intake of a version that is not stored."""

    def __init__(self, made: Made, data: QueryDict, **options: Any) -> None:
        self.made = made
        super().__init__(data, **options)

    @cached_property
    def version(self) -> ProcedureVersion | None:
        return self.made.version

    @cached_property
    def parts(self) -> Sheet:
        return self.made.sheet


def preview_of(content: Content, view: str, request: StaffRequest, at: datetime) -> dict[str, Any]:
    """What the page of that view shows. NotFound for a view that there is not."""
    if view not in VIEWS:
        raise NotFound(_("There is no such page."))
    if sum(case.when is None for case in content.cases) != 1:
        return {
            "cannot": _("Exactly one case without a condition is needed before the draft can be looked at.")
        }
    procedure = Procedure.objects.filter(code=content.code).first()
    fresh = Procedure(code=content.code, field=content.field, lane=content.lane)
    made = made_of(content, procedure or fresh, number=0)
    if view == "quay":
        return as_intake(made, request, at)
    return as_page(made, request, at) if view == "dan" else as_dates(made, request, at)


def as_page(made: Made, request: StaffRequest, at: datetime) -> dict[str, Any]:
    """As the citizen's page."""
    data = {key: request.GET[key] for key in request.GET}
    return {"sheet": pages.sheet_of(made.version, data, at, made.sheet)}


def as_intake(made: Made, request: StaffRequest, at: datetime) -> dict[str, Any]:
    """As the intake at a counter of the officer's own place."""
    unit = counter_near(request.officer)
    if unit is None:
        return {"cannot": _("No public service centre is open here, so there is no counter to look at.")}
    data = request.GET.copy()
    data["procedure"] = made.version.procedure.code
    return {"sheet": DraftSheet(made, data, unit=unit, user=request.user, at=at), "unit": unit}


def counter_near(officer: Officer) -> Unit | None:
    """The centre of a commune in which, or in whose province, the officer holds a duty. One query."""
    places = Q(commune_id__in=officer.communes) | Q(commune__province_id__in=officer.provinces)
    centres = Unit.objects.filter(places, kind=UnitKind.CENTRE, closed_on=None)
    return centres.select_related("commune__province").order_by("code").first()


def as_dates(made: Made, request: StaffRequest, at: datetime) -> dict[str, Any]:
    """Each case with the date that an example would get, and why; the example's moment is the reader's to choose."""
    now = at.replace(second=0, microsecond=0)
    form = SampleForm(request.GET if "received" in request.GET else None, initial={"received": now})
    given = form.cleaned_data["received"] if form.is_valid() else None
    rows = []
    for case in made.sheet.cases:
        rule = case.rule()
        start = None if rule is None else given or expected(rule, now).received
        reading = explained(rule, start) if rule is not None and start is not None else None
        rows.append({"case": case, "time": time_words(case.published()), "start": start, "reading": reading})
    return {"form": form, "rows": rows}
