"""What a merger would do, before anything is written: which unit goes into which, which are opened, whose duties move."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gandan.organization.actions.opening import usual_units
from gandan.organization.errors import Refused
from gandan.organization.mergers.models import DutyChoice, Merger, MergerKind
from gandan.organization.models import Commune, Duty, Unit, UnitKind

MOST_COMMUNES = 10
EARLIEST = timedelta(days=366)
COUNTERS = (UnitKind.CENTRE, UnitKind.BRANCH, UnitKind.POINT)
OFFICE = "vp"  # end of the code of the committee's own office, which has no narrower field


@dataclass(frozen=True, slots=True)
class UnitMove:
    """A unit that closes, the one that goes on with its work, what its duties do, and how many they are."""

    old: Unit
    new: Unit
    duties: DutyChoice
    duty_count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A merger that could be decided; `opens` are units not yet saved."""

    kind: MergerKind
    successor: Commune
    sources: tuple[Commune, ...]
    effective_on: date
    starts_on: date
    moves: tuple[UnitMove, ...]
    opens: tuple[Unit, ...]

    @property
    def last_day(self) -> date:
        """The last day on which the old units work."""
        return self.starts_on - timedelta(days=1)

    @property
    def heirs(self) -> dict[UUID, Unit]:
        return {move.old.pk: move.new for move in self.moves}


def plan_communes(
    sources: Sequence[Commune],
    successor: Commune,
    *,
    effective_on: date,
    today: date,
    ending: Collection[str] = (),
) -> Plan:
    """Communes into one. `ending`: codes of the units whose duties end with them; those of all others move.

    `successor` may be one not yet saved. Raises Refused with its field.
    """
    require_mergeable(sources, successor)
    starts_on = first_day(effective_on, today)
    present = open_units([successor], starts_on)
    opens = () if any(is_committee(unit) for unit in present) else new_units(successor, present, starts_on)
    targets = [*present, *opens]
    moves = tuple(
        moved(unit, heir_of(unit, targets), starts_on, ending) for unit in open_units(sources, starts_on)
    )
    return Plan(MergerKind.COMMUNES, successor, tuple(sources), effective_on, starts_on, moves, opens)


def plan_units(
    olds: Sequence[Unit], into: Unit, *, effective_on: date, today: date, ending: Collection[str] = ()
) -> Plan:
    """Units of one commune into another of it. Raises Refused with its field."""
    starts_on = first_day(effective_on, today)
    for unit in olds:
        if unit.commune_id is None or unit.commune_id != into.commune_id or unit.pk == into.pk:
            raise Refused(_("Choose units of one commune, and another unit of it that stays."), field="units")
        if is_committee(unit):
            raise Refused(_("The people's committee is not merged into a unit below it."), field="units")
        if not unit.is_open(starts_on) or not into.is_open(starts_on):
            raise Refused(_("Both units must be open on that day."), field="units")
    if not olds:
        raise Refused(_("Choose at least one unit that closes."), field="units")
    moves = tuple(moved(unit, into, starts_on, ending) for unit in olds)
    return Plan(MergerKind.UNITS, into.own_commune, (), effective_on, starts_on, moves, ())


def require_mergeable(sources: Sequence[Commune], successor: Commune) -> None:
    """Refused for what cannot be merged: nothing, itself, another province, what is merged or being merged already."""
    if not 1 <= len(sources) <= MOST_COMMUNES:
        raise Refused(_("Choose one to ten communes that are merged."), field="sources")
    if any(one.pk == successor.pk for one in sources):
        raise Refused(_("A commune is not merged into itself: leave the successor out."), field="sources")
    if any(one.province_id != successor.province_id for one in sources):
        raise Refused(_("All communes must lie in one province."), field="sources")
    gone = next((one for one in (*sources, successor) if one.merged_into_id), None)
    if gone:
        raise Refused(_("%(place)s was merged already.") % {"place": gone.full_name}, field="sources")
    busy = Merger.objects.filter(completed_at=None).filter(
        Q(successor__in=[one.pk for one in sources]) | Q(units__old__commune__in=[one.pk for one in sources])
    )
    if busy.exists():
        raise Refused(
            _("An earlier merger of one of these communes is still under way. Wait until it is complete."),
            field="sources",
        )


def first_day(effective_on: date, today: date) -> date:
    """The day on which the successor begins: the day of effect, or today where it has passed."""
    if not today - EARLIEST <= effective_on <= today + EARLIEST:
        raise Refused(
            _("The day of effect lies more than a year away. Check the year."), field="effective_on"
        )
    return max(effective_on, today)


def open_units(communes: Iterable[Commune], on: date) -> list[Unit]:
    """The units of the communes that would still be open on the day, committee first."""
    units = Unit.objects.filter(commune__in=[one.pk for one in communes]).select_related("commune__province")
    found = [unit for unit in units if unit.is_open(on) or unit.opened_on > on]
    return sorted(found, key=lambda unit: (unit.commune_code, unit.parent_id is not None, unit.code))


def new_units(successor: Commune, present: Sequence[Unit], on: date) -> tuple[Unit, ...]:
    """The usual units of a commune that is not open here yet, to be saved by the act."""
    taken = {unit.code for unit in present}
    made: list[Unit] = []
    for suffix, kind, name in usual_units(successor):
        code = f"{successor.pk}-{suffix}"
        parent = made[0] if made else None
        if code not in taken:
            made.append(Unit(commune=successor, parent=parent, kind=kind, code=code, name=name, opened_on=on))
    return tuple(made)


def moved(old: Unit, new: Unit, starts_on: date, ending: Collection[str]) -> UnitMove:
    choice = DutyChoice.END if old.code in ending else DutyChoice.MOVE
    return UnitMove(old, new, choice, duties_of(old, starts_on).count())


def duties_of(unit: Unit, starts_on: date) -> QuerySet[Duty]:
    """The duties of the unit that would go on beyond its last day."""
    return Duty.objects.after(starts_on - timedelta(days=1)).filter(unit=unit)


def heir_of(old: Unit, targets: Sequence[Unit]) -> Unit:
    """The unit that goes on with the work: the one of the same code and kind, else of the kind, else the office.

    A branch or a reception point goes into the centre. Refused without any unit to go to.
    """
    kind = UnitKind.CENTRE if old.kind in COUNTERS else UnitKind(old.kind)
    same_kind = [unit for unit in targets if unit.kind == kind]
    twin = [unit for unit in same_kind if ending_of(unit) == ending_of(old)]
    office = [unit for unit in targets if ending_of(unit) == OFFICE]
    alone = same_kind if len(same_kind) == 1 or kind == UnitKind.CENTRE else []
    committee = [unit for unit in targets if is_committee(unit)]
    found = next(iter([*twin, *alone, *office, *committee]), None)
    if found is None:
        raise Refused(_("The successor has no unit for this work. Open its units first."), field="successor")
    return found


def ending_of(unit: Unit) -> str:
    return unit.code.rsplit("-", 1)[-1]


def is_committee(unit: Unit) -> bool:
    return unit.kind == UnitKind.PEOPLE_COMMITTEE
