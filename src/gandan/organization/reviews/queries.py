"""Reads of access reviews: the latest, whether the next one is due, the duties to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gandan.calculus.rules import VIETNAM
from gandan.calculus.terms import add_months
from gandan.law.models import Parameter
from gandan.law.queries import value_at
from gandan.organization.models import Commune, Duty
from gandan.organization.reviews.models import AccessReview, ReviewedDuty


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reviews of a commune stand: what is open, when the last one ended, by when the next is wanted."""

    open: AccessReview | None
    last: AccessReview | None
    wanted_by: date | None
    rule: Parameter
    is_due: bool


def standing_of(commune: str, on: date) -> Standing:
    """The reviews of a commune on a day; never reviewed means due. Two queries."""
    reviews = list(AccessReview.objects.filter(commune_id=commune).order_by("-opened_at")[:2])
    still_open = next((one for one in reviews if one.completed_at is None), None)
    last = next((one for one in reviews if one.completed_at is not None), None)
    place = Commune.objects.only("province_id").get(pk=commune)
    rule = value_at("access.review_every", on, province=place.province_id, commune=commune)
    wanted_by = None
    if last and last.completed_at:
        wanted_by = add_months(last.completed_at.astimezone(VIETNAM).date(), rule.amount)
    return Standing(still_open, last, wanted_by, rule, wanted_by is None or on > wanted_by)


def duties_in(commune: str, on: date) -> list[Duty]:
    """Every duty held in units of the commune on the day, by unit and name. One query."""
    held = Duty.objects.held_on(on).filter(unit__commune_id=commune).select_related("user", "unit")
    return sorted(held, key=lambda duty: (duty.unit.code, duty.user.full_name, duty.role))


def lines_of(review: AccessReview) -> dict[UUID, ReviewedDuty]:
    """The lines of a review by duty. One query."""
    lines = review.lines.select_related("duty__user", "duty__unit", "decided_by").order_by("decided_at", "pk")
    return {line.duty_id: line for line in lines}
