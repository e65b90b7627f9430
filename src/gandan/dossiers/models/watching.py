"""Warnings before a date is missed, and calls to people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.dossiers.models.dossier import Desk, Dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune, Unit, roles


class Threshold(models.TextChoices):
    """How near the legal due moment is when we warn; `law.parameters` says how much is left."""

    FIRST = "first", _("first warning")
    APOLOGY = "apology", _("an apology must go out today")
    LAST = "last", _("last warning")
    LATE = "late", _("the date has passed")


class OverdueWarning(models.Model):
    """A warning that a date is near or missed (cảnh báo hạn): which threshold, for which date, at whose desk then.

    One for each threshold and due date; another date, another warning. `law_row` is the row that set the threshold.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="warnings")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    threshold = models.CharField(max_length=8, choices=Threshold)
    due_at = models.DateTimeField()
    law_row = models.UUIDField(null=True)
    desk = models.CharField(max_length=12, choices=Desk)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=24, choices=roles, blank=True)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("overdue warning")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "due_at", "threshold"], name="warned_once_for_a_threshold_and_date"
            )
        ]


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("reached")
    NOT_REACHED = "not_reached", _("not reached")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    CALL_BACK = "call_back", _("to be called again")


class Call(models.Model):
    """A telephone call to a person (cuộc gọi cho người dân): about which message, with what outcome, when to try again.

    A slip is undone on the same day by a further act: the row stays, `undone_at` says so.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="calls")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    message_id = models.UUIDField()
    topic = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=CallOutcome)
    event_id = models.UUIDField()  # what was written down with it is a remark of that event
    next_try_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("call to a person")
        indexes = [
            models.Index(fields=["commune", "at", "id"], name="call_by_commune"),
            models.Index(fields=["dossier", "at"], name="call_by_dossier"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="call_back") | models.Q(next_try_at__isnull=False),
                name="call_back_has_its_moment",
            ),
        ]
