"""Who opened a dossier, as its owner reads it: post, unit and name as the public page of duties shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gandan.accounts.models import Look
from gandan.calculus.rules import VIETNAM
from gandan.organization.models import Duty, Role

WHAT: dict[str, str | Promise] = {
    "dossier": pgettext_lazy("seen", "opened the dossier"),
    "why": pgettext_lazy("seen", "looked at how the date was counted"),
    "identity": pgettext_lazy("seen", "looked at the whole identity number"),
    "file": pgettext_lazy("seen", "opened a paper that was handed in"),
    "search": pgettext_lazy("seen", "found the dossier by a search"),
    "intake": pgettext_lazy("seen", "took the dossier in"),
    "calls": pgettext_lazy("seen", "looked whom to telephone"),
    "conflict": pgettext_lazy("seen", "looked whether somebody must not work on it"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """One view: when, who by post and unit, what."""

    look: Look
    name: str
    code: str
    post: str
    unit: str
    what: str


def opened_by(looks: Sequence[Look]) -> list[Opened]:
    """The views in their order, with the duty that each person held on that day. One query.

    Posts that the public page of duties does not show (administrators) are told without a name.
    """
    duties = duties_of({look.user_id for look in looks})
    return [told(look, duty_on(duties[look.user_id], look.at.astimezone(VIETNAM).date())) for look in looks]


def duties_of(users: Iterable[UUID]) -> dict[UUID, list[Duty]]:
    found: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(user_id__in=set(users)).select_related("unit").order_by("valid_from"):
        found[duty.user_id].append(duty)
    return found


def duty_on(duties: Iterable[Duty], day: date) -> Duty | None:
    """A public duty held on the day, or none."""
    held = (
        duty for duty in duties if duty.valid_from <= day and (duty.valid_to is None or day <= duty.valid_to)
    )
    return next((duty for duty in held if duty.role != Role.ADMINISTRATOR), None)


def told(look: Look, duty: Duty | None) -> Opened:
    what = what_of(look.page)
    if duty is None:
        return Opened(look, "", look.user.code, "", "", what)
    post = duty.post or str(duty.get_role_display())
    return Opened(
        look, look.user.full_name, look.user.code, post[:1].upper() + post[1:], duty.unit.name, what
    )


def what_of(page: str) -> str:
    if page.startswith("act:"):
        return _("prepared a step")
    return str(WHAT.get(page, _("printed or opened a paper of the dossier")))
