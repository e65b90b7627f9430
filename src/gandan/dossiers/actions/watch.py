"""The overdue watch (theo dõi hạn): warnings at dated thresholds, and calls that have become due.

Done by the job worker. Running it twice adds nothing. It is no legal act: it moves no clock and changes no dossier;
each warning says which row of the law, or of our own, asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gandan.calculus.calendars import WorkingTime, working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.dossiers import desks
from gandan.dossiers.actions.doing import tell
from gandan.dossiers.models import Desk, Dossier, OverdueWarning, ReturnWay, State, Threshold
from gandan.dossiers.queries import NOT_OURS, ahead
from gandan.law.queries import value_at
from gandan.notifications.actions import leave_to_telephone
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Commune
from gandan.organization.queries import calendar_of, commune_calendar, open_communes

AT_ONCE = 500  # rows of one kind in one round; the next round goes on


@dataclass(frozen=True, slots=True)
class Watched:
    """What one round did."""

    warnings: int = 0
    calls: int = 0

    def __add__(self, other: Watched) -> Watched:
        return Watched(self.warnings + other.warnings, self.calls + other.calls)


@dataclass(frozen=True, slots=True)
class Reach:
    """The due moments that a threshold means now: later than `after`, not later than `until`; by which row."""

    threshold: Threshold
    after: datetime | None
    until: datetime
    row: UUID | None

    def within(self) -> Q:
        return Q(due_at__lte=self.until) & (Q(due_at__gt=self.after) if self.after else Q())


def watch(at: datetime) -> Watched:
    """One round over all open communes; what fails half-way is done by the next round."""
    communes = open_communes()
    if not communes:  # a machine that is being set up has no law yet either
        return Watched()
    done = Watched(calls=take_over_unsent(at))
    for commune in communes:
        done += watch_commune(commune, at)
    return done


def take_over_unsent(at: datetime) -> int:
    """E-mails that could not leave for too long are told by telephone (`call.unsent_after`)."""
    return leave_to_telephone(before_today(at, value_at("call.unsent_after", desks.on_day(at)).amount))


def watch_commune(commune: Commune, at: datetime) -> Watched:
    calendar = working_time(commune_calendar(commune.code))
    warnings = sum(warn(commune, reach, at) for reach in reaches(commune.code, calendar, at))
    return Watched(warnings, plan_calls(commune, at))


def reaches(commune: str, calendar: WorkingTime, at: datetime) -> Iterator[Reach]:
    """What is late, nearly late, near, and whose apology must go out today, each by its own row."""
    day = desks.on_day(at)
    first, last = (
        value_at(key, day, commune=commune) for key in ("watch.first_warning", "watch.last_warning")
    )
    nearest, near = ahead(calendar, at, last.amount), ahead(calendar, at, first.amount)
    yield Reach(Threshold.LATE, None, at, None)
    yield Reach(Threshold.LAST, at, nearest, last.pk)
    yield Reach(Threshold.FIRST, nearest, near, first.pk)
    law = value_at("apology.before", day, commune=commune)
    span = desks.apology_span(calendar, law.amount, at)
    if span:
        yield Reach(Threshold.APOLOGY, span[0], span[1], law.pk)


def running(commune: str) -> QuerySet[Dossier]:
    """Open dossiers of the commune whose legal clock runs; the index `dossier_open_by_due` begins so."""
    here = Dossier.objects.filter(commune_id=commune, finished_at__isnull=True, due_at__isnull=False)
    return here.exclude(desk__in=NOT_OURS)


def warn(commune: Commune, reach: Reach, at: datetime) -> int:
    """One warning for each dossier that has come within reach and was not warned of for this date."""
    told = OverdueWarning.objects.filter(
        dossier=OuterRef("pk"), due_at=OuterRef("due_at"), threshold=reach.threshold
    )
    meant = running(commune.code).filter(reach.within(), ~Exists(told))
    if reach.threshold == Threshold.APOLOGY:
        meant = meant.filter(extension_count=0)
    columns = ("id", "due_at", "desk", "desk_unit_id", "desk_role", "assignee_id")
    found = [
        OverdueWarning(
            dossier_id=dossier,
            commune=commune,
            threshold=reach.threshold,
            due_at=due,
            law_row=reach.row,
            desk=desk,
            unit_id=unit,
            role=role,
            assignee_id=assignee,
            at=at,
        )
        for dossier, due, desk, unit, role, assignee in meant.order_by("due_at").values_list(*columns)[
            :AT_ONCE
        ]
    ]
    OverdueWarning.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def plan_calls(commune: Commune, at: datetime) -> int:
    """Tells people whose time for further papers ends soon, and those whose result lies uncollected."""
    expiring = [(one, "supplement_expiring", {"close_at": one.act_by}) for one in expiring_soon(commune, at)]
    waiting = [(one, "uncollected", {"finished_at": one.finished_at}) for one in uncollected(commune, at)]
    for dossier, topic, facts in [*expiring, *waiting]:
        tell(dossier, topic, {name: moment for name, moment in facts.items() if moment}, at=at)
    return len(expiring) + len(waiting)


def expiring_soon(commune: Commune, at: datetime) -> QuerySet[Dossier]:
    """Waiting for papers, with no more than `call.supplement_before` left; told once since the last change."""
    days = value_at("call.supplement_before", desks.on_day(at), commune=commune.code).amount
    told = about("supplement_expiring").filter(queued_at__gte=OuterRef("changed_at"))
    here = Dossier.objects.filter(commune=commune, finished_at__isnull=True, desk=Desk.WAITING)
    near = here.filter(~Exists(told), act_by__gte=at, act_by__lte=at + timedelta(days=days))
    return near.select_related("owner", "agent").order_by("act_by")[:AT_ONCE]


def uncollected(commune: Commune, at: datetime) -> QuerySet[Dossier]:
    """Results to be collected at the counter that lie there longer than `result.remind_after`; again after as long."""
    since = at - timedelta(
        days=value_at("result.remind_after", desks.on_day(at), commune=commune.code).amount
    )
    told = about("uncollected").filter(Q(queued_at__gt=since) | Q(state=MessageState.WAITING))
    here = Dossier.objects.filter(commune=commune, state=State.DONE, desk=Desk.RETURN)
    due = here.filter(~Exists(told), finished_at__lte=since, return_way=ReturnWay.COUNTER)
    return due.select_related("owner", "agent").order_by("finished_at")[:AT_ONCE]


def about(topic: str) -> QuerySet[Message]:
    return Message.objects.filter(subject_kind="dossier", subject_id=OuterRef("pk"), topic=topic)


def before_today(at: datetime, working_days: int) -> datetime:
    """The same hour so many working days ago; where no calendar is published, days of the clock."""
    calendar = working_time(calendar_of(None))
    local = calendar.local(at)
    try:
        return datetime.combine(calendar.add_days(local.date(), -working_days), local.timetz())
    except YearWithoutCalendar:
        return at - timedelta(days=working_days)
