"""What people told the State stays where it belongs: not in events, messages, logs, nor before unfit eyes."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from gandan.accounts.models import Look
from gandan.documents.models import StoredFile
from gandan.documents.tests.reading import words_of
from gandan.dossiers.intake import PartyInput
from gandan.dossiers.models import Desk, Dossier, IdentityKind, Party
from gandan.dossiers.tests.factories import Ward, bring_to, make_dossier
from gandan.dossiers.tests.pages import NOW, client_of, do, filled, page_url, sent
from gandan.dossiers.tests.test_act_pages import ACT_CASES, PDF
from gandan.dossiers.tracking import word_of
from gandan.dossiers.views.acts import act_url
from gandan.ledger.ids import new_id
from gandan.organization.models import Role

NUMBER, PHONE, EMAIL = "046188004711", "0912345678", "mau.kin@example.vn"
OWNER = PartyInput(
    name="Nguyễn Thị Kín",
    address="Số 47 đường Kín Đáo",
    phone=PHONE,
    email=EMAIL,
    identity_kind=IdentityKind.PERSONAL_NUMBER,
    identity_number=NUMBER,
)
WORDS = "Lời kín 0987000111"
PLANTED = (OWNER.name, "Kín Đáo", NUMBER, PHONE, EMAIL, "Lời kín", "0987000111", "Trần Văn Kín")
FREE_TEXT = {"reason", "opinion", "why_1", "remark", "question", "body", "place", "who", "what"}
FREE_TEXT |= {"present", "content", "conclusion", "basis"}
# Where a person may be spoken of by hash and code alone.
TABLES = ("ledger_event", "ledger_request", "notifications_message", "accounts_look", "accounts_session")


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW):
        yield


def planted(typed: dict[str, Any], ward: Ward) -> dict[str, Any]:
    """What is typed into the act's form, with words that must show up nowhere else."""
    found = {name: WORDS if name in FREE_TEXT else value for name, value in typed.items()}
    if "department" in found:
        found["department"] = str(ward.department.id)
    if "collected_by" in found:
        found["collected_by"] = "Trần Văn Kín"
    return found


def rows_as_text(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return "\n".join(str(row) for row in cursor.fetchall())


def test_acts_leave_no_word_about_people_in_ledger_messages_and_logs(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "gandan")
    for act, role, desk, typed, _reached in ACT_CASES:
        dossier = make_dossier(ward, owner=OWNER, accept=desk != Desk.RECEPTION)
        if desk != Desk.RECEPTION:
            dossier = bring_to(ward, dossier, desk)
        assert do(client_of(ward, role), dossier, act, **planted(typed, ward)).status_code == 302

    texts = {table: rows_as_text(table) for table in TABLES} | {"log": caplog.text}

    assert [(place, word) for place, text in texts.items() for word in PLANTED if word in text] == []
    assert texts["ledger_event"]
    assert texts["notifications_message"]


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.INSPECTOR, Role.CLERK])
def test_pages_hide_contact_and_number_from_who_does_not_meet_people(ward: Ward, role: Role) -> None:
    dossier, client = bring_to(ward, make_dossier(ward, owner=OWNER), Desk.CLOSED), client_of(ward, role)
    pages = [
        page_url(dossier),
        f"{page_url(dossier)}vi-sao/",
        f"/tiep-nhan/xong/{dossier.pk}/",
        "/viec-hom-nay/",
    ]
    texts = [client.get(url).text for url in pages]
    texts += [client.get(act_url(dossier.id, act)).text for act in ("approve", "withdraw", "return")]
    texts += [client.post("/tim-ho-so/", {"q": words}).text for words in ("Nguyễn Thị", "kín")]

    found = [word for text in texts for word in (NUMBER, PHONE, EMAIL) if word in text]

    assert found == []


