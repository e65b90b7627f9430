"""“Hồ sơ của tôi đã được ai mở xem?”: for whoever follows the dossier, and no more of staff than is public."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandan.accounts.models import Look, User
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import tracking
from gandan.dossiers.models import Dossier
from gandan.dossiers.tests.factories import Ward, load_reference, make_dossier, make_ward
from gandan.organization.models import Duty, Role
from gandan.portal import followed
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    return make_dossier(ward)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def look(user: User, dossier: Dossier, moment: str, page: str = "dossier") -> None:
    Look.objects.create(user=user, subject_kind="dossier", subject_id=dossier.pk, page=page, at=at(moment))


def url_of(dossier: Dossier) -> str:
    return reverse("portal:lookers", args=[followed.page_id(dossier.pk)])


def follow(client: Client, dossier: Dossier) -> None:
    client.get(f"/t/{tracking.secret_of(dossier.pk)}")


def test_tracking_page_leads_there(client: Client, dossier: Dossier) -> None:
    follow(client, dossier)

    page = client.get(reverse("portal:followed", args=[followed.page_id(dossier.pk)]))

    assert url_of(dossier) in page.text


def test_who_does_not_follow_the_dossier_learns_nothing(client: Client, dossier: Dossier) -> None:
    assert client.get(url_of(dossier)).status_code == 404


def test_views_are_told_by_post_unit_and_name_the_newest_first(
    client: Client, ward: Ward, dossier: Dossier
) -> None:
    specialist, counter = ward.people[Role.SPECIALIST], ward.people[Role.COUNTER_OFFICER]
    Duty.objects.filter(user=specialist).update(post="công chức mẫu")
    look(counter, dossier, "2026-11-09 08:00", "intake")
    look(specialist, dossier, "2026-11-10 09:00", "identity")
    follow(client, dossier)

    rows = client.get(url_of(dossier)).context["rows"]

    assert [(row.name, row.code, row.post, row.unit, row.what) for row in rows] == [
        (
            specialist.full_name,
            specialist.code,
            "Công chức mẫu",
            ward.department.name,
            "xem trọn số định danh",
        ),
        (counter.full_name, counter.code, "Cán bộ tiếp nhận", ward.centre.name, "tiếp nhận hồ sơ"),
    ]


def test_administrator_is_told_without_a_name_as_on_the_public_page(
    client: Client, ward: Ward, dossier: Dossier
) -> None:
    administrator = ward.people[Role.ADMINISTRATOR]
    look(administrator, dossier, "2026-11-09 08:00")
    follow(client, dossier)

    page = client.get(url_of(dossier))

    assert administrator.full_name not in page.text
    assert administrator.code in page.text


def test_duty_of_that_day_is_told_not_today_s(client: Client, ward: Ward, dossier: Dossier) -> None:
    specialist = ward.people[Role.SPECIALIST]
    Duty.objects.filter(user=specialist).update(valid_to=date(2026, 11, 9))
    Duty.objects.create(
        user=specialist, unit=ward.centre, role=Role.COUNTER_OFFICER, valid_from=date(2026, 11, 10)
    )
    look(specialist, dossier, "2026-11-09 09:00")
    look(specialist, dossier, "2026-11-10 09:00")
    follow(client, dossier)

    rows = client.get(url_of(dossier)).context["rows"]

    assert [row.unit for row in rows] == [ward.centre.name, ward.department.name]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_four_queries(
    client: Client, ward: Ward, dossier: Dossier, django_assert_num_queries: Any, count: int
) -> None:
    for role in list(ward.people)[:count]:
        look(ward.people[role], dossier, "2026-11-09 08:00")
    follow(client, dossier)

    with django_assert_num_queries(4):
        client.get(url_of(dossier))


def test_page_is_kept_by_nobody(client: Client, dossier: Dossier) -> None:
    follow(client, dossier)

    answer = client.get(url_of(dossier))

    assert "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_page_is_open_to_everybody(
    transactional_db: None, browser_page: OpensPage, width: int, theme: str
) -> None:
    load_reference(timezone.now())
    ward = make_ward()
    dossier = make_dossier(ward)
    for role in (Role.SPECIALIST, Role.ADMINISTRATOR):
        look(ward.people[role], dossier, "2026-11-09 08:00", "identity")

    page = browser_page(f"/t/{tracking.secret_of(dossier.pk)}", width=width, theme=theme)
    page.click(f"a[href='{url_of(dossier)}']")
    page.wait_for_selector("table")

    check_axe(page)
    check_no_sideways_scroll(page)
