"""The one-time link in the hands of its person, and the new password that an administrator asks for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from gandan.accounts import competence
from gandan.accounts.actions import deactivate, issue_one_time_link
from gandan.accounts.models import Method, SignIn, User
from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.accounts.tests.test_second_step import give_app, shown
from gandan.ledger.models import Event

pytestmark = pytest.mark.django_db
NEW = "hai mat khau khac nhau 2026"


@pytest.fixture
def lan() -> User:
    return make_user(username="lan")


@pytest.fixture
def link(lan: User, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address that an administrator hands to Lan."""
    monkeypatch.setattr(competence.known, "administers", lambda _by, _person, _on: True)
    issued = issue_one_time_link(
        person=lan, by=make_user(), chain="19975", request_id=uuid4(), at=timezone.now()
    )
    return f"/m/{issued.token}"


def choose(client: Client, password: str = NEW, again: str = ""):
    typed = {"new_password1": password, "new_password2": again or password, "request_id": str(uuid4())}
    return client.post("/dang-nhap/mat-khau-moi/", typed)


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def test_link_leaves_the_address_at_once(client, link):
    response = client.get(link)

    assert response.headers["Location"] == "/dang-nhap/mat-khau-moi/"
    assert client.get("/dang-nhap/mat-khau-moi/").status_code == 200


def test_link_sets_the_password_and_lets_in(client, link, lan):
    client.get(link)

    response = choose(client)

    lan.refresh_from_db()
    assert (response.status_code, is_in(client), lan.check_password(NEW)) == (302, True, True)
    assert SignIn.objects.get().method == Method.LINK
    assert [event.act for event in Event.objects.order_by("seq").filter(chain="cell")] == ["set-password"]


def test_link_works_once(client, link, lan):
    client.get(link)
    choose(client)

    assert Client().get(link).status_code == 404


def test_link_opened_by_a_preview_is_not_used_up(client, link):
    Client().get(link)

    client.get(link)
    assert choose(client).status_code == 302


def test_link_opened_in_two_browsers_sets_one_password(client, link, lan):
    other = Client()
    client.get(link)
    other.get(link)
    choose(client)

    late = choose(other, "mot mat khau thu ba 2026")

    lan.refresh_from_db()
    assert (late.status_code, is_in(other), lan.check_password(NEW)) == (404, False, True)


def test_link_ends_after_a_day_even_when_it_was_opened_before(client, link):
    client.get(link)

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert choose(client).status_code == 404
        assert client.get(link).status_code == 404
    assert not is_in(client)


@pytest.mark.parametrize("token", ["a", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "A" * 500])
def test_link_that_nobody_issued_opens_nothing(client, token):
    assert client.get(f"/m/{token}").status_code == 404


def test_link_of_an_account_closed_since_opens_nothing(client, link, lan):
    client.get(link)
    deactivate(person=lan, by=make_user(), chain="19975", request_id=uuid4(), at=timezone.now())

    assert client.get(link).status_code == 404
    assert choose(client).status_code == 404


def test_link_does_not_replace_the_second_step(client, link, lan):
    secret = give_app(lan)
    client.get(link)

    response = choose(client)

    assert (response.headers["Location"], is_in(client)) == ("/dang-nhap/buoc-hai/", False)
    client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})
    assert is_in(client)


def test_link_signs_out_everywhere_else(client, link):
    other = Client()
    other.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    client.get(link)

    choose(client)

    assert not is_in(other)


@pytest.mark.parametrize(("password", "again"), [("ngan", ""), (NEW, "khac"), ("1234567890", "")])
def test_weak_or_mistyped_password_is_refused_and_the_link_stays(client, link, lan, password, again):
    client.get(link)

    refused = choose(client, password, again)

    lan.refresh_from_db()
    assert (refused.status_code, lan.check_password(PASSWORD)) == (200, True)
    assert choose(client).status_code == 302


def test_demanded_password_is_chosen_before_anything_opens(client, lan):
    User.objects.update(must_change_password=True)
    response = client.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    assert (response.headers["Location"], is_in(client)) == ("/dang-nhap/mat-khau-moi/", False)
    assert client.get("/tai-khoan/").status_code == 302

    choose(client)

    lan.refresh_from_db()
    assert (is_in(client), lan.must_change_password, lan.check_password(NEW)) == (True, False, True)


def test_demanded_password_comes_after_the_second_step(client, lan):
    secret = give_app(lan)
    User.objects.update(must_change_password=True)
    client.post("/dang-nhap/", {"username": "lan", "password": PASSWORD})
    assert choose(client).status_code == 404

    after = client.post("/dang-nhap/buoc-hai/", {"code": shown(secret)})

    assert after.headers["Location"] == "/dang-nhap/mat-khau-moi/"


def test_new_password_without_a_link_or_a_sign_in_is_no_page(client):
    assert client.get("/dang-nhap/mat-khau-moi/").status_code == 404
    assert choose(client).status_code == 404
