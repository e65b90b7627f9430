"""Sends what waits in the outbox (hộp thư đi): e-mail, if the installation has a mail server.

Messages without an e-mail address wait for a telephone call by an officer. A letter names the dossier by its
code and links to its tracking page; it holds nothing else about the person.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from gandan.dossiers.models import Dossier
from gandan.dossiers.tracking import secret_of
from gandan.notifications.actions import mark_sent
from gandan.notifications.models import Channel, Message, MessageState

log = logging.getLogger(__name__)

AT_ONCE = 50
MOST_ATTEMPTS = 5  # then the one-stop telephones

TOPICS: dict[str, Callable[[], str]] = {
    "accepted": lambda: _("Your dossier was accepted and is being processed."),
    "refused": lambda: _("Your dossier could not be accepted. The page below says why, and what you can do."),
    "supplement": lambda: _("Some papers are still missing. The page below names each of them and says why."),
    "supplement_received": lambda: _(
        "Your further papers have arrived. Your dossier is being processed again."
    ),
    "closed": lambda: _("Your dossier was closed because the papers were not completed in time."),
    "apology": lambda: _("We are sorry: your result will be late. The page below gives the new date."),
    "ready_early": lambda: _("Your result is ready earlier than promised."),
    "ready": lambda: _("Your result is ready."),
    "returned": lambda: _("Your result was handed over. Thank you for coming."),
    "withdrawn": lambda: _("Your dossier was withdrawn as you asked."),
}


def send_waiting(at: datetime) -> int:
    """Sends waiting e-mails, oldest first, and returns how many left. Nothing is sent from sample data."""
    if not settings.GANDAN_MAIL or settings.GANDAN_DEMO:
        return 0
    waiting = Message.objects.filter(
        state=MessageState.WAITING, channel=Channel.EMAIL, subject_kind="dossier"
    )
    return sum(send(message, at) for message in waiting.order_by("queued_at", "id")[:AT_ONCE])


def send(message: Message, at: datetime) -> bool:
    """Sends one e-mail; a failure is counted, and after five the message is left to the telephone."""
    dossier = Dossier.objects.select_related("owner", "agent", "unit_received").get(pk=message.subject_id)
    address = (dossier.agent or dossier.owner).email
    try:
        if address:
            letter(message.topic, dossier, address).send()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail failed message=%s error=%s", message.pk, type(error).__name__)
        address = ""
    if address:
        return mark_sent(message.pk, at=at)
    count_failure(message)
    return False


def count_failure(message: Message) -> None:
    tried = Message.objects.filter(pk=message.pk, state=MessageState.WAITING)
    tried.update(attempts=F("attempts") + 1)
    tried.filter(attempts__gte=MOST_ATTEMPTS).update(channel=Channel.CALL)


def letter(topic: str, dossier: Dossier, address: str) -> EmailMessage:
    """The e-mail about one dossier, in Vietnamese."""
    with translation.override("vi"):
        said = TOPICS[topic]() if topic in TOPICS else _("There is news about your dossier.")
        body = _(
            "Dear Sir or Madam,\n\n%(said)s\n\nFollow it here: %(link)s\n"
            "Telephone of the counter: %(phone)s\n\n%(unit)s\n"
        ) % {
            "said": said,
            "link": f"{settings.GANDAN_ORIGIN}/t/{secret_of(dossier.pk)}",
            "phone": dossier.unit_received.phone or "–",
            "unit": dossier.unit_received.name,
        }
        subject = _("Dossier %(code)s") % {"code": dossier.shown_code}
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
