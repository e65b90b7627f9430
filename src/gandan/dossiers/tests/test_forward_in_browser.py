"""Forwarding in a real browser: both ends, with and without script."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.dossiers.actions import forward
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import Ward, asked, make_dossier
from gandan.dossiers.tests.pages import page_url
from gandan.dossiers.tests.province import Body, make_body
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture
def body(committed_ward: Ward) -> Body:
    return make_body(committed_ward)


@pytest.fixture
def there(committed_ward: Ward, body: Body) -> Dossier:
    """A dossier that was forwarded with a time of its own and with paper, and taken over."""
    now = timezone.now()
    dossier = make_dossier(committed_ward, at=now)
    forward.forward(
        officer=committed_ward.officer(Role.COUNTER_OFFICER),
        body=body.unit,
        task="Đề nghị giải quyết (mẫu)",
        limit="group.death_merit:",
        paper=True,
        **asked(dossier, now),
    )
    return forward.take_over(officer=body.officer(Role.SPECIALIST), **asked(dossier, now))


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize("path", ["", "lam/tra-phan-viec/"])
def test_page_of_the_other_body_is_open_to_everybody(
    there: Dossier, body: Body, browser_page: OpensPage, path: str, width: int, theme: str
) -> None:
    page = browser_page(
        page_url(there) + path, user=body.people[Role.HEAD_OF_DEPARTMENT], width=width, theme=theme
    )

    check_axe(page)
    check_no_sideways_scroll(page)


def test_form_of_forwarding_is_open_to_everybody(
    committed_ward: Ward, body: Body, browser_page: OpensPage
) -> None:
    dossier = make_dossier(committed_ward, at=timezone.now())
    counter = committed_ward.people[Role.COUNTER_OFFICER]

    page = browser_page(page_url(dossier) + "lam/chuyen-lien-thong/", user=counter, width=390)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_dossier_is_forwarded_and_returned_without_script(
    committed_ward: Ward, body: Body, browser_page: OpensPage
) -> None:
    dossier = make_dossier(committed_ward, at=timezone.now())
    counter = committed_ward.people[Role.COUNTER_OFFICER]

    sent = browser_page(page_url(dossier) + "lam/chuyen-lien-thong/", user=counter, script=False)
    sent.check("input[name=body]")
    sent.fill("textarea[name=task]", "Thuộc thẩm quyền của Sở (mẫu)")
    sent.click("form[method=post][enctype] .btn-primary")
    taken = browser_page("/viec-hom-nay/", user=body.people[Role.SPECIALIST], script=False)
    taken.click(f"a[href='{page_url(dossier)}lam/nhan-lien-thong/']")
    taken.click("form[method=post][enctype] .btn-primary")
    back = browser_page(
        page_url(dossier) + "lam/tra-phan-viec/", user=body.people[Role.HEAD_OF_DEPARTMENT], script=False
    )
    back.check("input[value=granted]")
    back.fill("input[name=number]", "7/QĐ-SYT")
    back.click("form[method=post][enctype] .btn-primary")

    assert back.url.endswith("/viec-hom-nay/")
    assert Dossier.objects.get(pk=dossier.pk).desk == Desk.HANDOVER
