"""Sign-in as people meet it."""

from __future__ import annotations

import pytest

from gandan.accounts.tests.factories import PASSWORD, make_user
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize("path", ["/dang-nhap/", "/doi-mat-khau/", "/khong-co/"])
def test_pages_of_an_account_are_open_to_everybody(browser_page, settings, path, width, theme):
    settings.GANDAN_DEMO = True
    user = None if path == "/dang-nhap/" else make_user()

    page = browser_page(path, user=user, width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_sign_in_by_keyboard_without_script(browser_page):
    make_user(username="lan", full_name="Trần Thị Mẫu Lan")
    page = browser_page("/dang-nhap/?next=/doi-mat-khau/", script=False)

    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_text("Trần Thị Mẫu Lan").is_visible()


def test_wrong_password_is_said_on_top_and_read_out(browser_page):
    page = browser_page("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill("sai roi")

    page.get_by_role("button", name="Đăng nhập", exact=True).click()

    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Tên đăng nhập").input_value() == "lan"
    check_axe(page)
