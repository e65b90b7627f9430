"""Acts on the organization: open a commune, confirm a year's calendar, set office hours."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise

from django.db import transaction

from gandan.calculus.rules import VIETNAM, Mark
from gandan.law import cache
from gandan.law.loading import content_of
from gandan.law.rows import Origin, Scope
from gandan.organization.errors import CalendarNotConfirmed, ImpossibleHours, UnknownCommune, UnknownProvince
from gandan.organization.models import Commune, CommuneKind, Holiday, OfficeHoursRow, Province, Unit, UnitKind
from gandan.organization.queries import CALENDAR

log = logging.getLogger(__name__)

#: Phú Quốc, a special zone, has the departments of a ward (NĐ 150/2025/NĐ-CP).
WITH_URBAN_DEPARTMENT = frozenset({"Phú Quốc"})


def _departments(commune: Commune) -> list[tuple[str, UnitKind, str]]:
    """Code, kind and name of the usual units below the people's committee (NĐ 150/2025/NĐ-CP)."""
    place = f"{commune.kind} {commune.name}"
    urban = commune.kind == CommuneKind.WARD or commune.name in WITH_URBAN_DEPARTMENT
    economy = "Phòng Kinh tế, Hạ tầng và Đô thị" if urban else "Phòng Kinh tế"
    return [
        ("tt", UnitKind.CENTRE, f"Trung tâm Phục vụ hành chính công {place}"),
        ("vp", UnitKind.DEPARTMENT, f"Văn phòng HĐND và UBND {place}"),
        ("kt", UnitKind.DEPARTMENT, f"{economy} {place}"),
        ("vhxh", UnitKind.DEPARTMENT, f"Phòng Văn hóa - Xã hội {place}"),
        ("ca", UnitKind.POLICE, f"Công an {place}"),
    ]


@transaction.atomic
def open_commune(code: str, *, at: datetime, by: str) -> Unit:
    """Opens the commune with this code: committee, centre, departments, police. Returns the committee.

    A commune that is open already stays as it is. UnknownCommune if no commune has the code.
    """
    commune = Commune.objects.select_for_update().filter(pk=code).first()
    if commune is None:
        raise UnknownCommune(f"no commune has the code {code!r}; load the reference data, or check the code")
    present = Unit.objects.filter(commune=commune, kind=UnitKind.PEOPLE_COMMITTEE).first()
    if present is not None:
        return present
    opened_on = at.astimezone(VIETNAM).date()
    committee = Unit.objects.create(
        commune=commune,
        kind=UnitKind.PEOPLE_COMMITTEE,
        code=f"{code}-ub",
        name=f"Ủy ban nhân dân {commune.kind} {commune.name}",
        opened_on=opened_on,
    )
    Unit.objects.bulk_create(
        Unit(
            commune=commune,
            parent=committee,
            kind=kind,
            code=f"{code}-{suffix}",
            name=name,
            opened_on=opened_on,
        )
        for suffix, kind, name in _departments(commune)
    )
    log.info("commune opened code=%s by=%s", code, by)
    return committee


@transaction.atomic
def open_province(code: str, *, at: datetime, by: str) -> Unit:
    """Opens the units of a province itself: committee, its office, the bodies that take forwarded dossiers.

    Returns the committee. What is open already stays as it is. UnknownProvince if none has the code.
    """
    province = Province.objects.select_for_update().filter(pk=code).first()
    if province is None:
        raise UnknownProvince(
            f"no province has the code {code!r}; load the reference data, or check the code"
        )
    present = Unit.objects.filter(province=province, kind=UnitKind.PROVINCE_COMMITTEE).first()
    if present is not None:
        return present
    place, opened_on = f"{province.kind} {province.name}", at.astimezone(VIETNAM).date()
    committee = Unit.objects.create(
        province=province,
        kind=UnitKind.PROVINCE_COMMITTEE,
        code=f"{code}-ub",
        name=f"Ủy ban nhân dân {place}",
        opened_on=opened_on,
    )
    Unit.objects.bulk_create(
        Unit(
            province=province,
            parent=committee,
            kind=kind,
            code=f"{code}-{suffix}",
            name=f"{name} {place}",
            opened_on=opened_on,
        )
        for suffix, kind, name in PROVINCIAL_UNITS
    )
    log.info("province opened code=%s by=%s", code, by)
    return committee


#: Whom the workflows of the data name at the level of the province (2022/QĐ-UBND of Cao Bằng: the health department).
PROVINCIAL_UNITS = (
    ("vp", UnitKind.PROVINCE_OFFICE, "Văn phòng Ủy ban nhân dân"),
    ("syt", UnitKind.PROVINCE_DEPARTMENT, "Sở Y tế"),
)


