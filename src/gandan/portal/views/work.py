"""My work today (việc hôm nay): what waits for me and my team, in the order in which it will be late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from gandan.calculus.calendars import working_time
from gandan.dossiers import queries, words, worklist
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.permissions import objection
from gandan.dossiers.progress import TimeLeft, step_time_left
from gandan.dossiers.queries import DONE, ELSEWHERE, READY, TO_DO, WAITING, Bounds, Counts
from gandan.dossiers.views.acts import act_url, dossier_url
from gandan.dossiers.views.door import StaffRequest, show, staff_page
from gandan.dossiers.views.dossier import MAIN_ACTS
from gandan.dossiers.worklist import UNCOUNTED, Wanted
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of
from gandan.ui.middleware import is_fragment_request
from gandan.ui.paging import Page, page_of
from gandan.ui.words import LEGAL_ZONE, datetime_words

LISTS: tuple[tuple[str, str | Promise], ...] = (
    (TO_DO, pgettext_lazy("list", "To do")),
    (WAITING, pgettext_lazy("list", "Waiting for the person")),
    (READY, pgettext_lazy("list", "Ready to return")),
    (ELSEWHERE, pgettext_lazy("list", "At other bodies")),
    (DONE, pgettext_lazy("list", "Done")),
)
SCOPES: tuple[tuple[str, str, str | Promise], ...] = (
    ("toi", "mine", pgettext_lazy("scope", "Mine")),
    ("to", "team", pgettext_lazy("scope", "Mine and my team's")),
    ("phuong", "ward", pgettext_lazy("scope", "The whole ward")),
)
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("tre", pgettext_lazy("group", "Late")),
    ("sap-tre", pgettext_lazy("group", "Soon late")),
    ("hom-nay", pgettext_lazy("group", "Today")),
    ("tuan-nay", pgettext_lazy("group", "This week")),
    ("sau", pgettext_lazy("group", "Later")),
)
HAS_DESK = frozenset(Role) - {Role.CENTRE_DIRECTOR, Role.INSPECTOR, Role.LEGAL_OFFICER, Role.ADMINISTRATOR}
SIZE = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of a filter: where it leads, its words, whether it is the one in force, how many (or -1)."""

    url: str
    label: str | Promise
    current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier in the list, with the one act that is waited for, if it is mine to do."""

    dossier: Dossier
    url: str
    name: str
    by: str
    left: TimeLeft | None
    act: str
    act_url: str

    @property
    def act_label(self) -> str | Promise:
        return words.BUTTONS[self.act] if self.act else ""


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str | Promise
    rows: list[Row]


def wanted(parameters: QueryDict, officer: Officer) -> Wanted:
    """Unknown values fall back: to do; my team's, or the ward's for who has no desk of their own."""
    which = parameters.get("xem", "")
    given = {key: scope for key, scope, _label in SCOPES}.get(parameters.get("cua", ""), "")
    usual = "team" if officer.roles & HAS_DESK else "ward"
    when = parameters.get("khi", "")
    return Wanted(
        which if which in dict(LISTS) else TO_DO, given or usual, when if when in dict(GROUPS) else ""
    )


@staff_page
@require_safe
def work(request: StaffRequest) -> HttpResponse:
    """`/viec-hom-nay/`: five queries, session included, however many dossiers there are."""
    at, asked = timezone.now(), wanted(request.GET, request.officer)
    limits = queries.bounds(at, working_time(calendar_of(None)))
    figures = worklist.counts(request.officer, asked.scope, limits)
    page, calls = rows_of(request, asked, figures, limits)
    context = {
        "greeting": greeting(at, request.officer),
        "today": at,
        "figures": figures,
        "calls": calls,
        "page": page,
        "groups": groups_of(page.rows, asked, request.officer, limits),
        "lists": list_choices(request.GET, asked, figures),
        "scopes": scope_choices(request.GET, asked),
        "asked": asked,
        "late_url": link(request.GET, xem=TO_DO, khi="tre"),
        "soon_url": link(request.GET, xem=TO_DO, khi="sap-tre"),
        "calls_url": reverse("portal:calls"),
        "warned_url": reverse("portal:watch"),
        "reminded_url": f"{reverse('portal:watch')}?xem=duoc-nhac",
        "all_url": link(request.GET, khi=""),
    }
    template = "portal/_work_list.html" if is_fragment_request(request) else "portal/work.html"
    return show(request, template, context)


def rows_of(
    request: StaffRequest, asked: Wanted, figures: Counts, limits: Bounds
) -> tuple[Page[Dossier], int]:
    """The page of the list, and how many people are to be telephoned, in one query together."""
    count = 0 if asked.which in UNCOUNTED else figure_of(asked, figures)
    if not count and asked.which not in UNCOUNTED:
        none: Page[Dossier] = Page(rows=[], first_url="", next_url="", count_words="")
        return none, worklist.count_calls(request.officer, limits.now)
    waiting: list[int] = []

    def fetch(after: list[Any] | None, most: int) -> list[Dossier]:
        rows, calls = worklist.rows_of(request.officer, asked, limits, after, most)
        waiting[:] = [calls]
        return rows

    page = page_of(request, fetch, order=worklist.order_of(asked), size=SIZE, count=count)
    calls = waiting[0] if page.rows else worklist.count_calls(request.officer, limits.now)
    uncounted = asked.which in UNCOUNTED or asked.when in {"tuan-nay", "sau"}
    return (replace(page, count_words="") if uncounted else page), calls


def figure_of(asked: Wanted, figures: Counts) -> int:
    """How many the list holds; of what is due this week or later, as many as there is to do at all."""
    exact = {"tre": figures.late, "sap-tre": figures.soon, "hom-nay": figures.today}
    if asked.which == TO_DO and asked.when in exact and not figures.is_capped:
        return exact[asked.when]
    if asked.which == WAITING:
        return figures.waiting
    return figures.ready if asked.which == READY else figures.to_do


def group_key(act_by: datetime | None, limits: Bounds) -> str:
    if act_by is None:
        return "sau"
    if act_by < limits.now:
        return "tre"
    if act_by <= limits.soon:
        return "sap-tre"
    if act_by < limits.today:
        return "hom-nay"
    return "tuan-nay" if act_by < limits.week else "sau"


def groups_of(dossiers: Iterable[Dossier], asked: Wanted, officer: Officer, limits: Bounds) -> list[Group]:
    """The rows under their headings; the lists that nobody's clock drives have one heading."""
    rows = [row_of(dossier, officer, limits.now) for dossier in dossiers]
    if asked.which != TO_DO:
        title = dict(LISTS)[asked.which]
        return [Group(asked.which, title, rows)] if rows else []
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(group_key(row.dossier.act_by, limits), []).append(row)
    return [Group(key, title, found[key]) for key, title in GROUPS if key in found]


