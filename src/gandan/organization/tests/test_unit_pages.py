"""Public pages of a unit: hours, staff, calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gandan.ledger.ids import new_id
from gandan.organization.actions import set_office_hours
from gandan.organization.models import Role, Unit, UnitKind
from gandan.organization.permissions import operator
from gandan.organization.tests.factories import give_duty, make_officer, make_unit

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_friday() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("people", [1, 3])
def test_unit_page_costs_three_queries(days: None, client: Client, people: int) -> None:
    unit = make_unit()
    for _ in range(people):
        make_officer(Role.COUNTER_OFFICER, unit)
    client.get(f"/don-vi/bo-phan/{unit.code}/")

    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/don-vi/bo-phan/{unit.code}/")

    assert len(response.context["staff"]) == people
    assert len(captured) == 3


def test_staff_stands_with_the_director_first(days: None, client: Client) -> None:
    unit = make_unit()
    make_officer(Role.COUNTER_OFFICER, unit, full_name="An Mẫu")
    make_officer(Role.CENTRE_DIRECTOR, unit, full_name="Vũ Mẫu")
    make_officer(Role.ADMINISTRATOR, unit, full_name="Quản Trị Mẫu")
    make_officer(Role.COUNTER_OFFICER, unit, full_name="Đã Nghỉ Mẫu", valid_to=date(2026, 11, 19))

    response = client.get(f"/don-vi/bo-phan/{unit.code}/")

    assert [duty.user.full_name for duty in response.context["staff"]] == ["Vũ Mẫu", "An Mẫu"]
    assert "Giám đốc trung tâm" in response.content.decode()


def test_telephone_of_a_person_is_not_public(days: None, client: Client) -> None:
    unit = make_unit()
    user = make_officer(Role.COUNTER_OFFICER, unit)
    user.phone = "0900000001"
    user.save(update_fields=["phone"])

    page = client.get(f"/don-vi/bo-phan/{unit.code}/").content.decode()

    assert user.full_name in page
    assert "0900000001" not in page


def test_default_hours_need_checking(days: None, client: Client) -> None:
    page = client.get(f"/don-vi/bo-phan/{make_unit().code}/")

    assert page.context["hours"].mark == "not found"
    assert "07:30–11:30" in page.content.decode()
    assert "giờ mặc định của phần mềm" in page.content.decode()


def test_saturday_reception_is_shown_as_such(days: None, client: Client) -> None:
    unit = make_unit()
    set_office_hours(
        [(time(7, 30), time(11))],
        place=unit,
        weekday=5,
        reception_only=True,
        valid_from=date(2026, 1, 1),
        document="QĐ 1/QĐ-UBND",
        officer=operator(),
        at=NOON,
        request_id=new_id(),
    )

    page = client.get(f"/don-vi/bo-phan/{unit.code}/").content.decode()

    assert "Tiếp nhận vào thứ Bảy" in page
    assert "QĐ 1/QĐ-UBND" in page


def test_calendar_page_costs_one_query(days: None, client: Client) -> None:
    unit = make_unit()
    client.get(f"/don-vi/bo-phan/{unit.code}/lich/2026/")

    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/don-vi/bo-phan/{unit.code}/lich/2026/")

    assert (len(response.context["days"]), response.context["uncertain"]) == (16, 3)
    assert len(captured) == 1


def test_calendar_of_a_year_not_published_says_so(days: None, client: Client) -> None:
    response = client.get(f"/don-vi/bo-phan/{make_unit().code}/lich/2028/")

    assert response.context["is_published"] is False
    assert "Lịch năm 2028 chưa được công bố" in response.content.decode()


def test_calendar_of_a_year_nobody_knows(days: None, client: Client) -> None:
    response = client.get(f"/don-vi/bo-phan/{make_unit().code}/lich/2031/")

    assert (response.context["days"], response.context["is_published"]) == ([], False)


@pytest.mark.parametrize(
    "page", ["khong-co/", "khong-co/lich/2026/", "{code}/lich/1999/", "{code}/lich/99999/"]
)
def test_pages_of_what_is_not_there(days: None, client: Client, page: str) -> None:
    unit = make_unit()

    assert client.get(f"/don-vi/bo-phan/{page.format(code=unit.code)}").status_code == 404


def test_closed_unit_says_where_to_go(days: None, client: Client) -> None:
    unit = make_unit(UnitKind.POINT)
    unit.closed_on = date(2026, 11, 19)
    unit.save(update_fields=["closed_on"])
    give_duty(make_officer(), Role.COUNTER_OFFICER, unit)

    response = client.get(f"/don-vi/bo-phan/{unit.code}/")

    assert response.context["is_open"] is False
    assert "Đơn vị này đã đóng" in response.content.decode()


def test_unit_can_be_called_with_one_touch(days: None, client: Client) -> None:
    unit = make_unit()
    Unit.objects.filter(pk=unit.pk).update(phone="0000 199 752")

    page = client.get(f"/don-vi/bo-phan/{unit.code}/").content.decode()

    assert page.count('href="tel:0000199752"') == 3  # the fact, the button, the foot of the page


def test_unit_with_a_dot_in_its_code_has_its_page(days: None, client: Client) -> None:
    make_unit(code="19975.TT")

    assert client.get("/don-vi/bo-phan/19975.TT/").status_code == 200


def test_search_for_places_begins_with_the_centres_here(days: None, client: Client) -> None:
    unit = make_unit()

    assert [one.pk for one in client.get("/don-vi/").context["centres"]] == [unit.pk]
    assert client.get("/don-vi/?q=thuy").context["centres"] == []
