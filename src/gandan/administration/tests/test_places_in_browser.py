"""The pages of places, calendar and law in a real browser: for everybody, small and large, by keyboard, without script."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.utils import timezone

from gandan.accounts.models import User
from gandan.administration.tests.places import BASIS, WARD, of_the_province, prove_everywhere
from gandan.administration.tests.test_place_pages import staff_file
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.conftest import committed_ward as committed_ward  # the dossiers' fixture
from gandan.dossiers.tests.factories import Ward, bring_to, make_dossier
from gandan.law.models import Parameter
from gandan.ledger.ids import new_id
from gandan.organization.actions import set_office_hours
from gandan.organization.models import Duty, Role, UnitKind
from gandan.organization.permissions import operator
from gandan.organization.tests.factories import make_unit
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser


@pytest.fixture
def administrator(committed_ward: Ward) -> User:
    """The ward's administrator; one dossier is under way, hours of one weekday are set."""
    at = timezone.now().astimezone(VIETNAM)
    bring_to(committed_ward, make_dossier(committed_ward, at=at), Desk.APPRAISAL, at=at)
    set_office_hours(
        [(time(7, 30), time(11, 30))],
        place=committed_ward.centre,
        weekday=4,
        valid_from=at.date(),
        document=BASIS,
        officer=operator(),
        at=at,
        request_id=new_id(),
    )
    return committed_ward.people[Role.ADMINISTRATOR]


def pages_of(ward: Ward) -> list[str]:
    specialist, row = (
        ward.people[Role.SPECIALIST],
        Parameter.objects.filter(key="supplement.close_after").first(),
    )
    assert row is not None
    duty = Duty.objects.get(user=specialist)
    own = (
        "",
        "don-vi/",
        "don-vi/them/",
        f"don-vi/{ward.department.pk}/",
        f"don-vi/{ward.department.pk}/dong/",
        "can-bo/",
        "can-bo/them/",
        "can-bo/nhap/",
        f"can-bo/{specialist.pk}/",
        f"can-bo/{specialist.pk}/giao-viec/",
        f"can-bo/{specialist.pk}/thoi-viec/",
        f"viec/{duty.pk}/thoi/",
        "gio-lam-viec/",
        "gio-lam-viec/dat/",
        "dat-ngay/",
        "gia-tri/",
        "gia-tri/result.remind_after/",
        "vai-tro/",
        "thay-doi/",
    )
    return [f"{WARD}{url}" for url in own] + ["/quan-tri/tinh-lai/"]


LAW = (
    "/quan-tri/lich/2026/",
    "/quan-tri/lich/2028/xac-nhan/",
    "/quan-tri/lich/dat-ngay/",
    "/quan-tri/luat/",
    "/quan-tri/luat/supplement.close_after/",
    "/quan-tri/luat/supplement.close_after/moi/",
)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_of_a_place_are_open_to_everybody(
    committed_ward: Ward, administrator: User, browser_page: OpensPage, width: int, theme: str
) -> None:
    page = browser_page("/quan-tri/", user=administrator, width=width, theme=theme)
    for url in pages_of(committed_ward):
        page.goto(url)
        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_of_the_law_are_open_to_everybody(
    committed_ward: Ward, browser_page: OpensPage, width: int, theme: str
) -> None:
    lawyer = of_the_province(committed_ward, Role.LEGAL_OFFICER)
    page = browser_page("/quan-tri/", user=lawyer, width=width, theme=theme)
    for url in LAW:
        page.goto(url)
        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.parametrize("script", [True, False])
def test_day_is_looked_at_entered_and_recalculated(
    committed_ward: Ward, administrator: User, browser_page: OpensPage, *, script: bool
) -> None:
    lawyer = of_the_province(committed_ward, Role.LEGAL_OFFICER)
    dossier = Dossier.objects.get()
    assert dossier.due_at is not None
    day = dossier.due_at.astimezone(VIETNAM).date()
    page = browser_page("/quan-tri/lich/dat-ngay/", user=lawyer, script=script)
    page.fill("input[name=day]", day.isoformat())
    page.fill("input[name=name]", "Nghỉ tránh bão")
    page.fill("input[name=document]", BASIS)
    page.click("main form .btn-primary")
    page.get_by_text("muộn hơn").first.wait_for()
    if script:
        check_axe(page)
        check_no_sideways_scroll(page)

    page.click("main form:last-of-type .btn-primary")
    page.check("input[name=agreed]")
    page.fill("input[name=document]", BASIS)
    page.click("main form .btn-primary")

    page.get_by_text("Đã tính lại 1 hồ sơ").wait_for()
    moved = Dossier.objects.get().due_at
    assert moved is not None
    assert moved > dossier.due_at


def test_list_is_carried_out_by_keyboard_and_without_script(
    committed_ward: Ward, administrator: User, browser_page: OpensPage
) -> None:
    page = browser_page(f"{WARD}can-bo/nhap/", user=administrator, script=False)
    page.set_input_files(
        "input[type=file]",
        {
            "name": "a.xlsx",
            "mimeType": "application/octet-stream",
            "buffer": staff_file({"full_name": "Lê Thị Mẫu"}),
        },
    )
    page.focus("main form .btn-primary")
    page.keyboard.press("Enter")
    page.fill("input[name=document]", BASIS)
    page.keyboard.press("Enter")

    page.get_by_text("1 người mới").wait_for()
    assert User.objects.filter(full_name="Lê Thị Mẫu").count() == 1


def test_list_with_problems_and_link_are_open_to_everybody(
    committed_ward: Ward, administrator: User, browser_page: OpensPage
) -> None:
    rows: tuple[dict[str, Any], ...] = (
        {"full_name": "Lê Thị Mẫu"},
        {"full_name": "Trần Mẫu", "unit": "Phòng X"},
    )
    page = browser_page(f"{WARD}can-bo/nhap/", user=administrator, width=390)
    page.set_input_files(
        "input[type=file]",
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": staff_file(*rows)},
    )
    page.click("main form .btn-primary")
    page.get_by_text("E3").wait_for()
    check_axe(page)
    check_no_sideways_scroll(page)

    prove_everywhere(administrator)
    page.goto(f"{WARD}can-bo/{committed_ward.people[Role.CLERK].pk}/")
    page.click("text=Tạo liên kết đăng nhập")
    page.get_by_label("Liên kết", exact=True).wait_for()
    check_axe(page)
    check_no_sideways_scroll(page)


def test_leaving_by_keyboard_alone(
    committed_ward: Ward, administrator: User, browser_page: OpensPage
) -> None:
    person = committed_ward.people[Role.SPECIALIST]
    page = browser_page(f"{WARD}can-bo/{person.pk}/thoi-viec/", user=administrator)

    page.focus("input[name=document]")
    page.keyboard.type(BASIS)
    page.keyboard.press("Enter")

    page.get_by_text("đã thôi việc: các việc").wait_for()
    person.refresh_from_db()
    assert not person.is_active
    assert Dossier.objects.get().desk == Desk.ASSIGNMENT


def test_long_list_of_units_scrolls_inside_its_frame(
    committed_ward: Ward, administrator: User, browser_page: OpensPage
) -> None:
    for number in range(12):
        make_unit(
            UnitKind.POINT,
            commune=committed_ward.commune,
            code=f"19975-d{number}",
            name="Điểm " + "rất dài " * 12,
        )

    page = browser_page(f"{WARD}don-vi/", user=administrator, width=390)

    check_no_sideways_scroll(page)
    check_axe(page)
