"""The leader clears the morning, the counter empties the list of calls: by keyboard alone, without script, on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from gandan.dossiers.actions.watch import watch
from gandan.dossiers.models import Call, Desk, Dossier
from gandan.dossiers.tests.factories import Ward, bring_to, load_reference, make_dossier, make_ward
from gandan.ledger.models import Event
from gandan.organization.absence.models import Substitution
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser

LEADER, COUNTER, HEAD = Role.SIGNING_LEADER, Role.COUNTER_OFFICER, Role.HEAD_OF_DEPARTMENT


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    """A ward in the morning: two proposals to sign, one late at appraisal, one result to telephone about."""
    now = timezone.now()
    load_reference(now)
    ward = make_ward()
    for moment in (now - timedelta(days=2), now + timedelta(hours=2)):
        Dossier.objects.filter(
            pk=bring_to(ward, make_dossier(ward, at=now), Desk.SIGNATURE, at=now).pk
        ).update(due_at=moment)
    late = bring_to(ward, make_dossier(ward, at=now), Desk.APPRAISAL, at=now)
    Dossier.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=1))
    bring_to(ward, make_dossier(ward, at=now), Desk.RETURN, at=now)
    watch(now)
    return ward


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (LEADER, "/dieu-hanh/"),
        (LEADER, "/dieu-hanh/ky-duyet/"),
        (HEAD, "/dieu-hanh/khoi-luong/"),
        (LEADER, "/dieu-hanh/vang-mat/"),
        (LEADER, "/dieu-hanh/thu-buoi-sang/"),
        (LEADER, "/canh-bao/"),
        (COUNTER, "/goi-dien/"),
    ],
)
def test_page_is_open_to_everybody(
    ward: Ward, browser_page: OpensPage, role: Role, path: str, width: int, theme: str
) -> None:
    page = browser_page(path, user=ward.people[role], width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Goes by the Tab key alone until the wanted thing has the focus."""
    for _press in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached by keyboard on {page.url}")


def test_leader_clears_the_morning_by_keyboard_alone(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/dieu-hanh/", user=ward.people[LEADER])
    before = Event.objects.filter(act="approve").count()

    tab_to(page, "a[href$='/ky-duyet/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dieu-hanh/ky-duyet/")
    for number in (1, 2):
        tab_to(page, "button[name=xem]")
        page.keyboard.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.decide-summary').length === n", arg=number)
        assert page.evaluate(
            "document.activeElement.matches('input[name=chon]')"
        )  # the reader goes on from here
        page.keyboard.press("Space")
    tab_to(page, "button[name=quyet]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-done")
    check_axe(page)

    assert Event.objects.filter(act="approve").count() == before + 2
    assert not Dossier.objects.filter(desk=Desk.SIGNATURE).exists()


@pytest.mark.parametrize("width", [390, 1280])
def test_leader_clears_the_morning_without_script(ward: Ward, browser_page: OpensPage, width: int) -> None:
    page = browser_page("/dieu-hanh/", user=ward.people[LEADER], script=False, width=width)

    page.click("a[href$='/ky-duyet/']")
    for _number in range(2):
        page.locator("button[name=xem]").first.click()
        page.locator("input[name=chon]:not(:checked)").first.check()
    page.click("button[name=quyet]")
    assert page.locator(".notice-done").count() == 1
    page.click(".actions .btn-quiet")
    page.locator("form[action$='/lam/nhac/'] button").first.click()
    assert page.url.endswith("/dieu-hanh/")

    assert not Dossier.objects.filter(desk=Desk.SIGNATURE).exists()
    assert Event.objects.filter(act="remind").count() == 1


def test_list_of_calls_empties_without_script_on_a_phone(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/goi-dien/", user=ward.people[COUNTER], script=False, width=390)
    cards = page.locator("article.call").count()

    for _number in range(cards):
        page.locator("button[name=outcome][value=reached]").first.click()

    assert cards == Call.objects.count() > 0
    assert page.locator("article.call").count() == 0
    page.locator("form[action$='/bo-ghi-cuoc-goi/'] button").first.click()
    assert page.locator("article.call").count() == 1


def test_call_back_is_agreed_by_keyboard(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/goi-dien/", user=ward.people[COUNTER])
    again = timezone.localdate() + timedelta(days=2)

    tab_to(page, "article.call summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[name=note]")
    page.keyboard.type("Hẹn chiều mai")
    page.locator("input[name=next_date]").first.fill(again.isoformat())
    tab_to(page, "button[value=call_back]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-done")

    assert Call.objects.get().outcome == "call_back"


def test_substitute_is_named_on_a_phone_without_script(ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/dieu-hanh/vang-mat/", user=ward.people[LEADER], script=False, width=390)
    today = timezone.localdate().isoformat()

    page.select_option("#substitute-duty", label=label_of(page, ward.people[HEAD].full_name))
    page.select_option("#substitute-substitute", ward.people[Role.SPECIALIST].code)
    page.fill("#substitute-valid_from", today)
    page.fill("#substitute-valid_to", today)
    page.select_option("#substitute-manner", "for")
    page.fill("#substitute-document", "Quyết định mẫu 01/QĐ")
    page.locator("form:has(#substitute-duty) button").click()

    assert page.locator(".notice-done").count() == 1
    assert Substitution.objects.get().substitute == ward.people[Role.SPECIALIST]


def label_of(page: Page, name: str) -> str:
    labels = page.locator("#substitute-duty option").all_inner_texts()
    return next(label for label in labels if label.startswith(name))
