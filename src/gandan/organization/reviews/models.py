"""Reviews of who holds which role in a commune."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandan.ledger.ids import new_id


class Verdict(models.TextChoices):
    """What the review says of one duty."""

    KEEP = "keep", pgettext_lazy("review", "keep")
    END = "end", pgettext_lazy("review", "end")


def verdicts() -> list[tuple[str, Any]]:
    return Verdict.choices


class AccessReview(models.Model):
    """A review of access (rà soát quyền) in one commune: complete once every duty held then was kept or ended."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey("organization.Commune", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("access review")
        indexes = [models.Index(fields=["commune", "opened_at"], name="access_review_by_commune")]
        constraints = [
            models.UniqueConstraint(
                fields=["commune"],
                condition=models.Q(completed_at=None),
                name="one_open_access_review_a_commune",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReviewedDuty(models.Model):
    """One line of a review (dòng rà soát): a duty, kept or ended, by whom and why."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="lines")
    duty = models.ForeignKey("organization.Duty", on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=4, choices=verdicts)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reviewed duty")
        constraints = [
            models.UniqueConstraint(fields=["review", "duty"], name="duty_is_reviewed_once_in_a_review"),
            models.CheckConstraint(
                condition=~models.Q(verdict=Verdict.END) | ~models.Q(reason=""),
                name="ended_duty_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.verdict}"
