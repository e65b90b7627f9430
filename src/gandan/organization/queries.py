"""Reads of the organization: communes and their predecessors, duties, working calendars."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from gandan.calculus.rules import DEFAULT_HOURS, VIETNAM, Calendar, DayOff, OfficeHours, Source
from gandan.law.cache import Cached
from gandan.law.rows import Scope
from gandan.organization.mergers.queries import held_on, one_each
from gandan.organization.models import (
    Commune,
    Duty,
    Holiday,
    OfficeHoursRow,
    Predecessor,
    Province,
    Role,
    Unit,
    UnitKind,
)
from gandan.organization.shipped import DEFAULT_HOURS_SOURCE, published_years

if TYPE_CHECKING:
    from gandan.accounts.models import User

CALENDAR = "calendar"


def today() -> date:
    """The day on the wall of the office."""
    return timezone.now().astimezone(VIETNAM).date()


# ---- calendars ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Calendars:
    """All rows of calendars in memory, and the calendars already made of them."""

    holidays: list[Holiday]
    hours: list[OfficeHoursRow]
    provinces: dict[str, str]
    made: dict[tuple[UUID | None, str, date], Calendar] = field(default_factory=dict)
    equal: dict[Calendar, Calendar] = field(default_factory=dict)


def _load() -> _Calendars:
    holidays = list(Holiday.objects.in_force().order_by("day"))
    hours = list(OfficeHoursRow.objects.in_force().order_by("opens"))
    return _Calendars(holidays, hours, dict(Commune.objects.values_list("code", "province_id")))


_calendars = Cached(CALENDAR, _load)
_proposed: ContextVar[_Calendars | None] = ContextVar("proposed_calendars", default=None)


def _calendars_now() -> _Calendars:
    """The rows to go by: those in force, or inside `as_if` those that are proposed."""
    return _proposed.get() or _calendars.get()


@contextmanager
def as_if(
    days: Sequence[Holiday] = (),
    hours: Sequence[OfficeHoursRow] = (),
    last_days: Mapping[UUID, date] | None = None,
) -> Iterator[None]:
    """Inside the block, calendars are read as if these rows, not stored, had been entered (dry run).

    `last_days`: the last day of present rows of hours that would end, by their ids.
    """
    kept = _calendars.get()
    named = {(row.day, row.scope, row.scope_code) for row in days}
    holidays = [row for row in kept.holidays if (row.day, row.scope, row.scope_code) not in named]
    ends = last_days or {}
    staying = [_ended(row, ends[row.pk]) if row.pk in ends else row for row in kept.hours]
    spans = [row for row in (*staying, *hours) if row.valid_to is None or row.valid_from <= row.valid_to]
    proposed = _Calendars([*holidays, *days], sorted(spans, key=lambda row: row.opens), kept.provinces)
    token = _proposed.set(proposed)
    try:
        yield
    finally:
        _proposed.reset(token)


def calendar_of(unit: Unit | None, *, on: date | None = None) -> Calendar:
    """The working calendar of `unit` (None: of the nation) with the office hours of the day `on` (today).

    Warm, it costs no query, and equal calendars are one object.
    """
    kept = _calendars_now()
    day = on or today()
    key = (unit.pk, unit.commune_id or unit.province_id or "", day) if unit else (None, "", day)
    calendar = kept.made.get(key)
    if calendar is None:
        if len(kept.made) > 20_000:  # many dates of many communes: begin anew rather than grow for ever
            kept.made.clear()
        calendar = _make(kept, unit, day)
        calendar = kept.made[key] = kept.equal.setdefault(calendar, calendar)
    return calendar


def commune_calendar(commune: str, *, on: date | None = None) -> Calendar:
    """The calendar of the commune's people's committee, or the nation's where the commune has no unit."""
    committee = Unit.objects.filter(commune_id=commune, kind=UnitKind.PEOPLE_COMMITTEE).first()
    return calendar_of(committee, on=on)


def _concerns(row: Holiday | OfficeHoursRow, commune: str, province: str) -> bool:
    if row.scope == Scope.COMMUNE:
        return row.scope_code == commune
    if row.scope == Scope.PROVINCE:
        return row.scope_code == province
    return True


