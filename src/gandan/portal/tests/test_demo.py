"""The sample: every state and desk is there, through the real acts, with people who do not exist."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest
import time_machine
from django.core.management import call_command

from gandan.accounts.secrets import open_sealed
from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Desk, Dossier, Extension, Party, State
from gandan.exchange.generation.people import Place, person
from gandan.ledger.actions import recorded_as_done
from gandan.ledger.models import Event
from gandan.ledger.verification import verify_all
from gandan.organization.models import Duty, Role
from gandan.portal.demo import months, staff
from gandan.portal.demo.months import live_through, opening_day
from gandan.portal.demo.sign_ins import sign_in_table
from gandan.portal.demo.staff import open_wards, set_passwords

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)
SUNDAY = datetime(2026, 11, 22, 4, 0, tzinfo=VIETNAM)
END_OF_CALENDARS = datetime(2030, 6, 3, 9, 0, tzinfo=VIETNAM)


def build(now: datetime, monkeypatch: pytest.MonkeyPatch, *, dossiers: int = 4) -> None:
    """One ward with a few dossiers, as of `now`."""
    monkeypatch.setattr(months, "DOSSIERS", dossiers)
    monkeypatch.setattr(staff, "WARDS", staff.WARDS[:1])
    with time_machine.travel(now, tick=False):
        call_command("load_reference", verbosity=0)
        with recorded_as_done():
            live_through(open_wards(opening_day(now), Random(1)), now, [])


@pytest.mark.django_db
@pytest.mark.parametrize("now", [MONDAY, SUNDAY], ids=["office hours", "Sunday night"])
def test_sample_has_every_desk_and_every_end(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    build(now, monkeypatch)

    desks = set(Dossier.objects.values_list("desk", flat=True))
    states = set(Dossier.objects.values_list("state", flat=True))
    assert desks == set(Desk)
    assert states == set(State) - {State.FINANCIAL}
    assert set(Extension.objects.values_list("in_time", flat=True)) == {True, False}
    assert Dossier.objects.filter(supplement_count=2).exists()
    assert Dossier.objects.filter(finished_at=None, due_at__lt=now).exists()
    assert verify_all() == []


@pytest.mark.django_db
def test_sample_lies_in_the_past_and_is_recorded_there(monkeypatch: pytest.MonkeyPatch) -> None:
    build(MONDAY, monkeypatch)

    moments = Event.objects.values_list("at", "recorded_at")
    assert [at for at, recorded_at in moments if at != recorded_at or at > MONDAY] == []


@pytest.mark.django_db
def test_sample_without_a_calendar_ends_with_the_last_published_year(monkeypatch: pytest.MonkeyPatch) -> None:
    build(END_OF_CALENDARS, monkeypatch, dossiers=4)

    assert {moment.year for moment in Dossier.objects.values_list("registered_at", flat=True)} == {2027}


@pytest.mark.django_db
def test_sample_people_belong_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    build(MONDAY, monkeypatch)

    people = Party.objects.all()
    assert {open_sealed(one.identity_sealed, "identity")[:3] for one in people} == {"000"}
    assert {one.phone[:4] for one in people if one.phone} == {"0000"}
    assert {one.email.rsplit(".")[-1] for one in people if one.email} <= {"example"}


def test_invented_number_fits_the_invented_person() -> None:
    one = person(Place("phường Mẫu", "Tổ dân phố"), MONDAY.date(), Random(3))

    year = one.birth_date.year if one.birth_date else one.birth_year
    assert (len(one.identity_number), int(one.identity_number[4:6])) == (12, year % 100)


@pytest.mark.django_db
def test_each_role_has_an_account_that_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    build(MONDAY, monkeypatch, dossiers=0)

    set_passwords("mot-hai-ba")

    table = sign_in_table("http://127.0.0.1:8000", "mot-hai-ba")
    assert set(Duty.objects.values_list("role", flat=True)) == {role.value for role in Role}
    assert [
        d.user.username for d in Duty.objects.select_related("user") if d.user.username not in table
    ] == []
    assert all(duty.user.check_password("mot-hai-ba") for duty in Duty.objects.select_related("user")[:1])
