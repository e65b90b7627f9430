"""The page of an access review: what it shows of each duty, what it takes, its report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from gandan.accounts.models import User
from gandan.administration.access import last_acts
from gandan.dossiers.models import Desk
from gandan.dossiers.tests.conftest import ward as ward  # the fixture of the dossiers' tests
from gandan.dossiers.tests.factories import MONDAY, Ward, bring_to, make_dossier, make_user
from gandan.dossiers.tests.pages import NOW, client_of, queries_of
from gandan.ledger.ids import new_id
from gandan.organization.models import Duty, Role
from gandan.organization.reviews.models import AccessReview, ReviewedDuty

URL = "/quan-tri/19975/ra-soat-quyen/"


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW):
        yield


def duty(ward: Ward, role: Role) -> Duty:
    return Duty.objects.get(user=ward.people[role])


def form(verdicts: dict[Duty, str], reasons: dict[Duty, str] | None = None) -> dict[str, str]:
    chosen = {f"verdict_{one.pk}": verdict for one, verdict in verdicts.items()}
    why = {f"reason_{one.pk}": reason for one, reason in (reasons or {}).items()}
    return {"request_id": str(new_id()), **chosen, **why}


def others(ward: Ward, *without: Role) -> dict[Duty, str]:
    return {duty(ward, role): "keep" for role in ward.people if role not in without}


def test_page_shows_last_sign_in_last_act_age_and_load(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    User.objects.filter(pk=ward.people[Role.SPECIALIST].pk).update(last_login=MONDAY)

    page = client_of(ward, Role.CENTRE_DIRECTOR).get(URL)

    held = {one.duty.role: one for one, _verdict, _reason in page.context["rows"]}
    specialist, counter = held[Role.SPECIALIST], held[Role.COUNTER_OFFICER]
    assert (specialist.duty.user.last_login, specialist.last_act, specialist.dossiers) == (MONDAY, None, 1)
    assert (counter.last_act, counter.dossiers, counter.days) == (MONDAY, 0, 496)
    assert page.context["standing"].is_due


def test_review_done_by_two_ends_with_a_report(ward: Ward) -> None:
    director, administrator = client_of(ward, Role.CENTRE_DIRECTOR), client_of(ward, Role.ADMINISTRATOR)
    clerk = duty(ward, Role.CLERK)
    kept = others(ward, Role.CENTRE_DIRECTOR, Role.CLERK)
    first = director.post(URL, form({**kept, clerk: "end"}, {clerk: "Nghỉ hưu"}))

    second = administrator.post(URL, form({duty(ward, Role.CENTRE_DIRECTOR): "keep"}))
    report = administrator.get(second["Location"])

    assert (first["Location"], second.status_code) == (URL, 302)
    assert (report.context["kept"], report.context["ended"]) == (8, 1)
    assert "Nghỉ hưu" in report.text
    assert not client_of(ward, Role.CENTRE_DIRECTOR).get(URL).context["standing"].is_due


def test_front_page_reminds_until_the_review_is_done(ward: Ward) -> None:
    director, administrator = client_of(ward, Role.CENTRE_DIRECTOR), client_of(ward, Role.ADMINISTRATOR)
    before = director.get("/quan-tri/").context["reviews"]
    director.post(URL, form(others(ward, Role.CENTRE_DIRECTOR)))
    administrator.post(URL, form({duty(ward, Role.CENTRE_DIRECTOR): "keep"}))

    assert before == [("19975", "Phường Hương Thủy")]
    assert director.get("/quan-tri/").context["reviews"] == []
    assert client_of(ward, Role.SIGNING_LEADER).get("/quan-tri/").context["reviews"] == []


def test_end_without_a_reason_keeps_what_was_chosen(ward: Ward) -> None:
    clerk, head = duty(ward, Role.CLERK), duty(ward, Role.HEAD_OF_DEPARTMENT)

    answer = client_of(ward, Role.CENTRE_DIRECTOR).post(URL, form({clerk: "end", head: "keep"}))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"reason_{clerk.pk}"]
    assert answer.context["form"][f"verdict_{head.pk}"].value() == "keep"
    assert not ReviewedDuty.objects.exists()


def test_own_duty_is_not_asked_and_not_taken(ward: Ward) -> None:
    own = duty(ward, Role.CENTRE_DIRECTOR)
    director = client_of(ward, Role.CENTRE_DIRECTOR)

    answer = director.post(URL, form({own: "keep"}))

    assert answer.status_code == 422
    assert not AccessReview.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_as_often_for_one_more_duty_as_for_three(ward: Ward, count: int) -> None:
    for number in range(count):
        user = make_user(f"Người mẫu {number}", f"19975-mau-{number}")
        Duty.objects.create(
            user=user, unit=ward.centre, role=Role.COUNTER_OFFICER, valid_from=date(2026, 1, 1)
        )

    _response, queries = queries_of(client_of(ward, Role.ADMINISTRATOR), URL)

    assert queries == 9


def test_last_acts_look_at_the_newest_events_alone(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_to(ward, make_dossier(ward), Desk.CHECK)  # accept, transfer, assign, propose
    codes = [ward.people[role].code for role in (Role.COUNTER_OFFICER, Role.SPECIALIST)]

    everything = last_acts("19975", codes)
    monkeypatch.setattr("gandan.administration.access.NEWEST_EVENTS", 1)

    assert set(everything) == set(codes)
    assert set(last_acts("19975", codes)) == {ward.people[Role.SPECIALIST].code}


@pytest.mark.parametrize("role", [Role.SIGNING_LEADER, Role.INSPECTOR, Role.COUNTER_OFFICER])
def test_review_is_for_director_and_administrator(ward: Ward, role: Role) -> None:
    assert client_of(ward, role).get(URL).status_code == 403


def test_report_of_another_ward_is_none_such(ward: Ward) -> None:
    client_of(ward, Role.CENTRE_DIRECTOR).post(URL, form({duty(ward, Role.CLERK): "keep"}))
    made = AccessReview.objects.get()

    here = client_of(ward, Role.ADMINISTRATOR)

    assert here.get(f"{URL}{made.pk}/").status_code == 200
    assert here.get(f"{URL}{new_id()}/").status_code == 404
    assert here.get(f"/quan-tri/14758/ra-soat-quyen/{made.pk}/").status_code == 403
