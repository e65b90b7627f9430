"""Reads of dossiers: the work of an officer in the order in which it will be late, a search, one whole dossier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery

from gandan.accounts.identity import recognise
from gandan.accounts.models import User
from gandan.accounts.secrets import blind_index
from gandan.calculus.calendars import HOUR, WorkingTime
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.folding import fold
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import conflicts
from gandan.dossiers.models import (
    Consultation,
    Deadline,
    Desk,
    Dossier,
    DossierFee,
    DossierFile,
    DossierPaper,
    EarlierEnd,
    Extension,
    FileUse,
    Party,
    Remark,
    State,
    StepRun,
    Supplement,
    Visit,
)
from gandan.dossiers.rules import HANDLERS, MEETS_CITIZENS, READS_ALL, WORKS_AT_BODY
from gandan.law.queries import value_at
from gandan.ledger.models import Event
from gandan.notifications.models import Channel as MessageChannel
from gandan.notifications.models import Message, MessageState
from gandan.organization.absence.queries import away
from gandan.organization.integrity.queries import has_declared
from gandan.organization.mergers.queries import merged_here
from gandan.organization.models import Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Officer

COUNTED_EXACTLY = 1000
SOON_HOURS = 4  # working hours: half a day, enough to do something about it
FOUND_AT_MOST = 50
PEOPLE_AT_MOST = 200


# ---- my work today -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bounds:
    """The moments that part the list: now, soon, end of today, end of this week (Sunday).

    `warned`: up to which legal due moment we warn (`watch.first_warning`).
    """

    now: datetime
    soon: datetime
    today: datetime
    week: datetime
    warned: datetime


def bounds(at: datetime, calendar: WorkingTime) -> Bounds:
    """`soon` is four working hours ahead; where no calendar is published, four hours of the clock."""
    local = at.astimezone(VIETNAM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    today = midnight + timedelta(days=1)
    warned = value_at("watch.first_warning", local.date()).amount
    return Bounds(
        at,
        ahead(calendar, at, SOON_HOURS),
        today,
        midnight + timedelta(days=7 - local.weekday()),
        ahead(calendar, at, warned),
    )


def ahead(calendar: WorkingTime, at: datetime, hours: int) -> datetime:
    """The moment after so many working hours; where no calendar is published, hours of the clock."""
    try:
        return calendar.add_work(at, hours * HOUR)
    except YearWithoutCalendar:
        return at + timedelta(hours=hours)


def wards_of(officer: Officer) -> list[str]:
    """The communes whose dossiers the officer may see at all: `permissions.is_visible`, for lists."""
    return [code for code in sorted(officer.communes) if officer.roles_in(code) & READS_ALL]


def work_of(officer: Officer, scope: str) -> QuerySet[Dossier]:
    """Dossiers that still lie somewhere: `mine` (assigned to me), `team` (at my desks too), `ward` (all).

    Who works at a body of the province has, beside that, what was forwarded to it. Each condition is one that an
    index of the table begins with, whatever has piled up as closed.
    """
    here = Q(commune_id__in=wards_of(officer)) & in_ward(officer, scope)
    bodies = bodies_of(officer)
    if not bodies:
        return Dossier.objects.filter(here)
    there = Q(desk=Desk.FORWARDED, desk_unit_id__in=bodies)
    return Dossier.objects.filter(
        here | (there & Q(assignee_id=officer.user_id) if scope == "mine" else there)
    )


def in_ward(officer: Officer, scope: str) -> Q:
    """Which dossiers of their wards are meant."""
    if scope == "mine":
        return Q(assignee_id=officer.user_id, finished_at__isnull=True)
    if scope == "ward":
        return Q(finished_at__isnull=True) | Q(state=State.DONE)
    return at_desks(officer)


def bodies_of(officer: Officer) -> list[UUID]:
    """The units of a province at which the officer works on forwarded dossiers: `is_at_their_body`, for lists."""
    return [duty.unit_id for duty in officer.held if duty.province and duty.role in WORKS_AT_BODY]


def at_desks(officer: Officer) -> Q:
    """What is assigned to the officer, or lies at a desk of their duties."""
    mine = Q(assignee_id=officer.user_id, finished_at__isnull=True)
    for duty in officer.held:
        role = Role.SPECIALIST if duty.role in HANDLERS else duty.role
        mine |= Q(desk_unit_id=duty.unit_id, desk_role=role)
    return mine


TO_DO, WAITING, READY, DONE, ELSEWHERE = "viec", "cho-dan", "cho-tra", "da-xong", "noi-khac"
NOT_OURS = (Desk.WAITING, Desk.RETURN, Desk.CLOSED)


def in_list(work: QuerySet[Dossier], which: str) -> QuerySet[Dossier]:
    """One of the four lists: to do, waiting for the person, ready to be returned, done."""
    if which == WAITING:
        return work.filter(desk=Desk.WAITING)
    if which == READY:
        return work.filter(desk=Desk.RETURN)
    return work.filter(finished_at__isnull=True).exclude(desk__in=NOT_OURS)


def in_group(chosen: QuerySet[Dossier], when: str, limits: Bounds) -> QuerySet[Dossier]:
    """What is late, soon late, due today, this week or later; all where `when` is empty."""
    spans = {
        "tre": {"act_by__lt": limits.now},
        "sap-tre": {"act_by__gte": limits.now, "act_by__lte": limits.soon},
        "hom-nay": {"act_by__gt": limits.soon, "act_by__lt": limits.today},
        "tuan-nay": {"act_by__gt": limits.soon, "act_by__gte": limits.today, "act_by__lt": limits.week},
        "sau": {"act_by__gt": limits.soon, "act_by__gte": limits.week},
    }
    return chosen.filter(**spans[when]) if when else chosen


def done_in(officer: Officer) -> QuerySet[Dossier]:
    """What is finished in the officer's ward, the latest registered first."""
    ended = (State.RETURNED, State.REFUSED, State.WITHDRAWN, State.STOPPED)
    return Dossier.objects.filter(commune_id__in=wards_of(officer), state__in=ended)


