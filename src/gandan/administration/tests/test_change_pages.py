"""Hours, calendar and law: a change is looked at, entered, and only then dates are recalculated, if somebody says so."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from gandan.administration import glimpse
from gandan.administration.tests.places import WARD, asked, browser, errors_of, of_the_province
from gandan.administration.views import glimpses
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import MONDAY, Ward, bring_to, local, make_dossier
from gandan.dossiers.tests.pages import NOW, client_of
from gandan.law.models import Parameter
from gandan.law.queries import value_at
from gandan.ledger.models import Event
from gandan.organization.models import Holiday, OfficeHoursRow, Role
from gandan.organization.queries import calendar_of

TODAY = NOW.date()
STORM = date(2026, 11, 12)
LATER = {"opens_1": "08:00", "closes_1": "12:00", "opens_2": "13:00", "closes_2": "16:00"}


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(ward: Ward) -> Client:
    """The browser of the ward's administrator."""
    return client_of(ward, Role.ADMINISTRATOR)


@pytest.fixture
def lawyer(ward: Ward) -> Client:
    """The browser of the province's legal officer."""
    return browser(of_the_province(ward, Role.LEGAL_OFFICER))


def entered(client: Client, url: str, shown: Any) -> Any:
    """Presses the button of the look that enters the change: what it shows is what is sent."""
    data = dict(shown.context["hidden"])
    return client.post(url, data | {"step": "enter"})


def storm(**more: Any) -> dict[str, Any]:
    return asked(day=STORM, works="0", name="Nghỉ tránh bão", step="look", **more)


# ---- hours -------------------------------------------------------------------------------------------------


def test_hours_are_looked_at_then_entered(ward: Ward, client: Client) -> None:
    make_dossier(ward)
    url = f"{WARD}gio-lam-viec/dat/"
    typed = asked(unit=ward.centre.pk, weekday="", valid_from="2026-11-01", step="look", **LATER)

    shown = client.post(url, typed)
    before = OfficeHoursRow.objects.count()
    done = entered(client, url, shown)

    [line] = shown.context["lines"]
    assert line.by == "giờ khác trong cùng ngày"
    assert (before, done.status_code) == (0, 302)
    assert calendar_of(ward.centre, on=TODAY).hours[-1].closes == time(16)
    assert Dossier.objects.get().due_at == local("2026-11-18 17:00")


