"""Units, staff, lists, leaving, roles: the pages of one place, as its administrator uses them."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gandan.accounts.models import OneTimeLink, User
from gandan.administration.tests.places import (
    BASIS,
    WARD,
    asked,
    browser,
    errors_of,
    of_the_province,
    prove,
)
from gandan.documents.sheets.writing import Table, write_workbook
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import OPENED, Ward, bring_to, make_dossier, make_user, make_ward
from gandan.dossiers.tests.pages import NOW, client_of, queries_of
from gandan.ledger.models import Event
from gandan.organization.models import Duty, Role, Unit
from gandan.organization.staff_list.columns import COLUMNS

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(ward: Ward) -> Client:
    """The browser of the ward's administrator."""
    return client_of(ward, Role.ADMINISTRATOR)


def test_front_page_shows_the_doors_of_the_place(ward: Ward, client: Client) -> None:
    page = client.get("/quan-tri/").text

    for url in ("don-vi", "can-bo", "gio-lam-viec", "gia-tri", "vai-tro", "thay-doi"):
        assert f'href="{WARD}{url}/"' in page


def test_province_reaches_every_commune_by_its_name(ward: Ward) -> None:
    for code, name in (("14758", "Hàm Rồng"), ("19969", "Thanh Thủy"), ("19960", "Phú Bài")):
        make_ward(code, name)
    client = browser(of_the_province(ward, Role.ADMINISTRATOR))

    page = client.get("/quan-tri/").text

    for code in ("46", "19975", "14758", "19969", "19960"):
        assert f'href="/quan-tri/{code}/"' in page
    assert client.get("/quan-tri/19969/can-bo/").status_code == 200


# ---- units -------------------------------------------------------------------------------------------------


def test_unit_is_added_and_changed(ward: Ward, client: Client) -> None:
    typed = asked(kind="point", parent=ward.centre.pk, name="Điểm tiếp nhận số 1", opened_on=TODAY)

    added = client.post(f"{WARD}don-vi/them/", typed)
    unit = Unit.objects.get(code="19975-diem")
    client.post(f"{WARD}don-vi/{unit.pk}/", asked(name="Điểm số 1", address="Số 1 (mẫu)"))

    assert added.status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.address, unit.parent) == ("Điểm số 1", "Số 1 (mẫu)", ward.centre)
    assert "Điểm số 1" in client.get(f"{WARD}don-vi/").text


def test_form_that_is_refused_keeps_what_was_typed(ward: Ward, client: Client) -> None:
    typed = asked(kind="people_committee", parent=ward.centre.pk, name="Ủy ban hai", opened_on=TODAY)

    response = client.post(f"{WARD}don-vi/them/", typed)

    assert list(errors_of(response)) == ["kind"]
    assert 'value="Ủy ban hai"' in response.text


def test_unit_with_dossiers_says_why_it_stays(ward: Ward, client: Client) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    url = f"{WARD}don-vi/{ward.department.pk}/dong/"

    before, refused = client.get(url), client.post(url, asked(last_day=TODAY, end_duties="on"))

    assert "Còn 1 hồ sơ" in before.text
    assert list(errors_of(refused)) == ["__all__"]
    assert Unit.objects.get(pk=ward.department.pk).closed_on is None


def test_unit_is_closed_with_its_duties(ward: Ward, client: Client) -> None:
    url = f"{WARD}don-vi/{ward.department.pk}/dong/"

    refused = client.post(url, asked(last_day=TODAY))
    closed = client.post(url, asked(last_day=TODAY, end_duties="on"))

    assert list(errors_of(refused)) == ["end_duties"]
    assert closed.status_code == 302
    assert Unit.objects.get(pk=ward.department.pk).closed_on == TODAY


# ---- staff -------------------------------------------------------------------------------------------------


def duty_of(unit: Unit, **more: Any) -> dict[str, Any]:
    return {"unit": unit.pk, "role": "counter_officer", "valid_from": TODAY, **more}


