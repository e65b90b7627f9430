"""My work today in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import Ward, bring_to, load_reference, make_dossier, make_ward
from gandan.dossiers.tests.pages import page_url
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture
def busy_ward(transactional_db: None) -> Ward:
    """A ward with something late, something soon, something waiting at each list."""
    now = timezone.now()
    load_reference(now)
    ward = make_ward()
    for moment in (now - timedelta(days=2), now + timedelta(minutes=30), now + timedelta(days=9)):
        dossier = make_dossier(ward, at=now)
        Dossier.objects.filter(pk=dossier.pk).update(act_by=moment)
    bring_to(ward, make_dossier(ward, at=now), Desk.RETURN, at=now)
    return ward


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize("query", ["", "?xem=cho-tra", "?xem=da-xong"])
def test_work_is_open_to_everybody(
    busy_ward: Ward, browser_page: OpensPage, query: str, width: int, theme: str
) -> None:
    user = busy_ward.people[Role.COUNTER_OFFICER]

    page = browser_page(f"/viec-hom-nay/{query}", user=user, width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_rows_are_walked_and_opened_by_keyboard(busy_ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/viec-hom-nay/", user=busy_ward.people[Role.COUNTER_OFFICER])
    second = Dossier.objects.filter(desk=Desk.TRANSFER).order_by("act_by")[1]

    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**{page_url(second)}")

    assert page.locator("h1").inner_text() == second.version.short_name


def test_slash_searches_without_a_name_in_the_address(busy_ward: Ward, browser_page: OpensPage) -> None:
    page = browser_page("/viec-hom-nay/", user=busy_ward.people[Role.COUNTER_OFFICER])

    page.keyboard.press("/")
    page.keyboard.type("nguyen thi mau")
    page.keyboard.press("Enter")
    page.wait_for_selector("a.row-link")

    assert page.url.endswith("/tim-ho-so/")
    assert page.locator("a.row-link").count() == 4
