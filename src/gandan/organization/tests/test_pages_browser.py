"""The public pages of the organization in a browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gandan.organization.loading import load_days
from gandan.organization.models import Role, Unit
from gandan.organization.tests.factories import make_officer, make_unit
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll


@pytest.fixture
def centre(transactional_db: None) -> Unit:
    load_days(datetime(2026, 11, 20, 5, 0, tzinfo=UTC))
    unit = make_unit()
    unit.address, unit.phone = "Số 2 đường Mẫu", "0000 199 752"
    unit.save(update_fields=["address", "phone"])
    make_officer(Role.COUNTER_OFFICER, unit)
    return unit


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_are_open_to_everybody(centre: Unit, browser_page: OpensPage, width: int, theme: str) -> None:
    unit = f"/don-vi/bo-phan/{centre.code}/"

    for path in ("/don-vi/", "/don-vi/?q=thuy", "/don-vi/19975/", unit, f"{unit}lich/2026/"):
        page = browser_page(path, width=width, theme=theme)

        check_axe(page)
        check_no_sideways_scroll(page)


@pytest.mark.browser
def test_centre_is_found_and_called_without_script(centre: Unit, browser_page: OpensPage) -> None:
    page = browser_page("/don-vi/", width=390, script=False)

    page.get_by_role("link", name=centre.name).click()

    assert page.get_by_role("link", name="Gọi điện").get_attribute("href") == "tel:0000199752"