def test_person_is_added_and_gets_a_link(ward: Ward, client: Client) -> None:
    typed = asked(full_name="Lê Thị Mẫu Mới", post="Quầy 2", **duty_of(ward.centre))

    response = client.post(f"{WARD}can-bo/them/", typed, follow=True)
    person = User.objects.get(full_name="Lê Thị Mẫu Mới")
    prove(client)
    shown = client.post(f"{WARD}can-bo/{person.pk}/lien-ket/", {"request_id": asked()["request_id"]})

    assert "Tạo liên kết đăng nhập" in response.text
    assert OneTimeLink.objects.get().user == person
    assert shown.context["url"].startswith("http://127.0.0.1:8000/m/")
    path = shown.context["url"].removeprefix("http://127.0.0.1:8000")
    assert Client().get(path, follow=True).status_code == 200


def test_link_is_made_by_the_button_alone_and_not_for_oneself(ward: Ward, client: Client) -> None:
    own = ward.people[Role.ADMINISTRATOR]
    prove(client)

    by_address = client.get(f"{WARD}can-bo/{ward.people[Role.CLERK].pk}/lien-ket/")
    for_oneself = client.post(f"{WARD}can-bo/{own.pk}/lien-ket/", {"request_id": asked()["request_id"]})

    assert (by_address.status_code, for_oneself.status_code) == (302, 403)
    assert OneTimeLink.objects.count() == 0


def test_link_wants_who_makes_it_to_show_once_more_who_it_is(ward: Ward, client: Client) -> None:
    """An unlocked device of an administrator would else open every account of the ward."""
    url = f"{WARD}can-bo/{ward.people[Role.CLERK].pk}/lien-ket/"

    answer = client.post(url, {"request_id": asked()["request_id"]})

    assert answer.headers["Location"].startswith("/tai-khoan/xac-nhan/?next=")
    assert OneTimeLink.objects.count() == 0


def test_slips_are_made_for_all_who_have_no_password(ward: Ward, client: Client) -> None:
    known = ward.people[Role.CLERK]
    known.set_password("mau-mau-mau-mau")
    known.save()
    url = f"{WARD}can-bo/phieu-dang-nhap/"
    unproved = client.get(url)
    prove(client)

    before = client.get(url).context["waiting"]
    made = client.post(url, {"request_id": asked()["request_id"]})

    assert "/xac-nhan/" in unproved.headers["Location"]
    own = ward.people[Role.ADMINISTRATOR]
    people = {person for person, _url, _until in made.context["issued"]}
    assert people == set(before) == set(ward.people.values()) - {known, own}
    assert OneTimeLink.objects.count() == len(people)
    path = made.context["issued"][0][1].removeprefix("http://127.0.0.1:8000")
    assert Client().get(path, follow=True).status_code == 200


def test_further_duty_and_its_end(ward: Ward, client: Client) -> None:
    clerk = ward.people[Role.CLERK]

    client.post(f"{WARD}can-bo/{clerk.pk}/giao-viec/", asked(**duty_of(ward.centre)))
    duty = clerk.duties.get(role="counter_officer")
    client.post(f"{WARD}viec/{duty.pk}/thoi/", asked(last_day=TODAY))

    duty.refresh_from_db()
    assert duty.valid_to == TODAY


def test_duty_given_twice_is_refused_at_its_field(ward: Ward, client: Client) -> None:
    counter = ward.people[Role.COUNTER_OFFICER]

    response = client.post(f"{WARD}can-bo/{counter.pk}/giao-viec/", asked(**duty_of(ward.centre)))

    assert list(errors_of(response)) == ["valid_from"]


def test_duty_to_oneself_is_told_beforehand_and_stands_out_afterwards(ward: Ward, client: Client) -> None:
    own = ward.people[Role.ADMINISTRATOR]
    url = f"{WARD}can-bo/{own.pk}/giao-viec/"

    warned = client.get(url).text
    client.post(url, asked(**duty_of(ward.centre)))

    assert "tự giao việc cho mình" in warned
    assert "tự giao cho mình" in client.get(f"{WARD}thay-doi/").text


