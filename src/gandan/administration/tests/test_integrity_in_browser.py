"""Pages of interests, conflicts, looks and reviews in a real browser: open to everybody, also without script."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.accounts.models import Look
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import committed_ward as committed_ward  # the dossiers' fixture
from gandan.dossiers.tests.factories import OPENED, Ward, bring_to, make_dossier, make_user
from gandan.ledger.ids import new_id
from gandan.organization.integrity import actions as integrity
from gandan.organization.integrity.models import ConflictReport, Declaration, Measure, Tie
from gandan.organization.models import Duty, Role
from gandan.organization.reviews.models import AccessReview
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser

INTERESTS, CONFLICTS = "/nguoi-than-va-loi-ich/", "/xung-dot-loi-ich/"
LOOKS, REVIEW = "/quan-tri/19975/ai-da-xem/", "/quan-tri/19975/ra-soat-quyen/"


@pytest.fixture
def tied(committed_ward: Ward) -> Dossier:
    """A dossier with the specialist, who declared its owner as a relative and reported it; a colleague is free."""
    ward, now = committed_ward, timezone.now()
    dossier = bring_to(ward, make_dossier(ward, at=now), Desk.APPRAISAL, at=now)
    other = make_user("Người mẫu hai", "19975-specialist-2")
    Duty.objects.create(user=other, unit=ward.department, role=Role.SPECIALIST, valid_from=OPENED)
    officer = ward.officer(Role.SPECIALIST)
    integrity.declare(
        officer=officer,
        tie=Tie.SIBLING,
        name="Nguyễn Văn Mẫu",
        number="046188000001",
        since=OPENED,
        request_id=new_id(),
        at=now,
    )
    integrity.report_conflict(
        officer=officer,
        commune="19975",
        concerned=ward.people[Role.SPECIALIST],
        case=8,
        known_at=now,
        situation="Người thân nộp hồ sơ (mẫu)",
        effect="Thẩm định hồ sơ (mẫu)",
        proposal=Measure.SUPERVISE,
        request_id=new_id(),
        at=now,
        dossier_id=dossier.pk,
    )
    for role in (Role.INSPECTOR, Role.SPECIALIST):
        Look.objects.create(
            user=ward.people[role], subject_kind="dossier", subject_id=dossier.pk, page="identity", at=now
        )
    return dossier


PAGES = (
    (Role.SPECIALIST, INTERESTS),
    (Role.SPECIALIST, INTERESTS + "{declaration}/thoi/"),
    (Role.SPECIALIST, CONFLICTS + "bao-cao/?ho-so={dossier}"),
    (Role.SPECIALIST, "/ho-so/{dossier}/xung-dot/"),
    (Role.SPECIALIST, "/ho-so/{dossier}/"),
    (Role.SPECIALIST, "/ho-so/{dossier}/lam/de-xuat/"),
    (Role.HEAD_OF_DEPARTMENT, "/ho-so/{dossier}/xung-dot/"),
    (Role.HEAD_OF_DEPARTMENT, "/ho-so/{dossier}/lam/phan-cong/"),
    (Role.SIGNING_LEADER, CONFLICTS),
    (Role.SIGNING_LEADER, CONFLICTS + "{report}/"),
    (Role.CENTRE_DIRECTOR, LOOKS),
    (Role.CENTRE_DIRECTOR, REVIEW),
    (Role.CENTRE_DIRECTOR, "/quan-tri/"),
)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
@pytest.mark.parametrize(("role", "path"), PAGES, ids=[f"{role} {path}" for role, path in PAGES])
def test_page_is_open_to_everybody(
    committed_ward: Ward,
    tied: Dossier,
    browser_page: OpensPage,
    role: Role,
    path: str,
    width: int,
    theme: str,
) -> None:
    places = {
        "dossier": tied.pk,
        "declaration": Declaration.objects.get().pk,
        "report": ConflictReport.objects.get().pk,
    }

    page = browser_page(path.format(**places), user=committed_ward.people[role], width=width, theme=theme)

    check_axe(page)
    check_no_sideways_scroll(page)


def test_head_hands_over_by_one_button_without_script(
    committed_ward: Ward, tied: Dossier, browser_page: OpensPage
) -> None:
    head = committed_ward.people[Role.HEAD_OF_DEPARTMENT]
    page = browser_page(f"/ho-so/{tied.pk}/", user=head, script=False)

    page.click(".notice-soon a")
    page.click(".ways button")

    assert page.locator(".notice-done").count() == 1
    assert Dossier.objects.get(pk=tied.pk).assignee.code == "19975-specialist-2"


def test_relative_is_declared_by_keyboard_alone(
    committed_ward: Ward, tied: Dossier, browser_page: OpensPage
) -> None:
    page = browser_page(INTERESTS, user=committed_ward.people[Role.CLERK])

    page.focus("select[name=tie]")
    page.keyboard.type("con")
    page.keyboard.press("Tab")
    page.keyboard.type("Nguyễn Thị Mẫu")
    page.keyboard.press("Tab")
    page.keyboard.type("046188000055")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice-done")

    declared = Declaration.objects.get(user=committed_ward.people[Role.CLERK])
    assert declared.tie == Tie.CHILD


def test_review_is_saved_without_script_and_prints_without_menus(
    committed_ward: Ward, browser_page: OpensPage
) -> None:
    page = browser_page(REVIEW, user=committed_ward.people[Role.CENTRE_DIRECTOR], script=False)
    page.locator("input[value=keep]").first.check()
    page.click("form:has(input[value=keep]) .btn-primary")
    review = AccessReview.objects.get()

    report = browser_page(
        f"{REVIEW}{review.pk}/", user=committed_ward.people[Role.ADMINISTRATOR], script=False
    )
    report.emulate_media(media="print")

    assert review.lines.count() == 1
    assert report.locator("header.page-header").is_visible() is False
    assert report.locator("table").is_visible()
