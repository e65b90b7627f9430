"""The walk: a clerk declares a brother, is stopped, the head hands over; reports and decisions by their pages."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from gandan.accounts.models import Look
from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import Desk, Dossier, IdentityKind
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import Ward, bring_to, make_dossier, make_user
from gandan.dossiers.tests.pages import NOW, client_of, filled, page_url, queries_of
from gandan.dossiers.views.acts import act_url
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.integrity.models import ConflictReport, Declaration
from gandan.organization.models import Duty, Role

BROTHER, NUMBER = "Nguyễn Văn Kín", "046190004711"
WORDS = "Lời kín của báo cáo"
OWNER = PartyInput(name="Nguyễn Văn K.", identity_kind=IdentityKind.PERSONAL_NUMBER, identity_number=NUMBER)
INTERESTS, CONFLICTS = "/nguoi-than-va-loi-ich/", "/xung-dot-loi-ich/"


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW):
        yield


def declaration(**changes: Any) -> dict[str, Any]:
    typed = {"tie": "sibling", "name": BROTHER, "number": NUMBER, "since": "2026-01-01"}
    return {**typed, "request_id": str(new_id()), **changes}


def report(ward: Ward, dossier: Dossier | None = None, **changes: Any) -> dict[str, Any]:
    typed = {
        "concerned": ward.people[Role.SPECIALIST].code,
        "case": "8",
        "situation": WORDS,
        "known_on": "2026-11-09",
        "known_time": "09:00",
        "effect": WORDS,
        "proposal": "supervise",
        "dossier": str(dossier.pk) if dossier else "",
    }
    return {**typed, "request_id": str(new_id()), **changes}


def decision(**changes: Any) -> dict[str, Any]:
    typed = {"measure": "move", "basis": WORDS, "supervisor": "", "starts": "2026-11-09", "ends": ""}
    return {**typed, "request_id": str(new_id()), **changes}


def colleague_of(ward: Ward) -> Any:
    user = make_user("Người mẫu hai", "19975-specialist-2")
    Duty.objects.create(user=user, unit=ward.department, role=Role.SPECIALIST, valid_from=date(2025, 7, 1))
    return user


# ---- the walk ----------------------------------------------------------------------------------------------


def test_clerk_with_a_declared_brother_is_stopped_and_the_head_hands_over(ward: Ward) -> None:
    other = colleague_of(ward)
    dossier = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.APPRAISAL)
    clerk, head = client_of(ward, Role.SPECIALIST), client_of(ward, Role.HEAD_OF_DEPARTMENT)
    assert clerk.get(act_url(dossier.pk, "propose")).status_code == 200

    assert clerk.post(INTERESTS, declaration()).status_code == 302
    stopped = clerk.get(act_url(dossier.pk, "propose"))
    told = clerk.get(f"{page_url(dossier)}xung-dot/")
    seen_by_head = head.get(f"{page_url(dossier)}xung-dot/")
    offer = seen_by_head.context["offers"][0]
    handed = head.post(
        seen_by_head.context["assign_url"],
        {"request_id": str(offer.request_id), "seen": dossier.revision, "assignee": offer.user.code},
    )

    assert stopped.status_code == 403
    assert "Điều 29, trường hợp 8, NĐ 59/2019/NĐ-CP" in stopped.text
    assert f"{page_url(dossier)}xung-dot/" in stopped.text
    assert "Anh/chị đã kê khai quan hệ" in told.text
    assert offer.user == other
    assert handed.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).assignee == other
    assert Event.objects.about(dossier.pk).last().facts["handed_over"] == 1


def test_head_s_list_shows_what_was_declared_mid_way(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.APPRAISAL)
    leader = client_of(ward, Role.SIGNING_LEADER)
    before = leader.get(CONFLICTS).context["at_odds"]
    client_of(ward, Role.SPECIALIST).post(INTERESTS, declaration())

    found = leader.get(CONFLICTS).context["at_odds"]

    assert before == []
    assert [one.dossier.pk for one in found] == [dossier.pk]


def test_assignment_marks_and_orders_without_saying_with_whom(ward: Ward) -> None:
    other = colleague_of(ward)
    dossier = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.ASSIGNMENT)
    client_of(ward, Role.SPECIALIST).post(INTERESTS, declaration())

    page = client_of(ward, Role.HEAD_OF_DEPARTMENT).get(act_url(dossier.pk, "assign"))

    choices = page.context["form"].fields["assignee"].choices
    assert [code for code, _words in choices] == [other.code, ward.people[Role.SPECIALIST].code]
    assert "xung đột lợi ích" in choices[1][1]
    assert "xung đột lợi ích" not in choices[0][1]
    assert [word for word in (BROTHER, NUMBER, "anh, chị, em") if word in page.text] == []


def test_report_is_decided_and_made_known_and_the_clerk_goes_on(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.APPRAISAL)
    clerk, leader = client_of(ward, Role.SPECIALIST), client_of(ward, Role.SIGNING_LEADER)
    clerk.post(INTERESTS, declaration())

    sent = clerk.post(f"{CONFLICTS}bao-cao/", report(ward, dossier))
    url = sent["Location"]
    supervised = decision(measure="supervise", supervisor=ward.people[Role.HEAD_OF_DEPARTMENT].code)
    chosen = leader.post(f"{url}quyet-dinh/", supervised)
    known = leader.post(f"{url}thong-bao/", {"request_id": str(new_id())})

    assert (sent.status_code, chosen.status_code, known.status_code) == (302, 302, 302)
    assert clerk.get(act_url(dossier.pk, "propose")).status_code == 200
    page = clerk.get(url)
    assert [(stage.name, stage.is_late) for stage in page.context["stages"]] == [
        ("Báo cáo", False),
        ("Quyết định", False),
        ("Thông báo", False),
    ]
    assert "Ngày làm việc thứ 5 trong 5" in page.text
    assert "Giám sát việc thực hiện nhiệm vụ" in clerk.get(INTERESTS).text


def test_late_decision_is_shown_as_late(ward: Ward) -> None:
    client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}bao-cao/", report(ward))
    made = ConflictReport.objects.get()

    with time_machine.travel(NOW.replace(day=17)):
        listed = client_of(ward, Role.SIGNING_LEADER).get(CONFLICTS).context["rows"]
        stages = client_of(ward, Role.SIGNING_LEADER).get(f"{CONFLICTS}{made.pk}/").context["stages"]

    assert [(row.is_late, row.is_to_do) for row in listed] == [(True, True)]
    assert [stage.is_late for stage in stages] == [False, True]


# ---- typed values, refusals, competence --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "04619000471"}, "number"),
        ({"tie": "capital", "number": "33000"}, "number"),
        ({"tie": "cousin"}, "tie"),
        ({"name": ""}, "name"),
        ({"since": "2027-01-01"}, "since"),
    ],
)
def test_declaration_with_an_error_keeps_what_was_typed(
    ward: Ward, changes: dict[str, Any], field: str
) -> None:
    answer = client_of(ward, Role.SPECIALIST).post(INTERESTS, declaration(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == changes.get("name", BROTHER)


def test_number_of_a_colleague_s_relative_is_shown_to_nobody_else(ward: Ward) -> None:
    client_of(ward, Role.SPECIALIST).post(INTERESTS, declaration())
    row = Declaration.objects.get()

    own = client_of(ward, Role.SPECIALIST).get(INTERESTS).text
    others = {
        role: client_of(ward, role).get(INTERESTS).text
        for role in (Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR, Role.INSPECTOR)
    }

    assert NUMBER in own
    assert [role for role, text in others.items() if NUMBER in text or BROTHER in text] == []
    assert client_of(ward, Role.SIGNING_LEADER).get(f"{INTERESTS}{row.pk}/thoi/").status_code == 404


def test_withdrawn_declaration_stays_in_the_history(ward: Ward) -> None:
    clerk = client_of(ward, Role.SPECIALIST)
    clerk.post(INTERESTS, declaration())
    url = f"{INTERESTS}{Declaration.objects.get().pk}/thoi/"
    refused = clerk.post(url, {"until": "2025-01-01", "request_id": str(new_id())})

    ended = clerk.post(url, {"until": "2026-11-09", "request_id": str(new_id())})

    assert (refused.status_code, ended.status_code) == (422, 302)
    assert [one.row.until for one in clerk.get(INTERESTS).context["declared"]] == [date(2026, 11, 9)]


def test_deciding_is_refused_to_who_is_no_head_and_to_who_is_concerned(ward: Ward) -> None:
    client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}bao-cao/", report(ward))
    client_of(ward, Role.SPECIALIST).post(
        f"{CONFLICTS}bao-cao/", report(ward, concerned=ward.people[Role.SIGNING_LEADER].code)
    )
    about_clerk, about_leader = ConflictReport.objects.order_by("reported_at", "pk")

    reporter = client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}{about_clerk.pk}/quyet-dinh/", decision())
    concerned = client_of(ward, Role.SIGNING_LEADER).post(
        f"{CONFLICTS}{about_leader.pk}/quyet-dinh/", decision()
    )
    director = client_of(ward, Role.CENTRE_DIRECTOR).post(
        f"{CONFLICTS}{about_leader.pk}/quyet-dinh/", decision()
    )

    assert (reporter.status_code, concerned.status_code, director.status_code) == (403, 404, 302)


def test_decision_with_an_error_keeps_what_was_typed(ward: Ward) -> None:
    client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}bao-cao/", report(ward))
    url = f"{CONFLICTS}{ConflictReport.objects.get().pk}/quyet-dinh/"

    answer = client_of(ward, Role.SIGNING_LEADER).post(url, decision(measure="supervise"))

    assert answer.status_code == 422
    assert "supervisor" in answer.context["form"].errors
    assert answer.context["form"]["basis"].value() == WORDS


def test_report_about_a_dossier_that_is_not_yours_is_none_such(ward: Ward) -> None:
    answer = client_of(ward, Role.SPECIALIST).get(f"{CONFLICTS}bao-cao/?ho-so={new_id()}")

    assert answer.status_code == 404


def test_tied_counter_officer_is_offered_registration(ward: Ward) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)
    counter.post(INTERESTS, declaration())
    dossier = make_dossier(ward, accept=False, owner=OWNER)

    page = counter.get(act_url(dossier.pk, "accept"))

    assert page.status_code == 403
    assert counter.post(act_url(dossier.pk, "accept"), filled_accept(dossier)).status_code == 403


def filled_accept(dossier: Dossier) -> dict[str, Any]:
    return {"request_id": str(new_id()), "seen": dossier.revision}


# ---- cost and privacy --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_reports_asks_as_often_for_one_as_for_three(ward: Ward, count: int) -> None:
    for _number in range(count):
        client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}bao-cao/", report(ward))

    _response, queries = queries_of(client_of(ward, Role.SIGNING_LEADER), CONFLICTS)

    assert queries == 6


TABLES = (
    "ledger_event",
    "ledger_request",
    "notifications_message",
    "accounts_look",
    "accounts_session",
    "organization_declaration",
    "organization_conflictreport",
    "dossiers_remark",
)


def rows_as_text(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_relatives_and_reports_show_up_nowhere_else(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    colleague_of(ward)
    dossier = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.APPRAISAL)
    clerk, leader = client_of(ward, Role.SPECIALIST), client_of(ward, Role.SIGNING_LEADER)
    urls = walk(ward, clerk, leader, dossier)
    planted = (BROTHER, NUMBER, "046 190", WORDS)

    texts = {table: rows_as_text(table) for table in TABLES} | {"log": caplog.text, "urls": "\n".join(urls)}
    pages = {
        f"{role} {url}": client_of(ward, role).get(url).text
        for role in (Role.HEAD_OF_DEPARTMENT, Role.CENTRE_DIRECTOR, Role.INSPECTOR, Role.ADMINISTRATOR)
        for url in (
            page_url(dossier),
            f"{page_url(dossier)}xung-dot/",
            act_url(dossier.pk, "assign"),
            CONFLICTS,
            INTERESTS,
            "/quan-tri/19975/ai-da-xem/",
            "/quan-tri/19975/ra-soat-quyen/",
        )
    }

    found = [(place, word) for place, text in {**texts, **pages}.items() for word in planted if word in text]
    assert found == []
    assert texts["organization_declaration"]
    assert WORDS in leader.get(urls[0]).text  # it is there, for the head


def walk(ward: Ward, clerk: Client, leader: Client, dossier: Dossier) -> list[str]:
    """Declares, is refused, reports, decides, makes known, withdraws; the addresses that were answered."""
    clerk.post(INTERESTS, declaration())
    clerk.post(act_url(dossier.pk, "propose"), {"request_id": str(new_id()), "seen": dossier.revision})
    sent = clerk.post(f"{CONFLICTS}bao-cao/", report(ward, dossier))
    url = sent["Location"]
    leader.post(f"{url}quyet-dinh/", decision())
    leader.post(f"{url}thong-bao/", {"request_id": str(new_id())})
    end = f"{INTERESTS}{Declaration.objects.get().pk}/thoi/"
    ended = clerk.post(end, {"until": "2026-11-09", "request_id": str(new_id())})
    return [url, ended["Location"]]


def test_reading_a_report_is_recorded(ward: Ward) -> None:
    client_of(ward, Role.SPECIALIST).post(f"{CONFLICTS}bao-cao/", report(ward))
    made = ConflictReport.objects.get()

    client_of(ward, Role.SIGNING_LEADER).get(f"{CONFLICTS}{made.pk}/")

    look = Look.objects.get(subject_kind="conflict-report", user=ward.people[Role.SIGNING_LEADER])
    assert look.subject_id == made.pk


def test_page_of_an_act_says_nothing_of_conflicts_where_there_is_none(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    clerk = client_of(ward, Role.SPECIALIST)
    clerk.post(INTERESTS, declaration())

    form = filled(clerk, dossier, "propose", result="granted", opinion="")

    assert clerk.post(act_url(dossier.pk, "propose"), form).status_code == 302
    assert clerk.get(f"{page_url(dossier)}xung-dot/").context["told"] == ""
