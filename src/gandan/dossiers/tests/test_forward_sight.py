"""What each side of a forwarded dossier reads: its part and no more; its list, and the list of the one-stop that watches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from gandan.calculus.calendars import working_time
from gandan.dossiers import queries, words, worklist
from gandan.dossiers.actions import forward, processing
from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import (
    Desk,
    Dossier,
    PhaseOutcome,
)
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier
from gandan.dossiers.tests.province import Body, decide_workflow, forwarded, make_body
from gandan.dossiers.views.acts import STEPS
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.organization.queries import calendar_of

CLERK, COUNTER, HEAD, SPECIALIST = Role.CLERK, Role.COUNTER_OFFICER, Role.HEAD_OF_DEPARTMENT, Role.SPECIALIST


@pytest.fixture
def body(ward: Ward) -> Body:
    decide_workflow(ward)
    return make_body(ward)


def taken(dossier: Dossier, body: Body) -> Dossier:
    return forward.take_over(officer=body.officer(SPECIALIST), **asked(dossier, MONDAY))


def returned(dossier: Dossier, body: Body) -> Dossier:
    return forward.return_phase(
        officer=body.officer(HEAD),
        outcome=PhaseOutcome.GRANTED,
        number="12/QĐ-SYT",
        **asked(dossier, MONDAY),
    )


def test_other_body_reads_what_its_part_needs_and_no_more(ward: Ward, body: Body) -> None:
    """Internal words, the telephone and messages to the person are there, and could leak."""
    owner = PartyInput(name="Nguyễn Thị Kín", phone="0912345678", email="mau.kin@example.vn")
    dossier = bring_to(ward, make_dossier(ward, owner=owner), Desk.SIGNATURE)
    processing.send_back(
        officer=ward.officer(Role.SIGNING_LEADER), reason="Lời nội bộ", **asked(dossier, MONDAY)
    )
    dossier = bring_to(ward, Dossier.objects.get(pk=dossier.pk), Desk.STAMP)
    forward.forward(
        officer=ward.officer(CLERK), body=body.unit, task="Đề nghị thẩm định", **asked(dossier, MONDAY)
    )
    url, client = f"/ho-so/{dossier.pk}/", Client()
    client.force_login(body.people[SPECIALIST], backend="django.contrib.auth.backends.ModelBackend")

    with time_machine.travel(local("2026-11-09 10:00")):
        page = client.get(url)
        prints = [client.get(f"{url}giay/{kind}.pdf").status_code for kind in ("giay-hen", "kiem-soat")]
        found = client.post("/tim-ho-so/", {"q": dossier.code})

    hidden = ("Lời nội bộ", "0912345678", "mau.kin@example.vn", "giay-hen.pdf", "Tin báo")
    assert page.status_code == 200
    assert [word for word in hidden if word in page.text] == []
    assert "Nguyễn Thị Kín" in page.text
    assert "Đề nghị thẩm định" in page.text
    assert (prints, found.context["rows"]) == ([404, 404], [])


def test_other_body_reads_neither_forms_nor_events_of_the_commune_by_sending_one(
    ward: Ward, body: Body
) -> None:
    """A form sent empty, or for an older state, came back with its choices and with all that had happened."""
    dossier = forwarded(ward, body)
    client = Client()
    client.force_login(body.people[SPECIALIST], backend="django.contrib.auth.backends.ModelBackend")
    url = f"/ho-so/{dossier.pk}/lam/"

    with time_machine.travel(local("2026-11-09 10:00")):
        empty = [client.post(f"{url}{STEPS[act]}/", {}) for act, rule in RULES.items() if not rule.at_body]
        old = client.post(f"{url}{STEPS['finish']}/", {"request_id": str(new_id()), "seen": "0"})
        own = client.post(f"{url}{STEPS['take-over']}/", {})

    assert {answer.status_code for answer in empty} == {403}
    assert not any("form" in answer.context for answer in empty)
    assert old.status_code == 409
    told = {change["what"] for change in old.context["changes"]}
    assert words.happened("accept", {}) in told
    assert Event.objects.about(dossier.id).filter(act="transfer").exists()
    assert words.happened("transfer", {}) not in told
    assert own.status_code == 422


def test_list_of_the_other_body_holds_what_was_forwarded_and_nothing_else(ward: Ward, body: Body) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    waiting, mine = forwarded(ward, body), taken(forwarded(ward, body), body)
    returned(taken(forwarded(ward, body), body), body)

    rows = {scope: ids_of(worklist_of(body.officer(SPECIALIST), scope)) for scope in ("mine", "team", "ward")}

    assert rows == {
        "mine": {mine.pk},
        "team": {waiting.pk, mine.pk},
        "ward": {waiting.pk, mine.pk},
    }


def test_one_stop_watches_what_is_elsewhere(ward: Ward, body: Body) -> None:
    dossier = forwarded(ward, body)

    there = ids_of(worklist_of(ward.officer(COUNTER), "team", which=queries.ELSEWHERE))
    own = ids_of(worklist_of(ward.officer(COUNTER), "team"))

    assert (there, own) == ({dossier.pk}, set())


def worklist_of(officer: Officer, scope: str, which: str = queries.TO_DO) -> list[Dossier]:
    limits = queries.bounds(MONDAY, working_time(calendar_of(None)))
    rows, _calls = worklist.rows_of(officer, worklist.Wanted(which, scope, ""), limits, None, 20)
    return rows


def ids_of(dossiers: list[Dossier]) -> set[UUID]:
    return {one.pk for one in dossiers}


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_the_other_body_costs_one_query(
    ward: Ward, body: Body, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        forwarded(ward, body)
    officer = body.officer(SPECIALIST)
    worklist_of(officer, "team")

    with django_assert_num_queries(1):
        rows = worklist_of(officer, "team")

    assert len(rows) == count
