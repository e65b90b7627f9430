"""An administrator helps somebody with signing in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gandan.accounts.models import AuthenticatorApp, Passkey, ProviderIdentity, Session, User
from gandan.accounts.tests.factories import PASSWORD
from gandan.administration.views.sign_in import HELPS
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role
from gandan.organization.tests.factories import give_duty, make_commune, make_officer, make_unit
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> User:
    """An officer with everything that can be lost, signed in somewhere."""
    lan = make_officer(username="lan", full_name="Trần Thị Mẫu Lan")
    lan.set_password(PASSWORD)
    lan.save()
    at = timezone.now()
    AuthenticatorApp.objects.create(user=lan, secret="x", added_at=at, last_step=0)
    Passkey.objects.create(user=lan, credential="a", public_key="b", name="c", added_at=at)
    ProviderIdentity.objects.create(user=lan, issuer="https://a.example", subject="1", bound_at=at)
    Client().force_login(lan)
    return lan


@pytest.fixture
def administrator(db: None) -> User:
    user = make_officer(Role.ADMINISTRATOR, username="quantri")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk(client: Client, administrator: User) -> Client:
    client.post("/dang-nhap/", {"username": "quantri", "password": PASSWORD})
    return client


def url_of(person: User) -> str:
    return f"/quan-tri/19975/can-bo/{person.pk}/dang-nhap/"


def press(desk: Client, person: User, name: str) -> Any:
    return desk.post(url_of(person), {"help": name, "request_id": str(new_id())})


def test_page_offers_what_makes_sense_for_the_account(desk, lan):
    assert set(desk.get(url_of(lan)).context["helps"]) == {"new-password", "factors", "identity", "close"}

    User.objects.filter(pk=lan.pk).update(is_active=False)
    assert set(desk.get(url_of(lan)).context["helps"]) == {"open"}

    fresh = make_officer()
    assert set(desk.get(url_of(fresh)).context["helps"]) == {"close"}


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("new-password", "require-password"),
        ("factors", "reset-factors"),
        ("identity", "release-identity"),
        ("close", "deactivate"),
    ],
)
def test_help_is_an_act_of_the_ward_and_signs_out_everywhere(desk, administrator, lan, name, act):
    response = press(desk, lan, name)

    assert response.headers["Location"] == f"/quan-tri/19975/can-bo/{lan.pk}/"
    event = Event.objects.get()
    assert (event.chain, event.act, event.actor, event.subject_id) == (
        "19975",
        act,
        administrator.code,
        lan.pk,
    )
    assert not Session.objects.filter(user=lan).exists()


def test_closed_account_is_opened_again(desk, lan):
    press(desk, lan, "close")
    assert not User.objects.get(pk=lan.pk).is_active

    press(desk, lan, "open")

    assert User.objects.get(pk=lan.pk).is_active


def test_sign_in_of_long_ago_is_asked_for_once_more(client, administrator, lan):
    client.force_login(administrator)

    page, act = client.get(url_of(lan)), press(client, lan, "close")

    assert {page.headers["Location"], act.headers["Location"]} == {
        f"/tai-khoan/xac-nhan/?next=%2Fquan-tri%2F19975%2Fcan-bo%2F{lan.pk}%2Fdang-nhap%2F"
    }
    assert User.objects.get(pk=lan.pk).is_active


@pytest.mark.parametrize("name", HELPS)
def test_nobody_helps_the_own_account(desk, administrator, name):
    assert press(desk, administrator, name).status_code == 403
    assert not Event.objects.exists()


def test_account_that_works_elsewhere_too_is_not_this_administrators(desk, lan):
    give_duty(lan, Role.SPECIALIST, make_unit(commune=make_commune("14758")))

    assert press(desk, lan, "close").status_code == 403
    assert User.objects.get(pk=lan.pk).is_active


@pytest.mark.parametrize("name", ["", "is_superuser", "\u202e", "a" * 500])
def test_help_that_there_is_none_of_does_nothing(desk, lan, name):
    assert press(desk, lan, name).status_code == 422
    assert not Event.objects.exists()


def test_button_pressed_twice_is_one_act(desk, lan):
    typed = {"help": "new-password", "request_id": str(new_id())}

    for _press in range(2):
        desk.post(url_of(lan), typed)

    assert Event.objects.count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_page_is_open_to_everybody(browser_page, administrator, lan, width, theme):
    page = browser_page(f"/dang-nhap/?next={url_of(lan)}", width=width, theme=theme)
    page.get_by_label("Tên đăng nhập").fill("quantri")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Giúp đăng nhập").wait_for()

    assert page.get_by_role("button").count() >= 4
    check_axe(page)
    check_no_sideways_scroll(page)
