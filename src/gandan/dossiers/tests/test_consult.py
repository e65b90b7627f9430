"""Opinions of other bodies: a term of their own, late as a fact, the list of the centre's head (118/2025 art. 19.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine

from gandan.dossiers.actions import consult, processing
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.errors import NotAllowed, NotFound, Unacceptable
from gandan.dossiers.models import AnswerWay, Consultation, Desk, Dossier, ResultKind
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier, make_ward
from gandan.dossiers.tests.pages import NOW, client_of, do, page_url, queries_of
from gandan.dossiers.tests.test_conflicts import tie
from gandan.dossiers.views.acts import act_url
from gandan.ledger.models import Event
from gandan.organization.models import Role

LETTER = {"question": "Đất có trong quy hoạch không?", "days": 3, "answer_way": AnswerWay.ELECTRONIC}
FRIDAY = local("2026-11-13 09:00")


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    return bring_to(ward, make_dossier(ward), Desk.APPRAISAL)


def ask(ward: Ward, dossier: Dossier, at: datetime = MONDAY, **more: Any) -> Dossier:
    arguments = {**LETTER, "body": "Công ty cấp nước", **more}
    return consult.consult(officer=ward.officer(Role.SPECIALIST), **arguments, **asked(dossier, at))


def answer(ward: Ward, dossier: Dossier, at: datetime, came_at: datetime | None, opinion: int = 1) -> Dossier:
    arguments = {"opinion": opinion, "answer": "Không có ý kiến khác", "came_at": came_at}
    return consult.receive_opinion(officer=ward.officer(Role.SPECIALIST), **arguments, **asked(dossier, at))


def test_term_is_counted_day_by_day_and_leaves_the_dossiers_own_date(ward: Ward, dossier: Dossier) -> None:
    after = ask(ward, dossier, FRIDAY)

    kept = Consultation.objects.get()
    rules = [step.rule for step in stored_reading(kept.steps, kept.due_at).steps]
    assert kept.due_at == local("2026-11-18 17:00")  # Monday, Tuesday, Wednesday
    assert rules == [
        "event_day",
        "weekend",
        "weekend",
        "working_day",
        "working_day",
        "working_day",
        "office_close",
    ]
    assert (after.due_at, after.reading_number) == (dossier.due_at, dossier.reading_number)


def test_several_bodies_are_asked_at_once_and_answer_one_by_one(ward: Ward, dossier: Dossier) -> None:
    ask(ward, dossier)
    ask(ward, dossier, body="", unit=ward.committee)

    after = answer(ward, dossier, MONDAY, MONDAY, opinion=2)

    assert after.opinions_open == 1
    assert [one.is_open for one in Consultation.objects.order_by("number")] == [True, False]


@pytest.mark.parametrize(("came", "late"), [("2026-11-12 17:00", 0), ("2026-11-12 17:01", 1)])
def test_answer_is_late_by_when_it_came_not_by_when_it_is_recorded(
    ward: Ward, dossier: Dossier, came: str, late: int
) -> None:
    ask(ward, dossier)

    answer(ward, dossier, local("2026-11-16 08:00"), local(came))

    assert Consultation.objects.get().late == bool(late)
    assert Event.objects.about(dossier.id).last().facts["opinion_late"] == late


def test_opinion_that_never_came_is_closed_with_its_reason(ward: Ward, dossier: Dossier) -> None:
    ask(ward, dossier)

    after = answer(ward, dossier, local("2026-11-16 08:00"), None)

    kept = Consultation.objects.get()
    assert (after.opinions_open, kept.answered_at, kept.closed_reason, kept.late) == (
        0,
        None,
        "Không có ý kiến khác",
        True,
    )
    with pytest.raises(NotAllowed):
        answer(ward, dossier, local("2026-11-16 08:00"), None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": ""}, "body"),
        ({"question": "  "}, "question"),
        ({"days": 0}, "days"),
        ({"days": 61}, "days"),
        ({"body": "x" * 201}, "body"),
    ],
)
def test_letter_without_what_it_needs_is_refused(
    ward: Ward, dossier: Dossier, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unacceptable) as refused:
        ask(ward, dossier, **wrong)

    assert refused.value.field == field
    assert not Consultation.objects.exists()


def test_department_does_not_ask_itself(ward: Ward, dossier: Dossier) -> None:
    with pytest.raises(Unacceptable):
        ask(ward, dossier, body="", unit=ward.department)


@pytest.mark.parametrize("came", ["2026-11-08 08:00", "2026-11-10 08:00"])
def test_answer_before_the_question_or_in_the_future_is_refused(
    ward: Ward, dossier: Dossier, came: str
) -> None:
    ask(ward, dossier)

    with pytest.raises(Unacceptable) as refused:
        answer(ward, dossier, MONDAY, local(came))

    assert refused.value.field == "came_at"


def test_only_the_handler_asks_and_a_stranger_finds_nothing(ward: Ward, dossier: Dossier) -> None:
    others = make_ward("14758", "Hàm Rồng")

    with pytest.raises(NotAllowed):
        consult.consult(
            officer=ward.officer(Role.HEAD_OF_DEPARTMENT), body="Sở", **LETTER, **asked(dossier, MONDAY)
        )
    with pytest.raises(NotFound):
        consult.consult(
            officer=others.officer(Role.SPECIALIST), body="Sở", **LETTER, **asked(dossier, MONDAY)
        )


def test_repeated_request_asks_once(ward: Ward, dossier: Dossier) -> None:
    request = {**asked(dossier, MONDAY), "officer": ward.officer(Role.SPECIALIST), "body": "Sở", **LETTER}

    first, second = consult.consult(**request), consult.consult(**request)

    assert (first.revision, second.revision, Consultation.objects.count()) == (4, 4, 1)


def test_question_and_answer_stay_out_of_events(ward: Ward, dossier: Dossier) -> None:
    ask(ward, dossier, question="Ông Nguyễn Văn Kín có nợ thuế không?", body="Thuế cơ sở Kín")
    answer(ward, dossier, MONDAY, MONDAY)

    bodies = " ".join(Event.objects.about(dossier.id).values_list("body", flat=True))
    assert "Kín" not in bodies
    assert "ý kiến khác" not in bodies


def test_answer_may_come_after_the_proposal_but_not_after_the_end(ward: Ward, dossier: Dossier) -> None:
    ask(ward, dossier)
    ask(ward, dossier)
    processing.propose(
        officer=ward.officer(Role.SPECIALIST),
        result=ResultKind.GRANTED,
        opinion="",
        **asked(dossier, MONDAY),
    )

    answer(ward, dossier, MONDAY, MONDAY)
    dossier = bring_to(ward, Dossier.objects.get(pk=dossier.pk), Desk.RETURN)
    with pytest.raises(NotAllowed):
        answer(ward, dossier, MONDAY, MONDAY, opinion=2)


# ---- the list ------------------------------------------------------------------------------------------------


def test_late_opinion_stands_on_the_list_of_the_centres_head(ward: Ward, dossier: Dossier) -> None:
    ask(ward, dossier)
    director = client_of(ward, Role.CENTRE_DIRECTOR)
    with time_machine.travel(NOW):
        before = director.get("/y-kien/")
        waiting = director.get("/y-kien/?xem=cho")
    with time_machine.travel(local("2026-11-16 10:00")):
        director = client_of(ward, Role.CENTRE_DIRECTOR)
        late = director.get("/y-kien/")
        morning = director.get("/dieu-hanh/")

    assert (before.context["rows"], len(waiting.context["rows"])) == ([], 1)
    assert [row.opinion.over for row in late.context["rows"]] == ["trễ 2 ngày làm việc"]
    assert "1 ý kiến quá hạn chưa trả lời" in morning.text


def test_list_shows_late_answers_until_the_dossier_ends_and_nothing_of_another_ward(
    ward: Ward, dossier: Dossier
) -> None:
    others = make_ward("14758", "Hàm Rồng")
    ask(ward, dossier)
    answer(ward, dossier, local("2026-11-16 08:00"), local("2026-11-16 08:00"))
    with time_machine.travel(local("2026-11-16 10:00")):
        here = client_of(ward, Role.CENTRE_DIRECTOR).get("/y-kien/?xem=tra-loi-cham")
        there = client_of(others, Role.CENTRE_DIRECTOR).get("/y-kien/?xem=tra-loi-cham")
        bring_to(ward, Dossier.objects.get(pk=dossier.pk), Desk.RETURN, at=local("2026-11-16 09:00"))
        ended = client_of(ward, Role.CENTRE_DIRECTOR).get("/y-kien/?xem=tra-loi-cham")

    assert [len(page.context["rows"]) for page in (here, there, ended)] == [1, 0, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries_with_one_and_with_three(ward: Ward, count: int) -> None:
    tie(ward, Role.SPECIALIST, number="046188000099")  # of nobody here: the guard looks at every row
    for _time in range(count):
        ask(ward, bring_to(ward, make_dossier(ward), Desk.APPRAISAL))

    with time_machine.travel(local("2026-11-16 10:00")):
        response, queries = queries_of(client_of(ward, Role.SPECIALIST), "/y-kien/")

    assert (len(response.context["rows"]), queries) == (count, 5)


# ---- the pages -----------------------------------------------------------------------------------------------


def test_page_says_that_the_clock_runs_on_and_shows_the_term_with_its_days(
    ward: Ward, dossier: Dossier
) -> None:
    client = client_of(ward, Role.SPECIALIST)
    with time_machine.travel(NOW):
        form = client.get(act_url(dossier.id, "consult"))
        do(
            client,
            dossier,
            "consult",
            body="Sở Xây dựng",
            question="Có quy hoạch không?",
            days=2,
            answer_way="paper",
        )
        page = client.get(page_url(dossier))

    assert "không làm dừng thời hạn" in form.text
    [shown] = page.context["opinions"]
    assert (shown.asked.body, shown.word) == ("Sở Xây dựng", "đang chờ")
    assert "Ngày này không tính" in page.text


def test_answer_without_its_moment_is_asked_for_it_and_what_was_typed_is_kept(
    ward: Ward, dossier: Dossier
) -> None:
    client = client_of(ward, Role.SPECIALIST)
    with time_machine.travel(NOW):
        ask(ward, dossier)
        typed = {"opinion": "1", "outcome": "came", "came_at": "", "answer": "Đồng ý"}
        response = do(client, dossier, "receive-opinion", **typed)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"came_at"}
    assert response.context["form"]["answer"].value() == "Đồng ý"
