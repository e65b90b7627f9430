"""Where one is signed in: the list, its ends, the history, the news of a new device."""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.utils import timezone

from gandan.accounts.actions.sweeping import forget_old_sign_ins
from gandan.accounts.devices import COOKIE, agent_words, is_of_own_network
from gandan.accounts.models import Session, SignIn, User
from gandan.accounts.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604"


@pytest.fixture
def lan() -> User:
    return make_user(username="lan")


def browser(agent: str = WINDOWS, address: str = "203.0.113.7") -> Client:
    return Client(headers={"user-agent": agent}, REMOTE_ADDR=address)


def sign_in(client: Client, name: str = "lan") -> Client:
    response = client.post("/dang-nhap/", {"username": name, "password": PASSWORD})
    assert response.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def places(client: Client) -> list:
    return client.get("/tai-khoan/thiet-bi/").context["places"]


def test_list_tells_device_beginning_last_use_and_this_one_first(lan):
    here, phone = sign_in(browser()), sign_in(browser(PHONE, "192.168.1.20"))

    found = places(here)

    assert [(place.sign_in.agent, place.is_this) for place in found] == [
        ("Chrome · Windows", True),
        ("Safari · iPhone", False),
    ]
    page = phone.get("/tai-khoan/thiet-bi/").text
    assert "mạng nội bộ của cơ quan hoặc nhà (địa chỉ 192.168.1.20)" in page
    assert "không rõ nơi (địa chỉ 203.0.113.7)" in page


def test_list_of_one_shows_nothing_of_another(lan):
    make_user(username="hoa")
    sign_in(browser(PHONE), "hoa")

    page = sign_in(browser()).get("/tai-khoan/thiet-bi/")

    assert len(page.context["places"]) == 1
    assert "iPhone" not in page.text


def test_session_ends_at_once_and_only_there(lan):
    here, phone = sign_in(browser()), sign_in(browser(PHONE))
    other = places(here)[1].session.public_id

    here.post(f"/tai-khoan/thiet-bi/{other}/ket-thuc/")

    assert (is_in(here), is_in(phone)) == (True, False)
    assert SignIn.objects.get(session=other).ended_at is not None


def test_session_of_somebody_else_is_not_ended(lan):
    make_user(username="hoa")
    hers = sign_in(browser(PHONE), "hoa")
    public_id = Session.objects.get(user__username="hoa").public_id

    sign_in(browser()).post(f"/tai-khoan/thiet-bi/{public_id}/ket-thuc/")

    assert is_in(hers)


def test_own_session_is_not_ended_by_the_list(lan):
    here = sign_in(browser())

    here.post(f"/tai-khoan/thiet-bi/{places(here)[0].session.public_id}/ket-thuc/")

    assert is_in(here)


def test_all_others_end(lan):
    here, phone, third = sign_in(browser()), sign_in(browser(PHONE)), sign_in(browser(PHONE))

    here.post("/tai-khoan/thiet-bi/con-lai/ket-thuc/")

    assert (is_in(here), is_in(phone), is_in(third)) == (True, False, False)


def test_session_that_ended_is_not_written_back_by_a_request_under_way(lan):
    phone = sign_in(browser(PHONE))
    session = phone.session
    assert session["_auth_user_id"] == str(lan.pk)
    Session.objects.all().delete()
    session["late"] = "word"

    with pytest.raises(UpdateError):
        session.save()

    assert Session.objects.count() == 0


def test_new_password_signs_the_others_out_and_stays_here(lan):
    here, phone = sign_in(browser()), sign_in(browser(PHONE))
    new = "hai mat khau khac nhau 2026"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    here.post("/doi-mat-khau/", {**typed, "request_id": str(uuid4())})

    assert (is_in(here), is_in(phone)) == (True, False)
    assert len(places(here)) == 1
    assert places(here)[0].sign_in.agent == "Chrome · Windows"


def test_sign_out_is_written_down(lan):
    sign_in(browser()).post("/dang-xuat/")

    assert SignIn.objects.get().ended_at is not None
    assert Session.objects.filter(user=lan).count() == 0


