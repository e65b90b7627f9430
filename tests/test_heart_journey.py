"""Those who manage a ward, by its pages: a third commune, a new fee, a brother, a morning, a merger (issue 3, "True at the end").

All people, documents and decisions here are invented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.test_journey import PERSON, process, take_in

from gandan.accounts.models import User
from gandan.administration.tests.places import browser, of_the_province
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.actions.reroute import pass_on
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.models import Desk, Dossier, State
from gandan.dossiers.tests.factories import (
    OPENED,
    RESIDENCE,
    Ward,
    bring_to,
    load_reference,
    local,
    make_dossier,
    make_user,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of, do, page_url
from gandan.dossiers.tracking import secret_of
from gandan.dossiers.views.acts import act_url
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.loading import load_communes
from gandan.organization.models import Duty, Role, Unit, UnitKind

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=VIETNAM)
THIRD = "19960"
RESOLUTION = "Nghị quyết 99/NQ-MẪU"
PASSWORD = "hai mat khau khac nhau 2026"
BROTHERS_NUMBER = PERSON["owner-number"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The wall of the office; each step of a story moves it on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ward(db: None, clock: time_machine.Traveller) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def filled(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """The form of a page as the browser would send it, with what is typed into it."""
    return {**values_of(client.get(url)), **typed}


def values_of(page: Any) -> dict[str, Any]:
    """What the form of this page holds before anybody types."""
    return {
        field.html_name: field.field.widget.format_value(field.value())
        for field in page.context["form"]
        if field.value() not in (None, False, "", [])
    }


def send(client: Client, url: str, **typed: Any) -> HttpResponse:
    """Opens the page, fills its form and sends it; the page must take it."""
    response = client.post(url, filled(client, url, **typed))
    assert response.status_code == 302, response.context["form"].errors
    return response


def look_and_enter(client: Client, url: str, **typed: Any) -> HttpResponse:
    """Looks at what a change would move, then enters it by that page's own button; the look is the answer."""
    shown = client.post(url, filled(client, url, step="look", **typed))
    assert shown.status_code == 200, shown.context["form"].errors
    assert client.post(url, dict(shown.context["hidden"]) | {"step": "enter"}).status_code == 302
    return shown


def choose_password(client: Client) -> HttpResponse:
    return send(client, "/dang-nhap/mat-khau-moi/", new_password1=PASSWORD, new_password2=PASSWORD)


