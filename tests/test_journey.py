"""Whole walks through the house by its pages, from the counter to the person's hand (issue 2, "True at the end")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
import zxingcpp
from django.test import Client
from django.utils import timezone
from pypdfium2 import PdfDocument

from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Dossier, Lane, State
from gandan.dossiers.tests.factories import CERTIFIED_COPY, RESIDENCE, Ward, load_reference, make_ward
from gandan.dossiers.tests.pages import client_of, do, page_url
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_chain
from gandan.organization.models import Role

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=VIETNAM)
PERSON = {
    "owner-name": "Nguyễn Thị Mẫu",
    "owner-number": "046188000001",
    "owner-born": "08/03/1988",
    "owner-phone": "0912345678",
    "channel": "counter",
    "return_way": "counter",
    "sets": "1",
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The wall of the office; each step of a walk moves it on."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ward(db: None, clock: time_machine.Traveller) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def take_in(counter: Client, code: str = RESIDENCE, **typed: Any) -> Dossier:
    """Fills the intake page until nothing is missing, and sends it."""
    form = {**PERSON, "request_id": str(uuid4()), "procedure": code, **typed}
    sheet = counter.post("/tiep-nhan/", {**form, "step": "next"}).context["sheet"]
    form |= {f"p-{paper.paper.key}-answer": "handed_in" for paper in sheet.papers}
    form |= {field.html_name: "no" for field in sheet.asked if field.html_name not in form}
    step = form.pop("step", "accept")
    response = counter.post("/tiep-nhan/", {**form, "step": step})
    assert response.status_code == 302, [str(problem) for problem in response.context["sheet"].problems]
    return Dossier.objects.get(pk=response.headers["Location"].split("/")[3].split("?")[0])


def qr_of(pdf: bytes) -> str:
    """What a telephone's camera reads from the first page."""
    page = PdfDocument(BytesIO(pdf))[0].render(scale=4).to_pil()
    (code,) = [one for one in zxingcpp.read_barcodes(page) if one.format == zxingcpp.BarcodeFormat.QRCode]
    return str(code.text)


def process(ward: Ward, dossier: Dossier, *, until: str = "return") -> None:
    """Every desk does its one act on its own page, up to and with `until`."""
    steps: list[tuple[str, Role, dict[str, Any]]] = [
        ("transfer", Role.COUNTER_OFFICER, {"department": ward.department.pk}),
        ("assign", Role.HEAD_OF_DEPARTMENT, {"assignee": ward.people[Role.SPECIALIST].code}),
        ("propose", Role.SPECIALIST, {"result": "granted", "opinion": "Đủ điều kiện."}),
        ("check", Role.HEAD_OF_DEPARTMENT, {}),
        ("approve", Role.SIGNING_LEADER, {}),
        ("number-and-stamp", Role.CLERK, {"number": ""}),
        ("finish", Role.COUNTER_OFFICER, {}),
        ("return", Role.COUNTER_OFFICER, {"way": "counter"}),
    ]
    for act, role, typed in steps:
        response = do(client_of(ward, role), dossier, act, **typed)
        assert (act, response.status_code) == (act, 302)
        if act == until:
            return


def test_dossier_goes_from_the_counter_to_the_hand(ward: Ward, clock: time_machine.Traveller) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)

    dossier = take_in(counter)
    receipt = counter.get(f"/ho-so/{dossier.pk}/giay/giay-hen.pdf")
    citizen = Client()
    followed = citizen.get(qr_of(receipt.content).removeprefix("http://127.0.0.1:8000"), follow=True)
    clock.shift(timedelta(hours=1))
    process(ward, dossier)

    dossier.refresh_from_db()
    acts = list(Event.objects.about(dossier.pk).values_list("act", flat=True))
    assert followed.context["dossier"] == dossier
    assert dossier.state == State.RETURNED
    assert acts == [
        "accept",
        "transfer",
        "assign",
        "propose",
        "check",
        "approve",
        "number-and-stamp",
        "finish",
        "return",
    ]
    assert verify_chain("19975").findings == []


def test_citizen_reads_each_stage_on_the_same_page(ward: Ward, clock: time_machine.Traveller) -> None:
    counter, citizen = client_of(ward, Role.COUNTER_OFFICER), Client()
    dossier = take_in(counter)
    receipt = counter.get(f"/ho-so/{dossier.pk}/giay/giay-hen.pdf").content

    address = citizen.get(qr_of(receipt).removeprefix("http://127.0.0.1:8000")).headers["Location"]
    taken_in = citizen.get(address).context["words"]
    clock.shift(timedelta(hours=1))
    process(ward, dossier, until="finish")
    ready = citizen.get(address).context["words"]
    do(counter, dossier, "return", way="counter")
    returned = citizen.get(address).context["words"]

    assert len({str(taken_in), str(ready), str(returned)}) == 3


def test_late_dossier_gets_its_apology_prepared(ward: Ward, clock: time_machine.Traveller) -> None:
    dossier = take_in(client_of(ward, Role.COUNTER_OFFICER))
    clock.shift(timedelta(hours=1))
    process(ward, dossier, until="assign")

    clock.move_to(dossier.due_at + timedelta(days=1))
    head = client_of(ward, Role.HEAD_OF_DEPARTMENT)
    prepared = head.get(f"/ho-so/{dossier.pk}/lam/xin-loi/").context["form"]
    typed = {name: prepared[name].value() for name in ("reason", "new_date", "new_time")}
    response = do(head, dossier, "extend", **typed)

    dossier.refresh_from_db()
    extension = dossier.extensions.get()
    assert response.status_code == 302
    assert (extension.in_time, extension.old_due_at) == (False, dossier.due_at)
    assert dossier.promised_at == extension.new_due_at


def test_apology_in_time_moves_the_date_and_explains_it(ward: Ward, clock: time_machine.Traveller) -> None:
    dossier = take_in(client_of(ward, Role.COUNTER_OFFICER))
    clock.shift(timedelta(hours=1))
    process(ward, dossier, until="assign")
    first_due = dossier.due_at

    clock.shift(timedelta(days=2))
    head = client_of(ward, Role.HEAD_OF_DEPARTMENT)
    do(head, dossier, "extend", reason="Chờ kết quả đo đạc.", new_date="2026-11-25", new_time="17:00")

    dossier.refresh_from_db()
    why = head.get(f"/ho-so/{dossier.pk}/vi-sao/")
    assert dossier.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM)
    assert dossier.due_at > first_due
    assert len(why.context["earlier"]) == 1


def test_certified_copy_is_settled_at_once(ward: Ward) -> None:
    counter = client_of(ward, Role.COUNTER_OFFICER)

    dossier = take_in(counter, CERTIFIED_COPY, step="settle", **{"q-pages": "3", "q-copies": "2"})

    assert (dossier.lane, dossier.state, dossier.result_number) == (Lane.IMMEDIATE, State.RETURNED, "1/2026")
    assert sum(fee.amount for fee in dossier.fees.all()) == 2 * (2_000 + 2_000 + 1_000)
    assert counter.get(page_url(dossier)).status_code == 200
