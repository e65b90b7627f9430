"""The wards that load is made for: who sits where. A ward without anybody is opened with invented staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.rules import HANDLERS
from gandan.exchange.errors import ExchangeError
from gandan.exchange.generation.people import FAMILY, FEMALE, MALE, Place
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions import open_commune
from gandan.organization.models import Commune, Duty, Role, Unit, UnitKind
from gandan.organization.permissions import operator
from gandan.organization.queries import open_communes

USUAL = ("19975", "14758")  # the wards of the demonstration
MADE_BY = "gandan-generate"
SAMPLE_MAKERS = {MADE_BY, "gandan-demo"}
FIRST_EVENTS = 50
# Whom a ward needs for a dossier to go all its way: end of the unit's code, role.
POSTS = (
    ("tt", Role.COUNTER_OFFICER),
    ("tt", Role.COUNTER_OFFICER),
    ("vp", Role.SPECIALIST),
    ("vp", Role.SPECIALIST),
    ("kt", Role.SPECIALIST),
    ("kt", Role.SPECIALIST),
    ("vhxh", Role.SPECIALIST),
    ("ca", Role.POLICE_OFFICER),
    ("vp", Role.HEAD_OF_DEPARTMENT),
    ("kt", Role.HEAD_OF_DEPARTMENT),
    ("vhxh", Role.HEAD_OF_DEPARTMENT),
    ("ca", Role.HEAD_OF_DEPARTMENT),
    ("vp", Role.CLERK),
    ("ub", Role.SIGNING_LEADER),
    ("ub", Role.SIGNING_LEADER),
    ("tt", Role.CENTRE_DIRECTOR),
)


class UnusableWard(ExchangeError):
    """A ward in which a dossier cannot go all its way; the message says who is missing."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of staff: the key of their account as 32 hexadecimal digits, and the code that events bear."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its head and with those who handle dossiers in it."""

    unit: Unit
    key: str
    head: Seat
    handlers: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward at work. `since`: from this day on everybody held their duty."""

    code: str
    place: Place
    committee: Unit
    centre: Unit
    counters: tuple[Seat, ...]
    clerk: Seat
    leaders: tuple[Seat, ...]
    departments: dict[str, Department]
    since: date

    def department(self, end_of_code: str) -> Department:
        """The department with that end of its code; where there is none, the first that handles dossiers."""
        return self.departments.get(end_of_code) or next(iter(self.departments.values()))


def ready_wards(codes: Sequence[str], opened: datetime, at: datetime, seed: int) -> list[Ward]:
    """The wards with these codes, by default all that are open here, else those of the demonstration.

    One that is not open is opened as of `opened` with invented staff. Raises UnusableWard, and the
    organization's UnknownCommune.
    """
    here = {commune.pk for commune in open_communes()}
    wanted = sorted(set(codes) or here or set(USUAL))
    for code in wanted:
        if code not in here:
            open_with_staff(code, opened, Random(f"{seed}-{code}"))
    day = at.astimezone(VIETNAM).date()
    return [ward_of(code, day) for code in wanted]


def is_sample() -> bool:
    """True if every commune here was opened by the demonstration or by load, or if there is nobody at all.

    The ledger tells who opened a commune, among the first events of its chain.
    """
    here = {commune.pk for commune in open_communes()}
    if not here:
        return not User.objects.exists()
    opened = Event.objects.filter(
        chain__in=here, seq__lte=FIRST_EVENTS, act="open-commune", actor__in=SAMPLE_MAKERS
    )
    return set(opened.values_list("chain", flat=True)) == here


def open_with_staff(code: str, at: datetime, rng: Random) -> None:
    """Opens the commune by the real act, and gives each of the posts to an invented member of staff."""
    open_commune(code, officer=operator(MADE_BY), at=at, request_id=new_id())
    units = {unit.code.rsplit("-", 1)[1]: unit for unit in Unit.objects.filter(commune_id=code)}
    users, duties = [], []
    for number, (end, role) in enumerate(POSTS, start=1):
        middle, given = rng.choice((FEMALE, MALE))
        name = f"{rng.choice(FAMILY)} {rng.choice(middle)} {rng.choice(given)}"
        user = User(
            username=f"mau{number:02d}.{code}", full_name=f"{name} (mẫu)", code=f"{code}-M-{number:02d}"
        )
        user.set_unusable_password()
        users.append(user)
        since = at.astimezone(VIETNAM).date()
        duties.append(Duty(user=user, unit=units[end], role=role, post=str(role.label), valid_from=since))
    User.objects.bulk_create(users)
    Duty.objects.bulk_create(duties)


def ward_of(code: str, day: date) -> Ward:
    """Who sits where in the ward on that day. Raises UnusableWard."""
    commune = Commune.objects.select_related("province").get(pk=code)
    units = [unit for unit in Unit.objects.filter(commune_id=code).order_by("code") if unit.is_open(day)]
    duties = Duty.objects.held_on(day).filter(unit__commune_id=code, user__is_active=True)
    held = list(duties.select_related("user", "unit").order_by("user__code"))
    centre = one_of(code, UnitKind.CENTRE, units)
    departments = departments_of(held)
    if not departments:
        raise missing(code, _("a department with its head and somebody who handles dossiers"))
    return Ward(
        code=code,
        place=Place(f"{commune.kind} {commune.name}", "Tổ dân phố"),
        committee=one_of(code, UnitKind.PEOPLE_COMMITTEE, units),
        centre=centre,
        counters=seats(code, held, Role.COUNTER_OFFICER),
        clerk=seats(code, held, Role.CLERK)[0],
        leaders=seats(code, held, Role.SIGNING_LEADER),
        departments=departments,
        since=max(duty.valid_from for duty in held),
    )


def departments_of(held: Iterable[Duty]) -> dict[str, Department]:
    heads: dict[UUID, Duty] = {}
    handlers: defaultdict[UUID, list[Duty]] = defaultdict(list)
    for duty in held:
        if duty.role == Role.HEAD_OF_DEPARTMENT:
            heads.setdefault(duty.unit_id, duty)
        elif duty.role in HANDLERS:
            handlers[duty.unit_id].append(duty)
    return {
        head.unit.code.rsplit("-", 1)[-1]: Department(
            head.unit, head.unit_id.hex, seat_of(head), tuple(seat_of(duty) for duty in handlers[unit_id])
        )
        for unit_id, head in heads.items()
        if handlers[unit_id]
    }


def one_of(code: str, kind: UnitKind, units: Iterable[Unit]) -> Unit:
    found = next((unit for unit in units if unit.kind == kind), None)
    if found is None:
        raise missing(code, str(kind.label))
    return found


def seats(code: str, held: Iterable[Duty], role: Role) -> tuple[Seat, ...]:
    found = tuple(seat_of(duty) for duty in held if duty.role == role)
    if not found:
        raise missing(code, str(role.label))
    return found


def seat_of(duty: Duty) -> Seat:
    return Seat(duty.user_id.hex, duty.user.code)


def missing(code: str, what: str) -> UnusableWard:
    message = _("Commune %(code)s lacks: %(what)s. Give somebody this duty, or name other communes.")
    return UnusableWard(message % {"code": code, "what": what})
