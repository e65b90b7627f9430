"""The dossier's page: who may see what, what is recorded, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from gandan.accounts.models import Look
from gandan.documents.actions import store_upload
from gandan.dossiers.actions import extend, supplement
from gandan.dossiers.actions.settle import settle
from gandan.dossiers.intake import FeeInput
from gandan.dossiers.models import Desk, Dossier, DossierFile, FileUse
from gandan.dossiers.papers import KINDS
from gandan.dossiers.tests.factories import (
    BIRTH,
    CERTIFIED_COPY,
    Ward,
    asked,
    bring_to,
    make_dossier,
    make_intake,
    make_ward,
)
from gandan.dossiers.tests.pages import NOW, at, client_of, do, page_url, queries_of
from gandan.dossiers.tracking import word_of
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Role

PHONE, EMAIL, NUMBER = "0912345678", "mau@example.vn", "046188000001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
READERS = [
    Role.SPECIALIST,
    Role.HEAD_OF_DEPARTMENT,
    Role.CLERK,
    Role.SIGNING_LEADER,
    Role.INSPECTOR,
    Role.LEGAL_OFFICER,
]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def eventful(ward: Ward) -> Dossier:
    """A dossier with every kind of paper and message: asked for more, received, apologised for."""
    owner = replace(make_intake().owner, email=EMAIL)
    dossier = bring_to(ward, make_dossier(ward, owner=owner), Desk.APPRAISAL)
    missing = [supplement.MissingPaper("Tờ khai", "Chưa ký")]
    supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST), items=missing, **asked(dossier, NOW - timedelta(minutes=50))
    )
    supplement.receive_supplement(
        officer=ward.officer(Role.COUNTER_OFFICER),
        complete=True,
        **asked(dossier, NOW - timedelta(minutes=40)),
    )
    extend.apologise_and_extend(
        officer=ward.officer(Role.SIGNING_LEADER),
        reason="Phải xác minh tại nơi cũ",
        new_due_at=at("2026-11-27 17:00"),
        **asked(dossier, NOW - timedelta(minutes=30)),
    )
    return Dossier.objects.get(pk=dossier.pk)


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(content))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def everything(ward: Ward, role: Role, dossier: Dossier) -> str:
    """All that the officer can get about the dossier: pages with headers, and the text of every paper."""
    return f"{screens(ward, role, dossier)}\n{papers(ward, role, dossier)}"


def screens(ward: Ward, role: Role, dossier: Dossier) -> str:
    client, found = client_of(ward, role), []
    for path in ("", "vi-sao/", "lam/yeu-cau-bo-sung/", "lam/xin-loi/", "lam/rut/"):
        response = client.get(page_url(dossier) + path)
        found.append(f"{response.headers}\n{response.content.decode()}")
    found.append(client.post("/tim-ho-so/", {"q": "mau"}).content.decode())
    return "\n".join(found)


def papers(ward: Ward, role: Role, dossier: Dossier) -> str:
    client, found = client_of(ward, role), []
    for kind in KINDS:
        response = client.get(f"{page_url(dossier)}giay/{kind}.pdf")
        if response.status_code == 200:
            found += [str(response.headers), pdf_text(response.content)]
    return "\n".join(found)


@pytest.mark.parametrize("role", READERS)
def test_contact_details_are_nowhere_for_who_does_not_meet_citizens(
    ward: Ward, eventful: Dossier, role: Role
) -> None:
    seen = everything(ward, role, eventful)

    assert [secret for secret in (PHONE, EMAIL, NUMBER) if secret in seen] == []


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.CENTRE_DIRECTOR])
def test_contact_details_are_shown_to_the_one_stop_the_number_masked_on_screens(
    ward: Ward, eventful: Dossier, role: Role
) -> None:
    seen = screens(ward, role, eventful)

    assert [secret for secret in (PHONE, EMAIL, NUMBER) if secret in seen] == [PHONE, EMAIL]
    assert "0**********1" in seen


@pytest.mark.parametrize(("role", "whole"), [(Role.COUNTER_OFFICER, True), (Role.SPECIALIST, False)])
def test_number_stands_whole_only_on_what_the_one_stop_prints(
    ward: Ward, eventful: Dossier, role: Role, whole: bool
) -> None:
    seen = papers(ward, role, eventful)

    assert (NUMBER in seen, "0**********1" in seen) == (whole, not whole)


def test_identity_number_is_shown_on_a_recorded_click(ward: Ward) -> None:
    dossier, client = make_dossier(ward), client_of(ward, Role.SPECIALIST)

    response = client.post(f"{page_url(dossier)}so-dinh-danh/", {"who": "owner"})

    assert NUMBER in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    look = Look.objects.get(page="identity")
    assert (look.user, look.subject_id) == (ward.people[Role.SPECIALIST], dossier.id)
    assert client.get(f"{page_url(dossier)}so-dinh-danh/").status_code == 405


def test_every_view_of_a_dossier_is_recorded(ward: Ward) -> None:
    dossier, client = make_dossier(ward), client_of(ward, Role.COUNTER_OFFICER)

    for path in ("", "vi-sao/", "lam/chuyen/", "giay/giay-hen.pdf"):
        assert client.get(page_url(dossier) + path).status_code == 200

    looks = Look.objects.filter(subject_id=dossier.id).order_by("at", "id")
    assert [look.page for look in looks] == ["dossier", "why", "act:transfer", "paper:giay-hen"]


def test_page_says_what_may_be_done_and_why_not_the_rest(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)

    context = client_of(ward, Role.SIGNING_LEADER).get(page_url(dossier)).context

    assert context["main"].act == "approve"
    assert [way.act for way in context["ways"]] == ["send-back", "extend"]
    reasons = {way.act: way.why_not for way in context["not_now"]}
    assert reasons["propose"] == "Hồ sơ đang ở bước: ký."
    assert {"transfer", "withdraw"} <= set(reasons)
    assert not {"approve", "send-back", "extend"} & set(reasons)
    told = [label for _reason, labels in context["reasons"] for label in labels]
    assert sorted(told) == sorted(way.label for way in context["not_now"])


def test_timeline_tells_the_events_in_words_with_their_remarks(ward: Ward, eventful: Dossier) -> None:
    entries = client_of(ward, Role.SPECIALIST).get(page_url(eventful)).context["entries"]

    assert [(entry["what"], entry["note"]) for entry in entries] == [
        ("Đã xin lỗi bằng văn bản và hẹn lại", "Phải xác minh tại nơi cũ"),
        ("Đã nhận đủ bổ sung; thời hạn tính lại từ đầu", ""),
        ("Đã yêu cầu bổ sung; thời hạn dừng", "Tờ khai: Chưa ký"),
        ("Đã phân công cán bộ", ""),
        ("Đã chuyển đến phòng", ""),
        ("Đã tiếp nhận; thời hạn bắt đầu tính", ""),
    ]


def add_things(dossier: Dossier, ward: Ward, count: int) -> None:
    """Files on each paper, and a result."""
    for number in range(count):
        upload = SimpleUploadedFile(f"{number}.png", PNG + bytes([number]))
        stored = store_upload(upload, by=None, at=NOW)
        paper = dossier.papers.order_by("position")[number % dossier.papers.count()]
        DossierFile.objects.create(
            dossier=dossier, paper=paper, file=stored, use=FileUse.HANDED_IN, added_at=NOW
        )


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_queries_with_one_and_with_three_things(ward: Ward, count: int) -> None:
    fees = tuple(FeeInput(key=f"f{n}", label=f"Phí {n}", amount=8000) for n in range(count))
    dossier = bring_to(ward, make_dossier(ward, fees=fees), Desk.APPRAISAL)
    add_things(dossier, ward, count)

    response, queries = queries_of(client_of(ward, Role.COUNTER_OFFICER), page_url(dossier))

    assert (response.status_code, queries) == (200, 17)


def test_file_is_shown_to_who_may_see_its_dossier_alone(ward: Ward) -> None:
    dossier, other = make_dossier(ward), make_dossier(ward)
    add_things(dossier, ward, 1)
    kept = DossierFile.objects.get()
    stranger = client_of(make_ward("14758", "Hàm Rồng"), Role.COUNTER_OFFICER)
    own = client_of(ward, Role.SPECIALIST)

    shown = own.get(f"{page_url(dossier)}tep/{kept.id}/")
    saved = own.get(f"{page_url(dossier)}tep/{kept.id}/?tai-ve")

    assert (shown.status_code, b"".join(shown.streaming_content)) == (200, PNG + b"\x00")
    assert b"".join(saved.streaming_content) == PNG + b"\x00"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert own.get(f"{page_url(other)}tep/{kept.id}/").status_code == 404
    assert stranger.get(f"{page_url(dossier)}tep/{kept.id}/").status_code == 404


def test_why_shows_what_was_told_and_what_was_told_before(ward: Ward, eventful: Dossier) -> None:
    client = client_of(ward, Role.SPECIALIST)

    page = client.get(f"{page_url(eventful)}vi-sao/")
    fragment = client.get(f"{page_url(eventful)}vi-sao/", headers={"HX-Request": "true"})

    assert page.context["why"].due == eventful.due_at
    assert [one.due is None for one in page.context["earlier"]] == [False, True, False]
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "thứ Sáu 27/11/2026, 17:00" in fragment.content.decode()


def test_why_of_a_registered_dossier_says_by_when_the_centre_answers(ward: Ward) -> None:
    dossier = make_dossier(ward, accept=False)

    page = client_of(ward, Role.COUNTER_OFFICER).get(f"{page_url(dossier)}vi-sao/")

    assert page.context["why"] is None
    assert "Trung tâm trả lời chậm nhất thứ Ba 10/11/2026, 08:30" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen thi", 1),
        ("Thị Mẫu", 1),
        (NUMBER, 1),
        ("046 188 000 001", 1),
        ("046188000002", 0),
        ("tran", 0),
        ("1", 1),
        ("2", 0),
        ("261109-0001", 1),
        ("261109-0002", 0),
        ("", 0),
    ],
)
def test_search_by_name_number_and_register(ward: Ward, typed: str, found: int) -> None:
    make_dossier(ward)

    response = client_of(ward, Role.SPECIALIST).post("/tim-ho-so/", {"q": typed})

    assert len(response.context["rows"]) == found


def test_search_by_the_whole_code_opens_the_dossier(ward: Ward) -> None:
    dossier = make_dossier(ward)

    response = client_of(ward, Role.CLERK).post("/tim-ho-so/", {"q": f" {dossier.code.lower()} "})

    assert response.headers["Location"] == page_url(dossier)


def test_search_finds_nothing_of_another_ward_and_costs_six_queries(ward: Ward) -> None:
    make_dossier(ward)
    own, stranger = (
        client_of(ward, Role.CLERK),
        client_of(make_ward("14758", "Hàm Rồng"), Role.COUNTER_OFFICER),
    )

    found, queries = queries_of(own, "/tim-ho-so/", data={"q": NUMBER})

    assert (len(found.context["rows"]), queries) == (1, 6)  # the sixth records the look
    assert [stranger.post("/tim-ho-so/", {"q": q}).context["rows"] for q in (NUMBER, "mau", "1")] == [
        [],
        [],
        [],
    ]


def test_telephone_call_is_recorded_by_the_one_stop_alone(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)
    message = Message.objects.get(subject_id=dossier.id)
    url = f"{page_url(dossier)}lam/goi-dien/"
    typed = {"request_id": new_id(), "seen": 1, "message": message.pk, "outcome": "reached"}
    offered = {
        role: url in client_of(ward, role).get(page_url(dossier)).text
        for role in (Role.COUNTER_OFFICER, Role.SPECIALIST)
    }

    refused = client_of(ward, Role.SPECIALIST).post(url, typed)
    waiting = Message.objects.get(pk=message.pk).state
    done = client_of(ward, Role.COUNTER_OFFICER).post(url, typed)

    assert offered == {Role.COUNTER_OFFICER: True, Role.SPECIALIST: False}
    assert (refused.status_code, waiting) == (403, MessageState.WAITING)
    assert (done.status_code, Message.objects.get(pk=message.pk).state) == (302, MessageState.SENT)


def test_papers_exist_only_when_their_act_was_done(ward: Ward, eventful: Dossier) -> None:
    client, registered = client_of(ward, Role.COUNTER_OFFICER), make_dossier(ward, accept=False)

    answers = {
        kind: (
            client.get(f"{page_url(eventful)}giay/{kind}.pdf").status_code,
            client.get(f"{page_url(registered)}giay/{kind}.pdf").status_code,
        )
        for kind in [*KINDS, "khong-co"]
    }

    assert answers == {
        "giay-hen": (200, 404),
        "bo-sung": (200, 404),
        "tu-choi": (404, 404),
        "xin-loi": (200, 404),
        "kiem-soat": (200, 404),
        "chung-thuc": (404, 404),
        "dung-giai-quyet": (404, 404),
        "lay-y-kien": (404, 404),
        "bien-ban": (404, 404),
        "khong-co": (404, 404),
    }


def test_refusal_at_reception_and_after_appraisal_can_be_printed(ward: Ward) -> None:
    at_door = make_dossier(ward, accept=False)
    inside = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    counter = client_of(ward, Role.COUNTER_OFFICER)
    do(counter, at_door, "refuse", reason="Không thuộc địa bàn phường")
    do(client_of(ward, Role.SPECIALIST), inside, "propose", result="refusal", opinion="Không đủ điều kiện")
    do(client_of(ward, Role.HEAD_OF_DEPARTMENT), inside, "check")
    before = counter.get(f"{page_url(inside)}giay/tu-choi.pdf").status_code
    do(client_of(ward, Role.SIGNING_LEADER), inside, "approve")

    texts = [pdf_text(counter.get(f"{page_url(one)}giay/tu-choi.pdf").content) for one in (at_door, inside)]

    assert before == 404
    assert "Không thuộc địa bàn phường" in texts[0]
    assert "Không đủ điều kiện" in texts[1]


def test_receipt_bears_code_head_of_the_ledger_and_the_look_up_word(ward: Ward) -> None:
    dossier = make_dossier(ward, code=BIRTH)
    event = Event.objects.about(dossier.id).get()

    response = client_of(ward, Role.COUNTER_OFFICER).get(f"{page_url(dossier)}giay/giay-hen.pdf")
    text = pdf_text(response.content)

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")
    word = word_of(dossier.id)
    assert [
        part for part in (dossier.code, f"{word[:4]}-{word[4:]}", event.hash[:4]) if part not in text
    ] == []


def test_certification_settled_at_once_has_its_own_receipt(ward: Ward) -> None:
    fee = FeeInput(key="fee", label="Chứng thực bản sao", amount=8000, quantity=2, paid=True)
    dossier = settle(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        intake=make_intake(CERTIFIED_COPY, fees=(fee,)),
        request_id=new_id(),
        at=NOW,
    )

    text = pdf_text(
        client_of(ward, Role.COUNTER_OFFICER).get(f"{page_url(dossier)}giay/chung-thuc.pdf").content
    )

    assert "8.000" in text
    assert dossier.result_number in text
