"""Many clerks at once: no code twice, no gap in the register, one of two wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from gandan.dossiers.actions import processing, take_in
from gandan.dossiers.errors import StaleDossier
from gandan.dossiers.models import Dossier
from gandan.dossiers.tests.factories import MONDAY, Ward, make_dossier, make_intake
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_all
from gandan.organization.models import Role

THREADS = 16


def together(work: Callable[[int], str], times: int) -> list[str]:
    """Runs `work` in sixteen threads, each with its own connection, and returns what each call returned."""

    def one(turn: int) -> str:
        try:
            return work(turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.slow
def test_sixteen_clerks_never_share_a_code_or_a_register_number(committed_ward: Ward) -> None:
    officer, intake = committed_ward.officer(Role.COUNTER_OFFICER), make_intake()

    def work(_turn: int) -> str:
        return take_in.take_in(
            officer=officer, unit=committed_ward.centre, intake=intake, request_id=new_id(), at=MONDAY
        ).code

    codes = together(work, 48)

    assert sorted(codes) == [f"19975-261109-{number:04d}" for number in range(1, 49)]
    assert sorted(Dossier.objects.values_list("register_number", flat=True)) == list(range(1, 49))
    assert [finding for finding in verify_all() if finding.kind != "tail-unproven"] == []


@pytest.mark.slow
def test_one_request_sent_sixteen_times_makes_one_dossier(committed_ward: Ward) -> None:
    officer, intake, request = committed_ward.officer(Role.COUNTER_OFFICER), make_intake(), new_id()

    def work(_turn: int) -> str:
        return take_in.take_in(
            officer=officer, unit=committed_ward.centre, intake=intake, request_id=request, at=MONDAY
        ).code

    codes = together(work, 16)

    assert set(codes) == {"19975-261109-0001"}
    assert Event.objects.count() == 1


@pytest.mark.slow
def test_of_sixteen_transfers_of_one_dossier_one_is_done(committed_ward: Ward) -> None:
    dossier, officer = make_dossier(committed_ward), committed_ward.officer(Role.COUNTER_OFFICER)

    def work(_turn: int) -> str:
        try:
            processing.transfer(
                officer=officer,
                dossier_id=dossier.id,
                request_id=new_id(),
                at=MONDAY,
                seen=1,
                department=committed_ward.department,
            )
        except StaleDossier:
            return "told"
        return "done"

    outcomes = together(work, 16)

    assert sorted(outcomes) == ["done", *["told"] * 15]
    assert Event.objects.about(dossier.id).count() == 2