@transaction.atomic
def confirm_calendar(year: int, *, document: str, by: str, at: datetime) -> int:
    """Confirms the nation's days of `year` as they stand, on the document that `by` (a code) has read.

    Returns the number of days. Days that the document changes are set by `set_day` first.
    """
    if not document.strip() or not by.strip():
        raise CalendarNotConfirmed("A calendar is confirmed on a document, by a person.")
    rows = list(
        Holiday.objects.in_force()
        .filter(day__year=year, scope=Scope.NATIONAL)
        .exclude(mark=Mark.CONFIRMED.value)
    )
    if not rows:
        raise CalendarNotConfirmed(f"There is no day of {year} left to confirm.")
    for row in rows:
        content = content_of(row) | {
            "mark": Mark.CONFIRMED.value,
            "confirmed_by": by,
            "confirmed_document": document.strip(),
        }
        confirmed = Holiday(**content, origin=Origin.LOCAL, recorded_at=at)
        Holiday.objects.all().mark_superseded(row, confirmed)
        confirmed.save()
    cache.changed(CALENDAR)
    return len(rows)


@transaction.atomic
def set_day(
    day: date,
    *,
    name: str,
    works: bool,
    document: str,
    by: str,
    at: datetime,
    scope: Scope = Scope.NATIONAL,
    scope_code: str = "",
) -> Holiday:
    """Enters a day off or a make-up day on its document, in the place of the row of that day and scope."""
    if not document.strip() or not by.strip():
        raise CalendarNotConfirmed("A day is entered on a document, by a person.")
    old = Holiday.objects.in_force().filter(day=day, scope=scope, scope_code=scope_code).first()
    new = Holiday(
        shipped_id=old.shipped_id if old else "",
        day=day,
        name=name,
        works=works,
        document=document.strip(),
        mark=Mark.CONFIRMED.value,
        scope=scope,
        scope_code=scope_code,
        origin=Origin.LOCAL,
        recorded_at=at,
        confirmed_by=by,
        confirmed_document=document.strip(),
    )
    if old:
        Holiday.objects.all().mark_superseded(old, new)
    new.save()
    cache.changed(CALENDAR)
    return new


@transaction.atomic
def set_office_hours(
    spans: Sequence[tuple[time, time]],
    *,
    unit: Unit,
    valid_from: date,
    document: str,
    by: str,
    at: datetime,
    weekday: int | None = None,
) -> list[OfficeHoursRow]:
    """Sets the office hours of `unit` from a day on; with a weekday they are reception alone (Saturday).

    ImpossibleHours if spans overlap or close before they open. Later rows of that unit and weekday are
    replaced, earlier ones end on the day before.
    """
    ordered = sorted(spans)
    if not ordered or any(opens >= closes for opens, closes in ordered):
        raise ImpossibleHours("Each span of office hours closes after it opens.")
    if any(first[1] > second[0] for first, second in pairwise(ordered)):
        raise ImpossibleHours("Spans of office hours do not overlap.")
    new = [
        OfficeHoursRow(
            unit=unit,
            scope=Scope.COMMUNE if unit.commune_id else Scope.PROVINCE,
            scope_code=unit.commune_id or unit.province_id or "",
            weekday=weekday,
            reception_only=weekday is not None,
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            document=document,
            mark=Mark.CONFIRMED.value,
            confirmed_by=by,
            confirmed_document=document,
            origin=Origin.LOCAL,
            recorded_at=at,
        )
        for opens, closes in ordered
    ]
    _replace_hours(new, at)
    OfficeHoursRow.objects.bulk_create(new)
    cache.changed(CALENDAR)
    return new


def _replace_hours(new: list[OfficeHoursRow], at: datetime) -> None:
    """Ends the rows in force of the unit and weekday before `new` starts."""
    first = new[0]
    rows = OfficeHoursRow.objects.in_force().filter(unit=first.unit, weekday=first.weekday)
    for old in rows:
        if old.valid_from >= first.valid_from:
            OfficeHoursRow.objects.all().mark_superseded(old, first)
        elif old.valid_to is None or old.valid_to >= first.valid_from:
            content = content_of(old) | {
                "valid_to": date.fromordinal(first.valid_from.toordinal() - 1),
                "confirmed_by": old.confirmed_by,
                "confirmed_document": old.confirmed_document,
            }
            closed = OfficeHoursRow(**content, origin=old.origin, recorded_at=at)
            OfficeHoursRow.objects.all().mark_superseded(old, closed)
            closed.save()
