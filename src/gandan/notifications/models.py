"""The outbox: messages that acts leave behind, in the act's own transaction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.ledger.ids import new_id


class Channel(models.TextChoices):
    SMS = "sms", _("text message")
    EMAIL = "email", _("e-mail")
    CALL = "call", _("telephone call by an officer")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("no longer needed")


class Message(models.Model):
    """A message to a person (thông báo): what, about which record, by which channel, sent or not.

    The address is looked up when it is sent; the row holds none, so nothing personal stays here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    facts = models.TextField(
        default="{}"
    )  # canonical JSON of codes, dates, figures: never names or numbers of people
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    call_after = models.DateTimeField(null=True)  # nobody is telephoned about it before this moment

    class Meta:
        verbose_name = _("message")
        indexes = [
            models.Index(fields=["queued_at"], name="message_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["subject_id", "queued_at"], name="message_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="sent_message_has_its_moment",
            ),
        ]


class Subscription(models.Model):
    """What a member of staff gets by e-mail (đăng ký nhận tin qua thư), and to which address; off is kept as off."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="subscriptions")
    topic = models.CharField(max_length=40)
    email = models.EmailField()
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("subscription")
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="subscribed_once_to_a_topic")]


class Lease(models.Model):
    """The right to do some background work (quyền chạy việc nền), held by one process until a moment."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
