"""Who opened whose dossier in a ward, and plain facts that stand out. No score, no ranking, no suspicion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from gandan.accounts.models import Look, User
from gandan.calculus.calendars import at_microsecond, working_time
from gandan.calculus.errors import ClockError
from gandan.calculus.rules import VIETNAM, Calendar
from gandan.dossiers.models import Dossier, Party, StepRun
from gandan.law.queries import value_at
from gandan.ledger.models import Event
from gandan.organization.integrity.queries import people_with_ties
from gandan.organization.models import Duty, Unit, UnitKind
from gandan.organization.queries import calendar_of

LONGEST_DAYS = 31
SUBJECT_KIND = "who-looked"
PAGES = {
    "dossier": pgettext_lazy("look", "opened the dossier"),
    "why": pgettext_lazy("look", "opened “Why this date?”"),
    "identity": pgettext_lazy("look", "showed the whole identity number"),
    "file": pgettext_lazy("look", "opened a file"),
    "search": pgettext_lazy("look", "found it by the search"),
    "intake": pgettext_lazy("look", "at reception"),
    "calls": pgettext_lazy("look", "to telephone"),
    "conflict": pgettext_lazy("look", "opened the page on conflicts of interest"),
}
FACTS = {
    "ngoai-gio": pgettext_lazy("look", "outside office hours"),
    "chua-xu-ly": pgettext_lazy("look", "has not worked on this dossier"),
    "quan-he": pgettext_lazy("look", "declared a tie with a party of this dossier"),
    "so-dinh-danh": pgettext_lazy("look", "showed the whole identity number"),
    "nhieu": pgettext_lazy("look", "many dossiers that day"),
}


def page_words(page: str) -> str:
    """What was opened: a page, a printed paper or the form of an act."""
    kind, _colon, _rest = page.partition(":")
    if kind == "act":
        return _("opened the form of a step")
    return str(PAGES.get(kind, _("opened or printed a paper")))


def report_id(commune: str) -> UUID:
    """The subject under which views of the report itself are recorded."""
    return uuid5(NAMESPACE_URL, f"gandan:who-looked:{commune}")


@dataclass(frozen=True)
class Asked:
    """What the director asks for: a period of at most 31 days, perhaps one officer, one dossier, one fact."""

    commune: str
    first: date
    last: date
    officer: str = ""
    dossier: str = ""
    fact: str = ""

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, VIETNAM)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, VIETNAM)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @cached_property
    def office_hours(self) -> list[tuple[datetime, datetime]] | None:
        """Every span of office hours in the period; None where a year has no published calendar. One query."""
        kind = UnitKind.PEOPLE_COMMITTEE
        committee = Unit.objects.filter(commune_id=self.commune, kind=kind).first()
        try:
            return [span for day in self.days for span in spans_of(calendar_of(committee, on=day), day)]
        except ClockError:
            return None

    @cached_property
    def many(self) -> int:
        """How many different dossiers in one day are pointed out: a dated rule of ours."""
        return value_at("look.many_a_day", self.last, commune=self.commune).amount


def spans_of(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The hours of a day on which somebody is on duty: of work, or of reception alone."""
    ready = working_time(calendar)
    if ready.is_working_day(day) or day.weekday() in calendar.reception_only:
        for opens, closes in ready.hours_on(day).spans:
            yield ready.at(day, at_microsecond(opens)), ready.at(day, at_microsecond(closes))


# ---- which views -------------------------------------------------------------------------------------------


def looks_for(asked: Asked) -> QuerySet[Look]:
    """The views of the commune's dossiers that were asked for.

    Optimization: without a join of people or dossiers, so that the database walks the views by time and stops
    after a page; officer and dossier are looked up first.
    """
    here = Dossier.objects.filter(pk=OuterRef("subject_id"), commune_id=asked.commune)
    found = Look.objects.filter(Exists(here), subject_kind="dossier", at__gte=asked.start, at__lt=asked.end)
    if asked.dossier:
        named = Dossier.objects.filter(Q(code=asked.dossier) | Q(official_code=asked.dossier))
        found = found.filter(subject_id__in=list(named.values_list("pk", flat=True)))
    if asked.officer:
        found = found.filter(
            user_id__in=list(User.objects.filter(code=asked.officer).values_list("pk", flat=True))
        )
    return standing_out(found, asked)


def standing_out(found: QuerySet[Look], asked: Asked) -> QuerySet[Look]:
    """Only those with the fact that was asked for; all of them without one."""
    if asked.fact == "so-dinh-danh":
        return found.filter(page="identity")
    if asked.fact == "chua-xu-ly":
        return found.filter(~Exists(worked_events()) & ~Exists(worked_steps()))
    if asked.fact == "ngoai-gio":
        inside = Q()
        for opens, closes in asked.office_hours or ():
            inside |= Q(at__gte=opens, at__lt=closes)
        return found.exclude(inside) if inside else (found.none() if asked.office_hours is None else found)
    if asked.fact == "quan-he":
        return found.filter(
            any_of(Q(user_id=user, subject_id=one) for user, one in tied_pairs(asked.commune))
        )
    if asked.fact == "nhieu":
        busy = busy_days(found, asked.many)
        return found.filter(any_of(Q(user_id=user) & on_day(day) for user, day in busy))
    return found


