"""The public pages in a browser: for everybody, on a phone, by keyboard, without script, in English, and light."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from gandan.dossiers import tracking
from gandan.dossiers.actions import extend, supplement
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import Ward, asked, bring_to, load_reference, make_dossier, make_ward
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll
from gandan.ui.tests.test_weight import BUDGET, FONTS_OF_A_VIETNAMESE_PAGE, HEADERS, on_the_wire


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    load_reference(timezone.now())
    ward = make_ward()
    ward.centre.phone = "0000 199 752"
    ward.centre.save(update_fields=["phone"])
    return ward


def examined(ward: Ward) -> Dossier:
    now = timezone.now()
    return bring_to(ward, make_dossier(ward, at=now), Desk.APPRAISAL, at=now)


def late(ward: Ward) -> Dossier:
    """Late, with an apology that came too late to move the date."""
    dossier = examined(ward)
    now = timezone.now()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=now - timedelta(days=3))
    return extend.apologise_and_extend(
        officer=ward.officer(Role.HEAD_OF_DEPARTMENT),
        reason="Chờ kết quả kiểm tra thực địa",
        new_due_at=now + timedelta(days=5),
        **asked(dossier, now),
    )


def waiting(ward: Ward) -> Dossier:
    dossier = examined(ward)
    return supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[MissingPaper("Hợp đồng thuê nhà", "Bản đã nộp hết hạn")],
        **asked(dossier, timezone.now()),
    )


def path_of(dossier: Dossier) -> str:
    return f"/t/{tracking.secret_of(dossier.id)}"


def open_folds(page: Page) -> None:
    for fold in page.locator("details.fold > summary").all():
        fold.click()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_doors_are_open_to_everybody(ward: Ward, browser_page: OpensPage, width: int, theme: str) -> None:
    for path in ("/", "/tra-cuu/", "/tra-cuu/?xong", "/t/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/luat/"):
        page = browser_page(path, width=width, theme=theme)

        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_dossier_is_open_to_everybody(ward: Ward, browser_page: OpensPage, width: int, theme: str) -> None:
    for dossier in (late(ward), waiting(ward)):
        page = browser_page(path_of(dossier), width=width, theme=theme)
        open_folds(page)

        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.browser
def test_large_type_fits_a_phone(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page(path_of(waiting(ward)), width=390)

    page.get_by_text("Hiển thị").click()
    with page.expect_response("**/hien-thi/"):
        page.get_by_role("button", name="Lớn").click()
    open_folds(page)

    assert page.locator("html").get_attribute("data-type") == "large"
    check_no_sideways_scroll(page)


@pytest.mark.browser
def test_typed_code_leads_to_the_dossier_by_keyboard_alone(ward: Ward, browser_page: OpensPage) -> None:
    dossier = examined(ward)
    page = browser_page("/tra-cuu/", width=390)

    tab_to(page, "#id_code")
    page.keyboard.type(dossier.code)
    page.keyboard.press("Tab")
    page.keyboard.type(tracking.word_of(dossier.id).lower())
    page.keyboard.press("Enter")
    page.get_by_text("Cán bộ đang thẩm định hồ sơ.").wait_for()
    tab_to(page, "#vi-sao > summary")
    page.keyboard.press("Enter")

    assert page.get_by_text("Ngày tiếp nhận không tính").is_visible()


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(40):
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


@pytest.mark.browser
def test_typed_code_and_farewell_without_script(ward: Ward, browser_page: OpensPage) -> None:
    dossier = waiting(ward)
    page = browser_page("/tra-cuu/", script=False, width=390)

    page.get_by_label("Mã hồ sơ").fill(dossier.code)
    page.get_by_label("Mã tra cứu").fill("sai")
    page.get_by_role("button", name="Xem").click()
    kept = page.get_by_label("Mã hồ sơ").input_value()
    page.get_by_label("Mã tra cứu").fill(tracking.word_of(dossier.id))
    page.get_by_role("button", name="Xem").click()
    shown = page.get_by_text("Hợp đồng thuê nhà: Bản đã nộp hết hạn").is_visible()
    page.get_by_role("button", name="Xong, xóa khỏi máy này").click()

    assert (kept, shown) == (dossier.code, True)
    assert page.get_by_text("Đã xóa khỏi máy này").is_visible()
    page.go_back()
    assert page.get_by_text("Hợp đồng thuê nhà").count() == 0


@pytest.mark.browser
def test_english_is_one_switch_away_and_names_stay_vietnamese(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page(path_of(late(ward)), width=390)

    page.get_by_text("Hiển thị").click()
    page.get_by_role("button", name="English").click()
    page.get_by_text("Your dossier was due on").wait_for()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").get_attribute("lang") == "vi"
    assert page.get_by_role("heading", name="Our apology, and the reason").is_visible()


@pytest.mark.browser
def test_printed_page_keeps_the_days_and_drops_the_buttons(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page(path_of(examined(ward)))

    page.emulate_media(media="print")

    assert page.locator(".track-end").is_hidden()
    assert page.locator(".why-days").is_visible()


def test_dossier_page_stays_within_its_budget(client: Client, ward: Ward) -> None:
    page = client.get(path_of(late(ward)), follow=True).content

    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode()))
    files = {Path(str(finders.find(name))) for name in linked} | set(
        Path(str(finders.find("ui/js/page.js"))).parent.glob("*.js")
    )
    weight = HEADERS + len(brotli.compress(page))
    weight += sum(on_the_wire(path) for path in files | set(FONTS_OF_A_VIETNAMESE_PAGE))

    assert len(files) >= 18
    assert weight <= BUDGET
