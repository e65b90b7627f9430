"""Pages about procedures and workflows in a real browser: open to everybody, by keyboard, without script."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gandan.accounts.models import User
from gandan.administration.tests.test_procedure_pages import BASE, DOCUMENT, tomorrow
from gandan.catalogue.actions import drafts, workflows
from gandan.catalogue.actions.procedures import last_version
from gandan.catalogue.models import Draft, ProcedureVersion
from gandan.catalogue.reading import content_of_text
from gandan.catalogue.stored import content_of
from gandan.catalogue.tests.acting import TIMED, with_fee
from gandan.catalogue.workflow_content import WorkflowContent
from gandan.dossiers.tests.conftest import committed_ward as committed_ward  # the dossiers' fixture
from gandan.dossiers.tests.factories import RESIDENCE, Ward, make_dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Role, UnitKind
from gandan.organization.permissions import officer_of
from gandan.organization.tests.factories import make_officer, make_province_unit
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = pytest.mark.browser
COPIES = "2.000815"


@pytest.fixture
def admin(committed_ward: Ward) -> User:
    """The province's administrator."""
    return make_officer(Role.ADMINISTRATOR, make_province_unit(UnitKind.PROVINCE_OFFICE))


@pytest.fixture
def draft(admin: User) -> Draft:
    """A draft of a dearer certified copy, with one fault and one thing worth a look."""
    last = last_version(COPIES)
    assert last is not None
    content = content_of(last)
    changed: dict[str, Any] = with_fee(content, 3000) | {"result": "", "legal": ()}
    content = type(content)(**{name: changed.get(name, getattr(content, name)) for name in content.__slots__})
    return drafts.begin_procedure(
        content, base=last.pk, officer=officer_of(admin), at=timezone.now(), request_id=new_id()
    )


@pytest.fixture
def workflow(committed_ward: Ward, admin: User) -> Draft:
    return workflows.begin_workflow(
        WorkflowContent(RESIDENCE, "Quy trình mẫu", (*TIMED, TIMED[2])),
        province="46",
        commune=committed_ward.commune,
        base=None,
        officer=officer_of(admin),
        at=timezone.now(),
        request_id=new_id(),
    )


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_pages_are_open_to_everybody(
    committed_ward: Ward,
    admin: User,
    draft: Draft,
    workflow: Draft,
    browser_page: OpensPage,
    width: int,
    theme: str,
) -> None:
    make_dossier(committed_ward, at=timezone.now())
    there, path = f"{BASE}du-thao/{draft.pk}/", f"{BASE}quy-trinh/du-thao/{workflow.pk}/"
    pages = (
        f"{BASE}?q=sao+y",
        f"{BASE}{COPIES}/",
        f"{BASE}{COPIES}/so-sanh/?a=1&b=kem",
        f"{BASE}{RESIDENCE}/phien-ban/1/ho-so/",
        there,
        f"{there}sua/chung/",
        f"{there}sua/phi/fee/",
        f"{there}sua/truong-hop/many_pages/",
        f"{there}xem-thu/dan/",
        f"{there}xem-thu/quay/",
        f"{there}xem-thu/ngay/",
        f"{there}cong-bo/",
        f"{BASE}nhap/",
        f"{BASE}quy-trinh/?noi=19975",
        f"{BASE}{RESIDENCE}/quy-trinh/?noi=19975",
        path,
        f"{path}buoc/1/",
        f"{path}cong-bo/",
    )
    for url in pages:
        page = browser_page(url, user=admin, width=width, theme=theme)

        assert page.locator("h1").count() == 1, url
        check_axe(page)
        check_no_sideways_scroll(page)


def test_fee_is_changed_and_published_without_script_and_by_keyboard(
    admin: User, committed_ward: Ward, browser_page: OpensPage
) -> None:
    page = browser_page(f"{BASE}{RESIDENCE}/", user=admin, script=False)

    page.get_by_role("button", name="Sửa thành phiên bản mới").press("Enter")
    page.get_by_role("link", name="Lệ phí đăng ký thường trú").first.press("Enter")
    page.get_by_label("Số tiền (đồng)").fill("77000")
    page.get_by_role("button", name="Lưu vào bản dự thảo").press("Enter")
    page.get_by_text("Đã lưu vào bản dự thảo").wait_for()
    page.get_by_role("link", name="Công bố").press("Enter")
    page.get_by_label("Áp dụng từ ngày").fill(tomorrow())
    page.get_by_label("Căn cứ").fill(DOCUMENT)
    page.get_by_role("button", name="Công bố").press("Enter")
    page.get_by_text("Đã công bố phiên bản 2").wait_for()

    assert (
        ProcedureVersion.objects.get(procedure__code=RESIDENCE, number=2).fees.filter(amount=77000).exists()
    )


def test_what_was_typed_survives_a_lost_page(admin: User, draft: Draft, browser_page: OpensPage) -> None:
    page = browser_page(f"{BASE}du-thao/{draft.pk}/sua/chung/", user=admin)
    page.get_by_label("Tên gọi thường ngày").fill("Sao y mẫu")
    page.wait_for_timeout(600)

    page.reload()

    assert page.get_by_label("Tên gọi thường ngày").input_value() == "Sao y mẫu"
    page.get_by_role("button", name="Lưu vào bản dự thảo").click()
    page.get_by_text("Đã lưu vào bản dự thảo").wait_for()
    draft.refresh_from_db()
    assert content_of_text(draft.content).everyday_name == "Sao y mẫu"
