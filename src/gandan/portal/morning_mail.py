"""The morning digest (bản tin buổi sáng): figures and a link, no name and no code of anybody, for leaders who want it."""

from __future__ import annotations

import json
from datetime import datetime, time

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gandan.calculus.calendars import working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import desks, leading, queries, worklist
from gandan.law.queries import value_at
from gandan.notifications.actions import drop_queued_before, queue
from gandan.notifications.models import Channel, Message, Subscription
from gandan.organization.models import Commune
from gandan.organization.permissions import Officer, officer_of
from gandan.organization.queries import calendar_of

TOPIC = "digest"
KIND = "staff"


def queue_digests(at: datetime) -> int:
    """Leaves today's digest in the outbox for each leader who wants it, once a day; returns how many were left.

    From `digest.send_at` on, on working days. Who leads nothing any more gets none. What could not leave
    yesterday is dropped: old figures mislead.
    """
    midnight = desks.midnight(desks.on_day(at))
    drop_queued_before(midnight, subject_kind=KIND)
    if not settings.GANDAN_MAIL or not is_working_day(at):
        return 0
    wanted = Subscription.objects.filter(topic=TOPIC, is_on=True, user__is_active=True)
    today = Message.objects.filter(subject_kind=KIND, topic=TOPIC, queued_at__gte=midnight)
    due = wanted.exclude(user_id__in=today.values("subject_id")).select_related("user")
    return sum(leave(one, at) for one in due)


def is_working_day(at: datetime) -> bool:
    calendar = working_time(calendar_of(None))
    try:
        return calendar.is_working_day(calendar.local(at).date())
    except YearWithoutCalendar:
        return False


def leave(wanted: Subscription, at: datetime) -> bool:
    officer = officer_of(wanted.user, desks.on_day(at))
    if not officer.roles & leading.LEADS or at.astimezone(VIETNAM).time() < hour_of(officer, at):
        return False
    limits = queries.bounds(at, working_time(calendar_of(None)))
    standing = leading.standing(officer, limits)
    facts = {
        "late": standing.late,
        "near": standing.near,
        "apologies": standing.apologies,
        "to_decide": standing.to_sign + standing.to_check,
        "calls": worklist.count_calls(officer, at),
    }
    queue(
        subject_kind=KIND,
        subject_id=wanted.user_id,
        topic=TOPIC,
        facts=facts,
        channel=Channel.EMAIL,
        at=at,
    )
    return True


def hour_of(officer: Officer, at: datetime) -> time:
    """When the officer's own commune wants it sent."""
    commune = Commune.objects.filter(pk__in=officer.communes).order_by("pk").first()
    code, province = (commune.pk, commune.province_id) if commune else ("", "")
    row = value_at("digest.send_at", desks.on_day(at), commune=code, province=province)
    return row.time_of_day


def letter(message: Message, address: str) -> EmailMessage:
    """The e-mail, in Vietnamese. It names nobody."""
    with translation.override("vi"):
        body = _(
            "Good morning.\n\nLate: %(late)d. Nearly late: %(near)d.\nWaiting for your signature or agreement: "
            "%(to_decide)d.\nApologies that must go out today: %(apologies)d.\nCalls to make: %(calls)d.\n\n"
            "Open the morning page: %(link)s\n\nYou can switch this e-mail off here: %(off)s\n"
        ) % {
            **json.loads(message.facts),
            "link": settings.GANDAN_ORIGIN + reverse("portal:morning"),
            "off": settings.GANDAN_ORIGIN + reverse("portal:digest"),
        }
        subject = _("The morning at the one-stop")
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def address_of(message: Message) -> str:
    """Where the digest goes now: '' for who switched it off meanwhile."""
    wanted = Subscription.objects.filter(user_id=message.subject_id, topic=TOPIC, is_on=True)
    return wanted.values_list("email", flat=True).first() or ""
