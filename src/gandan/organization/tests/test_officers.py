"""Dated duties, what an officer may do where, and opening a commune."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gandan.ledger.ids import new_id
from gandan.organization.actions import open_commune, open_province
from gandan.organization.errors import UnknownCommune, UnknownProvince
from gandan.organization.models import Role, Unit, UnitKind
from gandan.organization.permissions import communes_visible, officer_of, operator, roles_in
from gandan.organization.queries import (
    duties_of,
    has_role,
    open_communes,
    staff_of,
    units_of,
    units_of_province,
)
from gandan.organization.tests.factories import (
    give_duty,
    make_commune,
    make_officer,
    make_province_unit,
    make_unit,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 1), True),
        (date(2026, 10, 31), True),
        (date(2026, 11, 1), False),
    ],
)
def test_role_is_held_between_its_dates(db: None, day: date, held: bool) -> None:
    user = make_officer(Role.SPECIALIST, valid_from=date(2026, 9, 1), valid_to=date(2026, 10, 31))

    assert has_role(user, Role.SPECIALIST, on=day) is held
    assert bool(duties_of(user, day)) is held
    assert bool(officer_of(user, day).held) is held


def test_officer_with_duties_in_two_communes_keeps_them_apart(db: None) -> None:
    hue, thanh_hoa = make_unit(), make_unit(commune=make_commune("14758"))
    user = make_officer(Role.COUNTER_OFFICER, hue)
    give_duty(user, Role.SPECIALIST, thanh_hoa)

    officer = officer_of(user, TODAY)

    assert officer.roles_in("19975") == {Role.COUNTER_OFFICER}
    assert officer.roles_in("14758") == {Role.SPECIALIST}
    assert officer.roles_in("19960") == frozenset()
    assert officer.communes == {"19975", "14758"}
    assert officer.roles_at(hue.pk) == {Role.COUNTER_OFFICER}
    assert [c.code for c in communes_visible(user, TODAY)] == ["14758", "19975"]
    assert roles_in(user, thanh_hoa.commune, TODAY) == {Role.SPECIALIST}


def test_duty_in_a_unit_of_the_province_gives_no_role_in_its_communes(db: None) -> None:
    ward, department = make_unit(), make_province_unit()
    user = make_officer(Role.ADMINISTRATOR, department)
    give_duty(user, Role.SPECIALIST, ward)

    officer = officer_of(user, TODAY)

    assert officer.provinces == {"46"}
    assert officer.communes == {"19975"}
    assert officer.roles_in_province("46") == {Role.ADMINISTRATOR}
    assert officer.roles_in_province("38") == frozenset()
    assert officer.roles_in("19975") == {Role.SPECIALIST}
    assert (officer.roles_in(""), officer.roles_in("46"), officer.roles_in_province("")) == (frozenset(),) * 3
    assert officer.roles_at(department.pk) == {Role.ADMINISTRATOR}
    assert [c.code for c in communes_visible(user, TODAY)] == ["19975"]


@pytest.mark.parametrize("places", ["neither", "both"])
def test_unit_is_of_a_commune_or_of_a_province(db: None, places: str) -> None:
    commune = make_commune()
    both = {"commune": commune, "province": commune.province} if places == "both" else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(kind=UnitKind.DEPARTMENT, code="x", name="x", opened_on=TODAY, **both)


def test_open_province_makes_its_units_once(db: None) -> None:
    make_commune()
    committee = open_province("46", officer=operator(), at=NOON, request_id=new_id())

    again = open_province("46", officer=operator(), at=NOON, request_id=new_id())

    units = units_of_province("46", TODAY)
    assert again == committee
    assert [unit.code for unit in units] == ["46-syt", "46-ub", "46-vp"]
    assert {(u.chain, u.commune_code, u.place_name) for u in units} == {("cell", "", "Thành phố Huế")}
    assert units_of("19975", TODAY) == []


def test_open_an_unknown_province_is_refused(db: None) -> None:
    with pytest.raises(UnknownProvince):
        open_province("99", officer=operator(), at=NOON, request_id=new_id())


@pytest.mark.parametrize("duties", [1, 3])
def test_officer_costs_one_query(db: None, duties: int) -> None:
    user = make_officer()
    for role in [Role.SPECIALIST, Role.CLERK][: duties - 1]:
        give_duty(user, role, make_unit())

    with CaptureQueriesContext(connection) as captured:
        officer = officer_of(user, TODAY)

    assert (len(officer.held), len(captured)) == (duties, 1)


def test_inactive_account_may_do_nothing(db: None) -> None:
    user = make_officer()
    user.is_active = False

    assert officer_of(user, TODAY).roles == frozenset()
    assert communes_visible(user, TODAY) == []


def test_stranger_has_no_commune(db: None) -> None:
    make_officer()
    user = make_officer(valid_to=date(2026, 1, 1))

    assert officer_of(user, TODAY).communes == frozenset()


def test_role_in_another_unit_is_not_this_one(db: None) -> None:
    centre, police = make_unit(), make_unit(UnitKind.POLICE)
    user = make_officer(Role.POLICE_OFFICER, police)

    assert has_role(user, Role.POLICE_OFFICER, unit=police, on=TODAY) is True
    assert has_role(user, Role.POLICE_OFFICER, unit=centre, on=TODAY) is False


def test_staff_of_a_commune_is_by_name(db: None) -> None:
    for name in ("Trần Thị Mẫu", "Lê Văn Mẫu"):
        make_officer(Role.CLERK, full_name=name)
    make_officer(Role.SPECIALIST, full_name="An Mẫu")
    make_officer(Role.CLERK, make_unit(commune=make_commune("14758")), full_name="Bình Mẫu")

    staff = staff_of("19975", Role.CLERK, TODAY)

    assert [duty.user.full_name for duty in staff] == ["Lê Văn Mẫu", "Trần Thị Mẫu"]


def test_duty_that_ends_before_it_starts_is_impossible(db: None) -> None:
    user = make_officer()

    with pytest.raises(IntegrityError), transaction.atomic():
        give_duty(user, Role.CLERK, make_unit(), valid_from=TODAY, valid_to=date(2026, 11, 20))


def test_same_duty_twice_from_one_day_is_impossible(db: None) -> None:
    user = make_officer(Role.CLERK)

    with pytest.raises(IntegrityError), transaction.atomic():
        give_duty(user, Role.CLERK, make_unit())


@pytest.mark.parametrize(
    ("code", "economy"),
    [
        ("19975", "Phòng Kinh tế, Hạ tầng và Đô thị phường Hương Thủy"),
        ("32248", "Phòng Kinh tế xã Đất Mũi"),
    ],
)
def test_open_commune_makes_its_usual_units(db: None, code: str, economy: str) -> None:
    make_commune(code)

    committee = open_commune(code, officer=operator(), at=NOON, request_id=new_id())

    units = units_of(code, TODAY)
    assert sorted(unit.kind for unit in units) == [
        "centre",
        "department",
        "department",
        "department",
        "people_committee",
        "police",
    ]
    assert units[0] == committee
    assert economy in {unit.name for unit in units}
    assert {unit.parent_id for unit in units[1:]} == {committee.pk}


def test_open_commune_twice_leaves_it_as_it_is(db: None) -> None:
    make_commune()
    first = open_commune("19975", officer=operator(), at=NOON, request_id=new_id())

    again = open_commune("19975", officer=operator(), at=NOON, request_id=new_id())

    assert (again, Unit.objects.count()) == (first, 6)
    assert [commune.code for commune in open_communes()] == ["19975"]


@pytest.mark.parametrize("code", ["99999", "1997", "", "19975x"])
def test_open_an_unknown_commune_is_refused(db: None, code: str) -> None:
    make_commune()

    with pytest.raises(UnknownCommune):
        open_commune(code, officer=operator(), at=NOON, request_id=new_id())

    assert Unit.objects.count() == 0


def test_unit_is_open_on_both_its_days(db: None) -> None:
    unit = make_unit()
    unit.closed_on = date(2026, 11, 21)

    assert (unit.is_open(unit.opened_on), unit.is_open(TODAY), unit.is_open(date(2026, 11, 22))) == (
        True,
        True,
        False,
    )
