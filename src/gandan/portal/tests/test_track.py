"""Tracking without an account: the secret leaves no trace, the sentences are true, nothing personal shows."""

from __future__ import annotations

import itertools
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandan.dossiers import tracking, words
from gandan.dossiers.actions import supplement
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.models import Desk, Dossier, Party, State
from gandan.dossiers.tests.factories import (
    MONDAY,
    Ward,
    asked,
    bring_to,
    load_reference,
    local,
    make_dossier,
    make_ward,
)
from gandan.organization.models import Role, Unit
from gandan.portal import followed, limits, sentences
from gandan.portal.models import Attempt
from gandan.portal.scrubbing import ScrubSecrets


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


def open_by_code(client: Client, dossier: Dossier) -> Any:
    return client.get(f"/t/{tracking.secret_of(dossier.id)}", follow=True)


def type_code(client: Client, code: str, word: str) -> Any:
    return client.post(reverse("portal:track"), {"code": code, "word": word})


def without_tokens(answer: Any) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_square_code_leads_to_the_dossier_without_the_secret(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    secret = tracking.secret_of(dossier.id)

    answer = client.get(f"/t/{secret}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/tra-cuu/ho-so/{followed.page_id(dossier.id)}/"
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies[followed.COOKIE]
    assert secret not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Lax",
        "/tra-cuu/",
        "",
    )
    assert secret not in client.get(answer["Location"]).content.decode()


def test_wrong_secret_and_foreign_page_get_the_same_text(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)

    wrong = client.get("/t/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    foreign = client.get(reverse("portal:followed", args=[followed.page_id(dossier.id)]))

    assert (wrong.status_code, foreign.status_code) == (404, 404)
    assert without_tokens(wrong) == without_tokens(foreign)


def test_page_shows_no_more_of_the_person_than_needed(client: Client, ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)

    page = open_by_code(client, dossier).content.decode()

    assert "Nguyễn T. M." in page
    personal = ("Nguyễn Thị Mẫu", "046188000001", "0912345678", "Số 1 đường Mẫu", "Người mẫu")
    assert [text for text in personal if text in page] == []


def test_page_costs_four_queries(client: Client, ward: Ward, django_assert_num_queries: Any) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    open_by_code(client, dossier)

    with django_assert_num_queries(4):
        client.get(reverse("portal:followed", args=[followed.page_id(dossier.id)]))


def test_typed_code_and_word_open_the_dossier_in_spite_of_slips(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    word = tracking.word_of(dossier.id)

    answer = type_code(client, f" {dossier.code} ", f"{word[:4].lower()} {word[4:]}")

    assert answer["Location"] == reverse("portal:followed", args=[followed.page_id(dossier.id)])


def test_wrong_word_and_unknown_code_get_the_same_answer(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)

    wrong_word = type_code(client, dossier.code, "AAAAAAAA").context["form"].non_field_errors()
    unknown = type_code(client, "19975-000000-0000", "AAAAAAAA").context["form"].non_field_errors()

    assert wrong_word == unknown
    assert len(wrong_word) == 1


def test_guesser_is_stopped_and_told_when_to_come_back(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    for _try in range(limits.TRIES_OF_A_CLIENT):
        type_code(client, dossier.code, "AAAAAAAA")

    answer = type_code(client, dossier.code, tracking.word_of(dossier.id))

    assert answer.status_code == 200
    assert followed.COOKIE not in answer.cookies


def test_attempts_name_nobody_and_are_forgotten(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    type_code(client, dossier.code, "AAAAAAAA")

    assert [a.key for a in Attempt.objects.all() if "127.0.0.1" in a.key or dossier.code in a.key] == []
    assert limits.forget_old(timezone.now() + timedelta(hours=1)) == 2


def test_borrowed_device_is_cleared(client: Client, ward: Ward) -> None:
    dossier = make_dossier(ward)
    open_by_code(client, dossier)

    client.post(reverse("portal:forget"))

    assert client.get(reverse("portal:followed", args=[followed.page_id(dossier.id)])).status_code == 404


def test_clearing_a_device_is_confirmed(client: Client, ward: Ward) -> None:
    open_by_code(client, make_dossier(ward))

    page = client.post(reverse("portal:forget"), follow=True).content.decode()

    assert "Đã xóa khỏi máy này" in page


def test_counter_can_be_called_with_one_touch(client: Client, ward: Ward) -> None:
    Unit.objects.filter(pk=ward.centre.pk).update(phone="0000 199 752")

    page = open_by_code(client, make_dossier(ward)).content.decode()

    assert page.count('href="tel:0000199752"') == 2
    assert 'Gọi quầy: <span class="nowrap">0000 199 752</span>' in page


def test_front_door_of_one_ward_gives_its_telephone(client: Client, ward: Ward) -> None:
    Unit.objects.filter(pk=ward.centre.pk).update(phone="0000 199 752")

    context = client.get("/").context

    assert (context["ward_name"], context["ward_phone"]) == ("Phường Hương Thủy", "0000 199 752")


def test_front_door_costs_one_query(client: Client, ward: Ward, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        client.get("/")


def test_missing_papers_are_listed_with_their_reasons(client: Client, ward: Ward) -> None:
    dossier = bring_to(ward, make_dossier(ward), Desk.APPRAISAL)
    supplement.request_supplement(
        officer=ward.officer(Role.SPECIALIST),
        items=[MissingPaper("Hợp đồng thuê nhà", "Bản đã nộp hết hạn")],
        **asked(dossier, MONDAY),
    )

    page = open_by_code(client, dossier).content.decode()

    assert "Hợp đồng thuê nhà: Bản đã nộp hết hạn" in page


PLACES = [
    (state, desk)
    for state, desk in itertools.product(State, Desk)
    if (state in (State.REFUSED, State.WITHDRAWN, State.STOPPED, State.RETURNED)) == (desk == Desk.CLOSED)
]


@pytest.mark.parametrize(("state", "desk"), PLACES)
def test_every_place_has_its_sentences(state: State, desk: Desk) -> None:
    dossier = Dossier(
        state=state, desk=desk, act_by=MONDAY, due_at=MONDAY, returned_at=MONDAY, return_way="counter"
    )

    words = sentences.words_for(dossier, MONDAY)

    assert all((words.status, words.word, words.happened, words.do))
    longest = max(
        len(part.split()) for text in (words.happened, words.next, words.do) for part in text.split(". ")
    )
    assert longest <= 22  # look.md: a sentence has at most 20 words; a date counts as several


def test_late_dossier_apologises_and_promises() -> None:
    dossier = Dossier(
        state=State.PROCESSING, desk=Desk.APPRAISAL, due_at=MONDAY, promised_at=MONDAY + timedelta(days=2)
    )

    words = sentences.words_for(dossier, MONDAY + timedelta(minutes=1))

    assert words.status == "late"
    assert "11/11/2026" in words.next


@pytest.mark.parametrize(
    ("promised_in", "next_words"),
    [
        (None, "Phường còn nợ ông/bà thư xin lỗi, nêu lý do và ngày hẹn mới."),
        (2, "Phường hẹn lại: thứ Tư 11/11/2026, 08:00."),
        (0, "Phường hẹn lại thứ Hai 09/11/2026, 08:00, nay cũng đã quá ngày đó."),
    ],
)
def test_late_dossier_says_what_is_promised_or_owed(promised_in: int | None, next_words: str) -> None:
    dossier = Dossier(
        state=State.PROCESSING,
        desk=Desk.APPRAISAL,
        due_at=MONDAY,
        promised_at=None if promised_in is None else MONDAY + timedelta(days=promised_in),
    )

    assert sentences.words_for(dossier, MONDAY + timedelta(minutes=1)).next == next_words


def test_date_moved_in_time_is_told_as_a_new_date() -> None:
    dossier = Dossier(state=State.PROCESSING, desk=Desk.APPRAISAL, due_at=MONDAY, extension_count=1)

    words = sentences.words_for(dossier, MONDAY)

    assert words.next == "Phường đã xin lỗi và hẹn lại: chậm nhất thứ Hai 09/11/2026, 08:00."


@pytest.mark.parametrize(
    ("state", "desk"), [(State.REGISTERED, Desk.RECEPTION), (State.SUPPLEMENT, Desk.WAITING)]
)
def test_day_that_has_passed_is_not_told_as_one_to_come(state: State, desk: Desk) -> None:
    dossier = Dossier(state=state, desk=desk, act_by=MONDAY)

    before = sentences.words_for(dossier, MONDAY)
    after = sentences.words_for(dossier, MONDAY + timedelta(minutes=1))

    assert "chậm nhất" in before.next + before.do
    assert "chậm nhất" not in after.next + after.do


@pytest.mark.parametrize(
    ("state", "desk", "path"),
    [
        (State.REGISTERED, Desk.RECEPTION, "now next next next next"),
        (State.PROCESSING, Desk.SIGNATURE, "done done now next next"),
        (State.SUPPLEMENT, Desk.WAITING, "wait next next next next"),
        (State.DONE, Desk.RETURN, "done done done done wait"),
        (State.RETURNED, Desk.CLOSED, "done done done done done"),
        (State.WITHDRAWN, Desk.CLOSED, ""),
    ],
)
def test_path_shows_how_far_and_who_is_waited_for(state: State, desk: Desk, path: str) -> None:
    steps = sentences.path_of(Dossier(state=state, desk=desk, return_way="counter"))

    assert " ".join(step.state for step in steps) == path


@pytest.mark.parametrize("way", ["post", "online"])
def test_result_that_is_sent_asks_nobody_to_come(way: str) -> None:
    dossier = Dossier(state=State.DONE, desk=Desk.RETURN, return_way=way)

    assert sentences.words_for(dossier, MONDAY).do.startswith("Ông/bà không phải đến.")


def test_business_is_named_in_full() -> None:
    assert words.shown_name(Party(kind=4, name="Hộ kinh doanh Mẫu")) == "Hộ kinh doanh Mẫu"


@pytest.mark.parametrize(
    ("name", "short"), [("Nguyễn Thị Hường", "Nguyễn T. H."), ("Y", "Y"), ("Y Bhiêu Niê", "Y B. N.")]
)
def test_names_are_shortened(name: str, short: str) -> None:
    assert words.short_name(name) == short


def test_log_line_loses_the_secret() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", ("/t/abc234",), None
    )

    ScrubSecrets().filter(record)

    assert record.getMessage() == "Not Found: /t/…"


@pytest.mark.parametrize(
    ("due", "by", "at", "says"),
    [
        ("2026-11-20 17:00", "2026-11-16 17:00", "2026-11-10 09:00", "làm xong phần việc chậm nhất"),
        ("2026-11-20 17:00", "2026-11-16 17:00", "2026-11-17 09:00", "và đang chậm"),
        ("2026-11-20 17:00", "2026-11-20 17:00", "2026-11-10 09:00", "để làm phần việc"),
        ("2026-11-20 17:00", "2026-11-20 17:00", "2026-11-23 09:00", "đã trễ hẹn"),
    ],
    ids=["own date", "own date passed", "no own date", "whole late"],
)
def test_forwarded_dossier_says_where_it_is_and_by_when(due: str, by: str, at: str, says: str) -> None:
    dossier = Dossier(
        state=State.PROCESSING,
        desk=Desk.FORWARDED,
        desk_unit=Unit(name="Sở Y tế thành phố Huế"),
        due_at=local(due),
        act_by=local(by),
    )

    words = sentences.words_for(dossier, local(at))

    assert "Sở Y tế thành phố Huế" in words.happened
    assert says in words.happened