def row_of(dossier: Dossier, officer: Officer, at: datetime) -> Row:
    act = MAIN_ACTS.get(Desk(dossier.desk), "")
    if dossier.desk == Desk.WAITING and dossier.act_by and at > dossier.act_by:
        act = "close"
    mine = bool(act) and not objection(act, officer, dossier, at)
    return Row(
        dossier=dossier,
        url=dossier_url(dossier.id),
        by=datetime_words(dossier.act_by) if dossier.act_by else "",
        name=words.shown_name(dossier.owner),
        left=step_time_left(dossier, at),
        act=act if mine else "",
        act_url=act_url(dossier.id, act) if mine else "",
    )


def greeting(at: datetime, officer: Officer) -> str:
    """ "Chào buổi sáng, anh/chị Lan": people are called by their last name-word here."""
    hour = at.astimezone(LEGAL_ZONE).hour
    name = officer.name.split()[-1] if officer.name.split() else officer.name
    if hour < 11:
        return _("Good morning, %(name)s.") % {"name": name}
    if hour < 18:
        return _("Good afternoon, %(name)s.") % {"name": name}
    return _("Good evening, %(name)s.") % {"name": name}


def shown(count: int) -> str:
    return f"{count}" if count <= queries.COUNTED_EXACTLY else "1.000+"


@cache
def work_url() -> str:
    return reverse("portal:work")


def link(parameters: QueryDict, **changes: str) -> str:
    """This page with other filters, from its first row."""
    kept = parameters.copy()
    kept.pop("after", None)
    for name, value in changes.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    address = work_url()
    return f"{address}?{kept.urlencode()}" if kept else address


def list_choices(parameters: QueryDict, asked: Wanted, figures: Counts) -> list[Choice]:
    counted = {TO_DO: figures.to_do, WAITING: figures.waiting, READY: figures.ready}
    return [
        Choice(
            url=link(parameters, xem="" if key == TO_DO else key, khi=""),
            label=label,
            current=key == asked.which,
            count=shown(counted[key]) if key in counted else "",
        )
        for key, label in LISTS
    ]


def scope_choices(parameters: QueryDict, asked: Wanted) -> list[Choice]:
    return [
        Choice(url=link(parameters, cua=key), label=label, current=scope == asked.scope)
        for key, scope, label in SCOPES
    ]
