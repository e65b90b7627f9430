"""Dated duties, what an officer may do where, and opening a commune."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gandan.organization.actions import open_commune
from gandan.organization.errors import UnknownCommune
from gandan.organization.models import Role, Unit, UnitKind
from gandan.organization.permissions import communes_visible, officer_of, roles_in
from gandan.organization.queries import duties_of, has_role, open_communes, staff_of, units_of
from gandan.organization.tests.factories import give_duty, make_commune, make_officer, make_unit

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

    committee = open_commune(code, at=NOON, by="quantri")

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
    first = open_commune("19975", at=NOON, by="quantri")

    again = open_commune("19975", at=NOON, by="quantri")

    assert (again, Unit.objects.count()) == (first, 6)
    assert [commune.code for commune in open_communes()] == ["19975"]


@pytest.mark.parametrize("code", ["99999", "1997", "", "19975x"])
def test_open_an_unknown_commune_is_refused(db: None, code: str) -> None:
    make_commune()

    with pytest.raises(UnknownCommune):
        open_commune(code, at=NOON, by="quantri")

    assert Unit.objects.count() == 0


def test_unit_is_open_on_both_its_days(db: None) -> None:
    unit = make_unit()
    unit.closed_on = date(2026, 11, 21)

    assert (unit.is_open(unit.opened_on), unit.is_open(TODAY), unit.is_open(date(2026, 11, 22))) == (
        True,
        True,
        False,
    )
