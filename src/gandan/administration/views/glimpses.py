"""What the pages of changes share: the look before the change, and the recalculation after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gandan.administration.forms.changes import LookedAtForm, RecalculateForm
from gandan.administration.glimpse import Glimpse, glimpse_of_difference, glimpse_of_proposal
from gandan.administration.views.door import administration_page, ask, done, posted, refusals_told
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.actions.recalculate import AT_ONCE, recalculate_out_of_date
from gandan.dossiers.dry_run import Moved, Proposal
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.rows import Scope
from gandan.organization.models import Commune, Unit, UnitKind
from gandan.organization.permissions import Officer, administered_communes

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier that would move, in words."""

    moved: Moved
    by: str
    is_later: bool


def line_of(moved: Moved) -> Line:
    return Line(moved, by_words(moved), moved.seconds > 0)


def by_words(moved: Moved) -> str:
    """By how much the due date moves: "1 ngày muộn hơn"; '' where only the limit of the desk does."""
    if moved.after.year:
        return _("cannot be counted: no calendar for %(year)d") % {"year": moved.after.year}
    before, after = moved.before.due_at, moved.after.due_at
    if before is None or after is None or not moved.seconds:
        return ""
    days = (after.astimezone(VIETNAM).date() - before.astimezone(VIETNAM).date()).days
    if days > 0:
        return ngettext("%(count)d day later", "%(count)d days later", days) % {"count": days}
    if days < 0:
        return ngettext("%(count)d day earlier", "%(count)d days earlier", -days) % {"count": -days}
    return _("another hour of the same day")


def open_communes_of(scope: Scope, code: str) -> list[str]:
    """The communes open here that rows of this scope concern, by code."""
    units = Unit.objects.filter(kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None)
    if scope == Scope.COMMUNE:
        return [code]
    if scope == Scope.PROVINCE:
        units = units.filter(commune__province=code)
    return sorted(units.exclude(commune=None).values_list("commune_id", flat=True))


def look(
    request: StaffRequest,
    form: LookedAtForm,
    proposal: Proposal,
    communes: Sequence[str],
    context: Mapping[str, Any],
) -> HttpResponse:
    """The page of a change that was not entered yet: which open dossiers would move, and the button that enters it."""
    cleaned = form.cleaned_data
    found = glimpse_of_proposal(
        communes,
        proposal,
        at=timezone.now(),
        after=cleaned.get("after", ""),
        looked=cleaned.get("looked") or 0,
        moved=cleaned.get("moved") or 0,
    )
    page = {"form": form, "glimpse": found, "lines": [line_of(one) for one in found.rows], **context}
    return show(request, "administration/look.html", {**page, "hidden": hidden_boxes(form)})


def hidden_boxes(form: LookedAtForm) -> list[tuple[str, str]]:
    """What was typed, to be sent again by the page that shows the look; where it stopped is the page's own."""
    travelling = {"after", "looked", "moved"}
    return [
        (name, value)
        for name in form.fields
        if name not in travelling
        for value in form.data.getlist(name)  # type: ignore[attr-defined]  # a bound form holds a QueryDict
    ]


def recalculable(officer: Officer) -> list[Commune]:
    """The communes open here whose dossiers the officer may recalculate."""
    if officer.confirms_law:
        found = Commune.objects.filter(pk__in=open_communes_of(Scope.NATIONAL, ""))
        return list(found.select_related("province").order_by("pk"))
    return administered_communes(officer)


@administration_page
def recalculate(request: StaffRequest) -> HttpResponse:
    """`/quan-tri/tinh-lai/`: dossiers whose stored dates are not what the clock says now; recalculated when agreed to.

    One round does a hundred; the next one is one press away, under the same request.
    """
    places = recalculable(request.officer)
    if not places:
        raise NotAllowed(_("Recalculating is for administrators and legal officers."))
    chosen = [one for one in places if one.pk == request.GET.get("xa")] or places
    communes = [one.pk for one in chosen]
    form = RecalculateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_told(form):
            return one_round(request, form, communes, timezone.now())
    looked = request.GET.get("looked", "")
    found = glimpse_of_difference(
        communes,
        at=timezone.now(),
        after=request.GET.get("after", ""),
        looked=int(looked) if looked.isdecimal() and len(looked) < 10 else 0,
        moved=0,
    )
    context = {
        "glimpse": found,
        "lines": [line_of(one) for one in found.rows],
        "places": places if len(places) > 1 else [],
        "chosen": chosen[0] if len(chosen) == 1 else None,
        "further": further_url(request, found),
    }
    return ask(request, "administration/recalculate.html", form, context)


def further_url(request: StaffRequest, found: Glimpse) -> str:
    """Where to look further, if the page did not come to the end."""
    if not found.after:
        return ""
    query = request.GET.copy()
    query["after"], query["looked"] = found.after, str(found.looked)
    return f"{request.path}?{query.urlencode()}"


def one_round(
    request: StaffRequest, form: RecalculateForm, communes: Sequence[str], at: datetime
) -> HttpResponse:
    """Recalculates the next hundred; then the word that all is done, or the page that goes on."""
    result = recalculate_out_of_date(
        communes,
        officer=request.officer,
        document=form.cleaned_data["document"],
        request_id=form.cleaned_data["request_id"],
        at=at,
        most=AT_ONCE,
    )
    count = (form.cleaned_data["done"] or 0) + result.done
    if result.after is None:
        sentence = ngettext(
            "%(count)d dossier was recalculated.", "%(count)d dossiers were recalculated.", count
        )
        return done(request, sentence % {"count": count}, "administration:recalculate")
    context = {
        "count": count,
        "form": form,
        "action": f"{reverse('administration:recalculate')}?{request.GET.urlencode()}",
    }
    return show(request, "administration/recalculate_on.html", context)
