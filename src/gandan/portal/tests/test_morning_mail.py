"""The morning digest: to whom, when, once, and what it does not hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from gandan.accounts.models import User
from gandan.dossiers.models import Desk, Dossier
from gandan.dossiers.tests.factories import (
    MONDAY,
    Ward,
    bring_to,
    load_reference,
    local,
    make_dossier,
    make_ward,
)
from gandan.dossiers.tests.pages import client_of
from gandan.notifications.actions import subscribe, unsubscribe
from gandan.notifications.models import Message, MessageState, Subscription
from gandan.organization.models import Duty, Role
from gandan.portal.morning_mail import TOPIC, queue_digests
from gandan.portal.outbox import send_waiting

LEADER, HEAD = Role.SIGNING_LEADER, Role.HEAD_OF_DEPARTMENT
TUESDAY = local("2026-11-10 07:05")


@pytest.fixture
def ward(db: None, settings: Any) -> Ward:
    settings.GANDAN_MAIL = True
    load_reference(timezone.now())
    ward = make_ward()
    dossier = bring_to(ward, make_dossier(ward), Desk.SIGNATURE)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=TUESDAY - timedelta(hours=1))
    wants(ward.people[LEADER])
    return ward


def wants(user: User) -> None:
    subscribe(user, TOPIC, email="lanh-dao@hop-thu.example", at=MONDAY)


@pytest.mark.parametrize(
    ("moment", "queued"),
    [
        ("2026-11-10 06:59", 0),
        ("2026-11-10 07:00", 1),
        ("2026-11-14 08:00", 0),  # Saturday
        ("2026-11-20 08:00", 1),
    ],
)
def test_digest_goes_on_working_days_from_its_hour(ward: Ward, moment: str, queued: int) -> None:
    assert queue_digests(local(moment)) == queued


def test_digest_goes_once_a_day_and_holds_figures_alone(ward: Ward) -> None:
    queued = [queue_digests(TUESDAY + timedelta(minutes=number)) for number in range(3)]
    sent = send_waiting(TUESDAY)

    (letter,) = mail.outbox
    dossier = Dossier.objects.get()
    assert (queued, sent) == ([1, 0, 0], 1)
    assert letter.to == ["lanh-dao@hop-thu.example"]
    assert "Trễ hẹn: 1" in letter.body
    assert "ký, duyệt: 1" in letter.body
    for secret in (dossier.code, dossier.owner.name, ward.people[LEADER].full_name, ward.people[LEADER].code):
        assert secret not in letter.body + letter.subject


def test_next_day_brings_the_next_one_and_drops_what_could_not_leave(ward: Ward) -> None:
    queue_digests(TUESDAY)
    queue_digests(TUESDAY + timedelta(days=1))

    states = Message.objects.filter(topic=TOPIC).order_by("queued_at").values_list("state", flat=True)
    assert list(states) == [MessageState.DROPPED, MessageState.WAITING]


def test_who_switched_it_off_gets_none_even_if_it_was_queued(ward: Ward) -> None:
    queue_digests(TUESDAY)
    unsubscribe(ward.people[LEADER], TOPIC, at=TUESDAY)

    assert send_waiting(TUESDAY) == 0
    assert queue_digests(TUESDAY + timedelta(days=1)) == 0
    assert mail.outbox == []


def test_who_leads_nothing_any_more_gets_none(ward: Ward) -> None:
    wants(ward.people[Role.SPECIALIST])
    Duty.objects.filter(user=ward.people[LEADER]).update(valid_to=MONDAY.date())

    assert queue_digests(TUESDAY) == 0


def test_without_a_mail_server_nothing_piles_up(ward: Ward, settings: Any) -> None:
    settings.GANDAN_MAIL = False

    assert queue_digests(TUESDAY) == 0
    assert not Message.objects.filter(topic=TOPIC).exists()


def test_each_leader_chooses_for_themselves(ward: Ward) -> None:
    client, url = client_of(ward, HEAD), "/dieu-hanh/thu-buoi-sang/"

    without = client.post(url, {"is_on": "on", "email": ""})
    on = client.post(url, {"is_on": "on", "email": "truong-phong@hop-thu.example"})
    present = chosen(ward, HEAD)
    client.post(url, {"email": "truong-phong@hop-thu.example"})

    assert (without.status_code, on.status_code) == (422, 302)
    assert (present, chosen(ward, HEAD)) == (
        ("truong-phong@hop-thu.example", True),
        ("truong-phong@hop-thu.example", False),
    )
    assert chosen(ward, LEADER) == ("lanh-dao@hop-thu.example", True)


def chosen(ward: Ward, role: Role) -> tuple[str, bool]:
    one = Subscription.objects.get(user=ward.people[role], topic=TOPIC)
    return one.email, one.is_on


def test_moments_are_those_of_the_office(ward: Ward) -> None:
    utc = datetime.fromisoformat("2026-11-10T00:05:00+00:00")

    assert queue_digests(utc) == 1
