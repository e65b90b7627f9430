"""Units: add, change, close."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions.units import UnitContent, add_unit, change_unit, close_unit
from gandan.organization.errors import NotCompetent, Refused
from gandan.organization.models import Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Officer
from gandan.organization.queries import unit_of
from gandan.organization.tests.factories import (
    acting,
    make_commune,
    make_officer,
    make_province_unit,
    make_unit,
)

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
WARD = acting(Role.ADMINISTRATOR, commune="19975")
HUE = acting(Role.ADMINISTRATOR, province="46")


def by(officer: Officer = WARD, document: str = "QĐ 12/QĐ-UBND") -> dict[str, Any]:
    return {"officer": officer, "at": NOON, "request_id": new_id(), "document": document}


def add(kind: UnitKind = UnitKind.POINT, name: str = "Điểm số 1", **further: Any) -> Unit:
    arguments = {"parent": make_unit(), "opened_on": TODAY} | by() | further
    return add_unit(make_commune(), kind, UnitContent(name), **arguments)


def test_unit_is_added_below_another(db: None) -> None:
    first, second = add(), add(name="Điểm số 2")

    assert (first.code, second.code, first.parent) == ("19975-diem", "19975-diem2", make_unit())
    event = Event.objects.order_by("seq")[0]
    assert (event.chain, event.facts["unit"], event.facts["kind"]) == ("19975", "19975-diem", "point")
    assert "Điểm" not in event.body


def test_codes_of_closed_units_are_not_given_again(db: None) -> None:
    first = add()
    close_unit(first, last_day=TODAY, **by())

    assert add().code == "19975-diem2"


@pytest.mark.parametrize(
    ("kind", "field"), [(UnitKind.PROVINCE_DEPARTMENT, "kind"), (UnitKind.PEOPLE_COMMITTEE, "kind")]
)
def test_kind_that_the_place_has_not_is_refused(db: None, kind: UnitKind, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        add(kind)

    assert refusal.value.field == field


def test_unit_without_a_name_or_a_parent_is_refused(db: None) -> None:
    for further, field in (
        ({"name": " "}, "name"),
        ({"parent": None}, "parent"),
        ({"name": "x" * 161}, "name"),
    ):
        with pytest.raises(Refused) as refusal:
            add(**further)
        assert refusal.value.field == field


def test_parent_of_another_place_is_refused(db: None) -> None:
    with pytest.raises(Refused) as refusal:
        add(parent=make_unit(commune=make_commune("14758")))

    assert refusal.value.field == "parent"


def test_province_adds_a_unit_of_its_own(db: None) -> None:
    province = make_commune().province
    content = UnitContent("Sở Mẫu")

    unit = add_unit(
        province,
        UnitKind.PROVINCE_DEPARTMENT,
        content,
        parent=make_province_unit(),
        opened_on=TODAY,
        **by(HUE),
    )

    assert (unit.code, unit.province, Event.objects.get().chain) == ("46-so", province, "cell")
    with pytest.raises(NotCompetent):
        add_unit(province, UnitKind.TAX, content, parent=make_province_unit(), opened_on=TODAY, **by())


def test_change_is_seen_at_once_and_names_what_changed(db: None) -> None:
    unit = make_unit()
    unit_of(unit.pk)

    change_unit(unit, UnitContent(unit.name, address="Số 1 (mẫu)"), **by())

    assert unit_of(unit.pk).address == "Số 1 (mẫu)"
    assert Event.objects.get().facts["changed"] == ["address"]


def test_unit_with_duties_is_closed_only_with_them(db: None) -> None:
    unit = make_unit(UnitKind.BRANCH)
    make_officer(Role.COUNTER_OFFICER, unit)
    make_officer(Role.COUNTER_OFFICER, unit, valid_to=date(2026, 1, 1))

    with pytest.raises(Refused) as refusal:
        close_unit(unit, last_day=TODAY, **by())
    assert refusal.value.field == "end_duties"

    close_unit(unit, last_day=TODAY, end_duties=True, **by())

    assert Unit.objects.get(pk=unit.pk).closed_on == TODAY
    assert sorted(str(day) for day in Duty.objects.values_list("valid_to", flat=True)) == [
        "2026-01-01",
        "2026-11-21",
    ]
    assert [event.act for event in Event.objects.order_by("seq")] == ["end-duty", "close-unit"]


@pytest.mark.parametrize("last_day", [date(2025, 6, 30)])
def test_unit_is_not_closed_before_it_opened(db: None, last_day: date) -> None:
    with pytest.raises(Refused) as refusal:
        close_unit(make_unit(UnitKind.BRANCH), last_day=last_day, **by())

    assert refusal.value.field == "last_day"


def test_unit_with_open_units_below_it_stays(db: None) -> None:
    point = add()

    with pytest.raises(Refused, match=point.name):
        close_unit(make_unit(), last_day=TODAY, **by())


def test_unit_stays_while_something_lies_there(db: None) -> None:
    with pytest.raises(Refused, match="3 hồ sơ"):
        close_unit(make_unit(UnitKind.BRANCH), last_day=TODAY, hindrance=lambda _unit: "Còn 3 hồ sơ", **by())

    assert Unit.objects.filter(closed_on=None).count() == 2


def test_unit_is_closed_once(db: None) -> None:
    unit, asked = make_unit(UnitKind.BRANCH), by()

    close_unit(unit, last_day=TODAY, **asked)
    close_unit(unit, last_day=TODAY, **asked)

    assert Event.objects.count() == 1
    with pytest.raises(Refused):
        close_unit(unit, last_day=TODAY, **by())


def test_stranger_closes_nothing(db: None) -> None:
    with pytest.raises(NotCompetent):
        close_unit(make_unit(), last_day=TODAY, **by(acting(Role.ADMINISTRATOR, commune="14758")))
