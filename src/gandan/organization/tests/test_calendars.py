"""Working calendars of units: days by scope, hours by date, years that are published."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gandan.calculus.rules import DEFAULT_HOURS, Mark, OfficeHours
from gandan.law.errors import BasisMissing, UnchangeableRow
from gandan.law.errors import NotCompetent as LawNotCompetent
from gandan.law.loading import Loaded
from gandan.law.rows import Scope
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions import confirm_calendar, set_day, set_office_hours
from gandan.organization.actions.calendars import proposed_day
from gandan.organization.actions.hours import ended_by, proposed_hours
from gandan.organization.errors import CalendarNotConfirmed, ImpossibleHours, NotCompetent, Refused
from gandan.organization.loading import load_days
from gandan.organization.models import Commune, Holiday, OfficeHoursRow, Role, Unit, UnitKind
from gandan.organization.permissions import Officer, operator
from gandan.organization.queries import as_if, calendar_of, calendar_years, hours_of
from gandan.organization.shipped import national_calendar
from gandan.organization.tests.factories import acting, make_commune, make_province_unit, make_unit

LEGAL = acting(Role.LEGAL_OFFICER, province="46")
OPERATOR = operator()


def by(officer: Officer) -> dict[str, Any]:
    """Who does it, when, and by which request."""
    return {"officer": officer, "at": NOON, "request_id": new_id()}


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

    confirmed = confirm_calendar(2028, document="Thông báo mẫu", **by(LEGAL))

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
        **by(LEGAL),
        scope=scope,
        scope_code=code,
    )

    assert calendar_of(make_unit(), on=TODAY).years == {2025, 2026, 2027}


@pytest.mark.parametrize(("year", "document"), [(2028, " "), (2031, "Thông báo mẫu")])
def test_confirmation_without_document_or_days_is_refused(days: None, year: int, document: str) -> None:
    with pytest.raises((BasisMissing, CalendarNotConfirmed)):
        confirm_calendar(year, document=document, **by(LEGAL))


def test_day_entered_here_takes_the_place_of_the_shipped_one(days: None) -> None:
    set_day(date(2026, 11, 24), name="Làm bình thường", works=True, document="QĐ mẫu", **by(LEGAL))

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
        **by(LEGAL),
        scope=Scope.PROVINCE,
        scope_code="46",
    )

    assert feast in {entry.day for entry in calendar_of(hue, on=TODAY).days}
    assert feast not in {entry.day for entry in calendar_of(thanh_hoa, on=TODAY).days}


def test_hours_change_from_a_day_on(days: None) -> None:
    unit = make_unit()
    set_office_hours(
        [AFTERNOON, MORNING],
        place=unit,
        valid_from=date(2026, 12, 1),
        document="QĐ mẫu",
        **by(OPERATOR),
    )

    before, after = calendar_of(unit, on=date(2026, 11, 30)), calendar_of(unit, on=date(2026, 12, 1))

    assert before.hours == DEFAULT_HOURS
    assert after.hours == (OfficeHours(*MORNING), OfficeHours(*AFTERNOON))
    assert (before.source.mark, after.source.mark) == (Mark.NOT_FOUND, Mark.CONFIRMED)


def test_later_hours_end_the_earlier_ones(days: None) -> None:
    unit = make_unit()
    for first, spans in ((date(2026, 1, 1), [MORNING]), (date(2026, 12, 1), [AFTERNOON])):
        set_office_hours(spans, place=unit, valid_from=first, document="QĐ mẫu", **by(OPERATOR))

    assert calendar_of(unit, on=date(2026, 11, 30)).hours == (OfficeHours(*MORNING),)
    assert calendar_of(unit, on=date(2026, 12, 1)).hours == (OfficeHours(*AFTERNOON),)


def test_saturday_reception_is_not_a_working_day(days: None) -> None:
    unit = make_unit()
    set_office_hours(
        [MORNING],
        place=unit,
        weekday=5,
        reception_only=True,
        valid_from=date(2026, 1, 1),
        document="QĐ mẫu",
        **by(OPERATOR),
    )

    calendar = calendar_of(unit, on=TODAY)

    assert (calendar.reception_only, calendar.hours) == (frozenset({5}), DEFAULT_HOURS)
    assert [row.weekday_words for row in hours_of(unit, TODAY).reception] == ["thứ Bảy"]


def test_hours_of_one_unit_do_not_touch_another(days: None) -> None:
    hue, thanh_hoa = make_unit(), make_unit(commune=make_commune("14758"))
    set_office_hours([MORNING], place=hue, valid_from=date(2026, 1, 1), document="QĐ mẫu", **by(OPERATOR))

    assert calendar_of(hue, on=TODAY).hours == (OfficeHours(*MORNING),)
    assert calendar_of(thanh_hoa, on=TODAY).hours == DEFAULT_HOURS


@pytest.mark.parametrize(
    "spans",
    [[], [(time(11), time(7))], [(time(7), time(7))], [(time(7), time(12)), (time(11), time(17))]],
)
def test_impossible_hours_are_refused(days: None, spans: list[tuple[time, time]]) -> None:
    with pytest.raises(ImpossibleHours):
        set_office_hours(spans, place=make_unit(), valid_from=TODAY, document="QĐ", **by(OPERATOR))


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


FRIDAY = 4


def set_hours(place: Unit | Commune, *spans: tuple[time, time], **further: Any) -> list[OfficeHoursRow]:
    """Hours of the place from the first of January on, entered by the operator."""
    arguments = {"valid_from": date(2026, 1, 1), "document": "QĐ mẫu"} | further
    return set_office_hours(list(spans), place=place, **arguments, **by(OPERATOR))


def test_hours_of_a_weekday_differ_from_the_usual_ones(days: None) -> None:
    unit = make_unit()
    set_hours(unit, MORNING, AFTERNOON)
    set_hours(unit, MORNING, weekday=FRIDAY)

    calendar = calendar_of(unit, on=TODAY)

    assert calendar.hours == (OfficeHours(*MORNING), OfficeHours(*AFTERNOON))
    assert calendar.weekday_hours == ((FRIDAY, (OfficeHours(*MORNING),)),)
    assert calendar.reception_only == frozenset()


def test_narrower_place_wins_and_within_it_the_weekday(days: None) -> None:
    unit, sister = make_unit(), make_unit(UnitKind.BRANCH)
    commune, short = make_commune(), (time(8), time(10))
    set_hours(commune, MORNING, AFTERNOON)
    set_hours(commune, MORNING, weekday=FRIDAY)
    set_hours(unit, short)

    own, usual = calendar_of(unit, on=TODAY), calendar_of(sister, on=TODAY)

    assert (own.hours, own.weekday_hours) == ((OfficeHours(*short),), ())
    assert usual.weekday_hours == ((FRIDAY, (OfficeHours(*MORNING),)),)


def test_hours_that_end_give_way_to_the_wider_ones(days: None) -> None:
    unit = make_unit()
    set_hours(unit, MORNING, weekday=FRIDAY)

    set_hours(unit, weekday=FRIDAY, valid_from=date(2026, 12, 1))

    before, after = calendar_of(unit, on=date(2026, 11, 30)), calendar_of(unit, on=date(2026, 12, 1))
    assert (len(before.weekday_hours), after.weekday_hours) == (1, ())


@pytest.mark.parametrize(
    "further",
    [
        {"weekday": 7},
        {"weekday": -1},
        {"reception_only": True},
        {"weekday": FRIDAY, "spans": []},
        {"spans": [(time(hour), time(hour + 1)) for hour in (7, 9, 11, 13, 15)]},
    ],
)
def test_hours_of_an_impossible_weekday_are_refused(days: None, further: dict[str, Any]) -> None:
    spans = further.pop("spans", [MORNING])

    with pytest.raises(ImpossibleHours):
        set_hours(make_unit(), *spans, **further)


def test_hours_repeated_are_entered_once(days: None) -> None:
    unit, asked = make_unit(), by(OPERATOR)

    for _attempt in range(2):
        set_office_hours([MORNING], place=unit, valid_from=TODAY, document="QĐ mẫu", **asked)

    assert (OfficeHoursRow.objects.count(), Event.objects.count()) == (1, 1)


def test_hours_are_an_event_of_the_commune(days: None) -> None:
    [row] = set_hours(make_unit(), MORNING, weekday=FRIDAY)

    event = Event.objects.get()
    assert (event.chain, event.act, event.subject_id) == ("19975", "set-hours", row.pk)
    assert (event.facts["spans"], event.facts["weekday"], event.facts["reception"]) == (["07:00-11:30"], 4, 0)


def test_rows_proposed_are_read_inside_the_block_alone(days: None) -> None:
    unit, day = make_unit(), date(2026, 12, 1)
    set_hours(unit, MORNING)
    new = proposed_hours(
        [AFTERNOON], place=unit, valid_from=day, document="QĐ", by="QT-1", at=NOON, weekday=None
    )
    off = proposed_day(day, name="Nghỉ", works=False, document="QĐ", by="QT-1", at=NOON)
    last_days = ended_by(unit, day, None, reception_only=False)

    with as_if([off], new, last_days):
        inside = calendar_of(unit, on=day)
        before = calendar_of(unit, on=date(2026, 11, 30))

    after = calendar_of(unit, on=day)
    assert (inside.hours, before.hours, after.hours) == (
        (OfficeHours(*AFTERNOON),),
        (OfficeHours(*MORNING),),
        (OfficeHours(*MORNING),),
    )
    assert [day in {entry.day for entry in calendar.days} for calendar in (inside, after)] == [True, False]


HUE_ADMINISTRATOR = acting(Role.ADMINISTRATOR, province="46")
WARD_ADMINISTRATOR = acting(Role.ADMINISTRATOR, commune="19975")


@pytest.mark.parametrize("officer", [HUE_ADMINISTRATOR, WARD_ADMINISTRATOR], ids=["province", "ward"])
def test_administrators_set_the_hours_of_their_places(days: None, officer: Officer) -> None:
    rows = set_office_hours([MORNING], place=make_unit(), valid_from=TODAY, document="QĐ", **by(officer))

    assert len(rows) == 1


@pytest.mark.parametrize(
    "officer",
    [
        acting(Role.ADMINISTRATOR, commune="14758"),
        acting(Role.ADMINISTRATOR, province="38"),
        acting(Role.CENTRE_DIRECTOR, commune="19975"),
        LEGAL,
    ],
)
def test_others_do_not_set_them(days: None, officer: Officer) -> None:
    with pytest.raises(NotCompetent):
        set_office_hours([MORNING], place=make_unit(), valid_from=TODAY, document="QĐ", **by(officer))


@pytest.mark.parametrize("officer", [HUE_ADMINISTRATOR, WARD_ADMINISTRATOR, OPERATOR])
def test_days_of_the_nation_are_for_the_legal_officer(days: None, officer: Officer) -> None:
    with pytest.raises(LawNotCompetent):
        confirm_calendar(2028, document="Thông báo mẫu", **by(officer))


def test_legal_officer_of_a_ward_gives_way_to_that_of_the_province(days: None) -> None:
    ward = acting(Role.LEGAL_OFFICER, commune="19975")
    alone = ward.confirms_law
    make_province_unit()

    assert (alone, ward.confirms_law, LEGAL.confirms_law) == (True, False, True)


def test_day_without_a_name_is_refused(days: None) -> None:
    with pytest.raises(Refused):
        set_day(TODAY, name=" ", works=False, document="QĐ", **by(LEGAL))