def assert_every_chain_is_sound() -> None:
    """By the command that an inspector runs; it ends with SystemExit(1) where it finds something."""
    out = StringIO()
    call_command("verify", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["events"] > 0
    assert report["findings"] == []


def test_third_commune_is_opened_by_its_code_and_takes_in_its_first_dossier(ward: Ward) -> None:
    make_ward("19969", "Thanh Thủy")
    load_communes()
    out = StringIO()
    call_command("commune", "add", THIRD, "--json", stdout=out)
    opened = json.loads(out.getvalue())

    administrator = Client()
    first = {"username": opened["administrator"], "password": opened["first_password"]}
    assert administrator.post("/dang-nhap/", first).headers["Location"] == "/dang-nhap/mat-khau-moi/"
    choose_password(administrator)
    assert f'href="/quan-tri/{THIRD}/can-bo/"' in administrator.get("/quan-tri/").text

    centre = Unit.objects.get(commune=THIRD, kind=UnitKind.CENTRE)
    entered = send(
        administrator,
        f"/quan-tri/{THIRD}/can-bo/them/",
        full_name="Lê Thị Mẫu Mới",
        unit=str(centre.pk),
        role=Role.COUNTER_OFFICER,
        document="QĐ 1/QĐ-UBND (mẫu)",
    )
    person = entered.headers["Location"]
    press = {"request_id": str(administrator.get(person).context["link_request"])}
    link = administrator.post(f"{person}lien-ket/", press).context["url"]

    officer = Client()
    officer.get(link.removeprefix("http://127.0.0.1:8000"))
    choose_password(officer)
    assert officer.get("/viec-hom-nay/").status_code == 200
    dossier = take_in(officer)

    assert opened["opened"]
    assert opened["name"] == "Phường Phú Bài"
    assert (dossier.commune_id, dossier.unit_received, dossier.state) == (THIRD, centre, State.ACCEPTED)
    assert dossier.code == f"{THIRD}-261109-0001"
    assert dossier.due_at == local("2026-11-18 17:00")
    assert officer.get(f"/ho-so/{dossier.pk}/giay/giay-hen.pdf").content.startswith(b"%PDF")
    assert Event.objects.get(act="accept").actor == User.objects.get(full_name="Lê Thị Mẫu Mới").code
    assert_every_chain_is_sound()


def fee_of(dossier: Dossier) -> int:
    return sum(fee.amount or 0 for fee in dossier.fees.all())


def test_fee_of_a_later_day_leaves_running_dossiers_theirs(ward: Ward, clock: time_machine.Traveller) -> None:
    running = [take_in(client_of(ward, Role.COUNTER_OFFICER)) for _number in range(2)]
    ended = bring_to(ward, make_dossier(ward), Desk.CLOSED)
    old_fee = fee_of(running[0])
    base = f"/quan-tri/thu-tuc/{RESIDENCE}/"
    officer = of_the_province(ward, Role.LEGAL_OFFICER)
    lawyer = browser(officer)

    draft = lawyer.post(f"{base}soan/", {"request_id": str(new_id())}).headers["Location"]
    fee = lawyer.get(draft).context["page"].content.fees[0].key
    send(lawyer, f"{draft}sua/phi/{fee}/", amount="77000", document=RESOLUTION)
    asked = lawyer.get(f"{draft}cong-bo/")
    staying = lawyer.get(f"{base}phien-ban/1/ho-so/")
    send(lawyer, f"{draft}cong-bo/", starts_on="2026-12-01", document=RESOLUTION)
    clock.move_to(local("2026-11-30 09:00"))
    day_before = take_in(client_of(ward, Role.COUNTER_OFFICER))
    clock.move_to(local("2026-12-01 09:00"))
    shown = client_of(ward, Role.COUNTER_OFFICER).post("/tiep-nhan/", {"procedure": RESIDENCE, "step": ""})
    that_day = take_in(client_of(ward, Role.COUNTER_OFFICER))

    assert asked.context["staying"] == "2 hồ sơ"
    assert f'href="{base}phien-ban/1/ho-so/"' in asked.text
    assert all(one.code in staying.text for one in running)
    assert ended.code not in staying.text
    assert [fee_of(one) for one in (*running, day_before, that_day)] == [old_fee, old_fee, old_fee, 77_000]
    assert [one.version.number for one in (*running, day_before, that_day)] == [1, 1, 1, 2]
    assert "77.000" in shown.text
    for one in running:
        one.refresh_from_db()
        assert (one.version.number, fee_of(one)) == (1, old_fee)
    assert Event.objects.get(act="publish-procedure").actor == officer.code
    assert_every_chain_is_sound()


def test_dry_run_says_which_dossiers_would_move_and_by_how_much(
    ward: Ward, clock: time_machine.Traveller
) -> None:
    early = make_dossier(ward, at=local("2026-10-30 08:00"))  # due on Tuesday the 10th, before the storm
    counter = client_of(ward, Role.COUNTER_OFFICER)
    waiting, running = take_in(counter), take_in(counter)
    process(ward, waiting, until="assign")
    papers = {"ask_1": "on", "why_1": "Bản đã nộp hết hạn"}
    asked_for = do(client_of(ward, Role.SPECIALIST), waiting, "request-supplement", **papers)
    assert asked_for.status_code == 302
    waiting.refresh_from_db()
    lawyer = browser(of_the_province(ward, Role.LEGAL_OFFICER))

    law = look_and_enter(
        lawyer,
        "/quan-tri/luat/supplement.close_after/moi/",
        value="20",
        valid_from="2026-11-01",
        document="NĐ 1/2026/NĐ-CP (mẫu)",
    )
    storm = look_and_enter(
        lawyer,
        "/quan-tri/lich/dat-ngay/",
        day="2026-11-12",
        works="0",
        name="Nghỉ tránh bão (mẫu)",
        document="Công điện mẫu",
    )
    entered = {one.pk: Dossier.objects.get(pk=one.pk).due_at for one in (early, waiting, running)}
    send(lawyer, "/quan-tri/tinh-lai/", document="Công điện mẫu", agreed="on")

    (moved,) = [line.moved for line in law.context["lines"]]
    assert (moved.dossier, moved.due_moves) == (waiting, False)
    assert moved.before.act_by is not None
    assert moved.after.act_by == moved.before.act_by + timedelta(days=5)  # 20 days instead of 15
    assert waiting.code in law.text
    assert (law.context["glimpse"].looked, law.context["glimpse"].moved) == (3, 1)
    by = {line.moved.dossier.pk: line.by for line in storm.context["lines"]}
    assert by[running.pk] == "muộn hơn 1 ngày"
    assert early.pk not in by
    assert entered == {early.pk: early.due_at, waiting.pk: waiting.due_at, running.pk: running.due_at}
    after = Dossier.objects.get(pk=running.pk)
    assert after.due_at == running.due_at + timedelta(days=1)
    assert Dossier.objects.get(pk=early.pk).due_at == early.due_at
    assert "Nghỉ tránh bão (mẫu)" in counter.get(f"{page_url(running)}vi-sao/").text
    assert_every_chain_is_sound()


def test_clerk_with_a_declared_brother_is_stopped_and_the_head_hands_over(ward: Ward) -> None:
    other = make_user("Người mẫu thẩm định hai", "19975-specialist-2")
    Duty.objects.create(user=other, unit=ward.department, role=Role.SPECIALIST, valid_from=OPENED)
    clerk, head = client_of(ward, Role.SPECIALIST), client_of(ward, Role.HEAD_OF_DEPARTMENT)
    dossier = take_in(client_of(ward, Role.COUNTER_OFFICER))
    process(ward, dossier, until="assign")
    proposal = filled(clerk, act_url(dossier.pk, "propose"), result="granted", opinion="Đủ điều kiện.")

    send(
        clerk,
        "/nguoi-than-va-loi-ich/",
        tie="sibling",
        name="Người anh mẫu",
        number=BROTHERS_NUMBER,
        since="2026-01-01",
    )
    stopped = clerk.post(act_url(dossier.pk, "propose"), proposal)  # the page was open since before
    at_that_moment = Dossier.objects.get(pk=dossier.pk)
    page = head.get(f"{page_url(dossier)}xung-dot/")
    (offer,) = page.context["offers"]
    handed = head.post(
        page.context["assign_url"],
        {"request_id": str(offer.request_id), "seen": at_that_moment.revision, "assignee": offer.user.code},
    )
    goes_on = do(browser(other), dossier, "propose", result="granted", opinion="Đủ điều kiện.")

    assert stopped.status_code == 403
    assert "Điều 29, trường hợp 8, NĐ 59/2019/NĐ-CP" in stopped.text
    assert f"{page_url(dossier)}xung-dot/" in stopped.text
    assert at_that_moment.desk == Desk.APPRAISAL
    assert "Người anh mẫu" not in page.text
    assert (offer.user, handed.status_code, goes_on.status_code) == (other, 302, 302)
    acts = list(Event.objects.about(dossier.pk).values_list("act", "actor"))
    assert acts[-2:] == [("assign", ward.people[Role.HEAD_OF_DEPARTMENT].code), ("propose", other.code)]
    assert Event.objects.about(dossier.pk).filter(act="assign").last().facts["handed_over"] == 1
    assert clerk.get(act_url(dossier.pk, "propose")).status_code == 403
    assert_every_chain_is_sound()


def test_leader_clears_the_morning(ward: Ward, clock: time_machine.Traveller) -> None:
    waiting = [take_in(client_of(ward, Role.COUNTER_OFFICER)) for _number in range(4)]
    for dossier in waiting:
        process(ward, dossier, until="check")
    clock.move_to(local("2026-11-10 07:45"))
    leader = client_of(ward, Role.SIGNING_LEADER)
    before = leader.get("/dieu-hanh/").context["standing"].to_sign

    form: dict[str, Any] = {}
    for row in leader.get("/dieu-hanh/ky-duyet/").context["rows"]:
        key, dossier = row.dossier.pk, row.dossier
        form |= {f"ma-{key}": row.request_id, f"ban-{key}": dossier.revision, f"buoc-{key}": dossier.desk}
    read = [leader.post("/dieu-hanh/ky-duyet/", {**form, "xem": str(one.pk)}) for one in waiting[:3]]
    do(leader, waiting[2], "send-back", reason="Chưa nêu rõ căn cứ.")
    ticked = [str(one.pk) for one in waiting]
    decided = leader.post("/dieu-hanh/ky-duyet/", {**form, "chon": ticked, "quyet": "1"})

    summaries = [row.summary for page in read for row in page.context["rows"] if row.summary]
    lines = {line.code: line for line in decided.context["lines"]}
    outcome = [lines[one.code].done for one in waiting]
    assert before == 4
    assert [one.opinion for one in summaries] == ["Đủ điều kiện."] * 3
    assert outcome == [True, True, False, False]
    assert "tóm tắt" in lines[waiting[3].code].words
    assert lines[waiting[2].code].words
    assert all(line.words in decided.text for line in lines.values())
    desks = [Dossier.objects.get(pk=one.pk).desk for one in waiting]
    assert desks == [Desk.STAMP, Desk.STAMP, Desk.APPRAISAL, Desk.SIGNATURE]
    assert leader.get("/dieu-hanh/").context["standing"].to_sign == 1
    assert Event.objects.filter(act="approve").count() == 2
    assert_every_chain_is_sound()


def test_two_communes_merge_and_every_date_is_explained(ward: Ward, clock: time_machine.Traveller) -> None:
    second, successor = make_ward("19969", "Thanh Thủy"), make_ward(THIRD, "Phú Bài")
    at_counter, in_department = take_in(client_of(ward, Role.COUNTER_OFFICER)), make_dossier(second)
    in_department = bring_to(second, in_department, Desk.APPRAISAL)
    closed = bring_to(second, make_dossier(second), Desk.CLOSED)
    province = browser(of_the_province(ward, Role.ADMINISTRATOR))
    later = {"opens_1": "07:30", "closes_1": "11:30", "opens_2": "13:30", "closes_2": "17:30"}
    look_and_enter(
        province,
        f"/quan-tri/{THIRD}/gio-lam-viec/dat/",
        unit=str(successor.centre.pk),
        valid_from="2026-11-01",
        document="Thông báo mẫu",
        **later,
    )
    clock.move_to(local("2026-11-12 09:00"))
    province = browser(User.objects.get(code="46-administrator"))
    url = "/quan-tri/sap-nhap/xa-phuong/"
    typed = {
        "sources": "19975 19969",
        "successor": THIRD,
        "effective_on": "2026-11-12",
        "document": RESOLUTION,
    }

    looked = province.post(url, filled(province, url, step="look", **typed))
    untouched = Dossier.objects.filter(commune=THIRD).count()
    report = province.post(url, {**values_of(looked), "step": "decide"}).headers["Location"]
    while pass_on(timezone.now()).left:  # what `./gandan work` does in its rounds
        pass
    standing = province.get(report).context["standing"]

    rows = {row.dossier.pk: row for row in looked.context["preview"].rows}
    assert (looked.context["preview"].still_open, looked.context["preview"].dates_moved) == (2, 2)
    assert (untouched, standing.per_cent) == (0, 100)
    assert Dossier.objects.get(pk=closed.pk).commune_id == THIRD
    for old, desk in ((at_counter, Desk.TRANSFER), (in_department, Desk.APPRAISAL)):
        moved = Dossier.objects.get(pk=old.pk)
        assert (moved.commune_id, moved.desk, moved.code) == (THIRD, desk, old.code)
        assert moved.due_at == local("2026-11-18 17:30") == rows[old.pk].new_due
        assert rows[old.pk].old_due == old.due_at == local("2026-11-18 17:00")
        assert_explained(successor, moved)
    process(successor, Dossier.objects.get(pk=at_counter.pk))
    assert Dossier.objects.get(pk=at_counter.pk).state == State.RETURNED
    assert_every_chain_is_sound()


def assert_explained(successor: Ward, dossier: Dossier) -> None:
    """The newest reading has a step of the merger, and officer and citizen read its document."""
    deadline = dossier.deadlines.get(number=dossier.reading_number)
    steps = stored_reading(deadline.steps, deadline.due_at).steps
    assert [step.source.document for step in steps if step.rule == "re_routed"] == [RESOLUTION]
    why = client_of(successor, Role.COUNTER_OFFICER).get(f"{page_url(dossier)}vi-sao/")
    assert RESOLUTION in why.text
    assert why.context["earlier"]
    assert RESOLUTION in Client().get(f"/t/{secret_of(dossier.pk)}", follow=True).text
