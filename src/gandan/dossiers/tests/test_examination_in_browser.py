"""Opinions, visits, stops, corrections and reopenings in a real browser: open to everybody, without script too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gandan.dossiers.actions import again, consult, visit
from gandan.dossiers.models import AnswerWay, Consultation, Desk, Dossier, Presence
from gandan.dossiers.tests.factories import Ward, asked, bring_to, make_dossier
from gandan.dossiers.tests.pages import page_url
from gandan.organization.models import Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture
def examined(committed_ward: Ward) -> Dossier:
    """A dossier with a late opinion, one that came, minutes and a further plan."""
    ward, now = committed_ward, timezone.now()
    began = now - timedelta(days=20)
    dossier = bring_to(ward, make_dossier(ward, at=began), Desk.APPRAISAL, at=began)
    specialist = ward.officer(Role.SPECIALIST)
    letter = {"question": "Có quy hoạch không?", "days": 3, "answer_way": AnswerWay.ELECTRONIC}
    consult.consult(officer=specialist, body="Sở mẫu", **letter, **asked(dossier, began))
    consult.consult(officer=specialist, body="Công ty mẫu", **letter, **asked(dossier, began))
    consult.receive_opinion(
        officer=specialist, opinion=2, answer="Đồng ý", came_at=began, **asked(dossier, began)
    )
    minutes = visit.Minutes(began, "Số 1 đường Mẫu", "Mẫu", Presence.NOT_ASKED, "Đúng", "Đủ điều kiện")
    visit.verify_on_site(officer=specialist, minutes=minutes, **asked(dossier, began))
    plan = {"starts_at": now + timedelta(days=1), "place": "Số 1 đường Mẫu", "who": "Mẫu", "what": "Ranh đất"}
    visit.plan_visit(officer=specialist, citizen_asked=True, **plan, **asked(dossier, began))
    return Dossier.objects.get(pk=dossier.pk)


@pytest.fixture
def corrected(committed_ward: Ward) -> Dossier:
    now = timezone.now()
    dossier = bring_to(committed_ward, make_dossier(committed_ward, at=now), Desk.CLOSED, at=now)
    counter = committed_ward.officer(Role.COUNTER_OFFICER)
    again.correct(officer=counter, reason="Sai tên đệm", **asked(dossier, now))
    return Dossier.objects.get(pk=dossier.pk)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize(
    "path", ["", "lam/lay-y-kien/", "lam/nhan-y-kien/", "lam/hen-xac-minh/", "lam/xac-minh/"]
)
def test_page_of_an_examination_is_open_to_everybody(
    committed_ward: Ward, examined: Dossier, browser_page: OpensPage, path: str, width: int, theme: str
) -> None:
    user = committed_ward.people[Role.SPECIALIST]

    page = browser_page(page_url(examined) + path, user=user, width=width, theme=theme)

    assert page.locator("h1").count() == 1
    check_axe(page)
    check_no_sideways_scroll(page)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_list_of_opinions_is_open_to_everybody(
    committed_ward: Ward, examined: Dossier, browser_page: OpensPage, width: int, theme: str
) -> None:
    director = committed_ward.people[Role.CENTRE_DIRECTOR]

    page = browser_page("/y-kien/", user=director, width=width, theme=theme)

    assert page.locator("tbody tr").count() == 1
    check_axe(page)
    check_no_sideways_scroll(page)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.COUNTER_OFFICER, ""),
        (Role.COUNTER_OFFICER, "vi-sao/"),
        (Role.SIGNING_LEADER, "lam/mo-lai/"),
        (Role.COUNTER_OFFICER, "lam/dung-theo-de-nghi/"),
    ],
)
def test_page_of_a_correction_is_open_to_everybody(
    committed_ward: Ward, corrected: Dossier, browser_page: OpensPage, role: Role, path: str
) -> None:
    page = browser_page(page_url(corrected) + path, user=committed_ward.people[role], width=390)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_opinion_is_recorded_without_script_and_by_keyboard(
    committed_ward: Ward, examined: Dossier, browser_page: OpensPage
) -> None:
    user = committed_ward.people[Role.SPECIALIST]
    page = browser_page("/y-kien/", user=user, script=False)

    page.click("tbody a.btn")
    page.focus("input[name=outcome][value=none]")
    page.keyboard.press("Space")
    page.fill("textarea[name=answer]", "Đã nhắc hai lần")
    page.focus("form[method=post] .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{page_url(examined)}")

    assert Consultation.objects.get(number=1).closed_reason == "Đã nhắc hai lần"
