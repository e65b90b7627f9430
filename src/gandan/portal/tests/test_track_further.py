"""What the citizen reads of an opinion, a visit, a stop, a correction and a reopening."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gandan.dossiers import tracking
from gandan.dossiers.actions import again, consult, stop, visit
from gandan.dossiers.models import AnswerWay, Desk, Dossier
from gandan.dossiers.tests.factories import Ward, asked, bring_to, load_reference, make_dossier, make_ward
from gandan.organization.models import Role

NOW = timezone.now()
WORDS = "Lời kín của cơ quan"


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(NOW)
    return make_ward()


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    return bring_to(ward, make_dossier(ward, at=NOW), Desk.APPRAISAL, at=NOW)


def page(dossier: Dossier) -> Any:
    return Client().get(f"/t/{tracking.secret_of(dossier.pk)}", follow=True)


def plan(ward: Ward, dossier: Dossier, *, citizen_asked: bool) -> None:
    visit.plan_visit(
        officer=ward.officer(Role.SPECIALIST),
        starts_at=NOW + timedelta(days=1),
        place="Số 1 đường Mẫu",
        who="Trần Thị Mẫu",
        what="Ranh giới thửa đất",
        citizen_asked=citizen_asked,
        **asked(dossier, NOW),
    )


def test_opinion_is_told_without_its_words_and_the_date_stays(ward: Ward, dossier: Dossier) -> None:
    consult.consult(
        officer=ward.officer(Role.SPECIALIST),
        body="Thuế cơ sở mẫu",
        question=WORDS,
        days=3,
        answer_way=AnswerWay.ELECTRONIC,
        **asked(dossier, NOW),
    )

    text = page(dossier).text
    assert "hỏi ý kiến một cơ quan khác; ngày hẹn của ông/bà không đổi" in text
    assert (WORDS in text, "Thuế cơ sở mẫu" in text) == (False, False)


@pytest.mark.parametrize("citizen_asked", [True, False])
def test_visit_is_announced_to_who_is_asked_to_be_there(
    ward: Ward, dossier: Dossier, citizen_asked: bool
) -> None:
    plan(ward, dossier, citizen_asked=citizen_asked)

    text = page(dossier).text
    found = [
        words in text
        for words in ("Mời ông/bà có mặt", "Số 1 đường Mẫu", "Trần Thị Mẫu", "Ranh giới thửa đất")
    ]
    assert found == [citizen_asked] * 4


def test_page_with_a_visit_costs_four_queries(
    ward: Ward, dossier: Dossier, django_assert_num_queries: Any
) -> None:
    plan(ward, dossier, citizen_asked=True)
    client = Client()
    address = client.get(f"/t/{tracking.secret_of(dossier.pk)}").headers["Location"]
    client.get(address)

    with django_assert_num_queries(4):
        client.get(address)


def test_stop_on_request_is_not_told_as_missing_papers(ward: Ward, dossier: Dossier) -> None:
    stop.stop(officer=ward.officer(Role.COUNTER_OFFICER), asked_at=NOW, reason="Đổi ý", **asked(dossier, NOW))

    answer = page(dossier)
    assert answer.context["words"].happened == "Chúng tôi đã dừng giải quyết hồ sơ theo đề nghị của ông/bà."
    assert answer.context["told"].now == []


def test_correction_apologises_with_its_reason_and_its_own_date(ward: Ward, dossier: Dossier) -> None:
    dossier = bring_to(ward, dossier, Desk.CLOSED, at=NOW)
    after = again.correct(
        officer=ward.officer(Role.COUNTER_OFFICER), reason="Sai tên đệm", **asked(dossier, NOW)
    )

    answer = page(dossier)
    assert answer.context["words"].word == "Đang sửa kết quả"
    assert "xin lỗi" in answer.context["words"].happened
    assert answer.context["dossier"].due_at == after.due_at
    assert [(one.heading, one.lines) for one in answer.context["told"].now] == [
        ("Lời xin lỗi: kết quả sai ở đâu", ["Sai tên đệm"])
    ]
    assert answer.context["why"].cause == "Kết quả sai được gửi trả để đính chính"


def test_late_correction_apologises_once_more(ward: Ward, dossier: Dossier) -> None:
    long_ago = NOW - timedelta(days=30)
    old = bring_to(ward, make_dossier(ward, at=long_ago), Desk.CLOSED, at=long_ago)
    again.correct(officer=ward.officer(Role.COUNTER_OFFICER), reason="Sai", **asked(old, long_ago))

    words = page(old).context["words"]
    assert (words.status, "một lần nữa xin lỗi" in words.next) == ("late", True)


def test_reopening_says_why(ward: Ward, dossier: Dossier) -> None:
    dossier = bring_to(ward, dossier, Desk.CLOSED, at=NOW)
    again.reopen(
        officer=ward.officer(Role.SIGNING_LEADER),
        reason="Xem xét lại theo đơn",
        basis="Quyết định 12",
        **asked(dossier, NOW),
    )

    answer = page(dossier)
    assert [(one.heading, one.lines) for one in answer.context["told"].now] == [
        ("Vì sao hồ sơ được mở lại", ["Xem xét lại theo đơn"])
    ]
    assert "Quyết định 12" not in answer.text
