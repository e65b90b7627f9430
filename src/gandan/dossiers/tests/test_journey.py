"""A dossier from the counter to the hand, through the real acts."""

from __future__ import annotations

from gandan.dossiers.models import Desk, State
from gandan.dossiers.tests.factories import MONDAY, Ward, bring_to, local, make_dossier
from gandan.ledger.models import Event


def test_accepted_dossier_has_code_due_moment_and_evidence(ward: Ward) -> None:
    dossier = make_dossier(ward)

    assert (dossier.state, dossier.desk) == (State.ACCEPTED, Desk.TRANSFER)
    assert dossier.code == "19975-261109-0001"
    assert dossier.register_number == 1
    assert dossier.due_at == local("2026-11-18 17:00")
    assert [event.act for event in Event.objects.about(dossier.id)] == ["accept"]


def test_dossier_goes_through_all_desks_to_the_hand(ward: Ward) -> None:
    dossier = make_dossier(ward)

    dossier = bring_to(ward, dossier, Desk.CLOSED)

    assert dossier.state == State.RETURNED
    assert dossier.result_number == "1/2026"
    assert [event.act for event in Event.objects.about(dossier.id)] == [
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
    assert dossier.steps.filter(ended_at__isnull=True).count() == 0
    assert dossier.finished_at == MONDAY