def elsewhere(officer: Officer) -> QuerySet[Dossier]:
    """What the officer's wards have forwarded and is not back: the one-stop watches it (118/2025/NĐ-CP art. 20.1)."""
    return Dossier.objects.filter(commune_id__in=wards_of(officer), desk=Desk.FORWARDED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, exact up to 1,000."""

    to_do: int
    late: int
    soon: int
    today: int
    waiting: int
    ready: int
    warned: int
    reminded: int

    @property
    def is_capped(self) -> bool:
        return self.to_do + self.waiting + self.ready > COUNTED_EXACTLY


def for_rows(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a row of a list shows; no further query per row."""
    return dossiers.select_related("version", "owner", "assignee", "unit_competent", "desk_unit").only(
        *[
            "code",
            "official_code",
            "commune",
            "state",
            "desk",
            "desk_role",
            "act_by",
            "due_at",
            "changed_at",
            "registered_at",
            "revision",
            "finished_at",
            "result_kind",
            "result_number",
            "extension_count",
            "proposed_by",
            "version__name",
            "version__everyday_name",
            "owner__name",
            "owner__kind",
            "assignee__full_name",
            "assignee__code",
            "unit_competent__commune",
            "unit_competent__name",
            "desk_unit__name",
        ]
    )


def calls_of(officer: Officer, at: datetime) -> QuerySet[Message]:
    """Messages of the officer's wards that are to be told by telephone now; none for who may not call."""
    wards = [code for code in officer.communes if officer.roles_in(code) & MEETS_CITIZENS]
    if not wards:
        return Message.objects.none()
    # Optimization: from the few waiting messages to their dossiers by key, never over all dossiers of a ward.
    # Who has the result in hand needs no call any more, whatever still waits in the outbox.
    here = Dossier.objects.filter(pk=OuterRef("subject_id"), commune_id__in=wards, returned_at__isnull=True)
    return Message.objects.filter(
        Exists(here),
        Q(call_after__isnull=True) | Q(call_after__lte=at),
        state=MessageState.WAITING,
        channel=MessageChannel.CALL,
        subject_kind="dossier",
    )


def calls_waiting(officer: Officer, at: datetime) -> QuerySet[Message]:
    """As `calls_of`, 1,001 at most: to be counted."""
    return calls_of(officer, at)[: COUNTED_EXACTLY + 1]


class CountOf(Subquery):
    """How many rows a query has, as a column beside others: one query instead of two."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


# ---- opinions of other bodies


def opinions_in(officer: Officer, which: str, at: datetime) -> QuerySet[Consultation]:
    """Consultations of the officer's wards: awaited beyond their term (`cham`), awaited (`cho`), answered late.

    What the dossier no longer needs, because it has ended, is in no list. With what a row shows.
    """
    here = Consultation.objects.filter(commune_id__in=wards_of(officer), dossier__finished_at__isnull=True)
    if which == "tra-loi-cham":
        chosen = here.filter(late=True, answered_at__isnull=False)
    else:
        waiting = here.filter(answered_at__isnull=True, closed_at__isnull=True)
        chosen = waiting.filter(due_at__lt=at) if which == "cham" else waiting.filter(due_at__gte=at)
    return chosen.select_related("dossier__version", "dossier__owner", "dossier__agent", "asked_by")


# ---- search ------------------------------------------------------------------------------------------------

REGISTER_NUMBER = re.compile(r"\d{1,6}")


def find(officer: Officer, text: str, at: datetime) -> list[Dossier]:
    """Dossiers of the officer's wards by code, number in the register, identity number, or name without marks.

    A code may come without its first part ("261123-0001"). The newest first, fifty at most; two queries at most.
    """
    text, wards = " ".join(text.split()), wards_of(officer)
    if not text or not wards:
        return []
    if any(letter.isdigit() for letter in text) and not REGISTER_NUMBER.fullmatch(text):
        return _by_number(text, wards)
    here = for_rows(Dossier.objects.filter(commune_id__in=wards)).order_by("-registered_at", "-pk")
    if REGISTER_NUMBER.fullmatch(text):
        year = at.astimezone(VIETNAM).year
        found = here.filter(register_number=int(text), register_year__in=(year, year - 1))
    else:
        found = here.filter(owner__folded_name__contains=fold(text))
    return list(found[:FOUND_AT_MOST])


def _by_number(text: str, wards: Sequence[str]) -> list[Dossier]:
    """By a code or an identity number.

    Optimization: ward and order are seen to here, for in SQL they would lead the database along the ward's
    whole register instead of to the few rows of one person.
    """
    codes = [text.upper(), *(f"{ward}-{text.upper()}" for ward in (*wards, *merged_here(wards)))]
    meant = Q(code__in=codes) | Q(official_code__in=codes)
    people = _people_with(text)
    if people:
        meant |= Q(owner_id__in=people) | Q(agent_id__in=people)
    found = [one for one in for_rows(Dossier.objects.filter(meant)) if one.commune_id in wards]
    return sorted(found, key=lambda one: (one.registered_at, one.pk), reverse=True)[:FOUND_AT_MOST]


def _people_with(text: str) -> list[UUID]:
    """The parties who bear this identity number, the latest two hundred. At most one query."""
    try:
        number = recognise(text).value
    except ValidationError:
        return []
    rows = Party.objects.filter(identity_index=blind_index(number, "identity")).exclude(identity_index="")
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:PEOPLE_AT_MOST])


# ---- one dossier -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that hangs on a dossier, read once: the page and the papers are made of it."""

    papers: list[DossierPaper]
    loose_files: list[DossierFile]
    results: list[DossierFile]
    fees: list[DossierFee]
    steps: list[StepRun]
    deadlines: list[Deadline]
    supplements: list[Supplement]
    extensions: list[Extension]
    consultations: list[Consultation]
    visits: list[Visit]
    earlier_ends: list[EarlierEnd]
    remarks: list[Remark]
    events: list[Event]
    messages: list[Message]
    names: dict[str, str]

    @property
    def total_fee(self) -> int | None:
        """The sum of the fees; None while one of them is not known."""
        amounts = [fee.amount for fee in self.fees]
        return None if None in amounts else sum(amount or 0 for amount in amounts)

    def remark_of(self, event: Event) -> str:
        return next((remark.text for remark in self.remarks if remark.event_id == event.id), "")


def sheet_of(dossier: Dossier) -> Sheet:
    """Twelve queries, however much hangs on the dossier."""
    files = DossierFile.objects.filter(dossier=dossier).select_related("file").order_by("added_at", "pk")
    papers = dossier.papers.order_by("position").prefetch_related(Prefetch("files", queryset=files))
    others = list(files.filter(paper__isnull=True, visit__isnull=True))
    events = list(Event.objects.about(dossier.id))
    acts = {event.act for event in events}
    return Sheet(
        papers=list(papers),
        loose_files=[file for file in others if file.use != FileUse.RESULT],
        results=[file for file in others if file.use == FileUse.RESULT],
        fees=list(dossier.fees.order_by("position")),
        steps=list(dossier.steps.order_by("number").select_related("unit", "assignee", "ended_by")),
        deadlines=list(dossier.deadlines.order_by("number")),
        supplements=list(dossier.supplements.order_by("number").select_related("asked_by")),
        extensions=list(dossier.extensions.order_by("at").select_related("by")),
        consultations=consultations_of(dossier) if "consult" in acts else [],
        visits=visits_of(dossier) if acts & VISITING else [],
        earlier_ends=list(dossier.earlier_ends.order_by("number")) if acts & TAKING_UP else [],
        remarks=list(dossier.remarks.order_by("at")),
        events=events,
        messages=list(
            Message.objects.filter(subject_kind="dossier", subject_id=dossier.id).order_by("queued_at")
        ),
        names=names_of(event.actor for event in events),
    )


VISITING = {"plan-visit", "verify-on-site"}
TAKING_UP = {"correct", "reopen"}


def consultations_of(dossier: Dossier) -> list[Consultation]:
    return list(dossier.consultations.order_by("number").select_related("asked_by"))


def visits_of(dossier: Dossier) -> list[Visit]:
    """The visits with the files of their minutes; two queries."""
    files = DossierFile.objects.select_related("file").order_by("added_at", "pk")
    visits = dossier.visits.order_by("number").select_related("planned_by", "recorded_by")
    return list(visits.prefetch_related(Prefetch("files", queryset=files)))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Full names of members of staff by the codes that events bear. One query."""
    return dict(User.objects.filter(code__in=set(codes)).values_list("code", "full_name"))


# ---- choices of the acts' forms ----------------------------------------------------------------------------


def departments_of(dossier: Dossier) -> list[Unit]:
    """Where a dossier can be transferred to in its ward, by code."""
    kinds = (UnitKind.DEPARTMENT, UnitKind.POLICE, UnitKind.TAX)
    here = Unit.objects.filter(commune_id=dossier.commune_id, kind__in=kinds, closed_on__isnull=True)
    return list(here.order_by("code"))


def usual_department(dossier: Dossier) -> UUID | None:
    """The department that the last dossier of this procedure in this ward went to. One query."""
    earlier = Dossier.objects.filter(
        commune_id=dossier.commune_id,
        version__procedure_id=dossier.version.procedure_id,
        department__isnull=False,
    )
    return earlier.order_by("-registered_at").values_list("department_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class Handler:
    """An officer who may process the dossier, and how much they have on their desk now.

    `hindrance`: the conflict of interest that keeps them from it, in words for who assigns; '' if none is known.
    `has_declared` false: nothing was declared, so nothing can be known.
    """

    user: User
    post: str
    load: int
    late: int
    is_own_department: bool
    hindrance: str = ""
    has_declared: bool = False
    is_away: bool = False


def handlers_for(dossier: Dossier, at: datetime) -> list[Handler]:
    """Who may be assigned, own department first, then by load; who is away or has a conflict of interest last.

    Two queries; one more where somebody of them declared a tie.
    """
    day = at.astimezone(VIETNAM).date()
    duties = (
        Duty.objects.held_on(day)
        .filter(unit__commune_id=dossier.commune_id, role__in=HANDLERS, user__is_active=True)
        .annotate(is_away=Exists(away(day, day).filter(user_id=OuterRef("user_id"))))
        .select_related("user", "unit")
    )
    people: dict[UUID, Duty] = {}
    for duty in sorted(duties, key=lambda duty: duty.unit_id != dossier.department_id):
        people.setdefault(duty.user_id, duty)
    loads = _loads(list(people), at)
    found = [
        Handler(
            user=duty.user,
            post=duty.post or duty.unit.name,
            load=loads.get(user_id, (0, 0))[0],
            late=loads.get(user_id, (0, 0))[1],
            is_own_department=duty.unit_id == dossier.department_id,
            hindrance=conflicts.hindrance_of(user_id, dossier, at),
            has_declared=has_declared(user_id),
            is_away=vars(duty)["is_away"],
        )
        for user_id, duty in people.items()
    ]
    return sorted(
        found,
        key=lambda one: (
            bool(one.hindrance),
            one.is_away,
            not one.is_own_department,
            one.load,
            one.user.full_name,
        ),
    )


def _loads(users: Sequence[UUID], at: datetime) -> dict[UUID, tuple[int, int]]:
    rows = (
        Dossier.objects.filter(assignee_id__in=users, finished_at__isnull=True)
        .values("assignee_id")
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(act_by__lt=at)))
    )
    return {row["assignee_id"]: (row["all"], row["late"]) for row in rows}
