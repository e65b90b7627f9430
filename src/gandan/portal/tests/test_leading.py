"""The pages of leaders and of the watch: what they show, to whom, at which cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from gandan.accounts.models import Look
from gandan.dossiers.actions.watch import watch
from gandan.dossiers.models import Call, Desk, Dossier, StepRun
from gandan.dossiers.tests.factories import (
    MONDAY,
    OPENED,
    Ward,
    bring_to,
    load_reference,
    make_dossier,
    make_user,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of, queries_of
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message
from gandan.organization.absence.models import Absence, Substitution
from gandan.organization.models import Duty, Role

MORNING, DECIDE, LOAD, WATCH = "/dieu-hanh/", "/dieu-hanh/ky-duyet/", "/dieu-hanh/khoi-luong/", "/canh-bao/"
CALLS, AWAY, MAIL = "/goi-dien/", "/dieu-hanh/vang-mat/", "/dieu-hanh/thu-buoi-sang/"
NOW = MONDAY + timedelta(hours=2)
LEADER, HEAD, COUNTER, SPECIALIST = (
    Role.SIGNING_LEADER,
    Role.HEAD_OF_DEPARTMENT,
    Role.COUNTER_OFFICER,
    Role.SPECIALIST,
)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def due(dossier: Dossier, after: timedelta) -> Dossier:
    """The dossier with another legal due moment."""
    Dossier.objects.filter(pk=dossier.pk).update(due_at=NOW + after)
    return Dossier.objects.get(pk=dossier.pk)


def ids(client: Client, url: str) -> list[UUID]:
    return [row.dossier.pk for row in client.get(url).context["rows"]]


# ---- the watch ---------------------------------------------------------------------------------------------


def test_watch_lists_late_and_near_the_earliest_first(ward: Ward) -> None:
    due(make_dossier(ward), timedelta(days=9))
    near = due(make_dossier(ward), timedelta(hours=3))
    late = due(make_dossier(ward), -timedelta(hours=1))
    client = client_of(ward, Role.CENTRE_DIRECTOR)

    assert ids(client, WATCH) == [late.pk, near.pk]
    assert ids(client, WATCH + "?xem=tre") == [late.pk]
    assert ids(client, WATCH + "?xem=sap-tre") == [near.pk]


def test_watch_says_why(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    StepRun.objects.filter(dossier=dossier, desk=Desk.APPRAISAL).update(began_at=MONDAY - timedelta(days=7))
    due(dossier, -timedelta(hours=1))
    watch(NOW)

    page = client_of(ward, LEADER).get(WATCH)

    (row,) = page.context["rows"]
    assert row.delay.where == f"{ward.people[SPECIALIST].full_name} · {ward.department.name}"
    assert row.delay.here.startswith("4 ngày làm việc")
    assert row.delay.longest == ""  # said already: it is the present stay
    assert [one.threshold for one in row.dossier.warnings.all()] == ["late"]


def test_apology_of_today_is_listed_until_it_went_out(ward: Ward) -> None:
    tomorrow = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    due(tomorrow, timedelta(days=1))
    due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), timedelta(days=2))
    apologised = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    due(apologised, timedelta(days=1))
    Dossier.objects.filter(pk=apologised.pk).update(extension_count=1)

    page = client_of(ward, HEAD).get(WATCH + "?xem=xin-loi")

    assert [row.dossier.pk for row in page.context["rows"]] == [tomorrow.pk]
    assert page.context["rows"][0].extend_url.endswith("/lam/xin-loi/")


def test_head_sees_the_department_and_an_officer_their_own(ward: Ward) -> None:
    mine = due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), timedelta(hours=1))
    signed = due(bring_to(ward, make_dossier(ward), Desk.SIGNATURE), timedelta(hours=1))
    counter = due(make_dossier(ward), timedelta(hours=1))

    seen = {role: set(ids(client_of(ward, role), WATCH)) for role in (LEADER, HEAD, SPECIALIST, COUNTER)}

    assert seen == {
        LEADER: {mine.pk, signed.pk, counter.pk},
        HEAD: {mine.pk, signed.pk},
        SPECIALIST: {mine.pk},
        COUNTER: {counter.pk},
    }


def test_reminder_is_found_by_whoever_has_it(ward: Ward) -> None:
    dossier = due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), timedelta(hours=1))
    leader, specialist = client_of(ward, LEADER), client_of(ward, SPECIALIST)
    (row,) = leader.get(WATCH).context["rows"]

    sent = leader.post(row.remind_url, {"request_id": row.request_id, "seen": 1, "next": WATCH})
    figures = specialist.get("/viec-hom-nay/").context["figures"]

    assert sent.headers["Location"] == WATCH
    assert (figures.reminded, figures.warned) == (1, 1)
    assert ids(specialist, WATCH + "?xem=duoc-nhac") == [dossier.pk]
    assert leader.get(WATCH).context["rows"][0].remind_url == ""
    assert "được nhắc" in specialist.get("/viec-hom-nay/").text


def test_way_on_leads_out_of_the_house_for_nobody(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    typed = {"request_id": new_id(), "seen": 1, "next": "https://example.org/"}

    sent = client_of(ward, LEADER).post(f"/ho-so/{dossier.pk}/lam/nhac/", typed)

    assert sent.headers["Location"] == f"/ho-so/{dossier.pk}/"


# ---- the morning -------------------------------------------------------------------------------------------


def test_morning_tells_what_to_do_first(ward: Ward) -> None:
    due(bring_to(ward, make_dossier(ward), Desk.SIGNATURE), -timedelta(hours=1))
    due(bring_to(ward, make_dossier(ward), Desk.SIGNATURE), timedelta(days=1))
    due(bring_to(ward, make_dossier(ward), Desk.CHECK), timedelta(days=9))

    standing = {role: client_of(ward, role).get(MORNING).context["standing"] for role in (LEADER, HEAD)}

    leader, head = standing[LEADER], standing[HEAD]
    assert (leader.late, leader.near, leader.apologies, leader.to_sign, leader.to_check) == (1, 1, 1, 2, 0)
    assert (head.to_sign, head.to_check) == (0, 1)


def test_morning_is_for_leaders(ward: Ward) -> None:
    statuses = {
        role: client_of(ward, role).get(MORNING).status_code for role in (LEADER, HEAD, COUNTER, SPECIALIST)
    }

    assert statuses == {LEADER: 200, HEAD: 200, COUNTER: 403, SPECIALIST: 403}


def test_who_left_with_open_dossiers_is_named_to_the_leader(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    before = client_of(ward, LEADER).get(MORNING).context["gaps"].left
    Duty.objects.filter(user=ward.people[SPECIALIST]).update(valid_to=MONDAY.date() - timedelta(days=1))

    gaps = client_of(ward, LEADER).get(MORNING).context["gaps"]

    assert before == []
    assert [(one.user, one.dossiers) for one in gaps.left] == [(ward.people[SPECIALIST], 1)]
    assert Role.SPECIALIST in {one.role for one in gaps.unstaffed}


def test_absence_without_substitute_is_named_to_the_leader(ward: Ward) -> None:
    report(client_of(ward, HEAD), ward, HEAD)

    gaps = client_of(ward, LEADER).get(MORNING).context["gaps"]

    assert [gap.duty.user for gap in gaps.idle] == [ward.people[HEAD]]


@pytest.mark.parametrize(
    ("url", "role", "queries"),
    [
        (MORNING, LEADER, 13),
        (MORNING, HEAD, 9),
        (WATCH, LEADER, 7),
        (WATCH, SPECIALIST, 7),
        (DECIDE, LEADER, 6),
        (LOAD, HEAD, 8),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_one_and_with_three_rows(
    ward: Ward, url: str, role: Role, queries: int, count: int
) -> None:
    for _number in range(count):
        due(bring_to(ward, make_dossier(ward), Desk.SIGNATURE), timedelta(hours=1))
        due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), timedelta(hours=1))
    watch(NOW)

    _response, used = queries_of(client_of(ward, role), url)

    assert used == queries


# ---- several decisions -------------------------------------------------------------------------------------


def form_of(client: Client, typed: dict[str, Any] | None = None) -> dict[str, Any]:
    """The form of the page as it is sent, nothing ticked."""
    rows = client.post(DECIDE, typed or {}).context["rows"]
    sent: dict[str, Any] = {}
    for row in rows:
        sent |= {
            f"ma-{row.dossier.pk}": str(row.request_id),
            f"ban-{row.dossier.pk}": row.dossier.revision,
            f"buoc-{row.dossier.pk}": row.dossier.desk,
        }
    return sent


def test_summary_is_read_then_ticked_then_signed(ward: Ward) -> None:
    first, second = (bring_to(ward, make_dossier(ward), Desk.SIGNATURE) for _number in range(2))
    leader = client_of(ward, LEADER)
    form = form_of(leader)

    read = leader.post(DECIDE, {**form, "xem": str(first.pk)})
    signed = leader.post(DECIDE, {**form, "chon": [str(first.pk), str(second.pk)], "quyet": "1"})

    rows = {row.dossier.pk: row for row in read.context["rows"]}
    assert (rows[first.pk].is_read, rows[second.pk].is_read) == (True, False)
    assert rows[first.pk].summary.proposer == ward.people[SPECIALIST].full_name
    assert Look.objects.filter(subject_id=first.pk, page="summary").count() == 1
    assert [line.done for line in signed.context["lines"]] == [True, False]
    assert (signed.context["done"], signed.context["failed"]) == (1, 1)
    assert Event.objects.filter(act="approve").count() == 1


def test_what_is_ticked_is_kept_while_another_is_read(ward: Ward) -> None:
    first, second = (bring_to(ward, make_dossier(ward), Desk.SIGNATURE) for _number in range(2))
    leader = client_of(ward, LEADER)
    form = form_of(leader)
    leader.post(DECIDE, {**form, "xem": str(first.pk)})

    page = leader.post(DECIDE, {**form, "chon": str(first.pk), "mo": str(first.pk), "xem": str(second.pk)})

    rows = {row.dossier.pk: row for row in page.context["rows"]}
    assert (rows[first.pk].is_ticked, bool(rows[first.pk].summary), bool(rows[second.pk].summary)) == (
        True,
        True,
        True,
    )
    assert str(rows[first.pk].request_id) == form[f"ma-{first.pk}"]


def test_opening_the_dossier_is_reading_it(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    leader = client_of(ward, LEADER)
    before = leader.get(DECIDE).context["rows"][0].is_read

    leader.get(f"/ho-so/{dossier.pk}/")

    assert (before, leader.get(DECIDE).context["rows"][0].is_read) == (False, True)


def test_no_summary_is_read_without_being_recorded(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    leader = client_of(ward, LEADER)

    page = leader.post(DECIDE, {**form_of(leader), "mo": str(dossier.pk)})

    assert [row.summary for row in page.context["rows"]] == [None]
    assert not Look.objects.filter(subject_id=dossier.pk).exists()


def test_summary_of_another_ward_is_none_such(ward: Ward) -> None:
    stranger = make_ward("14758", "Hàm Rồng")
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)

    answer = client_of(stranger, LEADER).post(DECIDE, {"xem": str(dossier.pk)})

    assert answer.status_code == 404
    assert not Look.objects.filter(subject_id=dossier.pk, page="summary").exists()


# ---- workload ----------------------------------------------------------------------------------------------


def test_workload_shows_people_to_their_head_and_to_themselves_alone(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    colleague = make_user("Người mẫu Khác", "19975-khac")
    Duty.objects.create(user=colleague, unit=ward.department, role=SPECIALIST, valid_from=OPENED)

    seen = {
        role: [person.name for person in client_of(ward, role).get(LOAD).context["load"].people]
        for role in (LEADER, Role.CENTRE_DIRECTOR, HEAD, SPECIALIST)
    }

    names = {role: ward.people[role].full_name for role in seen}
    assert seen[LEADER] == [names[LEADER]]
    assert seen[Role.CENTRE_DIRECTOR] == [names[Role.CENTRE_DIRECTOR]]
    assert seen[HEAD] == sorted([names[HEAD], names[SPECIALIST], colleague.full_name])
    assert seen[SPECIALIST] == [names[SPECIALIST]]


def test_workload_counts_and_says_nothing_of_small_numbers(ward: Ward) -> None:
    due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), -timedelta(hours=1))
    due(bring_to(ward, make_dossier(ward), Desk.APPRAISAL), timedelta(hours=1))
    for _number in range(2):
        bring_to(ward, make_dossier(ward), Desk.SIGNATURE)

    load = client_of(ward, HEAD).get(LOAD).context["load"]

    steps = {step.desk: step.load for step in load.steps}
    assert (steps["thẩm định"].open, steps["thẩm định"].late, steps["thẩm định"].near) == (2, 1, 1)
    assert (steps["thẩm định"].stays, steps["thẩm định"].median_hours) == (2, None)


def test_median_of_enough_stays_is_in_working_hours(ward: Ward) -> None:
    made = [bring_to(ward, make_dossier(ward), Desk.SIGNATURE) for _number in range(10)]
    for number, dossier in enumerate(made):
        began = MONDAY - timedelta(days=3) - timedelta(hours=int(number > 4))  # from Friday 8:00, or 7:00
        StepRun.objects.filter(dossier=dossier, desk=Desk.APPRAISAL).update(
            began_at=began, ended_at=began.replace(hour=10)
        )

    people = client_of(ward, HEAD).get(LOAD).context["load"].people

    (load,) = [person.load for person in people if person.name == ward.people[SPECIALIST].full_name]
    assert (load.stays, load.median_hours) == (10, 2.25)  # the office opens at 7:30


# ---- calls -------------------------------------------------------------------------------------------------


def test_call_is_recorded_from_the_list_and_taken_back(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)
    counter = client_of(ward, COUNTER)
    (card,) = counter.get(CALLS).context["cards"]
    typed = {"request_id": card.request_id, "seen": 1, "message": card.call.message.pk, "next": CALLS}

    sent = counter.post(card.act_url, {**typed, "outcome": "reached"})
    after = counter.get(CALLS)
    (made,) = after.context["made"]
    undo = {"request_id": made.request_id, "seen": 0, "call": made.call.pk, "next": CALLS}
    counter.post(made.undo_url, undo)

    assert sent.headers["Location"] == CALLS
    assert after.context["cards"] == []
    assert len(counter.get(CALLS).context["cards"]) == 1
    assert Call.objects.get(dossier=dossier).undone_at is not None


def test_number_is_shown_to_the_one_stop_alone_and_the_look_is_recorded(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.RETURN)

    pages = {role: client_of(ward, role).get(CALLS) for role in (COUNTER, SPECIALIST, LEADER)}

    assert {role: page.status_code for role, page in pages.items()} == {
        COUNTER: 200,
        SPECIALIST: 403,
        LEADER: 403,
    }
    assert "0912345678" in pages[COUNTER].text
    assert "0912345678" not in pages[LEADER].text
    assert [(look.user, look.page) for look in Look.objects.filter(subject_id=dossier.pk, page="calls")] == [
        (ward.people[COUNTER], "calls")
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_calls_cost_the_same_with_one_and_with_three(ward: Ward, count: int) -> None:
    for _number in range(count):
        bring_to(ward, make_dossier(ward), Desk.RETURN)

    response, used = queries_of(client_of(ward, COUNTER), CALLS)

    assert (len(response.context["cards"]), used) == (count, 11)


def test_call_form_keeps_what_was_typed_when_the_moment_is_over(ward: Ward) -> None:
    bring_to(ward, make_dossier(ward), Desk.RETURN)
    counter = client_of(ward, COUNTER)
    (card,) = counter.get(CALLS).context["cards"]
    typed = {"request_id": card.request_id, "seen": 1, "message": card.call.message.pk, "next": CALLS}

    page = counter.post(
        card.act_url,
        {**typed, "outcome": "call_back", "next_date": "2026-11-02", "note": "Hẹn gọi lại"},
    )

    assert page.status_code == 422
    assert page.context["form"]["note"].value() == "Hẹn gọi lại"
    assert Message.objects.filter(state="waiting", channel="call").count() == 1


# ---- absences and substitutes ------------------------------------------------------------------------------


def report(client: Client, ward: Ward, role: Role, last: str = "2026-11-13") -> Any:
    typed = {"what": "absence", "request_id": new_id(), "person": ward.people[role].code}
    return client.post(AWAY, {**typed, "first": "2026-11-09", "last": last})


def arrange(client: Client, ward: Ward, absent: Role, by_whom: Role, **more: str) -> Any:
    duty = Duty.objects.get(user=ward.people[absent])
    typed = {"what": "substitute", "request_id": new_id(), "duty": duty.pk, "manner": "for"}
    typed |= {"substitute": ward.people[by_whom].code, "document": "Quyết định mẫu"}
    return client.post(AWAY, {**typed, "valid_from": "2026-11-09", "valid_to": "2026-11-13", **more})


def test_substitute_is_named_and_ended_on_the_page(ward: Ward) -> None:
    leader = client_of(ward, LEADER)

    made = arrange(leader, ward, HEAD, SPECIALIST)
    (one,) = leader.get(AWAY).context["substitutions"]
    works = client_of(ward, SPECIALIST).get(MORNING)
    typed = {"what": "end-substitution", "request_id": new_id(), "row": one.row.pk}
    refused = leader.post(AWAY, {**typed, "document": " "})
    ended = leader.post(AWAY, {**typed, "document": "Quyết định mẫu 2"})

    assert (made.status_code, works.status_code, refused.status_code, ended.status_code) == (
        302,
        200,
        422,
        302,
    )
    assert works.context["replaces"] == [ward.people[HEAD].code]
    assert client_of(ward, SPECIALIST).get(MORNING).status_code == 403


def test_refusal_keeps_what_was_typed(ward: Ward) -> None:
    leader = client_of(ward, LEADER)
    arrange(leader, ward, HEAD, SPECIALIST)

    page = arrange(leader, ward, SPECIALIST, Role.CLERK, manner="")

    assert page.status_code == 422
    assert page.context["form"].errors
    assert page.context["form"]["document"].value() == "Quyết định mẫu"
    assert Substitution.objects.count() == 1


def test_everybody_reports_their_own_absence_and_nobody_a_strangers(ward: Ward) -> None:
    own = report(client_of(ward, SPECIALIST), ward, SPECIALIST)
    others = report(client_of(ward, SPECIALIST), ward, Role.CLERK)

    assert (own.status_code, others.status_code) == (302, 422)
    assert [one.user for one in Absence.objects.all()] == [ward.people[SPECIALIST]]
    assert not client_of(ward, SPECIALIST).get(AWAY).context["may_arrange"]


def test_page_of_another_ward_shows_none_of_this(ward: Ward) -> None:
    stranger = make_ward("14758", "Hàm Rồng")
    arrange(client_of(ward, LEADER), ward, HEAD, SPECIALIST)
    report(client_of(ward, LEADER), ward, Role.CLERK)

    context = client_of(stranger, LEADER).get(AWAY).context

    assert (context["substitutions"], context["absences"]) == ([], [])
