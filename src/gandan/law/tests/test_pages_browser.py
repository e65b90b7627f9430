"""The public pages of the law in a browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gandan.law.actions import load_shipped
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll


@pytest.fixture
def loaded_law(transactional_db: None) -> None:
    load_shipped(datetime(2026, 11, 21, 5, 0, tzinfo=UTC))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_are_open_to_everybody(
    loaded_law: None, browser_page: OpensPage, width: int, theme: str
) -> None:
    for path in ("/luat/", "/luat/?q=xin+loi", "/luat/supplement.close_after/", "/luat/bieu-mau/"):
        page = browser_page(path, width=width, theme=theme)

        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.browser
def test_list_fits_a_few_screens_and_opens_without_script(loaded_law: None, browser_page: OpensPage) -> None:
    page = browser_page("/luat/", width=390, script=False)
    rule = page.get_by_role("link", name="Thời điểm bắt đầu tính thời hạn")

    height = page.evaluate("document.documentElement.scrollHeight")
    folded = rule.is_visible()
    page.get_by_role("heading", name="Cách tính thời gian").click()

    assert height < 2500
    assert (folded, rule.is_visible()) == (False, True)
