"""The dossier's pages in a real browser: open to everybody, with and without script, by keyboard."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.dossiers.actions import supplement
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import Ward, asked, bring_to, make_dossier
from gandan.dossiers.tests.pages import page_url
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture
def supplemented(committed_ward: Ward) -> Dossier:
    """A dossier at appraisal with a past: asked for more, received, so its date has two readings."""
    now = timezone.now()
    ward, dossier = committed_ward, make_dossier(committed_ward, at=now)
    dossier = bring_to(ward, dossier, Desk.APPRAISAL, at=now)
    missing = [supplement.MissingPaper("Tờ khai", "Chưa ký")]
    supplement.request_supplement(officer=ward.officer(Role.SPECIALIST), items=missing, **asked(dossier, now))
    supplement.receive_supplement(
        officer=ward.officer(Role.COUNTER_OFFICER), complete=True, **asked(dossier, now)
    )
    return Dossier.objects.get(pk=dossier.pk)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize(
    "path", ["", "vi-sao/", "lam/de-xuat/", "lam/yeu-cau-bo-sung/", "lam/phan-cong/", "lam/khong-co/"]
)
def test_page_is_open_to_everybody(
    committed_ward: Ward, supplemented: Dossier, browser_page: OpensPage, path: str, width: int, theme: str
) -> None:
    user = committed_ward.people[Role.SPECIALIST]

    page = browser_page(page_url(supplemented) + path, user=user, width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_why_opens_in_a_dialog_with_script_and_as_a_page_without(
    committed_ward: Ward, supplemented: Dossier, browser_page: OpensPage
) -> None:
    user = committed_ward.people[Role.SPECIALIST]

    scripted = browser_page(page_url(supplemented), user=user)
    scripted.click("a.date-why")
    scripted.wait_for_selector("dialog[open] .why-days")
    check_axe(scripted)
    plain = browser_page(page_url(supplemented), user=user, script=False)
    plain.click("a.date-why")

    assert scripted.url.endswith(page_url(supplemented))
    assert plain.url.endswith("/vi-sao/")


def test_proposal_is_made_by_keyboard_alone(
    committed_ward: Ward, supplemented: Dossier, browser_page: OpensPage
) -> None:
    page = browser_page(page_url(supplemented) + "lam/de-xuat/", user=committed_ward.people[Role.SPECIALIST])

    page.focus("input[name=result]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{page_url(supplemented)}")

    assert Dossier.objects.get(pk=supplemented.pk).desk == Desk.CHECK


def test_act_works_without_script(
    committed_ward: Ward, supplemented: Dossier, browser_page: OpensPage
) -> None:
    user = committed_ward.people[Role.SPECIALIST]
    page = browser_page(page_url(supplemented), user=user, script=False)

    page.click("aside .btn-primary")
    page.check("input[value=granted]")
    page.click("form[method=post] .btn-primary")

    assert page.locator(".notice-done").count() == 1
    assert Dossier.objects.get(pk=supplemented.pk).desk == Desk.CHECK