def test_use_is_noted_once_in_ten_minutes(lan, django_assert_num_queries):
    here = sign_in(browser())
    began = Session.objects.get().used_at
    with time_machine.travel(began + timedelta(minutes=9)), django_assert_num_queries(2):
        here.get("/tai-khoan/khoa/00000000-0000-0000-0000-000000000000/bo/")
    assert Session.objects.get().used_at == began

    later = began + timedelta(minutes=11)
    with time_machine.travel(later, tick=False), django_assert_num_queries(3):
        here.get("/tai-khoan/khoa/00000000-0000-0000-0000-000000000000/bo/")

    assert Session.objects.get().used_at == later


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("postgres" in os.environ.get("GANDAN_TEST_DATABASE_URL", ""), reason="SQLite alone waits")
def test_page_does_not_wait_for_a_long_import_to_note_its_use(lan):
    here = sign_in(browser())
    began = Session.objects.get().used_at
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        with time_machine.travel(began + timedelta(minutes=11)):
            before = time.monotonic()
            answer = here.get("/tai-khoan/thiet-bi/")
            waited = time.monotonic() - before
    finally:
        writer.execute("ROLLBACK")
        writer.close()

    assert (answer.status_code, Session.objects.get().used_at) == (200, began)
    assert waited < 5
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)


# ---- new device ------------------------------------------------------------------------------------------------


def test_first_device_of_an_account_is_no_news(lan):
    here = sign_in(browser())

    assert "Có một thiết bị lạ" not in here.get("/tai-khoan/").text


def test_new_device_is_told_to_the_others_not_to_itself(lan):
    here, stranger = sign_in(browser()), sign_in(browser(PHONE))

    assert "Có một thiết bị lạ" in here.get("/tai-khoan/").text
    assert "Có một thiết bị lạ" not in stranger.get("/tai-khoan/").text
    assert SignIn.objects.filter(new_device=True).count() == 1


def test_new_device_cannot_say_itself_that_it_is_known(lan):
    here, stranger = sign_in(browser()), sign_in(browser(PHONE))

    stranger.post("/tai-khoan/thiet-bi/la-toi/")
    assert "Có một thiết bị lạ" in here.get("/tai-khoan/").text

    here.post("/tai-khoan/thiet-bi/la-toi/")
    assert "Có một thiết bị lạ" not in here.get("/tai-khoan/").text


def test_known_device_is_no_news(lan):
    phone = sign_in(browser(PHONE))
    phone.post("/dang-xuat/")

    sign_in(phone)

    assert not SignIn.objects.filter(new_device=True).exists()


def test_mark_of_a_device_is_kept_as_a_hash_and_hidden_from_script(lan):
    here = sign_in(browser())

    cookie = here.cookies[COOKIE]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in SignIn.objects.get().device


# ---- history ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_history_costs_the_same_for_one_row_and_for_three(lan, rows, django_assert_num_queries):
    here = sign_in(browser())
    for _more in range(rows - 1):
        SignIn.objects.create(user=lan, at=timezone.now(), method="password", session=uuid4())
        Session.objects.create(
            session_key=uuid4().hex,
            user=lan,
            started_at=timezone.now(),
            used_at=timezone.now(),
            expire_date=timezone.now() + timedelta(hours=1),
        )

    with django_assert_num_queries(6):  # session, person; count, rows; sessions, their sign-ins
        page = here.get("/tai-khoan/thiet-bi/")

    assert (len(page.context["page"].rows), len(page.context["places"])) == (rows, rows)


def test_history_goes_on_over_the_page(lan):
    here = sign_in(browser())
    SignIn.objects.bulk_create(
        SignIn(user=lan, at=timezone.now() - timedelta(days=day), method="password") for day in range(1, 26)
    )

    first = here.get("/tai-khoan/thiet-bi/")
    second = here.get(first.context["page"].next_url)

    assert [len(page.context["page"].rows) for page in (first, second)] == [20, 6]


def test_history_is_forgotten_after_a_year(lan):
    sign_in(browser())

    kept = forget_old_sign_ins(timezone.now() + timedelta(days=364))
    assert SignIn.objects.count() == 1
    gone = forget_old_sign_ins(timezone.now() + timedelta(days=366))

    assert (kept >= 0, gone, SignIn.objects.count()) == (True, 1, 0)


# ---- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (WINDOWS, "Chrome · Windows"),
        (PHONE, "Safari · iPhone"),
        (WINDOWS + " Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 Zalo", "Zalo · Android"),
        ("curl/8", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_device_is_named_by_short_words_alone(header, words):
    assert agent_words(header) == words


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("10.1.2.3", True),
        ("192.168.0.1", True),
        ("fd00::1", True),
        ("203.0.113.1", False),
        ("8.8.8.8", False),
        ("x", False),
    ],
)
def test_own_network_is_told_by_its_address(address, own):
    assert is_of_own_network(address) == own


def test_anonymous_pages_store_no_session():
    client = Client()
    client.get("/dang-nhap/")
    client.get("/")

    assert "sessionid" not in client.cookies
    assert Session.objects.count() == 0
