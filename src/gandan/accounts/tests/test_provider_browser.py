"""Sign-in by the provider as a browser does it: over there and back, under the strict policy of our pages."""

from __future__ import annotations

import pytest

from gandan.accounts.models import Method, SignIn
from gandan.accounts.tests.factories import make_user
from gandan.accounts.tests.test_provider import process, there
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser
__all__ = ["process", "there"]  # fixtures


def test_there_and_back_and_out_by_keyboard(browser_page, there):
    make_user(username="lan", full_name="Trần Thị Mẫu Lan")
    page = browser_page("/dang-nhap/?next=/tai-khoan/")

    page.get_by_role("link", name="Đăng nhập bằng tài khoản thử").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Đăng nhập và bảo vệ").wait_for()
    assert SignIn.objects.get().method == Method.PROVIDER

    page.get_by_text("Trần Thị Mẫu Lan").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("heading", name="Anh/chị đã đăng xuất").wait_for()
    check_axe(page)
    assert page.get_by_role("link", name="Đăng xuất cả ở đó").is_visible()


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_of_a_provider_are_open_to_everybody(browser_page, there, width, theme):
    for path in ("/dang-nhap/", "/dang-nhap/tinh/xong/"):
        page = browser_page(path, width=width, theme=theme)

        check_axe(page)
        check_no_sideways_scroll(page)
