"""The outbox as the job worker sends it: what leaves, what a letter holds, what is left to the telephone."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from gandan.dossiers.models import Dossier
from gandan.dossiers.tests.factories import Ward, load_reference, make_dossier, make_intake, make_ward
from gandan.dossiers.tracking import secret_of
from gandan.notifications.actions import queue
from gandan.notifications.models import Channel, Message, MessageState
from gandan.portal.outbox import MOST_ATTEMPTS, TOPICS, letter, send_waiting


class DeadServer(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected


@pytest.fixture
def ward(db: None) -> Ward:
    load_reference(timezone.now())
    return make_ward()


@pytest.fixture
def dossier(ward: Ward, settings: Any) -> Dossier:
    """One whose owner has an e-mail address; the installation has a mail server."""
    settings.GANDAN_MAIL = True
    owner = replace(make_intake().owner, email="mau@hop-thu.example")
    return make_dossier(ward, owner=owner)


@pytest.fixture
def message(dossier: Dossier) -> Message:
    return queue(
        subject_kind="dossier",
        subject_id=dossier.pk,
        topic="ready",
        facts={},
        channel=Channel.EMAIL,
        at=timezone.now(),
    )


def test_waiting_letter_is_sent_once(message: Message) -> None:
    first, second = send_waiting(timezone.now()), send_waiting(timezone.now())

    message.refresh_from_db()
    assert (first, second, len(mail.outbox)) == (1, 0, 1)
    assert message.state == MessageState.SENT


def test_letter_names_the_dossier_and_nobody(dossier: Dossier) -> None:
    sent = letter("ready", dossier, "mau@hop-thu.example")

    assert sent.subject == f"Hồ sơ {dossier.code}"
    assert f"/t/{secret_of(dossier.pk)}" in sent.body
    assert [word for word in (dossier.owner.name, "046188000001", "0912345678") if word in sent.body] == []


def test_every_topic_that_acts_leave_has_its_sentence(dossier: Dossier) -> None:
    bodies = {topic: letter(topic, dossier, "mau@hop-thu.example").body for topic in TOPICS}

    assert len(set(bodies.values())) == len(TOPICS)


def test_nothing_leaves_without_a_mail_server(message: Message, settings: Any) -> None:
    settings.GANDAN_MAIL = False

    assert (send_waiting(timezone.now()), mail.outbox) == (0, [])


def test_nothing_leaves_from_sample_data(message: Message, settings: Any) -> None:
    settings.GANDAN_DEMO = True

    assert (send_waiting(timezone.now()), mail.outbox) == (0, [])


def test_dead_server_leaves_the_message_to_the_telephone(message: Message, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"

    for _attempt in range(MOST_ATTEMPTS):
        send_waiting(timezone.now())

    message.refresh_from_db()
    assert (message.state, message.channel, message.attempts) == (MessageState.WAITING, Channel.CALL, 5)
