"""My work today: whose, in which order, how many, at which cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from gandan.dossiers.actions import supplement
from gandan.dossiers.models import Desk, Dossier, Party
from gandan.dossiers.queries import COUNTED_EXACTLY
from gandan.dossiers.tests.factories import (
    MONDAY,
    Ward,
    asked,
    bring_to,
    load_reference,
    make_dossier,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of, queries_of
from gandan.organization.models import Role

WORK = "/viec-hom-nay/"
NOW = MONDAY + timedelta(hours=2)  # Monday, ten o'clock


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def due(dossier: Dossier, act_by: datetime) -> Dossier:
    """The dossier with another moment by which its desk must be cleared."""
    Dossier.objects.filter(pk=dossier.pk).update(act_by=act_by)
    return dossier


def groups(client: Client, query: str = "") -> list[tuple[str, list[Any]]]:
    context = client.get(WORK + query).context
    return [(group.key, [row.dossier.id for row in group.rows]) for group in context["groups"]]


def test_list_is_parted_by_when_it_will_be_late(ward: Ward) -> None:
    moments = {
        "sau": NOW + timedelta(days=8),
        "tre": NOW - timedelta(minutes=1),
        "tuan-nay": NOW + timedelta(days=2),
        "hom-nay": NOW.replace(hour=16, minute=30),
        "sap-tre": NOW + timedelta(hours=1),
    }
    made = {key: due(make_dossier(ward), moment).id for key, moment in moments.items()}

    found = groups(client_of(ward, Role.COUNTER_OFFICER))

    order = ["tre", "sap-tre", "hom-nay", "tuan-nay", "sau"]
    assert found == [(key, [made[key]]) for key in order]


def test_each_desk_finds_its_own_work_and_one_act(ward: Ward) -> None:
    desks = {
        Role.COUNTER_OFFICER: (Desk.TRANSFER, "Chuyển"),
        Role.HEAD_OF_DEPARTMENT: (Desk.ASSIGNMENT, "Phân công"),
        Role.SPECIALIST: (Desk.APPRAISAL, "Đề xuất"),
        Role.SIGNING_LEADER: (Desk.SIGNATURE, "Ký duyệt"),
        Role.CLERK: (Desk.STAMP, "Vào sổ"),
    }
    made = {role: bring_to(ward, make_dossier(ward), desk) for role, (desk, _label) in desks.items()}

    for role, (_desk, label) in desks.items():
        (group,) = client_of(ward, role).get(WORK).context["groups"]
        assert [(row.dossier.id, row.act_label) for row in group.rows] == [(made[role].id, label)]


def test_work_of_a_colleague_is_the_teams_and_not_mine(ward: Ward) -> None:
    mine = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    theirs = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    Dossier.objects.filter(pk=theirs.pk).update(assignee=ward.people[Role.INSPECTOR])
    client = client_of(ward, Role.SPECIALIST)

    team, own = (client.get(WORK).context["groups"], client.get(WORK + "?cua=toi").context["groups"])

    assert {row.dossier.id: bool(row.act_url) for row in team[0].rows} == {mine.id: True, theirs.id: False}
    assert [row.dossier.id for row in own[0].rows] == [mine.id]


def test_waiting_for_the_person_stands_apart_and_counts_no_time(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[supplement.MissingPaper("Tờ khai", "Chưa ký")],
        **asked(dossier, NOW),
    )
    client = client_of(ward, Role.COUNTER_OFFICER)

    (group,) = client.get(WORK + "?xem=cho-dan").context["groups"]

    assert groups(client) == []
    assert [(row.dossier.id, row.left.kind, row.act_label) for row in group.rows] == [
        (dossier.id, "wait", "Nhận bổ sung")
    ]


def test_who_has_no_desk_sees_the_ward(ward: Ward) -> None:
    dossier = make_dossier(ward)

    assert [ids for _key, ids in groups(client_of(ward, Role.CENTRE_DIRECTOR))] == [[dossier.id]]


@pytest.mark.parametrize("query", ["", "?cua=phuong", "?cua=toi", "?xem=da-xong", "?xem=cho-tra"])
def test_nothing_of_another_ward_and_nothing_for_who_reads_no_dossiers(ward: Ward, query: str) -> None:
    make_dossier(ward)
    bring_to(ward, make_dossier(ward), Desk.CLOSED)
    bring_to(ward, make_dossier(ward), Desk.RETURN)
    stranger = make_ward("14758", "Hàm Rồng")

    seen = [groups(client_of(ward, Role.ADMINISTRATOR), query)]
    seen += [
        groups(client_of(stranger, role), query) for role in (Role.COUNTER_OFFICER, Role.CENTRE_DIRECTOR)
    ]

    assert seen == [[], [], []]


def test_figures_on_top(ward: Ward) -> None:
    for moment in (NOW - timedelta(days=1), NOW - timedelta(hours=1), NOW + timedelta(hours=1)):
        due(make_dossier(ward), moment)
    bring_to(ward, make_dossier(ward), Desk.RETURN)

    context = client_of(ward, Role.COUNTER_OFFICER).get(WORK).context

    figures = context["figures"]
    assert (figures.to_do, figures.late, figures.soon, figures.ready) == (3, 2, 1, 1)
    assert context["calls"] == 1
    assert not figures.is_capped


def test_late_is_the_only_thing_that_is_red(ward: Ward) -> None:
    due(make_dossier(ward), NOW + timedelta(hours=1))
    calm = client_of(ward, Role.COUNTER_OFFICER).get(WORK).content.decode()
    due(make_dossier(ward), NOW - timedelta(hours=1))

    late = client_of(ward, Role.COUNTER_OFFICER).get(WORK).content.decode()

    assert [page.count("time-left-late") for page in (calm, late)] == [0, 1]


def test_filter_for_what_is_late(ward: Ward) -> None:
    late = due(make_dossier(ward), NOW - timedelta(hours=1))
    due(make_dossier(ward), NOW + timedelta(hours=1))

    assert groups(client_of(ward, Role.COUNTER_OFFICER), "?khi=tre") == [("tre", [late.id])]


def test_pages_follow_one_another_without_gap_or_double(ward: Ward) -> None:
    made = [due(make_dossier(ward), NOW + timedelta(hours=n // 2)).id for n in range(25)]
    client = client_of(ward, Role.COUNTER_OFFICER)

    first = client.get(WORK).context["page"]
    second = client.get(first.next_url).context["page"]

    assert len(first.rows) == 20
    assert sorted(row.id for row in [*first.rows, *second.rows]) == sorted(made)
    assert second.next_url == ""


@pytest.mark.parametrize("query", ["", "?cua=phuong", "?xem=cho-tra", "?xem=da-xong", "?khi=tre"])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.SPECIALIST, Role.CENTRE_DIRECTOR])
def test_list_costs_five_queries_with_one_and_with_three_rows(
    ward: Ward, role: Role, count: int, query: str
) -> None:
    for _number in range(count):
        due(make_dossier(ward), NOW - timedelta(hours=1))
        due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), NOW - timedelta(hours=1))
        bring_to(ward, make_dossier(ward), Desk.RETURN)
        bring_to(ward, make_dossier(ward), Desk.CLOSED)

    response, queries = queries_of(client_of(ward, role), WORK + query)

    is_empty = role == Role.SPECIALIST and query == "?xem=cho-tra"
    is_ward = role == Role.CENTRE_DIRECTOR and query in {"", "?khi=tre"}
    assert len(response.context["page"].rows) == (
        0 if is_empty else 2 * count if "phuong" in query or is_ward else count
    )
    assert queries == (4 if is_empty else 5)


def test_figures_stop_at_a_thousand(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gandan.dossiers.queries.COUNTED_EXACTLY", 2)
    for _number in range(4):
        make_dossier(ward)

    figures = client_of(ward, Role.COUNTER_OFFICER).get(WORK).context["figures"]

    assert COUNTED_EXACTLY == 1000
    assert (figures.to_do, figures.is_capped) == (3, True)


@pytest.mark.parametrize(("hour", "greeting"), [(7, "buổi sáng"), (14, "buổi chiều"), (19, "buổi tối")])
def test_greeting_follows_the_hour(ward: Ward, hour: int, greeting: str) -> None:
    with time_machine.travel(MONDAY.replace(hour=hour)):
        context = client_of(ward, Role.CLERK).get(WORK).context

    assert context["greeting"].startswith(f"Chào {greeting}, anh/chị ")


def test_what_was_typed_is_escaped_in_a_row(ward: Ward) -> None:
    dossier = make_dossier(ward)
    Party.objects.filter(pk=dossier.owner_id).update(name='<b>"&')

    page = client_of(ward, Role.COUNTER_OFFICER).get(WORK).content.decode()

    assert '<b>"&' not in page
    assert page.count("&lt;b&gt;&quot;&amp;") == 2


def test_fragment_is_the_list_alone(ward: Ward) -> None:
    make_dossier(ward)

    fragment = client_of(ward, Role.COUNTER_OFFICER).get(WORK, headers={"HX-Request": "true"})

    assert fragment.templates[0].name == "portal/_work_list.html"


def test_anonymous_visitor_signs_in_first(ward: Ward) -> None:
    assert Client().get(WORK).headers["Location"] == f"/dang-nhap/?next={WORK}"
