"""The public pages in a browser: open to everybody, in both themes, on a phone; and without script."""

from __future__ import annotations

import pytest

from gandan.catalogue.tests.factories import AT, COPIES, GUIDE_ONLY, load
from gandan.organization.loading import load_days
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_are_open_to_everybody(browser_page, width, theme):
    load(COPIES, GUIDE_ONLY, "1.004222")
    load_days(AT)
    paths = [
        "/thu-tuc/",
        f"/thu-tuc/{COPIES}/?pages=5&copies=x",
        f"/thu-tuc/{GUIDE_ONLY}/",
        "/thu-tuc/1.004222/vi-sao-ngay/?received=2026-11-20T09:00",
    ]

    for path in paths:
        page = browser_page(path, width=width, theme=theme)

        check_axe(page)
        check_no_sideways_scroll(page)


def test_results_follow_the_typing(browser_page):
    load()
    page = browser_page("/thu-tuc/")

    page.locator("#q").press_sequentially("sao y", delay=20)

    page.get_by_role("heading", name="1 thủ tục hợp với “sao y”").wait_for()
    assert page.locator("#results li").count() == 1


def test_find_and_read_without_script(browser_page):
    load()
    page = browser_page("/thu-tuc/", script=False)

    page.get_by_label("Gõ vài chữ").fill("sao y")
    page.get_by_label("Gõ vài chữ").press("Enter")
    page.get_by_role("link", name="Chứng thực bản sao").first.click()
    page.get_by_label("Bản chính có bao nhiêu trang?").fill("5")
    page.get_by_label("Cần bao nhiêu bản?").fill("3")
    page.get_by_role("button", name="Cho tôi xem cần gì").click()

    assert page.get_by_text("21.000 đ").is_visible()
