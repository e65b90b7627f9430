"""Procedures edited without code: from the version in force over a draft to a version of a later day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gandan.administration.procedures_conditions import lines_of
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.models import Draft, ProcedureVersion
from gandan.catalogue.queries import version_at
from gandan.catalogue.reading import content_of_text
from gandan.catalogue.stored import content_of
from gandan.dossiers.tests.factories import (
    BIRTH,
    RESIDENCE,
    Ward,
    load_reference,
    make_dossier,
    make_ward,
)
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role, UnitKind
from gandan.organization.tests.factories import make_commune, make_officer, make_province_unit

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/quan-tri/thu-tuc/"
DOCUMENT = "Nghị quyết mẫu 01/2026 (không có thật)"


@pytest.fixture
def ward() -> Ward:
    load_reference(timezone.now())
    return make_ward()


def client_for(role: Role) -> Client:
    client = Client()
    unit = make_province_unit(UnitKind.PROVINCE_OFFICE)
    client.force_login(make_officer(role, unit), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(ward: Ward) -> Client:
    return client_for(Role.ADMINISTRATOR)


def begin(client: Client, code: str = RESIDENCE) -> str:
    answer = client.post(f"{BASE}{code}/soan/", {"request_id": str(new_id())})
    assert answer.status_code == 302
    return str(answer["Location"])


def draft_in(url: str) -> Draft:
    return Draft.objects.get(pk=url.rstrip("/").rsplit("/", 1)[-1])


def fields_of(client: Client, url: str) -> dict[str, Any]:
    """What the form of a page would send if nothing were typed."""
    form = client.get(url).context["form"]
    given = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False and value != "":
            given[field.html_name] = field.field.widget.format_value(value) or value
    return given


def send(client: Client, url: str, **changed: Any) -> Any:
    return client.post(url, {**fields_of(client, url), **changed})


def tomorrow() -> str:
    return (timezone.now().astimezone(VIETNAM).date() + timedelta(days=1)).isoformat()


def test_fee_from_tomorrow_leaves_running_dossiers_theirs_and_reaches_the_counter(ward: Ward, admin: Client):
    running = make_dossier(ward, at=timezone.now())
    url = begin(admin)
    key = content_of(version_at(RESIDENCE, timezone.now())).fees[0].key
    assert send(admin, f"{url}sua/phi/{key}/", amount="77000", document=DOCUMENT).status_code == 302

    page = admin.get(f"{url}cong-bo/").text
    assert "1 hồ sơ" in page
    assert f"{BASE}{RESIDENCE}/phien-ban/1/ho-so/" in page
    assert send(admin, f"{url}cong-bo/", starts_on=tomorrow(), document=DOCUMENT).status_code == 302

    staying = admin.get(f"{BASE}{RESIDENCE}/phien-ban/1/ho-so/").text
    assert running.code in staying
    assert running.owner.name not in staying
    running.refresh_from_db()
    assert running.version.number == 1
    counter = Client()
    counter.force_login(
        ward.people[Role.COUNTER_OFFICER], backend="django.contrib.auth.backends.ModelBackend"
    )
    asked = {"procedure": RESIDENCE, "step": ""}
    assert "77.000" not in counter.post("/tiep-nhan/", asked).text
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=1)):
        counter.force_login(
            ward.people[Role.COUNTER_OFFICER], backend="django.contrib.auth.backends.ModelBackend"
        )
        assert "77.000" in counter.post("/tiep-nhan/", asked).text


def test_citizens_are_told_what_is_coming(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/chung/", result="Kết quả mẫu")
    send(admin, f"{url}cong-bo/", starts_on=tomorrow(), document=DOCUMENT)

    assert "Sắp có thay đổi" in Client().get(f"/thu-tuc/{RESIDENCE}/").text


@pytest.mark.parametrize(
    ("part", "key", "typed"),
    [
        (
            "truong-hop",
            "them",
            {"label": "Trường hợp mẫu", "amount": "5", "unit": "working_day", "document": "NĐ mẫu"},
        ),
        ("giay-to", "them", {"name": "Giấy mẫu", "original": "1"}),
        ("phi", "them", {"label": "Khoản mẫu", "amount": "1000", "document": "TT mẫu"}),
        ("cau-hoi", "them", {"text": "Câu hỏi mẫu?", "kind": "choice", "choices": "một\r\nhai"}),
    ],
)
def test_entry_is_added_moved_and_left_out(admin: Client, part: str, key: str, typed: dict[str, str]):
    url = begin(admin, BIRTH)

    assert send(admin, f"{url}sua/{part}/{key}/", **typed).status_code == 302

    name = {"truong-hop": "cases", "giay-to": "papers", "phi": "fees", "cau-hoi": "questions"}[part]
    rows = getattr(content_of_text(draft_in(url).content), name)
    new = rows[-1]
    made = getattr(new, new.KEY)
    assert made
    assert made in admin.get(url).text
    before = len(rows)
    for move in ("len", "bo"):
        seen = draft_in(url).revision
        assert admin.post(f"{url}sua/{part}/{made}/xep/", {"do": move, "seen": seen}).status_code == 302
    assert len(getattr(content_of_text(draft_in(url).content), name)) == before - 1


def test_general_part_keeps_what_was_not_touched(admin: Client):
    url = begin(admin)
    before = content_of_text(draft_in(url).content)

    assert send(admin, f"{url}sua/chung/").status_code == 302

    assert content_of_text(draft_in(url).content) == before


@pytest.mark.parametrize("code", [BIRTH, RESIDENCE, "2.000815"])
def test_every_entry_opened_and_saved_untouched_says_the_same(admin: Client, code: str):
    url = begin(admin, code)
    before = content_of_text(draft_in(url).content)
    slugs = {"cases": "truong-hop", "papers": "giay-to", "fees": "phi", "questions": "cau-hoi"}

    for name, slug in slugs.items():
        for row in getattr(before, name):
            key = getattr(row, row.KEY)
            assert send(admin, f"{url}sua/{slug}/{key}/").status_code == 302, (slug, key)

    assert content_of_text(draft_in(url).content) == before


def test_condition_is_chosen_from_answers(admin: Client):
    url = begin(admin, "2.000815")
    answer = send(
        admin,
        f"{url}sua/giay-to/original/",
        **{"when-1": "has_copy=no", "when-2": "pages=at_least", "when-2-number": "3", "when-join": "any"},
    )

    assert answer.status_code == 302
    assert content_of_text(draft_in(url).content).papers[0].when == {
        "any": [{"q": "has_copy", "is": "no"}, {"q": "pages", "at_least": 3}]
    }


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        (None, ("all", [])),
        ({"q": "a", "is": "yes"}, ("all", [("a=yes", None)])),
        ({"q": "a", "is": ["x", "y"]}, ("any", [("a=x", None), ("a=y", None)])),
        ({"any": [{"q": "a", "at_most": 2}]}, ("any", [("a=at_most", 2)])),
        ({"not": {"q": "a", "is": "x"}}, None),
        ({"all": [{"any": [{"q": "a", "is": "x"}]}, {"q": "b", "is": "y"}]}, None),
    ],
)
def test_condition_that_fits_no_line_is_not_forced_into_one(when: Any, lines: Any):
    assert lines_of(when) == lines


def test_number_is_asked_for_where_one_is_compared(admin: Client):
    url = begin(admin, "2.000815")

    answer = send(admin, f"{url}sua/giay-to/original/", **{"when-1": "pages=at_least"})

    assert answer.status_code == 422
    assert "Anh/chị ghi số cho dòng này." in answer.text


def test_refused_form_keeps_what_was_typed_and_writes_nothing(admin: Client):
    url = begin(admin)
    before = draft_in(url).content

    answer = send(admin, f"{url}sua/phi/them/", label="Khoản mẫu", amount="nhiều")

    assert answer.status_code == 422
    assert "Khoản mẫu" in answer.text
    assert draft_in(url).content == before


def test_two_officers_on_one_draft_notice_each_other(admin: Client):
    url = begin(admin)
    mine = fields_of(admin, f"{url}sua/chung/")
    send(client_for(Role.LEGAL_OFFICER), f"{url}sua/chung/", note="của đồng nghiệp")

    answer = admin.post(f"{url}sua/chung/", {**mine, "note": "của tôi"})

    assert answer.status_code == 422
    assert "của tôi" in answer.text
    assert "Người khác đã sửa" in answer.text
    assert content_of_text(draft_in(url).content).note == "của đồng nghiệp"


def test_past_day_is_refused_in_words(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/chung/", note="mẫu")

    answer = send(admin, f"{url}cong-bo/", starts_on="2020-01-01", document=DOCUMENT)

    assert answer.status_code == 422
    assert "đã qua" in answer.text


def test_form_sent_twice_is_one_version(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/chung/", note="mẫu")
    typed = {**fields_of(admin, f"{url}cong-bo/"), "starts_on": tomorrow(), "document": DOCUMENT}

    first, again = (admin.post(f"{url}cong-bo/", typed) for _time in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert ProcedureVersion.objects.filter(procedure__code=RESIDENCE).count() == 2


def test_waiting_version_is_withdrawn_with_its_reason(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/chung/", note="mẫu")
    send(admin, f"{url}cong-bo/", starts_on=tomorrow(), document=DOCUMENT)

    address = f"{BASE}{RESIDENCE}/phien-ban/2/thu-hoi/"
    assert send(admin, address, reason="", document=DOCUMENT).status_code == 422
    assert send(admin, address, reason="Hoãn", document=DOCUMENT).status_code == 302

    assert version_at(RESIDENCE, timezone.now() + timedelta(days=9)).number == 1
    assert "chưa từng áp dụng" in admin.get(f"{BASE}{RESIDENCE}/").text


def test_legal_officer_confirms_and_the_administrator_cannot(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/chung/", note="mẫu")

    assert admin.get(f"{url}xac-nhan/").status_code == 403
    assert send(client_for(Role.LEGAL_OFFICER), f"{url}xac-nhan/", document=DOCUMENT).status_code == 302

    assert "công chức pháp chế đã xác nhận" in admin.get(url).text
    assert Event.objects.filter(act="confirm-procedure").count() == 1


def test_preview_shows_the_draft_and_not_what_is_in_force(admin: Client):
    url = begin(admin)
    send(admin, f"{url}sua/truong-hop/standard/", amount="3")
    key = content_of(version_at(RESIDENCE, timezone.now())).papers[0].key
    send(admin, f"{url}sua/giay-to/{key}/", name="Giấy chỉ có trong dự thảo")

    for view, words in (
        ("dan", "3 ngày làm việc"),
        ("quay", "Giấy chỉ có trong dự thảo"),
        ("ngay", "3 ngày làm việc"),
    ):
        page = admin.get(f"{url}xem-thu/{view}/")
        assert (page.status_code, words.lower() in page.text.lower()) == (200, True), view
    assert "cần kiểm tra" in admin.get(f"{url}xem-thu/dan/").text
    assert "dự thảo" not in Client().get(f"/thu-tuc/{RESIDENCE}/").text


def test_draft_without_a_usual_case_is_told_in_the_preview(admin: Client):
    url = begin(admin)
    admin.post(f"{url}sua/truong-hop/standard/xep/", {"do": "bo", "seen": draft_in(url).revision})

    assert "đúng một trường hợp" in admin.get(f"{url}xem-thu/dan/").text
    assert "Cần sửa" in admin.get(url).text


def test_newer_version_published_meanwhile_is_told_and_compared(admin: Client):
    mine, other = begin(admin), begin(admin)
    send(admin, f"{mine}sua/chung/", note="của tôi")
    send(admin, f"{other}sua/chung/", result="mới")
    today = timezone.now().astimezone(VIETNAM).date().isoformat()
    send(admin, f"{other}cong-bo/", starts_on=today, document=DOCUMENT)

    assert "Đã có phiên bản mới hơn" in admin.get(mine).text
    assert send(admin, f"{mine}cong-bo/", starts_on=tomorrow(), document=DOCUMENT).status_code == 422
    admin.post(f"{mine}so-sanh-lai/", {"seen": draft_in(mine).revision})
    assert send(admin, f"{mine}cong-bo/", starts_on=tomorrow(), document=DOCUMENT).status_code == 302


# ---- files -------------------------------------------------------------------------------------------------


def bring(client: Client, raw: bytes) -> Any:
    return client.post(f"{BASE}nhap/", {"file": SimpleUploadedFile("mau.yaml", raw)})


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_exported_file_brought_back_differs_in_nothing(admin: Client, form: str):
    exported = admin.get(f"{BASE}{BIRTH}/phien-ban/1.{form}").content

    trial = bring(admin, exported)

    assert trial.status_code == 200
    assert trial.context["trial"].changed == []
    assert Draft.objects.count() == 0


def test_file_is_tried_first_and_taken_at_the_second_press(admin: Client):
    exported = admin.get(f"{BASE}{RESIDENCE}/phien-ban/1.yaml").text.replace("amount: 7", "amount: 5")
    trial = bring(admin, exported.encode())
    assert Draft.objects.count() == 0

    typed = {"text": trial.context["text"], "request_id": str(trial.context["request_id"])}
    first, again = (admin.post(f"{BASE}nhap/", typed) for _time in range(2))

    assert (first["Location"], Draft.objects.count()) == (again["Location"], 1)
    assert content_of_text(Draft.objects.get().content).cases[0].amount == 5


def test_hostile_or_wrong_file_is_explained(admin: Client):
    wrong = bring(admin, b"schema: gandan-procedure-1\ncode: 1.001193\nfeees: []\n")
    bomb = bring(admin, b"a: &a [x]\nb: [*a, *a]\n")
    none = admin.post(f"{BASE}nhap/", {})

    assert [answer.status_code for answer in (wrong, bomb, none)] == [422] * 3
    assert "“fees”" in wrong.text
    assert "tham chiếu" in bomb.text
    assert "chọn tệp" in none.text


# ---- costs and privacy -------------------------------------------------------------------------------------


@pytest.mark.parametrize("dossiers", [1, 3])
def test_list_of_dossiers_costs_the_same_for_one_and_three(
    ward: Ward, admin: Client, dossiers: int, django_assert_num_queries: Any
):
    for _number in range(dossiers):
        make_dossier(ward, at=timezone.now())
    url = f"{BASE}{RESIDENCE}/phien-ban/1/ho-so/"
    admin.get(url)

    with django_assert_num_queries(QUERIES_OF_DOSSIERS):
        admin.get(url)


QUERIES_OF_DOSSIERS = 7


def test_another_province_sees_none_of_these_dossiers(ward: Ward):
    make_dossier(ward, at=timezone.now())

    elsewhere = make_province_unit(UnitKind.PROVINCE_OFFICE, province=make_commune("14758").province)
    client = Client()
    client.force_login(
        make_officer(Role.ADMINISTRATOR, elsewhere), backend="django.contrib.auth.backends.ModelBackend"
    )

    assert "Không có hồ sơ nào" in client.get(f"{BASE}{RESIDENCE}/phien-ban/1/ho-so/").text


def test_sign_that_cannot_be_shown_is_refused_and_the_draft_stays_readable(admin: Client):
    url = begin(admin)

    answer = send(admin, f"{url}sua/chung/", note="a\x01b")

    assert answer.status_code == 422
    assert admin.get(url).status_code == 200


def test_time_limits_whose_law_ends_are_named(admin: Client):
    assert "28/02/2027" in admin.get(BASE).text
    assert "Căn cứ hết hiệu lực" in admin.get(f"{BASE}{BIRTH}/").text
    assert "Căn cứ hết hiệu lực" not in admin.get(f"{BASE}{RESIDENCE}/").text