def test_list_of_staff_is_searched_and_costs_the_same_for_many(ward: Ward, client: Client) -> None:
    _page, few = queries_of(client, f"{WARD}can-bo/")
    for number in range(10):
        user = make_user(f"Người Thêm {number}", f"19975-X{number}")
        Duty.objects.create(user=user, unit=ward.centre, role=Role.CLERK, valid_from=OPENED)

    page, many = queries_of(client, f"{WARD}can-bo/")
    found = client.get(f"{WARD}can-bo/?q=thêm+3").text

    assert few == many == 8
    assert "Người Thêm 3" in page.text
    assert "Người Thêm 3" in found
    assert "Người Thêm 4" not in found


# ---- lists -------------------------------------------------------------------------------------------------


def staff_file(*rows: dict[str, Any]) -> bytes:
    usual = {"role": "cán bộ tiếp nhận", "unit": "19975.TT", "valid_from": TODAY}
    lines = [[(usual | row).get(column.key) for column in COLUMNS] for row in rows]
    return write_workbook([Table("Cán bộ", [column.head for column in COLUMNS], lines)])


def upload(client: Client, content: bytes) -> Any:
    return client.post(f"{WARD}can-bo/nhap/", {"file": SimpleUploadedFile("can-bo.xlsx", content)})


def agreed(shown: Any, **more: Any) -> dict[str, Any]:
    """The form of the dry run as it was shown, with its basis."""
    form = shown.context["form"]
    return asked(seen=form["seen"].value(), content=form["content"].value(), **more)


def test_list_is_shown_first_and_carried_out_when_agreed(ward: Ward, client: Client) -> None:
    people = User.objects.count()

    shown = upload(client, staff_file({"full_name": "Lê Thị Mẫu Mới"}, {"full_name": "Trần Văn Mẫu Mới"}))
    before = User.objects.count()
    done = client.post(f"{WARD}can-bo/nhap/", agreed(shown))

    assert (shown.status_code, before) == (200, people)
    assert "Lê Thị Mẫu Mới" in shown.text
    assert done.status_code == 302
    assert User.objects.count() == people + 2


def test_problems_are_named_by_cell_and_nothing_can_be_agreed_to(ward: Ward, client: Client) -> None:
    content = staff_file(
        {"full_name": "Lê Thị Mẫu Mới", "unit": "Phòng Không Có"}, {"full_name": "Trần Văn Mẫu"}
    )

    shown = upload(client, content)
    forced = client.post(f"{WARD}can-bo/nhap/", agreed(shown))

    assert shown.status_code == 422
    assert '<strong class="code">E2</strong>' in shown.text
    assert 'name="seen"' not in shown.text
    assert forced.status_code == 422
    assert Event.objects.filter(act="add-person").count() == 0


def test_list_without_a_basis_is_shown_again(ward: Ward, client: Client) -> None:
    shown = upload(client, staff_file({"full_name": "Lê Thị Mẫu Mới"}))

    response = client.post(f"{WARD}can-bo/nhap/", agreed(shown) | {"document": " "})

    assert list(errors_of(response)) == ["document"]
    assert "Lê Thị Mẫu Mới" in response.text


def test_list_that_no_longer_fits_is_not_carried_out(ward: Ward, client: Client) -> None:
    shown = upload(client, staff_file({"full_name": "Lê Thị Mẫu Mới", "username": "le.mau"}))
    User.objects.create_user("le.mau", None, full_name="Lê Thị Mẫu Mới", code="X-1")

    response = client.post(f"{WARD}can-bo/nhap/", agreed(shown))

    assert list(errors_of(response)) == ["__all__"]
    assert Event.objects.filter(act="give-duty").count() == 0


@pytest.mark.parametrize("content", ["", "không phải base64", base64.b64encode(b"khong phai xlsx").decode()])
def test_list_that_came_back_broken_is_asked_for_again(ward: Ward, client: Client, content: str) -> None:
    response = client.post(f"{WARD}can-bo/nhap/", asked(seen="x", content=content))

    assert response.status_code in (200, 422)
    assert 'type="file"' in response.text


