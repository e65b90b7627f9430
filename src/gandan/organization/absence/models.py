"""Who is away, and who replaces whom in which duty."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.ledger.ids import new_id


class Manner(models.TextChoices):
    """How a substitute signs (hình thức ký); a duty without signature has none."""

    NONE = "", _("does not sign")
    FOR = "for", _("signs for the head (ký thay)")
    BY_ORDER = "by_order", _("signs by order (ký thừa lệnh)")
    BY_POWER = "by_power", _("signs by delegated power (ký thừa ủy quyền)")


def manners() -> list[tuple[str, Any]]:
    return Manner.choices


class Absence(models.Model):
    """Days on which a member of staff is away (vắng mặt), both included; why is nobody's business here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    valid_from = models.DateField()
    valid_to = models.DateField()
    ended_at = models.DateTimeField(null=True)  # back earlier
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("absence")
        indexes = [models.Index(fields=["user", "valid_to"], name="absence_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="absence_does_not_end_before_it_starts"
            )
        ]


class Substitution(models.Model):
    """A substitution in absence (thay thế khi vắng mặt): who replaces whom in one duty, from and to which day.

    It rests on a document, ends by itself, and may be cut short (`ended_at`). The substitute acts in their own
    name; every event bears both codes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    duty = models.ForeignKey("organization.Duty", on_delete=models.PROTECT, related_name="substitutions")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="substitutions"
    )
    manner = models.CharField(max_length=8, choices=manners, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    document = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("substitution")
        indexes = [
            models.Index(fields=["substitute", "valid_to"], name="substitution_by_substitute"),
            models.Index(fields=["duty", "valid_to"], name="substitution_by_duty"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="substitution_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="substitution_has_its_document"),
        ]
