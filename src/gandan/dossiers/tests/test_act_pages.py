"""The pages of the acts: each by whose it is, refused to everybody else, and safe against clicks and colleagues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gandan.dossiers.models import Desk, Dossier, DossierFile, Extension, Remark, State
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.factories import MONDAY, Ward, bring_to, make_dossier, make_ward
from gandan.dossiers.tests.pages import NOW, client_of, do, filled, page_url, sent
from gandan.dossiers.views.acts import ACTS, STEPS, act_url
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Duty, Role

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ACT_CASES: list[tuple[str, Role, Desk, dict[str, Any], Desk]] = [
    ("accept", Role.COUNTER_OFFICER, Desk.RECEPTION, {}, Desk.TRANSFER),
    ("refuse", Role.COUNTER_OFFICER, Desk.RECEPTION, {"reason": "Không thuộc địa bàn"}, Desk.CLOSED),
    ("transfer", Role.COUNTER_OFFICER, Desk.TRANSFER, {"department": "own"}, Desk.ASSIGNMENT),
    ("assign", Role.HEAD_OF_DEPARTMENT, Desk.ASSIGNMENT, {"assignee": "19975-specialist"}, Desk.APPRAISAL),
    ("propose", Role.SPECIALIST, Desk.APPRAISAL, {"result": "granted", "opinion": ""}, Desk.CHECK),
    (
        "request-supplement",
        Role.SPECIALIST,
        Desk.APPRAISAL,
        {"ask_1": "on", "why_1": "Chưa ký"},
        Desk.WAITING,
    ),
    ("check", Role.HEAD_OF_DEPARTMENT, Desk.CHECK, {}, Desk.SIGNATURE),
    ("send-back", Role.SIGNING_LEADER, Desk.SIGNATURE, {"reason": "Thiếu căn cứ"}, Desk.APPRAISAL),
    ("approve", Role.SIGNING_LEADER, Desk.SIGNATURE, {}, Desk.STAMP),
    ("number-and-stamp", Role.CLERK, Desk.STAMP, {"number": ""}, Desk.HANDOVER),
    ("finish", Role.COUNTER_OFFICER, Desk.HANDOVER, {}, Desk.RETURN),
    ("notify-early", Role.COUNTER_OFFICER, Desk.RETURN, {"how": "call"}, Desk.RETURN),
    ("return", Role.COUNTER_OFFICER, Desk.RETURN, {"way": "counter", "collected_by": ""}, Desk.CLOSED),
    ("withdraw", Role.COUNTER_OFFICER, Desk.APPRAISAL, {"reason": "Không cần nữa"}, Desk.CLOSED),
    (
        "extend",
        Role.SIGNING_LEADER,
        Desk.APPRAISAL,
        {"reason": "Phải xác minh thêm", "new_date": "2026-11-20", "new_time": "17:00"},
        Desk.APPRAISAL,
    ),
    (
        "consult",
        Role.SPECIALIST,
        Desk.APPRAISAL,
        {"body": "Sở mẫu", "question": "Có quy hoạch không?", "days": 2, "answer_way": "paper"},
        Desk.APPRAISAL,
    ),
    (
        "plan-visit",
        Role.SPECIALIST,
        Desk.APPRAISAL,
        {
            "starts_at": "2026-11-10T08:00",
            "place": "Số 1 đường Mẫu",
            "who": "Mẫu",
            "what": "Ranh đất",
            "citizen_asked": "1",
        },
        Desk.APPRAISAL,
    ),
    (
        "verify-on-site",
        Role.SPECIALIST,
        Desk.APPRAISAL,
        {
            "held_at": "2026-11-09T09:00",
            "place": "Số 1 đường Mẫu",
            "present": "Mẫu",
            "presence": "signed",
            "content": "Đúng ranh",
            "conclusion": "Đủ điều kiện",
        },
        Desk.APPRAISAL,
    ),
    (
        "stop",
        Role.COUNTER_OFFICER,
        Desk.CHECK,
        {"asked_at": "2026-11-09T09:00", "reason": "Đổi ý"},
        Desk.CLOSED,
    ),
    ("correct", Role.COUNTER_OFFICER, Desk.CLOSED, {"reason": "Sai ngày sinh"}, Desk.APPRAISAL),
    (
        "reopen",
        Role.SIGNING_LEADER,
        Desk.CLOSED,
        {"reason": "Xem xét lại", "basis": "Quyết định 12/QĐ-UBND"},
        Desk.APPRAISAL,
    ),
]


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def at_desk(ward: Ward) -> Callable[[Desk], Dossier]:
    def make(desk: Desk) -> Dossier:
        dossier = make_dossier(ward, accept=desk != Desk.RECEPTION)
        return bring_to(ward, dossier, desk) if desk != Desk.RECEPTION else dossier

    return make


def typed_for(ward: Ward, typed: dict[str, Any]) -> dict[str, Any]:
    return {**typed, "department": str(ward.department.id)} if "department" in typed else typed


def test_every_act_of_the_rules_has_its_page() -> None:
    assert set(ACTS) == set(STEPS) == set(RULES)


@pytest.mark.parametrize(("act", "role", "desk", "typed", "reached"), ACT_CASES)
def test_act_is_done_by_whose_it_is_and_leads_back_to_the_dossier(
    ward: Ward,
    at_desk: Callable[[Desk], Dossier],
    act: str,
    role: Role,
    desk: Desk,
    typed: dict[str, Any],
    reached: Desk,
) -> None:
    dossier = at_desk(desk)

    response = do(client_of(ward, role), dossier, act, **typed_for(ward, typed))

    assert (response.status_code, response.headers["Location"]) == (302, page_url(dossier))
    assert Dossier.objects.get(pk=dossier.pk).desk == reached
    assert Event.objects.about(dossier.id).last().act == act


@pytest.mark.parametrize(("act", "role", "desk", "typed", "reached"), ACT_CASES)
@pytest.mark.parametrize("other", [Role.INSPECTOR, Role.LEGAL_OFFICER])
def test_act_is_refused_with_its_reason_to_who_may_only_read(
    ward: Ward,
    at_desk: Callable[[Desk], Dossier],
    act: str,
    role: Role,
    desk: Desk,
    typed: dict[str, Any],
    reached: Desk,
    other: Role,
) -> None:
    dossier, client = at_desk(desk), client_of(ward, other)
    events = Event.objects.count()

    asked = client.get(act_url(dossier.id, act))
    response = client.post(
        act_url(dossier.id, act), sent(new_id(), dossier.revision, **typed_for(ward, typed))
    )

    assert (asked.status_code, response.status_code) == (403, 403)
    assert (
        response.context["reason"].startswith("Việc này dành cho")
        or "được phân công" in response.context["reason"]
    )
    assert Event.objects.count() == events


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNTER_OFFICER])
def test_stranger_and_who_reads_no_dossiers_get_the_answer_of_none_such(ward: Ward, role: Role) -> None:
    dossier = make_dossier(ward)
    other = make_ward("14758", "Hàm Rồng") if role == Role.COUNTER_OFFICER else ward
    client = client_of(other, role)

    theirs = client.get(page_url(dossier))
    nobodys = client.get(f"/ho-so/{new_id()}/")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert without_tokens(theirs.content, dossier) == without_tokens(nobodys.content, dossier)


def without_tokens(content: bytes, dossier: Dossier) -> list[str]:
    """The page without what differs at each request: the tokens and the address."""
    lines = content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line and 'name="next"' not in line]


def test_double_click_does_the_act_once(ward: Ward) -> None:
    dossier, client = make_dossier(ward), client_of(ward, Role.COUNTER_OFFICER)
    form = filled(client, dossier, "transfer", department=str(ward.department.id))

    first = client.post(act_url(dossier.id, "transfer"), form)
    second = client.post(act_url(dossier.id, "transfer"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert [event.act for event in Event.objects.about(dossier.id)] == ["accept", "transfer"]


def test_same_request_with_other_content_is_refused(ward: Ward) -> None:
    dossier, client = make_dossier(ward, accept=False), client_of(ward, Role.COUNTER_OFFICER)
    form = filled(client, dossier, "refuse", reason="Không thuộc địa bàn")
    client.post(act_url(dossier.id, "refuse"), form)

    response = client.post(act_url(dossier.id, "refuse"), {**form, "reason": "Một lý do khác"})

    assert response.status_code == 409
    assert [remark.text for remark in Remark.objects.all()] == ["Không thuộc địa bàn"]


def test_stale_form_keeps_what_was_typed_and_can_be_sent_again(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    leader, counter = client_of(ward, Role.SIGNING_LEADER), client_of(ward, Role.SPECIALIST)
    typed = {"reason": "Phải xác minh thêm", "new_date": "2026-11-20", "new_time": "17:00"}
    form = filled(leader, dossier, "extend", **typed)
    do(counter, dossier, "propose", result="granted", opinion="")

    stale = leader.post(act_url(dossier.id, "extend"), form)
    shown = stale.context["form"]
    again = leader.post(act_url(dossier.id, "extend"), {**form, "seen": shown["seen"].value()})

    assert stale.status_code == 409
    assert shown["reason"].value() == "Phải xác minh thêm"
    assert [change["what"] for change in stale.context["changes"]] == ["Đề xuất: giải quyết"]
    assert again.status_code == 302
    assert Extension.objects.get().reason == "Phải xác minh thêm"


def test_stale_form_of_an_act_that_is_over_shows_what_was_typed(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    slow, quick = client_of(ward, Role.SIGNING_LEADER), client_of(ward, Role.SIGNING_LEADER)
    form = filled(slow, dossier, "send-back", reason="Thiếu căn cứ pháp lý")
    do(quick, dossier, "approve")

    response = slow.post(act_url(dossier.id, "send-back"), form)

    assert response.status_code == 409
    assert response.context["typed"] == [("Cần hoàn thiện điều gì", "Thiếu căn cứ pháp lý")]


@pytest.mark.parametrize(("act", "desk"), [("check", Desk.CHECK), ("approve", Desk.SIGNATURE)])
def test_who_proposed_may_neither_check_nor_approve(ward: Ward, act: str, desk: Desk) -> None:
    for role in (Role.HEAD_OF_DEPARTMENT, Role.SIGNING_LEADER):
        Duty.objects.create(
            user=ward.people[Role.SPECIALIST], unit=ward.department, role=role, valid_from=MONDAY.date()
        )
    dossier = bring_to(ward, make_dossier(ward), desk)
    own, other = client_of(ward, Role.SPECIALIST), client_of(ward, RULE_ROLE[act])

    refused = own.post(act_url(dossier.id, act), sent(new_id(), dossier.revision))
    done = do(other, dossier, act)

    assert (refused.status_code, done.status_code) == (403, 302)
    assert refused.context["reason"] == "Người đề xuất kết quả không tự duyệt: cần hai người khác nhau."


RULE_ROLE = {"check": Role.HEAD_OF_DEPARTMENT, "approve": Role.SIGNING_LEADER}


def test_refusal_without_a_reason_is_asked_for_it_and_nothing_happens(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    response = do(client_of(ward, Role.SPECIALIST), dossier, "propose", result="refusal", opinion="")

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "opinion": ["Anh/chị ghi lý do: người dân có quyền biết lý do bằng văn bản."]
    }
    assert Dossier.objects.get(pk=dossier.pk).desk == Desk.APPRAISAL


def test_request_for_papers_needs_a_reason_for_each_paper(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    client = client_of(ward, Role.SPECIALIST)

    none = do(client, dossier, "request-supplement")
    unexplained = do(client, dossier, "request-supplement", ask_1="on", other_1="Ảnh chân dung")

    assert (none.status_code, unexplained.status_code) == (422, 422)
    assert set(none.context["form"].errors) == {"__all__"}
    assert set(unexplained.context["form"].errors) == {"why_1", "other_why_1"}


def test_second_request_for_papers_demands_its_basis_and_shows_its_cost(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    specialist, counter = client_of(ward, Role.SPECIALIST), client_of(ward, Role.COUNTER_OFFICER)
    asked = {"ask_1": "on", "why_1": "Chưa ký"}
    do(specialist, dossier, "request-supplement", **asked)
    do(counter, dossier, "receive-supplement", complete="1", remark="")

    page = specialist.get(act_url(dossier.id, "request-supplement"))
    without = do(specialist, dossier, "request-supplement", **asked)
    form = filled(specialist, dossier, "request-supplement", **asked, basis="Điều 7 NĐ 301/2026/NĐ-CP")
    given = [specialist.post(act_url(dossier.id, "request-supplement"), form) for _click in range(2)]

    assert "766" in page.content.decode()
    assert set(without.context["form"].errors) == {"basis"}
    assert [response.status_code for response in given] == [302, 302]
    assert Dossier.objects.get(pk=dossier.pk).supplement_count == 2


def test_result_file_sent_twice_is_one_file(ward: Ward) -> None:
    dossier, client = bring_to(ward, make_dossier(ward), Desk.STAMP), client_of(ward, Role.CLERK)
    form = filled(client, dossier, "number-and-stamp", number="7/2026")

    answers = [
        client.post(
            act_url(dossier.id, "number-and-stamp"),
            {**form, "result_file": SimpleUploadedFile("ket-qua.pdf", PDF)},
        ).status_code
        for _click in range(2)
    ]

    assert answers == [302, 302]
    assert [kept.file.name for kept in DossierFile.objects.filter(dossier=dossier)] == ["ket-qua.pdf"]


def test_result_file_of_a_wrong_kind_is_refused_and_the_number_kept(ward: Ward) -> None:
    dossier, client = bring_to(ward, make_dossier(ward), Desk.STAMP), client_of(ward, Role.CLERK)
    form = filled(client, dossier, "number-and-stamp", number="7/2026")

    response = client.post(
        act_url(dossier.id, "number-and-stamp"),
        {**form, "result_file": SimpleUploadedFile("ket-qua.exe", b"MZ" + bytes(64))},
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"result_file"}
    assert response.context["form"]["number"].value() == "7/2026"


def test_apology_says_until_when_it_is_in_time(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    url = act_url(dossier.id, "extend")

    in_time = client_of(ward, Role.SIGNING_LEADER).get(url)
    with time_machine.travel(dossier.due_at - timedelta(hours=1)):
        too_late = client_of(ward, Role.SIGNING_LEADER).get(url)

    assert in_time.context["notes"][0] == (
        "info",
        "Còn kịp đến thứ Ba 17/11/2026, 17:00: ngày hẹn theo luật chuyển sang ngày mới. Việc này chỉ được một lần.",
    )
    assert too_late.context["notes"][0][0] == "soon"


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-24", "2031-03-03"])
def test_new_date_on_a_day_off_or_in_a_year_without_calendar_is_asked_again(ward: Ward, day: str) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    typed = {"reason": "Phải xác minh thêm", "new_date": day, "new_time": "17:00"}

    response = do(client_of(ward, Role.SIGNING_LEADER), dossier, "extend", **typed)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"new_date"}
    assert response.context["form"]["reason"].value() == "Phải xác minh thêm"


def test_closing_waits_for_the_end_of_the_period(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    do(client_of(ward, Role.SPECIALIST), dossier, "request-supplement", ask_1="on", why_1="Chưa ký")
    counter = client_of(ward, Role.COUNTER_OFFICER)

    early = counter.get(act_url(dossier.id, "close"))
    with time_machine.travel(NOW + timedelta(days=30)):
        done = do(client_of(ward, Role.COUNTER_OFFICER), dossier, "close")

    assert (early.status_code, done.status_code) == (403, 302)
    assert Dossier.objects.get(pk=dossier.pk).state == State.STOPPED


def test_transfer_is_prefilled_with_where_the_last_one_went(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT)
    dossier = make_dossier(ward, at=NOW - timedelta(minutes=1))

    form = client_of(ward, Role.COUNTER_OFFICER).get(act_url(dossier.id, "transfer")).context["form"]

    assert form["department"].value() == str(ward.department.id)


def test_unknown_step_and_anonymous_visitor(ward: Ward) -> None:
    dossier = make_dossier(ward)

    unknown = client_of(ward, Role.COUNTER_OFFICER).get(f"/ho-so/{dossier.id}/lam/khong-co/")
    anonymous = Client().get(act_url(dossier.id, "transfer"))

    assert unknown.status_code == 404
    assert anonymous.headers["Location"] == f"/dang-nhap/?next={act_url(dossier.id, 'transfer')}"


def test_user_without_duty_is_told_whom_to_ask(ward: Ward) -> None:
    dossier = make_dossier(ward)
    Duty.objects.filter(user=ward.people[Role.SPECIALIST]).update(valid_to=MONDAY.date() - timedelta(days=1))

    response = client_of(ward, Role.SPECIALIST).get(page_url(dossier))

    assert response.status_code == 403
    assert response.templates[0].name == "dossiers/no_duties.html"
