"""The intake page by plain POST, as it works without script: what is taken in, what is told, what is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gandan.accounts.models import Look
from gandan.dossiers import tracking
from gandan.dossiers.guidance import paper_of
from gandan.dossiers.models import Answer, Contact, Desk, Dossier, IdentityKind, Lane, State
from gandan.dossiers.tests.factories import (
    BIRTH,
    CERTIFIED_COPY,
    GUIDE_ONLY,
    Ward,
    make_dossier,
    make_unit,
    make_ward,
)
from gandan.organization.models import Duty, Role, UnitKind

CARD = "046188000001|191234567|Nguyễn Thị Mẫu|08031988|Nữ|Số 1 đường Mẫu, phường Hương Thủy|01012022"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
BIRTH_ANSWERS = {
    "q-registered_late": "on_time",
    "q-birth_proof_digital": "no",
    "q-abandoned": "no",
    "q-surrogacy": "no",
    "q-identity_found": "yes",
}


@pytest.fixture
def counter(ward: Ward, client: Client) -> Client:
    """A browser signed in as the counter officer."""
    client.force_login(ward.people[Role.COUNTER_OFFICER], backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed(**changes: Any) -> dict[str, Any]:
    """A complete birth registration as the form sends it."""
    return {
        "request_id": str(uuid4()),
        "procedure": BIRTH,
        "owner-name": "Nguyễn Thị Mẫu",
        "owner-number": "046188000001",
        "owner-born": "08/03/1988",
        "owner-phone": "0912345678",
        "p-declaration-answer": "handed_in",
        "p-birth_certificate-answer": "handed_in",
        "channel": "counter",
        "return_way": "counter",
        "sets": "1",
        **BIRTH_ANSWERS,
        **changes,
    }


def send(client: Client, step: str, **changes: Any) -> Any:
    return client.post("/tiep-nhan/", {**typed(**changes), "step": step})


def problems(response: Any) -> list[str]:
    return [target for target, _sentence in response.context["sheet"].problems]


def scan(name: str = "to-khai.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# ---- taking in -----------------------------------------------------------------------------------------------


def test_complete_intake_makes_one_dossier_and_shows_it(counter: Client) -> None:
    response = send(counter, "accept")

    dossier = Dossier.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/tiep-nhan/xong/{dossier.pk}/")
    assert (dossier.state, dossier.desk) == (State.ACCEPTED, Desk.TRANSFER)
    assert (dossier.owner.name, dossier.owner.identity_kind) == (
        "Nguyễn Thị Mẫu",
        IdentityKind.PERSONAL_NUMBER,
    )
    assert dossier.code in counter.get(response.headers["Location"]).content.decode()


def test_answers_and_papers_are_stored_as_given(counter: Client) -> None:
    changes = {"p-declaration-copies": "2", "p-birth_certificate-answer": "shown"}

    send(counter, "accept", **changes)

    papers = [
        (p.key, p.answer, p.originals, p.copies) for p in Dossier.objects.get().papers.order_by("position")
    ]
    assert papers == [
        ("declaration", Answer.HANDED_IN, 1, 2),
        ("birth_certificate", Answer.SHOWN, 1, 0),
    ]


def test_scan_sent_with_the_form_is_attached(counter: Client) -> None:
    send(counter, "accept", **{"p-declaration-upload": [scan("to-khai.png"), scan("trang-2.png")]})

    files = Dossier.objects.get().files.order_by("file__name").values_list("file__name", "paper__key")
    assert list(files) == [("to-khai.png", "declaration"), ("trang-2.png", "declaration")]


def test_same_form_sent_twice_is_one_dossier(counter: Client) -> None:
    form = {**typed(), "step": "accept"}

    first, second = counter.post("/tiep-nhan/", form), counter.post("/tiep-nhan/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Dossier.objects.count() == 1


def test_changed_form_under_the_same_request_links_to_the_first_dossier(counter: Client) -> None:
    form = {**typed(), "step": "accept"}
    counter.post("/tiep-nhan/", form)

    response = counter.post("/tiep-nhan/", {**form, "owner-name": "Trần Văn Mẫu"})

    dossier = Dossier.objects.get()
    assert response.status_code == 409
    assert response.context["made"] == dossier
    assert f"/tiep-nhan/xong/{dossier.pk}/" in response.content.decode()
    assert 'value="Trần Văn Mẫu"' in response.content.decode()


def test_form_seen_again_after_success_says_that_it_was_sent(counter: Client) -> None:
    form = typed()
    counter.post("/tiep-nhan/", {**form, "step": "accept"})

    response = counter.post("/tiep-nhan/", {**form, "step": "next"})

    assert response.context["made"] == Dossier.objects.get()


def test_immediate_matter_gets_its_book_number(counter: Client) -> None:
    changes = {
        "procedure": CERTIFIED_COPY,
        "p-original-answer": "shown",
        "q-has_copy": "no",
        "q-many_pages": "no",
        "q-pages": "3",
        "q-copies": "2",
    }

    response = send(counter, "settle", **changes)

    dossier = Dossier.objects.get()
    assert (dossier.lane, dossier.state, dossier.fees.get().amount) == (Lane.IMMEDIATE, State.RETURNED, 10000)
    assert dossier.result_number in counter.get(response.headers["Location"]).content.decode()


def test_online_dossier_can_be_registered_only(counter: Client) -> None:
    send(counter, "register", channel="online")

    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.due_at, dossier.channel) == (State.REGISTERED, None, "online")


def test_authorised_person_asks_for_the_authorisation(counter: Client) -> None:
    response = send(counter, "accept", **{"agent-name": "Lê Mẫu"})

    assert problems(response) == ["p-authorisation-answer"]
    send(counter, "accept", **{"agent-name": "Lê Mẫu", "p-authorisation-answer": "handed_in"})
    assert Dossier.objects.get().agent.name == "Lê Mẫu"


def test_last_channel_and_way_of_return_are_remembered(counter: Client) -> None:
    send(counter, "accept", channel="post", return_way="post", **{"q-by_post": "yes"})

    sheet = counter.get("/tiep-nhan/").context["sheet"]

    assert (sheet.data["channel"], sheet.data["return_way"]) == ("post", "post")


def test_same_person_is_prefilled_and_the_look_is_recorded(counter: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)

    sheet = counter.get(f"/tiep-nhan/?cung-nguoi={dossier.pk}").context["sheet"]

    assert [sheet.data[f"owner-{name}"] for name in ("name", "number", "born")] == [
        "Nguyễn Thị Mẫu",
        "046188000001",
        "08/03/1988",
    ]
    assert Look.objects.filter(subject_id=dossier.pk, page="intake").count() == 1


# ---- what is missing -----------------------------------------------------------------------------------------


def test_missing_paper_makes_the_guidance_slip_and_keeps_the_form(counter: Client) -> None:
    response = send(counter, "accept", **{"p-birth_certificate-answer": "missing"})

    slip = Contact.objects.get()
    assert Dossier.objects.count() == 0
    assert response.context["slip"] == slip
    assert slip.slip_code in response.content.decode()
    assert 'value="Nguyễn Thị Mẫu"' in response.content.decode()


def test_guidance_pressed_twice_is_one_slip(counter: Client) -> None:
    form = {**typed(**{"p-birth_certificate-answer": "missing"}), "step": "guide"}

    counter.post("/tiep-nhan/", form)
    counter.post("/tiep-nhan/", form)

    assert Contact.objects.count() == 1


def test_slip_is_a_pdf_for_its_own_ward_alone(counter: Client, ward: Ward) -> None:
    send(counter, "guide", **{"p-birth_certificate-answer": "missing"})
    address = f"/tiep-nhan/phieu-huong-dan/{Contact.objects.get().pk}.pdf"
    stranger = Client()
    other = make_ward("14758", "Hàm Rồng").people[Role.COUNTER_OFFICER]
    stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")

    own, strange = counter.get(address), stranger.get(address)

    assert (own.status_code, own.content[:5]) == (200, b"%PDF-")
    assert strange.status_code == 404


def test_guidance_waits_until_each_paper_was_looked_at(counter: Client) -> None:
    response = send(counter, "guide", **{"p-declaration-answer": "missing", "p-birth_certificate-answer": ""})

    assert Contact.objects.count() == 0
    assert problems(response) == ["p-birth_certificate-answer"]


def test_guidance_waits_for_the_questions_that_decide(counter: Client) -> None:
    response = send(counter, "guide", **{"p-declaration-answer": "missing", "q-abandoned": ""})

    assert Contact.objects.count() == 0
    assert problems(response) == ["q-abandoned"]


def test_guidance_can_be_asked_for_before_any_paper_was_seen(counter: Client) -> None:
    answers = dict.fromkeys(["p-declaration-answer", "p-birth_certificate-answer", *BIRTH_ANSWERS], "")

    response = send(counter, "guide", **answers)

    assert response.context["slip"] == Contact.objects.get()
    assert {one.state for one in paper_of(Contact.objects.get()).papers} == {""}


def test_slip_number_brings_its_matter_back(counter: Client) -> None:
    send(counter, "guide", **{"p-birth_certificate-answer": "missing"})
    slip = Contact.objects.get()

    response = counter.post("/tiep-nhan/", {"scan": f" {slip.slip_code.lower()} ", "step": "next"})

    sheet = response.context["sheet"]
    assert (sheet.version.procedure.code, sheet.data["contact_slip"]) == (BIRTH, slip.slip_code)
    assert sheet.data["q-registered_late"] == "on_time"


def test_dossier_after_guidance_knows_the_first_contact(counter: Client) -> None:
    send(counter, "guide", **{"p-birth_certificate-answer": "missing"})
    slip = Contact.objects.get()

    send(counter, "accept", contact_slip=slip.slip_code)

    slip.refresh_from_db()
    assert slip.dossier == Dossier.objects.get()
    assert Dossier.objects.get().first_contact_at == slip.at


# ---- the scanner ---------------------------------------------------------------------------------------------


def test_card_fills_the_person(counter: Client) -> None:
    sheet = counter.post("/tiep-nhan/", {"scan": CARD, "step": "next"}).context["sheet"]

    values = [sheet.data[f"owner-{name}"] for name in ("number", "name", "born", "sex", "address")]
    assert values == [
        "046188000001",
        "Nguyễn Thị Mẫu",
        "08/03/1988",
        "female",
        "Số 1 đường Mẫu, phường Hương Thủy",
    ]


def test_receipt_code_opens_its_dossier(counter: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)

    response = counter.post("/tiep-nhan/", {"scan": dossier.code, "step": "next"})

    assert response.headers["Location"] == f"/ho-so/{dossier.pk}/"


def test_scanned_receipt_opens_its_dossier(counter: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    address = f"http://127.0.0.1:8000/t/{tracking.secret_of(dossier.pk)}"

    response = counter.post("/tiep-nhan/", {"scan": address, "step": "next"})

    assert response.headers["Location"] == f"/ho-so/{dossier.pk}/"


def test_receipt_code_of_another_ward_reads_like_none(counter: Client) -> None:
    strange = make_dossier(make_ward("14758", "Hàm Rồng"))

    told = [
        counter.post("/tiep-nhan/", {"scan": code, "step": "next"}).context["sheet"].problems
        for code in (strange.code, "14758-261109-9999")
    ]

    assert told[0] == told[1] != []


# ---- bad input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"owner-number": "04618800001"}, "owner-number"),
        ({"owner-born": "31/02/1988"}, "owner-born"),
        ({"owner-born": "01/01/2999"}, "owner-born"),
        ({"owner-name": "  "}, "owner-name"),
        ({"owner-email": "khong phai thu"}, "owner-email"),
        ({"procedure": "9.999999"}, "find"),
        ({"procedure": ""}, "find"),
        ({"p-declaration-answer": ""}, "p-declaration-answer"),
        ({"p-declaration-answer": "from_database"}, "p-declaration-source"),
        ({"p-declaration-originals": "nhiều"}, "p-declaration-originals"),
        ({"q-abandoned": ""}, "q-abandoned"),
        ({"q-registered_late": ""}, "q-registered_late"),
        ({"contact_slip": "KHONGCO1"}, "contact_slip"),
        ({"sets": "0"}, "sets"),
        ({"channel": "fax"}, "channel"),
    ],
)
def test_bad_input_is_told_at_its_field_and_the_rest_is_kept(
    counter: Client, changes: dict[str, str], target: str
) -> None:
    response = send(counter, "accept", **{"owner-phone": "0987654321", **changes})

    assert Dossier.objects.count() == 0
    assert problems(response) == [target]
    assert 'value="0987654321"' in response.content.decode()


def test_eleven_digits_are_answered_in_plain_words(counter: Client) -> None:
    response = send(counter, "accept", **{"owner-number": "04618800001"})

    sentence = dict(response.context["sheet"].problems)["owner-number"]
    assert sentence.startswith("Số định danh cần 12 chữ số; ở đây mới có 11.")
    assert "vẫn được giữ" in sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"owner-name": "Ư"},
        {"owner-born": "1948"},
        {"owner-born": ""},
        {"owner-number": ""},
        {"owner-number": "191234567"},
        {"owner-number": "046288000001"},
        {"owner-phone": "12345"},
        {"owner-phone": "01682345678"},
    ],
)
def test_odd_but_possible_input_is_taken_in(counter: Client, changes: dict[str, str]) -> None:
    send(counter, "accept", **changes)

    assert Dossier.objects.count() == 1


def test_guide_only_procedure_says_why_and_offers_the_slip(counter: Client) -> None:
    response = counter.post("/tiep-nhan/", {**typed(procedure=GUIDE_ONLY), "step": "accept"})

    sheet = response.context["sheet"]
    assert Dossier.objects.count() == 0
    assert sheet.version.why_guide_only in [sentence for _target, sentence in sheet.problems]
    assert 'value="guide"' in response.content.decode()


def test_guide_only_procedure_shows_no_outdated_time(counter: Client) -> None:
    counter.post("/tiep-nhan/", {**typed(procedure=GUIDE_ONLY), "step": "guide"})

    sheet = counter.post("/tiep-nhan/", {**typed(procedure=GUIDE_ONLY), "step": "next"}).context["sheet"]

    assert (sheet.time, sheet.reading) == ("", None)
    assert paper_of(Contact.objects.get()).time_limit == ""


def test_fee_that_hangs_on_an_answer_is_never_shown_as_free(counter: Client) -> None:
    unanswered, answered = (
        counter.post("/tiep-nhan/", {**typed(**{"q-registered_late": answer}), "step": "next"}).context[
            "sheet"
        ]
        for answer in ("", "on_time")
    )

    assert (unanswered.total, answered.total) == (None, 0)


def test_file_of_the_wrong_kind_is_told_and_the_good_ones_stay(counter: Client) -> None:
    files = [scan("tot.png"), scan("hinh.svg", b"<svg onload=alert(1)/>")]

    response = send(counter, "accept", **{"p-declaration-upload": files})

    sheet = response.context["sheet"]
    assert Dossier.objects.count() == 0
    assert problems(response) == ["p-declaration-upload"]
    assert [one.name for one in sheet.papers[0].scans] == ["tot.png"]


def test_kept_scan_comes_back_with_the_next_try(counter: Client) -> None:
    refused = send(counter, "accept", **{"owner-name": "", "p-declaration-upload": scan()})
    token = refused.context["sheet"].papers[0].scans[0].token

    send(counter, "accept", **{"p-declaration-files": token})

    assert Dossier.objects.get().files.get().file.name == "to-khai.png"


def test_another_officers_scan_cannot_be_attached(counter: Client, ward: Ward) -> None:
    stranger = Client()
    other = make_ward("14758", "Hàm Rồng").people[Role.COUNTER_OFFICER]
    stranger.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    refused = send(stranger, "accept", **{"owner-name": "", "p-declaration-upload": scan()})
    token = refused.context["sheet"].papers[0].scans[0].token

    response = send(counter, "accept", **{"p-declaration-files": token})

    assert Dossier.objects.count() == 0
    assert problems(response) == ["p-declaration-upload"]


def test_official_code_is_taken_once(counter: Client) -> None:
    send(counter, "accept", official_code="000.19.45.H57-261109-0001")

    response = send(counter, "accept", official_code="000.19.45.H57-261109-0001")

    assert Dossier.objects.count() == 1
    assert problems(response) == ["official_code"]


def test_year_without_calendar_is_told_and_everything_is_kept(client: Client, ward: Ward) -> None:
    with time_machine.travel(datetime(2031, 12, 30, 3, 0, tzinfo=UTC)):
        officer = ward.people[Role.COUNTER_OFFICER]
        client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
        response = send(client, "accept")

    assert Dossier.objects.count() == 0
    assert "2031" in response.context["sheet"].no_date
    assert response.context["sheet"].problems
    assert 'value="Nguyễn Thị Mẫu"' in response.content.decode()


def test_officer_of_two_counters_chooses_where(counter: Client, ward: Ward) -> None:
    point = make_unit(ward.commune, UnitKind.POINT, "19975.D1", ward.committee)
    officer = ward.people[Role.COUNTER_OFFICER]
    Duty.objects.create(user=officer, unit=point, role=Role.COUNTER_OFFICER, valid_from=point.opened_on)

    send(counter, "accept", unit=str(point.pk))

    assert Dossier.objects.get().unit_received == point


def test_counter_where_the_officer_does_not_serve_is_not_taken(counter: Client, ward: Ward) -> None:
    elsewhere = make_ward("14758", "Hàm Rồng").centre

    send(counter, "accept", unit=str(elsewhere.pk))

    assert Dossier.objects.get().unit_received == ward.centre


# ---- who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.CENTRE_DIRECTOR, Role.CLERK, Role.ADMINISTRATOR])
def test_only_the_counter_takes_in(client: Client, ward: Ward, role: Role) -> None:
    client.force_login(ward.people[role], backend="django.contrib.auth.backends.ModelBackend")

    responses = [
        client.get("/tiep-nhan/"),
        send(client, "accept"),
        client.post("/tiep-nhan/tep/", {"file": scan()}),
    ]

    assert [one.status_code for one in responses] == [403, 403, 403]
    assert Dossier.objects.count() == 0


def test_upload_answers_with_a_chip_and_refuses_in_plain_words(counter: Client) -> None:
    good = counter.post("/tiep-nhan/tep/", {"key": "declaration", "file": scan("a.png")})
    bad = counter.post("/tiep-nhan/tep/", {"key": "declaration", "file": scan("b.svg", b"<svg/>")})

    assert (good.status_code, bad.status_code) == (200, 422)
    assert 'name="p-declaration-files"' in good.content.decode()
    assert bad.content.decode().startswith("b.svg: ")


# ---- cost -----------------------------------------------------------------------------------------------------

# Session, user and duties are the page's; the rest is the act's (design.md §6 wants 14 in all).
QUERIES_OF_ACCEPTING = 18


@pytest.mark.parametrize("scans", [1, 3])
def test_accepting_asks_the_database_as_often_with_one_scan_as_with_three(
    counter: Client, django_assert_num_queries: Any, scans: int
) -> None:
    send(counter, "accept")  # warms what a process reads once
    refused = send(
        counter,
        "accept",
        **{"owner-name": "", "p-declaration-upload": [scan(f"{n}.png") for n in range(scans)]},
    )
    tokens = [one.token for one in refused.context["sheet"].papers[0].scans]

    with django_assert_num_queries(QUERIES_OF_ACCEPTING):
        response = send(counter, "accept", **{"p-declaration-files": tokens})

    assert response.status_code == 302
    assert Dossier.objects.count() == 2
