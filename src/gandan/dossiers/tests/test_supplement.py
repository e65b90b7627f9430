"""Ask once and completely, restart from zero, close when nothing comes (118/2025/NĐ-CP arts. 16.3, 17, 19.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gandan.dossiers.actions import supplement
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.models import Desk, Dossier, State, Supplement
from gandan.dossiers.tests.factories import MONDAY, Ward, asked, bring_to, local, make_dossier
from gandan.ledger.models import Event
from gandan.organization.models import Role

LEASE = MissingPaper("Hợp đồng thuê nhà", "Bản đã nộp hết hạn từ tháng 9")


def request(ward: Ward, dossier: Dossier, at: Any, **changes: Any) -> Dossier:
    role = changes.pop("role", Role.SPECIALIST)
    arguments = {"items": [LEASE], **changes}
    return supplement.request_supplement(officer=ward.officer(role), **asked(dossier, at), **arguments)


def receive(ward: Ward, dossier: Dossier, at: Any, **changes: Any) -> Dossier:
    arguments = {"complete": True, **changes}
    return supplement.receive_supplement(
        officer=ward.officer(Role.COUNTER_OFFICER), **asked(dossier, at), **arguments
    )


@pytest.fixture
def appraised(ward: Ward) -> Dossier:
    return bring_to(ward, make_dossier(ward), Desk.APPRAISAL)


def test_request_stops_the_clock_and_gives_fifteen_days(ward: Ward, appraised: Dossier) -> None:
    dossier = request(ward, appraised, local("2026-11-11 09:00"))

    assert (dossier.state, dossier.desk, dossier.due_at) == (State.SUPPLEMENT, Desk.WAITING, None)
    assert dossier.act_by == local("2026-11-26 23:59:59")
    assert Supplement.objects.get().notice_late is False


def test_request_after_three_working_days_is_recorded_as_late(ward: Ward, appraised: Dossier) -> None:
    request(ward, appraised, local("2026-11-13 08:00"))

    assert Supplement.objects.get().notice_late is True


def test_completed_supplement_restarts_the_clock_from_zero(ward: Ward, appraised: Dossier) -> None:
    dossier = request(ward, appraised, local("2026-11-11 09:00"))

    dossier = receive(ward, dossier, local("2026-11-13 10:00"))

    assert (dossier.state, dossier.desk) == (State.PROCESSING, Desk.APPRAISAL)
    assert dossier.assignee_id == ward.people[Role.SPECIALIST].pk
    # Seven working days after Friday 13 November; Tuesday the 24th is Vietnam Culture Day.
    assert dossier.due_at == local("2026-11-25 17:00")
    assert dossier.base_due_at == local("2026-11-18 17:00")
    assert dossier.wait_seconds == (2 * 24 + 1) * 3600


def test_incomplete_supplement_goes_on_waiting(ward: Ward, appraised: Dossier) -> None:
    dossier = request(ward, appraised, local("2026-11-11 09:00"))

    dossier = receive(
        ward, dossier, local("2026-11-13 10:00"), complete=False, remark="Còn thiếu chữ ký của bên cho thuê"
    )

    assert (dossier.state, dossier.desk, dossier.supplement_count) == (State.SUPPLEMENT, Desk.WAITING, 1)


def test_time_is_counted_from_the_complete_supplement_not_from_the_incomplete_one(
    ward: Ward, appraised: Dossier
) -> None:
    dossier = request(ward, appraised, local("2026-11-11 09:00"))
    dossier = receive(ward, dossier, local("2026-11-12 10:00"), complete=False, remark="Còn thiếu chữ ký")

    dossier = receive(ward, dossier, local("2026-11-13 10:00"))

    # As if only the complete papers had come: seven working days after Friday 13 November, without the 24th.
    assert dossier.due_at == local("2026-11-25 17:00")
    assert dossier.wait_seconds == (2 * 24 + 1) * 3600


def test_second_request_without_a_basis_is_refused(ward: Ward, appraised: Dossier) -> None:
    dossier = receive(ward, request(ward, appraised, local("2026-11-11 09:00")), local("2026-11-12 09:00"))

    with pytest.raises(Unacceptable) as refusal:
        request(ward, dossier, local("2026-11-13 09:00"))

    assert refusal.value.field == "basis"
    assert Supplement.objects.count() == 1


def test_second_request_with_a_basis_counts_as_late_in_the_index(ward: Ward, appraised: Dossier) -> None:
    dossier = receive(ward, request(ward, appraised, local("2026-11-11 09:00")), local("2026-11-12 09:00"))

    request(ward, dossier, local("2026-11-13 09:00"), basis="Luật Cư trú, điều 21")

    latest = Dossier.objects.get().deadlines.order_by("-number").first()
    assert latest is not None
    assert json.loads(latest.steps)["index"]["late"] == 1
    assert json.loads(latest.steps)["index"]["breaches"] == ["second_supplement"]


def test_reason_is_required_for_each_paper(ward: Ward, appraised: Dossier) -> None:
    with pytest.raises(Unacceptable):
        request(ward, appraised, local("2026-11-11 09:00"), items=[MissingPaper("Hợp đồng thuê nhà", " ")])

    assert Supplement.objects.count() == 0


def test_specialist_who_was_not_assigned_may_not_ask(ward: Ward, appraised: Dossier) -> None:
    Dossier.objects.filter(pk=appraised.pk).update(assignee=ward.people[Role.HEAD_OF_DEPARTMENT])

    with pytest.raises(NotAllowed):
        request(ward, appraised, local("2026-11-11 09:00"))


def test_closing_waits_for_the_end_of_the_period(ward: Ward, appraised: Dossier) -> None:
    dossier = request(ward, appraised, local("2026-11-11 09:00"))
    counter = ward.officer(Role.COUNTER_OFFICER)
    with pytest.raises(NotAllowed):
        supplement.close(officer=counter, **asked(dossier, local("2026-11-26 16:00")))

    dossier = supplement.close(officer=counter, **asked(dossier, local("2026-11-27 08:00")))

    assert (dossier.state, dossier.desk) == (State.STOPPED, Desk.CLOSED)
    assert Event.objects.about(dossier.id).last().act == "close"


def test_supplement_at_reception_starts_the_clock_only_at_acceptance(ward: Ward) -> None:
    dossier = make_dossier(ward, accept=False)
    dossier = request(ward, dossier, local("2026-11-09 09:00"), role=Role.COUNTER_OFFICER)

    dossier = receive(ward, dossier, local("2026-11-12 09:00"))

    assert (dossier.state, dossier.desk, dossier.due_at) == (State.REGISTERED, Desk.RECEPTION, None)
    assert dossier.act_by == local("2026-11-13 09:30")
    assert dossier.registered_at == MONDAY