@pytest.mark.parametrize(
    ("kind", "role", "bears"),
    [
        ("giay-hen", Role.COUNTER_OFFICER, True),
        ("giay-hen", Role.SPECIALIST, False),
        ("giay-hen", Role.INSPECTOR, False),
        ("kiem-soat", Role.COUNTER_OFFICER, False),  # it goes from desk to desk
        ("kiem-soat", Role.SPECIALIST, False),
    ],
)
def test_paper_bears_number_telephone_and_tracking_word_for_the_person_alone(
    ward: Ward, kind: str, role: Role, bears: bool
) -> None:
    dossier = make_dossier(ward, owner=OWNER)
    word = word_of(dossier.pk)

    text = words_of(client_of(ward, role).get(f"{page_url(dossier)}giay/{kind}.pdf").content)

    found = [one in text for one in (NUMBER, PHONE, f"{word[:4]}-{word[4:]}")]
    assert found == [bears] * 3


@pytest.mark.parametrize("words", ["nguyen thi kin", NUMBER])
def test_search_records_each_find_as_a_look(ward: Ward, words: str) -> None:
    dossiers = [make_dossier(ward, owner=OWNER) for _time in range(2)]

    client_of(ward, Role.SPECIALIST).post("/tim-ho-so/", {"q": words})

    looks = Look.objects.filter(page="search", user=ward.people[Role.SPECIALIST])
    assert set(looks.values_list("subject_id", flat=True)) == {dossier.pk for dossier in dossiers}


def test_search_words_stand_in_no_address(ward: Ward) -> None:
    assert client_of(ward, Role.SPECIALIST).get(f"/tim-ho-so/?q={NUMBER}").status_code == 405


def stamped(client: Client, dossier: Dossier) -> int:
    """The status of a result sent by this browser."""
    file = SimpleUploadedFile("ket-qua.pdf", PDF, "application/pdf")
    form = sent(new_id(), dossier.revision, number="", result_file=file)
    return int(client.post(act_url(dossier.id, "number-and-stamp"), form).status_code)


def test_result_of_who_may_not_stamp_is_not_kept(ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.STAMP)

    refused = stamped(client_of(ward, Role.INSPECTOR), dossier)
    kept_of_inspector = StoredFile.objects.count()
    taken = stamped(client_of(ward, Role.CLERK), dossier)

    assert (refused, kept_of_inspector) == (403, 0)
    assert (taken, StoredFile.objects.count()) == (302, 1)


def test_paper_with_a_letter_that_cannot_be_printed_says_so(ward: Ward) -> None:
    dossier = make_dossier(ward, owner=PartyInput(name="Nguyễn 😀"))

    answer = client_of(ward, Role.COUNTER_OFFICER).get(f"{page_url(dossier)}giay/giay-hen.pdf")

    assert answer.status_code == 422
    assert "😀" in answer.text


@pytest.mark.parametrize("year", ["9999-12-31", "0001-01-01"])
def test_new_date_in_a_year_without_calendar_is_told(ward: Ward, year: str) -> None:
    dossier, client = (
        bring_to(ward, make_dossier(ward), Desk.ASSIGNMENT),
        client_of(ward, Role.SIGNING_LEADER),
    )

    answer = client.post(
        act_url(dossier.id, "extend"),
        filled(client, dossier, "extend", reason="mẫu", new_date=year, new_time="10:00"),
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["new_date"]


def test_name_that_grows_beyond_its_column_is_told(ward: Ward) -> None:
    one_that_becomes_three = "\U0001d160"

    answer = client_of(ward, Role.COUNTER_OFFICER).post(
        "/tiep-nhan/", {"owner-name": one_that_becomes_three * 150}
    )

    assert list(answer.context["sheet"].owner.errors) == ["name"]


def test_next_matter_of_a_person_whose_number_cannot_be_opened_leaves_it_empty(ward: Ward) -> None:
    dossier = make_dossier(ward, owner=OWNER)
    Party.objects.filter(pk=dossier.owner_id).update(identity_sealed="00000000:AAAA")

    answer = client_of(ward, Role.COUNTER_OFFICER).get(f"/tiep-nhan/?cung-nguoi={dossier.pk}")

    assert answer.status_code == 200
    assert answer.context["sheet"].data["owner-number"] == ""