def _ended(row: OfficeHoursRow, last: date) -> OfficeHoursRow:
    """A copy of the row, in memory alone, that holds until that day."""
    ended = copy(row)
    ended.valid_to = min(last, row.valid_to or last)
    return ended


NARROWNESS = {Scope.NATIONAL.value: 0, Scope.PROVINCE.value: 1, Scope.COMMUNE.value: 2}


def _days(rows: list[Holiday]) -> dict[date, Holiday]:
    """One row a day: the narrower scope wins."""
    chosen: dict[date, Holiday] = {}
    for row in sorted(rows, key=lambda row: (row.day, NARROWNESS[row.scope])):
        chosen[row.day] = row
    return chosen


@dataclass(frozen=True, slots=True)
class HeldHours:
    """The spans that hold for a unit on a day: of every working day, of single weekdays, of reception alone.

    `working` is empty where nobody entered hours: then the default of the software holds.
    """

    working: list[OfficeHoursRow]
    weekdays: dict[int, list[OfficeHoursRow]]
    reception: list[OfficeHoursRow]


def _narrowness(row: OfficeHoursRow) -> tuple[int, bool]:
    """Unit before commune before province before nation; within one of them the weekday before every day."""
    return 3 if row.unit_id else NARROWNESS[row.scope], row.weekday is not None


def _narrowest(rows: Iterable[OfficeHoursRow]) -> list[OfficeHoursRow]:
    """The spans of the narrowest place that has any."""
    ranked: dict[tuple[int, bool], list[OfficeHoursRow]] = defaultdict(list)
    for row in rows:
        ranked[_narrowness(row)].append(row)
    return ranked[max(ranked)] if ranked else []


def _held_hours(spans: Iterable[OfficeHoursRow], unit: Unit | None) -> HeldHours:
    """What holds of the spans of a day, by weekday."""
    own = [row for row in spans if row.unit_id is None or (unit and row.unit_id == unit.pk)]
    work = [row for row in own if not row.reception_only]
    named = {row.weekday for row in work if row.weekday is not None}
    usual = _narrowest(row for row in work if row.weekday is None)
    chosen = {day: _narrowest(row for row in work if row.weekday in (None, day)) for day in sorted(named)}
    return HeldHours(
        working=usual,
        weekdays={day: rows for day, rows in chosen.items() if rows != usual},
        reception=_narrowest(row for row in own if row.reception_only),
    )


def _make(kept: _Calendars, unit: Unit | None, on: date) -> Calendar:
    commune, province = _place(kept, unit)
    holidays = [row for row in kept.holidays if _concerns(row, commune, province)]
    years = published_years((row.day, row.mark) for row in holidays if row.scope == Scope.NATIONAL)
    spans = [r for r in kept.hours if r.holds_on(on) and _concerns(r, commune, province)]
    held = _held_hours(spans, unit)
    return Calendar(
        years=years,
        days=tuple(
            DayOff(day, row.name, row.works, row.source)
            for day, row in _days(holidays).items()
            if day.year in years
        ),
        hours=_spans(held.working) or DEFAULT_HOURS,
        reception_only=frozenset(r.weekday for r in held.reception if r.weekday is not None),
        name=unit.name if unit else "",
        source=_hours_source(held.working),
        weekday_hours=tuple((day, _spans(rows)) for day, rows in held.weekdays.items()),
    )


def _spans(rows: list[OfficeHoursRow]) -> tuple[OfficeHours, ...]:
    return tuple(OfficeHours(row.opens, row.closes) for row in rows)


def _hours_source(rows: list[OfficeHoursRow]) -> Source:
    return rows[0].source if rows else DEFAULT_HOURS_SOURCE


def _place(kept: _Calendars, unit: Unit | None) -> tuple[str, str]:
    """The codes of commune and province that concern the unit; a unit of a province has no commune."""
    if unit is None:
        return "", ""
    return unit.commune_code, unit.province_id or kept.provinces.get(unit.commune_code, "")


def holidays_of(year: int, *, commune: str = "", province: str = "") -> list[Holiday]:
    """Days off and make-up days that concern a commune in `year`, in order, projected ones too."""
    kept = _calendars_now()
    rows = [row for row in kept.holidays if row.day.year == year and _concerns(row, commune, province)]
    return list(_days(rows).values())


