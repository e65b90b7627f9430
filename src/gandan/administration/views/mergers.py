"""Mergers of communes and of units: prepare, look at what would happen, decide, follow until all has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gandan.administration.forms.mergers import CommuneMergerForm, MergerForm, UnitMergerForm
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import rerouting
from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.dossiers.rerouting import Preview
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.law.errors import BasisMissing
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.mergers.models import Merger, MergerKind
from gandan.organization.mergers.planning import Plan
from gandan.organization.mergers.queries import heirs_of, mergers_in, sources_of
from gandan.organization.models import Commune, Province, Role
from gandan.organization.permissions import Officer, administered_communes

SHOWN = 50  # mergers in the list
IN_PLAN = 20  # dossiers in the dry run; the figures count all


def provinces_of(officer: Officer) -> list[Province]:
    """The provinces that the officer administers as a whole."""
    codes = [one for one in officer.provinces if Role.ADMINISTRATOR in officer.roles_in_province(one)]
    return list(Province.objects.filter(pk__in=codes).order_by("pk"))


def require_administrator(officer: Officer) -> None:
    if Role.ADMINISTRATOR not in officer.roles:
        raise NotAllowed(_("Mergers are for administrators."))


@staff_page
@require_safe
def mergers(request: StaffRequest) -> HttpResponse:
    """`/quan-tri/sap-nhap/`: the mergers so far, the newest first, and where to prepare one."""
    require_administrator(request.officer)
    provinces, communes = provinces_of(request.officer), administered_communes(request.officer)
    found = mergers_in([one.pk for one in provinces], [one.pk for one in communes])[:SHOWN]
    context = {"mergers": found, "provinces": provinces, "communes": communes}
    return show(request, "administration/mergers.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def prepare_communes(request: StaffRequest) -> HttpResponse:
    """Communes into one; for the administrator of a province."""
    provinces = provinces_of(request.officer)
    if not provinces:
        raise NotAllowed(_("Communes are merged by the administrator of their province."))
    at = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = CommuneMergerForm(data, today=day_of(at), provinces=provinces)
    return prepared(request, form, at, _("Merge communes"))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def prepare_units(request: StaffRequest, commune: str) -> HttpResponse:
    """Units of one commune into another of it; for its administrator or the province's."""
    place = next((one for one in administered_communes(request.officer) if one.pk == commune), None)
    if place is None:
        raise NotAllowed(_("Units are merged by the administrator of their commune or province."))
    at = timezone.now()
    form = UnitMergerForm(request.POST if request.method == "POST" else None, today=day_of(at), commune=place)
    return prepared(request, form, at, _("Merge units of %(place)s") % {"place": place.full_name})


def day_of(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def prepared(request: StaffRequest, form: MergerForm, at: datetime, title: str) -> HttpResponse:
    """The empty form; a dry run of what was typed; or the act, where the dry run was agreed to."""
    if request.method != "POST" or not form.is_valid():
        return show_form(request, form, title)
    try:
        if request.POST.get("step") == "decide":
            return redirect("administration:merger", form.decide(request.officer, at).pk)
        return show_plan(request, form, form.plan(), at, title)
    except Refused as error:
        form.refuse(error)
    except BasisMissing as error:
        form.add_error("document", str(error))
    except NotCompetent as error:
        raise NotAllowed(str(error)) from error
    return show_form(request, form, title)


def show_form(request: StaffRequest, form: MergerForm, title: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return show(request, "administration/merger_form.html", {"form": form, "title": title}, status=status)


def show_plan(request: StaffRequest, form: MergerForm, plan: Plan, at: datetime, title: str) -> HttpResponse:
    """What would happen, to be agreed to or changed; nothing is written."""
    context = {
        "form": form,
        "title": title,
        "plan": plan,
        "ending": frozenset(form.cleaned_data["ending"]),
        "preview": rerouting.preview(
            rerouting.planned(plan, form.cleaned_data["document"]), at, shown=IN_PLAN
        ),
        "shown": IN_PLAN,
    }
    return show(request, "administration/merger_plan.html", context)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a merger is."""

    merger: Merger
    sources: Sequence[Commune]
    left: Preview | None

    @property
    def per_cent(self) -> int:
        left = self.left.still_open + self.left.archive if self.left else 0
        return 100 if not left else 100 * self.merger.moved // (self.merger.moved + left)


@staff_page
@require_safe
def merger(request: StaffRequest, merger_id: UUID) -> HttpResponse:
    """`/quan-tri/sap-nhap/<uuid>/`: the report; while dossiers are still moving, how many are left."""
    require_administrator(request.officer)
    provinces, communes = provinces_of(request.officer), administered_communes(request.officer)
    mine = mergers_in([one.pk for one in provinces], [one.pk for one in communes])
    found = mine.filter(pk=merger_id).first()
    if found is None:
        raise NotFound(_("There is no such merger here."))
    sources, at = sources_of(found), timezone.now()
    left = None
    if found.completed_at is None:
        left = rerouting.preview(rerouting.passing_of(found, sources, heirs_of(found)), at, shown=0)
    context = {
        "merger": found,
        "standing": Standing(found, sources, left),
        "is_communes": found.kind == MergerKind.COMMUNES,
        "begun": found.starts_on <= day_of(at),
        "units": found.units.select_related("old__commune", "new__commune").order_by("old__code"),
    }
    return show(request, "administration/merger.html", context)
