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
from gandan.portal import morning_mail

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
    "supplement_expiring": lambda: _(
        "The time for the missing papers ends soon. The page below names each of them."
    ),
    "uncollected": lambda: _("Your result is ready and has not been collected yet."),
    "stopped": lambda: _("We stopped working on your dossier, as you asked."),
    "visit": lambda: _(
        "An officer comes to look at the place, and asks you to be there. The page below says when, where, who and what for."
    ),
    "visit_off": lambda: _("The visit of which we told you does not take place. You need not wait for it."),
    "correction": lambda: _(
        "We are sorry: the result that we made for you was wrong. The page below says by when you have the right one."
    ),
    "corrected": lambda: _("Your corrected result is ready. It costs you nothing."),
    "re_routed": lambda: _(
        "Your ward or commune was merged. Another centre goes on with your dossier; its code and your receipt "
        "stay valid. The page below says which centre, and by when you have the result."
    ),
    "date_moved": lambda: _(
        "A rule or the working calendar changed, so the date of your result moves. The page below gives the new "
        "date and shows how it is counted."
    ),
    "reopened": lambda: _("Your dossier was opened again. The page below says why, and what comes next."),
}


def send_waiting(at: datetime) -> int:
    """Sends waiting e-mails, oldest first, and returns how many left. Nothing is sent from sample data."""
    if not settings.GANDAN_MAIL or settings.GANDAN_DEMO:
        return 0
    waiting = Message.objects.filter(
        state=MessageState.WAITING, channel=Channel.EMAIL, subject_kind__in=("dossier", morning_mail.KIND)
    )
    return sum(send(message, at) for message in waiting.order_by("queued_at", "id")[:AT_ONCE])


def send(message: Message, at: datetime) -> bool:
    """Sends one e-mail; a failure is counted, and after five the message is left to the telephone."""
    prepared = letter_of(message)
    try:
        if prepared and prepared.send():
            return mark_sent(message.pk, at=at)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail failed message=%s error=%s", message.pk, type(error).__name__)
    count_failure(message)
    return False


def letter_of(message: Message) -> EmailMessage | None:
    """The letter of a message, or None where there is no address for it any more."""
    if message.subject_kind == morning_mail.KIND:
        address = morning_mail.address_of(message)
        return morning_mail.letter(message, address) if address else None
    dossier = Dossier.objects.select_related("owner", "agent", "unit_received").get(pk=message.subject_id)
    address = (dossier.agent or dossier.owner).email
    return letter(message.topic, dossier, address) if address else None


def count_failure(message: Message) -> None:
    """After five tries a citizen is telephoned; the figures of a morning are simply old."""
    tried = Message.objects.filter(pk=message.pk, state=MessageState.WAITING)
    tried.update(attempts=F("attempts") + 1)
    given_up = tried.filter(attempts__gte=MOST_ATTEMPTS)
    if message.subject_kind == morning_mail.KIND:
        given_up.update(state=MessageState.FAILED)
    else:
        given_up.update(channel=Channel.CALL)


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
