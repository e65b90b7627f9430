"""Passkeys in Chromium with its virtual authenticator: made, used, renamed, taken away; and the pages by eye and key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from gandan.accounts import competence
from gandan.accounts.models import Method, Passkey, SignIn, User
from gandan.accounts.sessions import SessionStore
from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.accounts.tests.test_second_step import give_app
from gandan.ledger.models import Event
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@dataclass
class Device:
    """Chromium's make-believe authenticator."""

    cdp: Any
    id: str

    def verifies(self, verified: bool) -> None:
        """The next finger is the right one, or a wrong one."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verified})

    def credentials(self) -> list[dict[str, Any]]:
        answer = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(answer["credentials"])

    def forget_counter(self) -> None:
        """As a copied key would: the same credential with an earlier count of uses."""
        (one,) = self.credentials()
        self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self.cdp.send(
            "WebAuthn.addCredential",
            {"authenticatorId": self.id, "credential": {**one, "signCount": 1}},
        )


def put_device(page: Any, **options: Any) -> Device:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**usual, **options}})
    return Device(cdp, answer["authenticatorId"])


@pytest.fixture
def lan(transactional_db: None) -> User:
    return make_user(username="lan", full_name="Trần Thị Mẫu Lan")


def arrive(page: Any, path: str) -> None:
    """Waits until the page with exactly this path is there; `?next=` of another page is not it."""
    page.wait_for_url(re.compile(rf"^http://[^/?]+{re.escape(path)}$"))


def by_password(browser_page: Any, next_url: str = "/tai-khoan/", **options: Any) -> Any:
    page = browser_page(f"/dang-nhap/?next={next_url}", **options)
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    arrive(page, next_url)
    return page


def make_passkey(page: Any, name: str = "Máy quầy 2") -> None:
    page.get_by_role("link", name="Tạo khóa truy cập").click()
    page.get_by_label("Tên để anh/chị nhận ra").fill(name)
    page.get_by_role("button", name="Tạo khóa ngay").click()
    arrive(page, "/tai-khoan/ma-du-phong/")


def test_passkey_is_made_by_keyboard_and_opens_without_a_password(browser_page, lan):
    page = by_password(browser_page)
    device = put_device(page)
    page.get_by_role("link", name="Tạo khóa truy cập").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Tên để anh/chị nhận ra").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Máy quầy 2")
    page.keyboard.press("Enter")
    arrive(page, "/tai-khoan/ma-du-phong/")

    key = Passkey.objects.get()
    assert (key.user, key.name) == (lan, "Máy quầy 2")
    assert [(c["isResidentCredential"], c["rpId"]) for c in device.credentials()] == [(True, "localhost")]
    assert [event.act for event in Event.objects.all()] == ["add-passkey"]

    page.goto("/tai-khoan/")
    page.get_by_text("Trần Thị Mẫu Lan").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto("/dang-nhap/?next=/tai-khoan/thiet-bi/")
    page.get_by_role("button", name="Dùng vân tay").click()
    arrive(page, "/tai-khoan/thiet-bi/")

    assert SignIn.objects.latest("at").method == Method.PASSKEY
    assert Passkey.objects.get().used_at is not None


def test_passkey_is_the_second_step_after_the_password(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    page.context.clear_cookies(name="sessionid")

    page.goto("/dang-nhap/?next=/tai-khoan/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    arrive(page, "/dang-nhap/buoc-hai/")
    check_axe(page)
    page.get_by_role("button", name="Dùng vân tay").click()
    arrive(page, "/tai-khoan/")

    assert SignIn.objects.latest("at").method == Method.BOTH


def test_wrong_finger_opens_nothing_and_says_so(browser_page, lan):
    page = by_password(browser_page)
    device = put_device(page)
    make_passkey(page)
    page.context.clear_cookies(name="sessionid")
    device.verifies(False)

    page.goto("/dang-nhap/")
    page.get_by_role("button", name="Dùng vân tay").click()

    page.get_by_text("Xin bấm lại nút một lần nữa").wait_for()
    check_axe(page)
    assert page.get_by_role("button", name="Dùng vân tay").is_enabled()


def test_device_without_verification_makes_no_passkey(browser_page, lan):
    page = by_password(browser_page)
    put_device(page, hasUserVerification=False, isUserVerified=False)
    page.goto("/tai-khoan/khoa/moi/")

    page.get_by_role("button", name="Tạo khóa ngay").click()

    page.get_by_text("Xin bấm lại nút một lần nữa").wait_for()
    assert not Passkey.objects.exists()


def test_second_passkey_on_the_same_device_is_not_needed(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    page.goto("/tai-khoan/khoa/moi/")

    page.get_by_role("button", name="Tạo khóa ngay").click()

    page.get_by_text("Máy này đã có khóa truy cập của anh/chị").wait_for()
    assert Passkey.objects.count() == 1


def test_copied_key_is_noticed_by_its_count(browser_page, lan):
    page = by_password(browser_page)
    device = put_device(page)
    make_passkey(page)
    for _time in range(2):
        page.context.clear_cookies(name="sessionid")
        page.goto("/dang-nhap/?next=/tai-khoan/")
        page.get_by_role("button", name="Dùng vân tay").click()
        arrive(page, "/tai-khoan/")
    device.forget_counter()
    page.context.clear_cookies(name="sessionid")

    page.goto("/dang-nhap/")
    page.get_by_role("button", name="Dùng vân tay").click()

    page.get_by_text("không mở được tài khoản nào ở đây").wait_for()


def test_passkey_taken_away_opens_nothing(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    page.goto("/tai-khoan/")
    page.get_by_role("link", name="Sửa Máy quầy 2").click()
    page.get_by_label("Tên để anh/chị nhận ra").fill("Máy cũ")
    page.get_by_role("button", name="Lưu tên").click()
    page.get_by_role("link", name="Sửa Máy cũ").click()
    check_axe(page)
    page.get_by_role("button", name="Gỡ khóa truy cập").click()
    page.get_by_text("khóa này không mở được tài khoản nữa").wait_for()
    assert not Passkey.objects.exists()
    page.context.clear_cookies(name="sessionid")

    page.goto("/dang-nhap/")
    page.get_by_role("button", name="Dùng vân tay").click()

    page.get_by_text("không mở được tài khoản nào ở đây").wait_for()


def test_passkey_of_a_closed_account_opens_nothing(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    User.objects.update(is_active=False)
    page.context.clear_cookies(name="sessionid")

    page.goto("/dang-nhap/")
    page.get_by_role("button", name="Dùng vân tay").click()

    page.get_by_text("không mở được tài khoản nào ở đây").wait_for()


def test_passkey_shows_who_it_is_before_something_sensitive(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    session = page.context.cookies()
    key = next(cookie["value"] for cookie in session if cookie["name"] == "sessionid")
    long_ago(key)

    page.goto("/tai-khoan/ma-du-phong/")
    assert "/tai-khoan/xac-nhan/" in page.url
    check_axe(page)
    page.get_by_role("button", name="Dùng vân tay").click()

    arrive(page, "/tai-khoan/ma-du-phong/")


def long_ago(key: str) -> None:
    """As if the session had proved who it is an hour ago."""
    store = SessionStore(key)
    store["proved_at"] = (timezone.now() - timedelta(hours=1)).isoformat()
    store.save()


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(competence.known, "second_factor_from", lambda _user, on: on)


def test_who_must_have_a_second_factor_sets_one_up_and_is_in(browser_page, lan, rule):
    page = by_password(browser_page, "/dang-nhap/bao-ve/")
    put_device(page)
    check_axe(page)

    make_passkey(page)
    page.get_by_role("button", name="Cho tôi xem mười mã").click()
    assert page.locator(".reserve-codes li").count() == 10
    page.get_by_role("link", name="Tôi đã cất giữ").click()

    arrive(page, "/tai-khoan/")
    assert SignIn.objects.get().method == Method.BOTH


def test_answer_made_for_one_browser_opens_nothing_in_another(browser_page, lan):
    page = by_password(browser_page)
    put_device(page)
    make_passkey(page)
    page.context.clear_cookies(name="sessionid")
    sent: list[str] = []
    page.route(
        "**/dang-nhap/khoa/xong/",
        lambda route: (sent.append(route.request.post_data or ""), route.abort()),
    )
    page.goto("/dang-nhap/")
    page.get_by_role("button", name="Dùng vân tay").click()
    page.wait_for_timeout(1000)
    stranger = Client()
    stranger.post("/dang-nhap/khoa/", HTTP_HOST="localhost")

    answer = parse_qs(sent[0])["answer"][0]
    response = stranger.post("/dang-nhap/khoa/xong/", {"answer": answer}, HTTP_HOST="localhost")

    assert response.status_code == 400
    assert SESSION_KEY not in stranger.session


def test_without_script_the_other_ways_stay(browser_page, lan):
    page = browser_page("/dang-nhap/", script=False)

    assert page.get_by_role("button", name="Đăng nhập", exact=True).is_visible()
    assert not page.get_by_role("button", name="Dùng vân tay").is_visible()
    assert page.get_by_text("không dùng được khóa truy cập").is_visible()


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize(
    "path",
    [
        "/tai-khoan/",
        "/tai-khoan/thiet-bi/",
        "/tai-khoan/khoa/moi/",
        "/tai-khoan/ung-dung/",
        "/tai-khoan/ung-dung/bo/",
        "/tai-khoan/ma-du-phong/",
        "/tai-khoan/xac-nhan/",
        "/dang-xuat/xong/",
        "/m/aaaaaaaa",
    ],
)
def test_pages_are_open_to_everybody(browser_page, lan, settings, path, width, theme):
    give_app(lan)
    settings.GANDAN_DEMO = True
    page = browser_page("/dang-xuat/xong/", user=lan, width=width, theme=theme)
    prove_now(page)

    page.goto(path)

    assert path in page.url
    check_axe(page)
    check_no_sideways_scroll(page)


def prove_now(page: Any) -> None:
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    store = SessionStore(key)
    store["proved_at"] = timezone.now().isoformat()
    store.save()
