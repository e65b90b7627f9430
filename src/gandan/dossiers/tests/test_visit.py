"""Verification on site: the appointment, the minutes, the visit that does not take place (118/2025 art. 19.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from gandan.documents.tests.reading import words_of
from gandan.dossiers.actions import processing, visit, withdraw
from gandan.dossiers.actions.visit import Minutes
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.models import Desk, Dossier, DossierFile, Presence, ResultKind, Visit
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier
from gandan.dossiers.tests.pages import NOW, client_of, do, filled, page_url
from gandan.dossiers.views.acts import act_url
from gandan.ledger.models import Event
from gandan.notifications.models import Message, MessageState
from gandan.organization.models import Role

PLACE = "Số 1 đường Mẫu"
TUESDAY = local("2026-11-10 08:00")
MINUTES = Minutes(TUESDAY, PLACE, "Mẫu, chuyên viên", Presence.SIGNED, "Đúng ranh giới", "Đủ điều kiện")


@pytest.fixture
def dossier(ward: Ward) -> Dossier:
    return bring_to(ward, make_dossier(ward), Desk.APPRAISAL)


def plan(ward: Ward, dossier: Dossier, at: datetime = MONDAY, **more: Any) -> Dossier:
    arguments = {
        "starts_at": TUESDAY,
        "place": PLACE,
        "who": "Mẫu",
        "what": "Ranh đất",
        "citizen_asked": True,
    }
    return visit.plan_visit(
        officer=ward.officer(Role.SPECIALIST), **{**arguments, **more}, **asked(dossier, at)
    )


def record(
    ward: Ward, dossier: Dossier, minutes: Minutes | None = MINUTES, at: datetime = TUESDAY, **more: Any
) -> Dossier:
    return visit.verify_on_site(
        officer=ward.officer(Role.SPECIALIST), minutes=minutes, **more, **asked(dossier, at)
    )


def messages_about(dossier: Dossier) -> list[tuple[str, str]]:
    found = Message.objects.filter(subject_id=dossier.id, topic__startswith="visit").order_by(
        "queued_at", "id"
    )
    return list(found.values_list("topic", "state"))


def test_person_who_is_asked_is_told_and_the_clock_runs_on(ward: Ward, dossier: Dossier) -> None:
    after = plan(ward, dossier)

    assert messages_about(dossier) == [("visit", MessageState.WAITING)]
    assert (after.due_at, after.desk) == (dossier.due_at, Desk.APPRAISAL)
    assert after.visit is not None
    assert after.visit.starts_at == TUESDAY


def test_moved_visit_keeps_the_old_plan_and_replaces_what_waits_to_be_said(
    ward: Ward, dossier: Dossier
) -> None:
    plan(ward, dossier)

    after = plan(ward, dossier, local("2026-11-09 10:00"), starts_at=local("2026-11-11 08:00"))

    assert messages_about(dossier) == [("visit", MessageState.DROPPED), ("visit", MessageState.WAITING)]
    assert [one.replaced_at is None for one in Visit.objects.order_by("number")] == [False, True]
    assert after.visit is not None
    assert after.visit.number == 2


def test_visit_that_does_not_take_place_is_told_with_the_reason_kept_here(
    ward: Ward, dossier: Dossier
) -> None:
    plan(ward, dossier)

    after = record(ward, dossier, None, reason="Mưa bão")

    assert messages_about(dossier) == [("visit", MessageState.DROPPED), ("visit_off", MessageState.WAITING)]
    assert after.visit is None
    assert [(one.text, one.to_citizen) for one in dossier.remarks.all()] == [("Mưa bão", False)]


def test_minutes_fill_the_planned_visit(ward: Ward, dossier: Dossier) -> None:
    plan(ward, dossier)

    after = record(ward, dossier)

    kept = Visit.objects.get()
    assert (kept.presence, kept.conclusion, kept.held_at) == (Presence.SIGNED, "Đủ điều kiện", TUESDAY)
    assert after.visit is None
    assert Event.objects.about(dossier.id).last().facts["planned"] == 1


def test_visit_without_the_person_needs_no_plan(ward: Ward, dossier: Dossier) -> None:
    record(ward, dossier, replace(MINUTES, presence=Presence.NOT_ASKED))

    assert Visit.objects.get().planned_at is None


@pytest.mark.parametrize(("planned", "presence"), [(False, Presence.ABSENT), (True, Presence.NOT_ASKED)])
def test_only_who_was_told_stays_away_and_who_was_told_is_spoken_of(
    ward: Ward, dossier: Dossier, planned: bool, presence: Presence
) -> None:
    if planned:
        plan(ward, dossier)

    with pytest.raises(Unacceptable) as refused:
        record(ward, dossier, replace(MINUTES, presence=presence))

    assert refused.value.field == "presence"


@pytest.mark.parametrize("held", ["2026-11-08 08:00", "2026-11-10 08:01"])
def test_minutes_of_what_has_not_happened_are_refused(ward: Ward, dossier: Dossier, held: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        record(ward, dossier, replace(MINUTES, held_at=local(held)))

    assert refused.value.field == "held_at"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"starts_at": MONDAY}, "starts_at"), ({"place": " "}, "place"), ({"what": ""}, "what")],
)
def test_plan_that_cannot_be_told_is_refused(
    ward: Ward, dossier: Dossier, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Unacceptable) as refused:
        plan(ward, dossier, **wrong)

    assert refused.value.field == field
    assert not Message.objects.filter(topic="visit").exists()


def test_nothing_is_proposed_while_a_visit_is_planned(ward: Ward, dossier: Dossier) -> None:
    plan(ward, dossier)

    with pytest.raises(NotAllowed):
        processing.propose(
            officer=ward.officer(Role.SPECIALIST),
            result=ResultKind.GRANTED,
            opinion="",
            **asked(dossier, MONDAY),
        )


def test_end_of_the_dossier_ends_the_plan(ward: Ward, dossier: Dossier) -> None:
    plan(ward, dossier)

    after = withdraw.withdraw(
        officer=ward.officer(Role.COUNTER_OFFICER), reason="Theo đơn", **asked(dossier, MONDAY)
    )

    assert after.visit is None
    assert Visit.objects.get().replaced_at == MONDAY
    assert messages_about(dossier) == [("visit", MessageState.DROPPED)]


def test_repeated_request_records_one_visit(ward: Ward, dossier: Dossier) -> None:
    minutes = replace(MINUTES, presence=Presence.NOT_ASKED)
    request = {**asked(dossier, TUESDAY), "officer": ward.officer(Role.SPECIALIST), "minutes": minutes}

    first, second = visit.verify_on_site(**request), visit.verify_on_site(**request)

    assert (first.revision, second.revision, Visit.objects.count()) == (4, 4, 1)


def test_place_and_people_stay_out_of_events_and_messages(ward: Ward, dossier: Dossier) -> None:
    plan(ward, dossier, place="Số 47 đường Kín", who="Trần Văn Kín", what="Nhà bà Kín")
    record(ward, dossier, replace(MINUTES, place="Số 47 đường Kín", present="Bà Kín", content="Bà Kín nói"))

    events = " ".join(Event.objects.about(dossier.id).values_list("body", flat=True))
    facts = " ".join(Message.objects.values_list("facts", flat=True))
    assert "Kín" not in events + facts


# ---- the pages -----------------------------------------------------------------------------------------------


def test_minutes_with_their_files_are_on_the_page_and_can_be_printed(ward: Ward, dossier: Dossier) -> None:
    client = client_of(ward, Role.SPECIALIST)
    with time_machine.travel(NOW):
        typed = {"held_at": "2026-11-09T09:00", "place": PLACE, "present": "Mẫu", "presence": "refused"}
        typed |= {"content": "Đúng ranh giới", "conclusion": "Đủ điều kiện"}
        form = filled(client, dossier, "verify-on-site", **typed)
        pictures = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7\n%%EOF\n" + bytes([n])) for n in (1, 2)]
        answers = [
            client.post(
                act_url(dossier.id, "verify-on-site"), {**form, "minutes_files": pictures}
            ).status_code
            for _click in range(2)
            if all(picture.seek(0) == 0 for picture in pictures)
        ]
        page = client.get(page_url(dossier))
        paper = client.get(f"{page_url(dossier)}giay/bien-ban-1.pdf")

    assert answers == [302, 302]
    assert DossierFile.objects.filter(visit__isnull=False).count() == 2
    assert "1.pdf" in page.text
    text = words_of(paper.content)
    assert ("BẢN NHÁP" in text, "có mặt, không ký biên bản" in text, "Mẫu số" in text) == (True, True, False)


def test_form_offers_to_call_off_only_what_is_planned(ward: Ward, dossier: Dossier) -> None:
    client = client_of(ward, Role.SPECIALIST)
    with time_machine.travel(NOW):
        without = client.get(act_url(dossier.id, "verify-on-site")).context["form"]
        plan(ward, dossier)
        planned = client.get(act_url(dossier.id, "verify-on-site")).context["form"]
        off = filled(client, Dossier.objects.get(pk=dossier.pk), "verify-on-site", held="0", reason="Mưa bão")
        answers = [client.post(act_url(dossier.id, "verify-on-site"), off).status_code for _click in range(2)]

    assert ("held" in without.fields, "held" in planned.fields) == (False, True)
    assert answers == [302, 302]
    assert Dossier.objects.get(pk=dossier.pk).visit is None


def test_half_filled_minutes_are_asked_for_the_rest(ward: Ward, dossier: Dossier) -> None:
    with time_machine.travel(NOW):
        response = do(
            client_of(ward, Role.SPECIALIST), dossier, "verify-on-site", place=PLACE, content="Đúng"
        )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"held_at", "present", "presence", "conclusion"}
    assert response.context["form"]["content"].value() == "Đúng"