def calendar_years(unit: Unit) -> list[int]:
    """Years of which any day is known for `unit`, published or only projected, in order."""
    kept = _calendars_now()
    commune, province = _place(kept, unit)
    return sorted({r.day.year for r in kept.holidays if _concerns(r, commune, province)})


def hours_of(unit: Unit, on: date) -> HeldHours:
    """The spans that hold for `unit` on a day. Warm, no query."""
    kept = _calendars_now()
    commune, province = _place(kept, unit)
    spans = [r for r in kept.hours if r.holds_on(on) and _concerns(r, commune, province)]
    return _held_hours(spans, unit)


# ---- duties ------------------------------------------------------------------------------------------------


def duties_of(user: User, on: date) -> list[Duty]:
    """The duties that `user` holds on the day `on`, with their units; one query."""
    return list(Duty.objects.held_on(on).filter(user=user).select_related("unit").order_by("valid_from"))


def has_role(user: User, role: Role, *, on: date, unit: Unit | None = None) -> bool:
    """True if `user` holds `role` on the day `on`, in `unit` if one is given; one query."""
    held = Duty.objects.held_on(on).filter(user=user, role=role)
    return held.filter(unit=unit).exists() if unit else held.exists()


def staff_of(commune: Commune | str, role: Role, on: date) -> list[Duty]:
    """The duties with `role` in any unit of the commune on the day `on`, by name; one query."""
    code = commune if isinstance(commune, str) else commune.pk
    held = Duty.objects.held_on(on).filter(unit__commune_id=code, role=role, user__is_active=True)
    return list(held.select_related("user", "unit").order_by("user__full_name"))


def open_communes() -> list[Commune]:
    """The communes that have an open people's committee here, by code; one query."""
    committees = Unit.objects.filter(kind=UnitKind.PEOPLE_COMMITTEE, closed_on=None)
    return list(
        Commune.objects.filter(pk__in=committees.values("commune_id"))
        .select_related("province")
        .order_by("pk")
    )


def open_centres() -> list[Unit]:
    """The open public service centres (trung tâm phục vụ hành chính công) with their communes; one query."""
    centres = Unit.objects.filter(kind=UnitKind.CENTRE, closed_on=None)
    return list(centres.select_related("commune__province").order_by("commune_id", "code"))


def units_of(commune: Commune | str, on: date) -> list[Unit]:
    """The open units of a commune, committee first, then by code; one query."""
    code = commune if isinstance(commune, str) else commune.pk
    units = Unit.objects.filter(commune_id=code).select_related("commune__province")
    return sorted(
        (unit for unit in units if unit.is_open(on)), key=lambda unit: (unit.parent_id is not None, unit.code)
    )


def units_of_province(province: Province | str, on: date) -> list[Unit]:
    """The open units of a province itself, by code; one query."""
    code = province if isinstance(province, str) else province.pk
    units = Unit.objects.filter(province_id=code).select_related("province").order_by("code")
    return [unit for unit in units if unit.is_open(on)]


KEEP_SECONDS = 30.0
_units: dict[UUID, tuple[float, Unit]] = {}


def unit_of(unit_id: UUID) -> Unit:
    """The unit with its commune and province, as it was at most half a minute ago; warm, no query.

    Shared: read, never change. Raises Unit.DoesNotExist.
    """
    now = time.monotonic()
    kept = _units.get(unit_id)
    if kept is None or now - kept[0] > KEEP_SECONDS:
        # Optimization: every act asks for two or three units, which change a few times a year.
        unit = Unit.objects.select_related("commune__province", "province").get(pk=unit_id)
        kept = _units[unit_id] = (now, unit)
    return kept[1]


def forget_units() -> None:
    """Makes this process read units anew, after a change; others do within half a minute."""
    _units.clear()


# ---- predecessors ------------------------------------------------------------------------------------------


def successors_of(old_code: str) -> list[Predecessor]:
    """What became of the old commune, suggested first. More than one row: ask the person, never choose."""
    rows = held_on(Predecessor.objects.filter(old_code=old_code).exclude(old_code=""), today())
    rows = rows.select_related("successor__province")
    return one_each(sorted(rows, key=lambda row: (not row.suggested, row.successor.name)))
