"""Working calendars of units: days by scope, hours by date, years that are published."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gandan.calculus.rules import DEFAULT_HOURS, Mark, OfficeHours
from gandan.law.errors import UnchangeableRow
from gandan.law.loading import Loaded
from gandan.law.rows import Scope
from gandan.organization.actions import confirm_calendar, set_day, set_office_hours
from gandan.organization.errors import CalendarNotConfirmed, ImpossibleHours
from gandan.organization.loading import load_days
from gandan.organization.models import Holiday
from gandan.organization.queries import calendar_of, calendar_years, hours_of
from gandan.organization.shipped import national_calendar
from gandan.organization.tests.factories import make_commune, make_unit

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
MORNING, AFTERNOON = (time(7), time(11, 30)), (time(13), time(16, 30))


def test_calendar_of_the_nation_equals_the_shipped_one(days: None) -> None:
    calendar, shipped = calendar_of(None, on=TODAY), national_calendar()

    assert (calendar.years, calendar.hours) == (shipped.years, shipped.hours)
    assert [(d.day, d.works, d.name) for d in calendar.days] == [
        (d.day, d.works, d.name) for d in shipped.days
    ]


def test_day_of_a_calendar_bears_its_row(days: None) -> None:
    row = Holiday.objects.get(day=date(2026, 11, 24))

    [entry] = [entry for entry in calendar_of(None, on=TODAY).days if entry.day == row.day]

    assert (entry.source.row, entry.source.mark) == (str(row.pk), Mark.READ_2ND)


def test_load_days_twice_changes_nothing(days: None) -> None:
    assert load_days(NOON) == Loaded()


def test_holiday_is_never_changed(days: None) -> None:
    row = Holiday.objects.get(day=date(2026, 11, 24))
    row.works = True

    with pytest.raises(UnchangeableRow):
        row.save()


def test_year_is_refused_until_it_is_confirmed(days: None) -> None:
    assert 2028 not in calendar_of(None, on=TODAY).years

    confirmed = confirm_calendar(2028, document="Thông báo mẫu", by="cb-0001", at=NOON)

    assert confirmed == 12
    assert 2028 in calendar_of(None, on=TODAY).years
    assert {d.source.mark for d in calendar_of(None, on=TODAY).days if d.day.year == 2028} == {Mark.CONFIRMED}


@pytest.mark.parametrize(("scope", "code"), [(Scope.NATIONAL, ""), (Scope.PROVINCE, "46")])
def test_one_day_entered_does_not_publish_a_year(days: None, scope: Scope, code: str) -> None:
    set_day(
        date(2028, 1, 24),
        name="Nghỉ",
        works=False,
        document="QĐ mẫu",
        by="cb-0001",
        at=NOON,
        scope=scope,
        scope_code=code,
    )

    assert calendar_of(make_unit(), on=TODAY).years == {2025, 2026, 2027}


@pytest.mark.parametrize(("year", "document"), [(2028, " "), (2031, "Thông báo mẫu")])
def test_confirmation_without_document_or_days_is_refused(days: None, year: int, document: str) -> None:
    with pytest.raises(CalendarNotConfirmed):
        confirm_calendar(year, document=document, by="cb-0001", at=NOON)


def test_day_entered_here_takes_the_place_of_the_shipped_one(days: None) -> None:
    set_day(date(2026, 11, 24), name="Làm bình thường", works=True, document="QĐ mẫu", by="cb-0001", at=NOON)

    [entry] = [entry for entry in calendar_of(None, on=TODAY).days if entry.day == date(2026, 11, 24)]
    assert (entry.works, entry.name) == (True, "Làm bình thường")
    assert load_days(NOON) == Loaded()


def test_day_of_a_province_concerns_its_communes_alone(days: None) -> None:
    hue, thanh_hoa = make_unit(), make_unit(commune=make_commune("14758"))
    feast = date(2026, 12, 1)

    set_day(
        feast,
        name="Ngày hội tỉnh",
        works=False,
        document="QĐ mẫu",
        by="cb-0001",
        at=NOON,
        scope=Scope.PROVINCE,
        scope_code="46",
    )

    assert feast in {entry.day for entry in calendar_of(hue, on=TODAY).days}
    assert feast not in {entry.day for entry in calendar_of(thanh_hoa, on=TODAY).days}


def test_hours_change_from_a_day_on(days: None) -> None:
    unit = make_unit()
    set_office_hours(
        [AFTERNOON, MORNING],
        unit=unit,
        valid_from=date(2026, 12, 1),
        document="QĐ mẫu",
        by="cb-0001",
        at=NOON,
    )

    before, after = calendar_of(unit, on=date(2026, 11, 30)), calendar_of(unit, on=date(2026, 12, 1))

    assert before.hours == DEFAULT_HOURS
    assert after.hours == (OfficeHours(*MORNING), OfficeHours(*AFTERNOON))
    assert (before.source.mark, after.source.mark) == (Mark.NOT_FOUND, Mark.CONFIRMED)


def test_later_hours_end_the_earlier_ones(days: None) -> None:
    unit = make_unit()
    for first, spans in ((date(2026, 1, 1), [MORNING]), (date(2026, 12, 1), [AFTERNOON])):
        set_office_hours(spans, unit=unit, valid_from=first, document="QĐ mẫu", by="cb-0001", at=NOON)

    assert calendar_of(unit, on=date(2026, 11, 30)).hours == (OfficeHours(*MORNING),)
    assert calendar_of(unit, on=date(2026, 12, 1)).hours == (OfficeHours(*AFTERNOON),)


def test_saturday_reception_is_not_a_working_day(days: None) -> None:
    unit = make_unit()
    set_office_hours(
        [MORNING], unit=unit, weekday=5, valid_from=date(2026, 1, 1), document="QĐ mẫu", by="cb-0001", at=NOON
    )

    calendar = calendar_of(unit, on=TODAY)

    assert (calendar.reception_only, calendar.hours) == (frozenset({5}), DEFAULT_HOURS)
    assert [row.weekday_words for row in hours_of(unit, TODAY)[1]] == ["thứ Bảy"]


def test_hours_of_one_unit_do_not_touch_another(days: None) -> None:
    hue, thanh_hoa = make_unit(), make_unit(commune=make_commune("14758"))
    set_office_hours(
        [MORNING], unit=hue, valid_from=date(2026, 1, 1), document="QĐ mẫu", by="cb-0001", at=NOON
    )

    assert calendar_of(hue, on=TODAY).hours == (OfficeHours(*MORNING),)
    assert calendar_of(thanh_hoa, on=TODAY).hours == DEFAULT_HOURS


@pytest.mark.parametrize(
    "spans",
    [[], [(time(11), time(7))], [(time(7), time(7))], [(time(7), time(12)), (time(11), time(17))]],
)
def test_impossible_hours_are_refused(days: None, spans: list[tuple[time, time]]) -> None:
    with pytest.raises(ImpossibleHours):
        set_office_hours(spans, unit=make_unit(), valid_from=TODAY, document="QĐ", by="cb-0001", at=NOON)


def test_warm_calendar_costs_no_query(days: None) -> None:
    unit = make_unit()
    calendar_of(unit, on=TODAY)

    with CaptureQueriesContext(connection) as captured:
        warm = calendar_of(unit, on=TODAY)

    assert len(captured) == 0
    assert warm is calendar_of(unit, on=TODAY)


def test_calendar_before_anything_is_loaded_has_no_year(db: None) -> None:
    assert calendar_of(make_unit(), on=TODAY).years == frozenset()


def test_years_of_a_unit_with_projected_ones(days: None) -> None:
    assert calendar_years(make_unit()) == [2025, 2026, 2027, 2028]