def any_of(conditions: Iterator[Q]) -> Q:
    """One of them; without any, no row."""
    joined = Q(pk__in=[])
    for one in conditions:
        joined |= one
    return joined


def on_day(day: date) -> Q:
    start = datetime.combine(day, time.min, VIETNAM)
    return Q(at__gte=start, at__lt=start + timedelta(days=1))


def worked_events() -> QuerySet[Event]:
    code = User.objects.filter(pk=OuterRef(OuterRef("user_id"))).values("code")[:1]
    return Event.objects.filter(subject_id=OuterRef("subject_id"), actor=Subquery(code))


def worked_steps() -> QuerySet[StepRun]:
    return StepRun.objects.filter(dossier_id=OuterRef("subject_id"), assignee_id=OuterRef("user_id"))


def busy_days(found: QuerySet[Look], many: int) -> dict[tuple[UUID, date], int]:
    """Officer and day with so many different dossiers opened, or more. One query."""
    counted = (
        found.order_by()
        .annotate(day=TruncDate("at", tzinfo=VIETNAM))
        .values("user_id", "day")
        .annotate(dossiers=Count("subject_id", distinct=True))
        .filter(dossiers__gte=many)
    )
    return {(row["user_id"], row["day"]): row["dossiers"] for row in counted}


def tied_pairs(commune: str) -> set[tuple[UUID, UUID]]:
    """Officers and dossiers of the commune of which they declared a party. Three queries, by the blind index."""
    staff = set(Duty.objects.filter(unit__commune_id=commune).values_list("user_id", flat=True))
    by_index: dict[str, set[UUID]] = defaultdict(set)
    for user, ties in people_with_ties().items():
        if user in staff:
            for tie in ties:
                by_index[tie.index].add(user)
    if not by_index:
        return set()
    parties = dict(Party.objects.filter(identity_index__in=by_index).values_list("pk", "identity_index"))
    meant = Q(owner_id__in=parties) | Q(agent_id__in=parties)
    rows = Dossier.objects.filter(meant, commune_id=commune).values_list("pk", "owner_id", "agent_id")
    return {
        (user, dossier)
        for dossier, *people in rows
        for party in people
        for user in by_index.get(parties.get(party, ""), ())
    }


# ---- what stands out ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """One view as the report shows it."""

    look: Look
    officer: User
    code: str
    name: str
    page: str
    facts: list[str]


def seen_of(looks: Sequence[Look], asked: Asked) -> list[Seen]:
    """Rows with their facts; the same few queries for one row and for five hundred."""
    subjects = {look.subject_id for look in looks}
    dossiers = Dossier.objects.select_related("version").in_bulk(subjects)
    people = User.objects.in_bulk({look.user_id for look in looks})
    worked = pairs_at_work(looks, people)
    tied = tied_pairs(asked.commune)
    busy = busy_days(whole_days(looks, asked), asked.many) if looks else {}
    rows = []
    for look in looks:
        dossier = dossiers[look.subject_id]
        facts = list(facts_of(look, asked, worked=worked, tied=tied, busy=busy))
        officer, name = people[look.user_id], dossier.version.short_name
        rows.append(Seen(look, officer, dossier.shown_code, name, page_words(look.page), facts))
    return rows


def facts_of(
    look: Look,
    asked: Asked,
    *,
    worked: set[tuple[UUID, UUID]],
    tied: set[tuple[UUID, UUID]],
    busy: dict[tuple[UUID, date], int],
) -> Iterator[str]:
    pair = (look.user_id, look.subject_id)
    hours = asked.office_hours
    if hours is not None and not any(opens <= look.at < closes for opens, closes in hours):
        yield str(FACTS["ngoai-gio"])
    if pair not in worked:
        yield str(FACTS["chua-xu-ly"])
    if pair in tied:
        yield str(FACTS["quan-he"])
    if look.page == "identity":
        yield str(FACTS["so-dinh-danh"])
    count = busy.get((look.user_id, look.at.astimezone(VIETNAM).date()), 0)
    if count:
        told = ngettext(
            "%(count)d different dossier opened that day",
            "%(count)d different dossiers opened that day",
            count,
        )
        yield told % {"count": count}


def pairs_at_work(looks: Sequence[Look], people: Mapping[UUID, User]) -> set[tuple[UUID, UUID]]:
    """Who did anything with which dossier: wrote an event on it, or was assigned it. Two queries."""
    codes = {user.code: user.pk for user in people.values()}
    subjects = {look.subject_id for look in looks}
    events = Event.objects.filter(subject_id__in=subjects, actor__in=codes).values_list("actor", "subject_id")
    steps = StepRun.objects.filter(dossier_id__in=subjects, assignee_id__in=codes.values())
    worked = {(codes[actor], subject) for actor, subject in events.distinct()}
    assigned = steps.order_by().values_list("assignee_id", "dossier_id").distinct()
    return worked | {(user, subject) for user, subject in assigned if user}


def whole_days(looks: Sequence[Look], asked: Asked) -> QuerySet[Look]:
    """All views on the days and by the people of these rows, to be counted."""
    pairs = {(look.user_id, look.at.astimezone(VIETNAM).date()) for look in looks}
    here = Dossier.objects.filter(pk=OuterRef("subject_id"), commune_id=asked.commune)
    meant = any_of(Q(user_id=user) & on_day(day) for user, day in pairs)
    return Look.objects.filter(meant, Exists(here), subject_kind="dossier")
