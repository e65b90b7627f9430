"""The pages of mergers in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.accounts.models import User
from gandan.dossiers.tests.conftest import committed_ward as committed_ward  # the dossiers' fixture
from gandan.dossiers.tests.factories import Ward, make_dossier, make_ward
from gandan.dossiers.tests.province import administrator, decide
from gandan.organization.mergers.models import Merger
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser

HOME = "/quan-tri/sap-nhap/"


@pytest.fixture
def user(committed_ward: Ward) -> User:
    make_dossier(committed_ward, at=timezone.now())
    return User.objects.get(pk=administrator(committed_ward).user_id)


@pytest.fixture
def successor(committed_ward: Ward) -> Ward:
    return make_ward("19969", "Thanh Thủy")


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_of_a_merger_are_open_to_everybody(
    user: User, successor: Ward, browser_page: OpensPage, width: int, theme: str
) -> None:
    page = browser_page(f"{HOME}xa-phuong/", user=user, width=width, theme=theme)
    check_axe(page)
    page.fill("input[name=sources]", "19975")
    page.fill("input[name=successor]", "19969")
    page.fill("input[name=document]", "Nghị quyết 99/NQ-MẪU")
    page.click("main form .btn-primary")
    check_axe(page)
    check_no_sideways_scroll(page)
    page.click("button[value=decide]")

    check_axe(page)
    check_no_sideways_scroll(page)
    assert page.url.endswith(f"{HOME}{Merger.objects.get().pk}/")


def test_merger_is_decided_without_script(user: User, successor: Ward, browser_page: OpensPage) -> None:
    page = browser_page(f"{HOME}xa-phuong/", user=user, script=False)
    for name, value in (("sources", "19975"), ("successor", "19969"), ("document", "Nghị quyết mẫu")):
        page.fill(f"input[name={name}]", value)

    page.click("main form .btn-primary")
    page.click("button[value=decide]")

    assert page.url.endswith(f"{HOME}{Merger.objects.get().pk}/")


def test_list_of_mergers_is_open_to_everybody(
    committed_ward: Ward, user: User, successor: Ward, browser_page: OpensPage
) -> None:
    decide(committed_ward, successor, at=timezone.now())

    page = browser_page(HOME, user=user, width=390)

    check_axe(page)
    check_no_sideways_scroll(page)