def test_hours_of_one_weekday_and_saturday_reception(ward: Ward, client: Client) -> None:
    url = f"{WARD}gio-lam-viec/dat/"
    friday = asked(weekday="4", valid_from=TODAY, step="enter", opens_1="07:30", closes_1="11:30")
    saturday = asked(
        weekday="5", reception_only="on", valid_from=TODAY, step="enter", opens_1="07:30", closes_1="11:00"
    )

    answers = [client.post(url, typed).status_code for typed in (friday, saturday)]

    calendar = calendar_of(ward.centre, on=TODAY)
    assert answers == [302, 302]
    assert [day for day, _hours in calendar.weekday_hours] == [4]
    assert calendar.reception_only == {5}
    page = client.get(f"{WARD}gio-lam-viec/").text
    assert "Giờ làm việc thứ Sáu" in page
    assert "Tiếp nhận vào thứ Bảy" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"opens_1": "08:00"}, "closes_1"),
        ({"opens_1": "12:00", "closes_1": "08:00"}, "__all__"),
        ({"opens_1": "8 giờ", "closes_1": "12:00"}, "opens_1"),
        ({"valid_from": "1999-01-01", **LATER}, "valid_from"),
        ({"weekday": "9", **LATER}, "weekday"),
        ({"reception_only": "on", **LATER}, "weekday"),
        ({"document": "", **LATER}, "document"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(
    ward: Ward, client: Client, typed: dict[str, Any], field: str
) -> None:
    base = asked(weekday="", valid_from=TODAY, step="look")

    response = client.post(f"{WARD}gio-lam-viec/dat/", base | typed)

    assert field in errors_of(response)
    assert OfficeHoursRow.objects.count() == 0


# ---- calendar ----------------------------------------------------------------------------------------------


def test_day_off_shows_what_moves_and_moves_nothing_by_itself(ward: Ward, lawyer: Client) -> None:
    dossier = make_dossier(ward)

    shown = lawyer.post("/quan-tri/lich/dat-ngay/", storm())
    done = entered(lawyer, "/quan-tri/lich/dat-ngay/", shown)

    assert [line.by for line in shown.context["lines"]] == ["muộn hơn 1 ngày"]
    assert (shown.context["glimpse"].looked, shown.context["glimpse"].moved) == (1, 1)
    assert done.headers["Location"] == "/quan-tri/tinh-lai/"
    assert Holiday.objects.filter(day=STORM).count() == 1
    assert Dossier.objects.get(pk=dossier.pk).due_at == local("2026-11-18 17:00")


def test_day_of_the_ward_is_for_its_administrator(ward: Ward, client: Client) -> None:
    done = client.post(f"{WARD}dat-ngay/", storm() | {"step": "enter"})

    row = Holiday.objects.get(day=STORM)
    assert (done.status_code, row.scope, row.scope_code) == (302, "commune", "19975")
    assert client.post("/quan-tri/lich/dat-ngay/", storm()).status_code == 403


def test_year_is_confirmed_on_its_document(ward: Ward, lawyer: Client) -> None:
    page = lawyer.get("/quan-tri/lich/2028/").text

    done = lawyer.post("/quan-tri/lich/2028/xac-nhan/", asked())

    assert "chưa công bố" in page
    assert done.status_code == 302
    assert 2028 in calendar_of(None, on=TODAY).years
    again = lawyer.post("/quan-tri/lich/2028/xac-nhan/", asked())
    assert list(errors_of(again)) == ["__all__"]


@pytest.mark.parametrize(("year", "status"), [(2027, 200), (2099, 200), (1999, 404), (99999, 404)])
def test_year_of_any_kind_is_answered(ward: Ward, lawyer: Client, year: int, status: int) -> None:
    assert lawyer.get(f"/quan-tri/lich/{year}/").status_code == status


def test_long_look_goes_on_where_it_stopped(
    ward: Ward, lawyer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glimpse, "MOST_ROWS", 2)
    for _dossier in range(5):
        make_dossier(ward)
    seen: list[Any] = []
    typed = storm()

    for _page in range(4):
        shown = lawyer.post("/quan-tri/lich/dat-ngay/", typed)
        found = shown.context["glimpse"]
        seen += [line.moved.dossier.pk for line in shown.context["lines"]]
        if not found.after:
            break
        assert found.total == 5
        typed = dict(shown.context["hidden"]) | {
            "step": "look",
            "after": found.after,
            "looked": found.looked,
            "moved": found.moved,
        }

    assert len(set(seen)) == len(seen) == 5
    assert (found.looked, found.moved) == (5, 5)


# ---- law ---------------------------------------------------------------------------------------------------


def row_of(key: str) -> Parameter:
    return value_at(key, TODAY)


def test_value_is_confirmed_by_the_legal_officer(ward: Ward, lawyer: Client) -> None:
    row = row_of("supplement.close_after")
    url = f"/quan-tri/luat/supplement.close_after/xac-nhan/{row.pk}/"

    done = lawyer.post(url, asked())

    assert done.status_code == 302
    assert row_of("supplement.close_after").mark == "confirmed"
    assert lawyer.post(url, asked()).status_code == 422


def test_new_value_is_looked_at_then_entered_with_its_day(ward: Ward, lawyer: Client) -> None:
    url = "/quan-tri/luat/supplement.close_after/moi/"

    shown = lawyer.post(url, asked(value="20", valid_from="2026-12-01", article="khoản 5", step="look"))
    done = entered(lawyer, url, shown)

    assert shown.context["lines"] == []
    assert done.status_code == 302
    assert value_at("supplement.close_after", date(2026, 12, 1)).amount == 20
    assert row_of("supplement.close_after").amount == 15


@pytest.mark.parametrize(
    ("key", "typed", "field"),
    [
        ("supplement.close_after", {"value": "hai mươi"}, "value"),
        ("supplement.close_after", {"value": "-1"}, "value"),
        ("transfer.cut_off", {"value": "15h"}, "value"),
        ("supplement.clock_effect", {"value": "whenever"}, "value"),
        ("supplement.close_after", {"value": "20", "valid_from": "2101-01-01"}, "valid_from"),
    ],
)
def test_value_of_another_kind_is_refused_at_its_field(
    ward: Ward, lawyer: Client, key: str, typed: dict[str, str], field: str
) -> None:
    base = asked(valid_from="2026-12-01", step="look")

    assert field in errors_of(lawyer.post(f"/quan-tri/luat/{key}/moi/", base | typed))


def test_parts_of_a_small_table_have_a_box_each(ward: Ward, lawyer: Client) -> None:
    url = "/quan-tri/luat/kn.settle_first/moi/"
    key = next(
        key for key in Parameter.objects.values_list("key", flat=True) if isinstance(row_or_none(key), dict)
    )
    url = f"/quan-tri/luat/{key}/moi/"
    form = lawyer.get(url).context["form"]
    parts = dict.fromkeys(form.parts, 77)

    done = lawyer.post(url, asked(valid_from="2026-12-01", step="enter", **parts))

    assert done.status_code == 302
    assert set(numbers(value_at(key, date(2026, 12, 1)).content)) == {77}


def row_or_none(key: str) -> Any:
    try:
        return value_at(key, TODAY).content
    except KeyError:
        return None


def numbers(content: Any) -> list[int]:
    return [part for part in content.values() if isinstance(part, int)]


def test_value_of_a_place_where_the_law_lets_it(ward: Ward, client: Client) -> None:
    url = f"{WARD}gia-tri/result.remind_after/"

    done = client.post(url, asked(value="5", valid_from="2026-11-01", step="enter"))

    assert done.status_code == 302
    assert value_at("result.remind_after", TODAY, commune="19975").amount == 5
    assert "giá trị riêng" in client.get(f"{WARD}gia-tri/").text


def test_value_that_the_law_keeps_for_itself_has_no_form(ward: Ward, client: Client) -> None:
    url = f"{WARD}gia-tri/supplement.close_after/"

    page = client.get(url)
    forced = client.post(url, asked(value="5", valid_from="2026-12-01", step="enter"))

    assert "<textarea" not in page.text
    assert 'name="value"' not in page.text
    assert errors_of(forced)
    assert value_at("supplement.close_after", date(2026, 12, 1), commune="19975").amount == 15


# ---- recalculation -----------------------------------------------------------------------------------------


def after_a_storm(lawyer: Client) -> None:
    lawyer.post("/quan-tri/lich/dat-ngay/", storm() | {"step": "enter"})


def test_recalculation_needs_its_own_word(ward: Ward, lawyer: Client) -> None:
    make_dossier(ward)
    after_a_storm(lawyer)

    page = lawyer.get("/quan-tri/tinh-lai/")
    without = lawyer.post("/quan-tri/tinh-lai/", asked())
    done = lawyer.post("/quan-tri/tinh-lai/", asked(agreed="on"))

    assert [line.by for line in page.context["lines"]] == ["muộn hơn 1 ngày"]
    assert list(errors_of(without)) == ["agreed"]
    assert done.status_code == 302
    assert Dossier.objects.get().due_at == local("2026-11-19 17:00")
    assert "Mọi hồ sơ đang giải quyết có hạn đúng cách tính" in lawyer.get("/quan-tri/tinh-lai/").text


def test_recalculation_of_many_goes_in_rounds(
    ward: Ward, lawyer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glimpses, "AT_ONCE", 2)
    for _dossier in range(5):
        make_dossier(ward)
    after_a_storm(lawyer)
    typed = asked(agreed="on")

    first = lawyer.post("/quan-tri/tinh-lai/", typed)
    second = lawyer.post("/quan-tri/tinh-lai/", typed | {"done": first.context["count"]})
    last = lawyer.post("/quan-tri/tinh-lai/", typed | {"done": second.context["count"]})

    assert (first.context["count"], second.context["count"], last.status_code) == (2, 4, 302)
    assert Event.objects.filter(act="recalculate").count() == 5


def test_citizen_reads_the_new_date_and_why(ward: Ward, lawyer: Client) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    after_a_storm(lawyer)
    lawyer.post("/quan-tri/tinh-lai/", asked(agreed="on"))

    why = client_of(ward, Role.COUNTER_OFFICER).get(f"/ho-so/{dossier.pk}/vi-sao/").text

    assert "Nghỉ tránh bão" in why


def test_administrator_recalculates_only_at_home(ward: Ward, client: Client, lawyer: Client) -> None:
    make_dossier(ward)
    after_a_storm(lawyer)

    elsewhere = client.get("/quan-tri/tinh-lai/?xa=14758")

    assert [place.pk for place in elsewhere.context["places"]] == []
    assert len(elsewhere.context["lines"]) == 1
    assert client.post("/quan-tri/tinh-lai/", asked(agreed="on")).status_code == 302
    assert Event.objects.get(act="recalculate").actor == ward.people[Role.ADMINISTRATOR].code


def test_moment_of_the_week_before_is_no_part_of_it(ward: Ward, lawyer: Client) -> None:
    make_dossier(ward, at=MONDAY.replace(month=10, day=5))

    shown = lawyer.post("/quan-tri/lich/dat-ngay/", storm())

    assert shown.context["lines"] == []
    assert "Không hồ sơ nào đổi hạn" in shown.text
