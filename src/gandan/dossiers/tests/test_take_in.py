"""Taking dossiers in: complete, once, with the right numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from gandan.accounts.secrets import open_sealed
from gandan.dossiers import tracking
from gandan.dossiers.actions import guide, settle, take_in
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.models import Answer, Channel, Contact, Desk, Dossier, Lane, Party, State
from gandan.dossiers.tests.factories import (
    BIRTH,
    CERTIFIED_COPY,
    GUIDE_ONLY,
    MONDAY,
    RESIDENCE,
    Ward,
    local,
    make_dossier,
    make_intake,
    make_ward,
)
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.actions import set_office_hours
from gandan.organization.models import Role
from gandan.organization.permissions import operator


def test_identity_number_is_sealed_and_found_by_its_index(ward: Ward) -> None:
    dossier = make_dossier(ward)

    owner = Party.objects.get(pk=dossier.owner_id)

    assert "046188000001" not in owner.identity_sealed
    assert open_sealed(owner.identity_sealed, "identity") == "046188000001"
    assert len(owner.identity_index) == 64


def test_event_holds_no_name_and_no_number(ward: Ward) -> None:
    dossier = make_dossier(ward)

    body = Event.objects.about(dossier.id).get().body

    leaked = [word for word in ("Nguyễn", "Mẫu", "046188000001", "0912345678", "1988") if word in body]
    assert leaked == []


def test_missing_paper_is_refused_and_takes_no_number(ward: Ward) -> None:
    intake = make_intake()
    lacking = replace(intake, papers=(replace(intake.papers[0], answer=Answer.MISSING), *intake.papers[1:]))

    with pytest.raises(Unacceptable) as refusal:
        take_in.take_in(
            officer=ward.officer(Role.COUNTER_OFFICER),
            unit=ward.centre,
            intake=lacking,
            request_id=new_id(),
            at=MONDAY,
        )

    assert refusal.value.field == "papers"
    assert intake.papers[0].name in str(refusal.value)
    assert make_dossier(ward).code == "19975-261109-0001"


def test_repeated_request_returns_the_first_dossier(ward: Ward) -> None:
    request, intake = new_id(), make_intake()
    arguments = {
        "officer": ward.officer(Role.COUNTER_OFFICER),
        "unit": ward.centre,
        "request_id": request,
        "at": MONDAY,
    }
    first = take_in.take_in(intake=intake, **arguments)

    second = take_in.take_in(intake=intake, **arguments)

    assert second.pk == first.pk
    assert Dossier.objects.count() == 1
    assert Event.objects.count() == 1


def test_repeated_request_with_another_content_is_refused(ward: Ward) -> None:
    request = new_id()
    arguments = {
        "officer": ward.officer(Role.COUNTER_OFFICER),
        "unit": ward.centre,
        "request_id": request,
        "at": MONDAY,
    }
    take_in.take_in(intake=make_intake(), **arguments)

    with pytest.raises(RequestConflict):
        take_in.take_in(intake=make_intake(sets=2), **arguments)

    assert Dossier.objects.count() == 1


def test_officer_of_another_ward_is_refused(ward: Ward) -> None:
    stranger = make_ward("14758", "Hàm Rồng").officer(Role.COUNTER_OFFICER)

    with pytest.raises(NotAllowed):
        take_in.take_in(
            officer=stranger, unit=ward.centre, intake=make_intake(), request_id=new_id(), at=MONDAY
        )

    assert Dossier.objects.count() == 0


def test_guide_only_procedure_is_refused_with_its_reason(ward: Ward) -> None:
    intake = replace(make_intake(GUIDE_ONLY), papers=())

    with pytest.raises(Unacceptable) as refusal:
        take_in.take_in(
            officer=ward.officer(Role.COUNTER_OFFICER),
            unit=ward.centre,
            intake=intake,
            request_id=new_id(),
            at=MONDAY,
        )

    assert refusal.value.field == "procedure"


def test_codes_count_up_in_a_day_and_start_again_the_next(ward: Ward) -> None:
    codes = [make_dossier(ward, at=at).code for at in (MONDAY, MONDAY, MONDAY + timedelta(days=1))]

    assert codes == ["19975-261109-0001", "19975-261109-0002", "19975-261110-0001"]


def test_register_number_runs_through_the_year(ward: Ward) -> None:
    numbers = [
        make_dossier(ward, at=at).register_number
        for at in (MONDAY, MONDAY + timedelta(days=1), local("2027-01-04 08:00"))
    ]

    assert numbers == [1, 2, 1]


def test_online_dossier_waits_for_the_officers_answer_without_a_clock(ward: Ward) -> None:
    dossier = make_dossier(ward, at=local("2026-11-09 16:00"), accept=False, channel=Channel.ONLINE)

    assert (dossier.state, dossier.desk, dossier.due_at) == (State.REGISTERED, Desk.RECEPTION, None)
    assert dossier.act_by == local("2026-11-10 16:30")  # one hour on Monday, seven on Tuesday


def test_immediate_matter_is_recorded_with_its_book_number(ward: Ward) -> None:
    dossier = settle.settle(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        intake=make_intake(CERTIFIED_COPY),
        request_id=new_id(),
        at=MONDAY,
    )

    assert (dossier.lane, dossier.state, dossier.result_number) == (Lane.IMMEDIATE, State.RETURNED, "1/2026")
    assert [event.act for event in Event.objects.about(dossier.id)] == ["settle"]


def test_slow_procedure_is_not_settled_at_once(ward: Ward) -> None:
    with pytest.raises(Unacceptable):
        settle.settle(
            officer=ward.officer(Role.COUNTER_OFFICER),
            unit=ward.centre,
            intake=make_intake(RESIDENCE),
            request_id=new_id(),
            at=MONDAY,
        )

    assert Dossier.objects.count() == 0


def test_guidance_slip_links_the_first_contact_to_the_dossier(ward: Ward) -> None:
    intake = make_intake(BIRTH)
    slip = guide.contact(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        request_id=new_id(),
        at=MONDAY,
        version=None,
        missing=[MissingPaper("Giấy chứng sinh", "Để chứng minh việc sinh")],
        guide=True,
    )

    dossier = take_in.take_in(
        officer=ward.officer(Role.COUNTER_OFFICER),
        unit=ward.centre,
        intake=replace(intake, contact_slip=slip.slip_code),
        request_id=new_id(),
        at=MONDAY + timedelta(days=2),
    )

    assert dossier.first_contact_at == MONDAY
    assert Contact.objects.get(pk=slip.pk).dossier_id == dossier.pk


def test_tracking_secret_is_not_stored(ward: Ward) -> None:
    dossier = make_dossier(ward)

    secret = tracking.secret_of(dossier.id)

    assert len(secret) == 26
    assert dossier.tracking_hash == tracking.hash_of(secret)
    assert Dossier.objects.filter(tracking_hash=secret).count() == 0
    assert tracking.word_matches(dossier.id, f" {tracking.word_of(dossier.id).lower()} ")
    assert not tracking.word_matches(dossier.id, "AAAAAAAA")


def test_office_hours_of_the_day_of_reception_count_not_those_of_today(ward: Ward) -> None:
    set_office_hours(
        [(time(8, 0), time(16, 0))],
        place=ward.centre,
        valid_from=date(2026, 11, 20),
        document="Quyết định mẫu",
        officer=operator(),
        at=local("2026-11-19 08:00"),
        request_id=new_id(),
    )

    before, after = make_dossier(ward), make_dossier(ward, at=local("2026-11-23 08:00"))

    assert before.due_at == local("2026-11-18 17:00")
    assert after.due_at == local("2026-12-03 16:00")