@pytest.mark.parametrize("content", [b"", b"Ho ten;Don vi", b"x" * (3 * 1024 * 1024 + 1)])
def test_file_that_is_no_list_is_refused_at_its_field(ward: Ward, client: Client, content: bytes) -> None:
    assert list(errors_of(upload(client, content))) == ["file"]


def test_template_and_export_are_files_that_can_be_sent_back(ward: Ward, client: Client) -> None:
    export = client.get(f"{WARD}can-bo/danh-sach.xlsx")

    shown = upload(client, export.content)

    assert export.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert {row.outcome for row in shown.context["plan"].rows} == {"same"}
    assert client.get(f"{WARD}can-bo/mau.xlsx").content[:2] == b"PK"


# ---- leaving -----------------------------------------------------------------------------------------------


def test_leaving_shows_the_desk_and_hands_it_over(ward: Ward, client: Client) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    person = ward.people[Role.SPECIALIST]
    heir = make_user("Người mẫu thay", "19975-THAY")
    Duty.objects.create(user=heir, unit=ward.department, role=Role.SPECIALIST, valid_from=OPENED)
    url = f"{WARD}can-bo/{person.pk}/thoi-viec/"

    page = client.get(url)
    left = client.post(url, asked(last_day=TODAY, successor=heir.code, seen=[str(dossier.pk)]))

    assert dossier.shown_code in page.text
    assert "Người mẫu thay · đang giữ 0 hồ sơ" in page.text
    assert left.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).assignee == heir
    person.refresh_from_db()
    assert not person.is_active


def test_leaving_without_having_seen_the_desk_is_refused(ward: Ward, client: Client) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    person = ward.people[Role.SPECIALIST]

    response = client.post(
        f"{WARD}can-bo/{person.pk}/thoi-viec/", asked(last_day=TODAY, seen=["không phải mã"])
    )

    assert list(errors_of(response)) == ["__all__"]
    person.refresh_from_db()
    assert person.is_active


def test_role_without_anybody_is_told_before_somebody_leaves(ward: Ward, client: Client) -> None:
    bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)

    page = client.get(f"{WARD}can-bo/{ward.people[Role.HEAD_OF_DEPARTMENT].pk}/thoi-viec/").text

    assert "Vai trò không còn ai giữ" in page
    assert "1 hồ sơ đang ở đó" in page


# ---- roles and changes -------------------------------------------------------------------------------------


def test_roles_say_what_the_acts_obey(ward: Ward, client: Client) -> None:
    lines = {line.name: line for line in client.get(f"{WARD}vai-tro/").context["lines"]}

    leader = lines[str(Role.SIGNING_LEADER.label)]
    assert "Phê duyệt và ký" in leader.acts
    assert [duty.user for duty in leader.holders] == [ward.people[Role.SIGNING_LEADER]]
    assert not lines[str(Role.ADMINISTRATOR.label)].reads


def test_changes_name_who_what_and_why_at_a_fixed_cost(ward: Ward, client: Client) -> None:
    counts = []
    for number in range(3):
        client.post(f"{WARD}don-vi/{ward.centre.pk}/", asked(name=f"Trung tâm {number}"))
        page, queries = queries_of(client, f"{WARD}thay-doi/")
        counts.append(queries)

    assert [line.what for line in page.context["lines"]] == ["Sửa đơn vị"] * 3
    assert page.context["lines"][0].who == ward.people[Role.ADMINISTRATOR].full_name
    assert BASIS in page.text
    assert counts == [8, 8, 8]


def test_sentence_after_an_act_of_another_day_is_refused_by_its_form(ward: Ward, client: Client) -> None:
    clerk = ward.people[Role.CLERK]
    duty = clerk.duties.get()

    response = client.post(f"{WARD}viec/{duty.pk}/thoi/", asked(last_day=date(2020, 1, 1)))

    assert list(errors_of(response)) == ["last_day"]
