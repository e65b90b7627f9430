"""The component page as people meet it: narrow and wide, light and dark, with and without script."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from gandan.ui.drafts import forget_draft
from gandan.ui.testing import SIGHTS, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def component_page(settings):
    settings.GANDAN_COMPONENT_PAGE = True


@pytest.mark.parametrize("audience", ["staff", "public"])
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_components_are_open_to_everybody(browser_page, width, theme, audience):
    page = browser_page(f"/ui/?audience={audience}", width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_display_menu_and_dialog_are_open_to_everybody(browser_page):
    page = browser_page("/ui/", width=390, theme="dark")

    page.get_by_text("Hiển thị").click()
    check_axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Phím tắt").click()
    check_axe(page)


def test_dark_switch_works_without_script(browser_page):
    page = browser_page("/ui/", script=False)

    page.get_by_text("Hiển thị").click()
    page.get_by_role("button", name="Tối").click()

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_dark_switch_works_at_once_with_script_and_is_kept(browser_page):
    page = browser_page("/ui/")

    page.get_by_text("Hiển thị").click()
    with page.expect_response("**/hien-thi/"):
        page.get_by_role("button", name="Tối").click()
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_keys_walk_the_rows_and_find_the_search_box(browser_page):
    page = browser_page("/ui/")
    page.locator("main").focus()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "Đăng ký khai sinh"
    page.keyboard.press("Enter")
    assert page.url.endswith("#row-1")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_draft_keeps_what_was_typed_over_a_crash(browser_page):
    page = browser_page("/ui/")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Mẫu")

    page.reload()

    assert page.get_by_label("Họ và tên").input_value() == "Nguyễn Thị Mẫu"


def test_draft_is_thrown_away_when_asked(browser_page):
    page = browser_page("/ui/")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Mẫu")
    page.reload()

    with page.expect_navigation():
        page.get_by_role("button", name="Bỏ đi và làm lại từ đầu").click()

    assert page.get_by_label("Họ và tên").input_value() == ""


def test_draft_is_forgotten_when_the_server_has_taken_it(browser_page):
    page = browser_page("/ui/")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Mẫu")
    response = HttpResponse()
    forget_draft(response, "components")
    value = response.cookies["gandan_draft_taken"].value
    page.context.add_cookies(
        [{"name": "gandan_draft_taken", "value": value, "url": page.url.removesuffix("ui/")}]
    )

    page.reload()

    assert page.get_by_label("Họ và tên").input_value() == ""
    assert "gandan_draft_taken" not in [cookie["name"] for cookie in page.context.cookies()]


def test_double_click_sends_a_form_once(browser_page):
    page = browser_page("/ui/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("document.querySelector('form[data-draft]').action = '/hien-thi/'")

    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp nhận").last.dblclick()

    assert len(sent) == 1


@pytest.mark.parametrize(("width", "rows"), [(1280, 1), (390, 7)])
def test_steps_stand_in_one_row_or_one_column(browser_page, width, rows):
    page = browser_page("/ui/", width=width)

    tops = page.eval_on_selector_all(".step", "all => all.map(step => step.offsetTop)")

    assert (len(tops), len(set(tops))) == (7, rows)


def test_type_is_never_smaller_than_promised(browser_page):
    sizes = [
        browser_page(path).evaluate("getComputedStyle(document.body).fontSize")
        for path in ("/ui/", "/ui/?audience=public")
    ]

    assert sizes == ["17px", "18px"]


def test_targets_are_large_enough_for_a_thumb(browser_page):
    page = browser_page("/ui/", width=390)

    heights = page.eval_on_selector_all(
        ".btn, .form-control, .form-select, summary",
        "all => all.filter(e => e.offsetHeight).map(e => e.offsetHeight)",
    )

    assert min(heights) >= 44
