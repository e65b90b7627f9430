"""What came in from other systems' event logs, beside the ledger that holds the evidence of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandan.ledger.ids import new_id
from gandan.organization.models import Commune


class ImportedCase(models.Model):
    """A case of a foreign log (vụ việc nhập từ nhật ký ngoài), by its reference there.

    Its dates are the other system's own: `planned_at` is that system's due moment, never read by our clock.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey(
        Commune, verbose_name=_("commune"), on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("reference there"), max_length=120)
    channel = models.CharField(_("channel there"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    planned_at = models.DateTimeField(_("due there"), null=True)

    class Meta:
        verbose_name = _("imported case")
        verbose_name_plural = _("imported cases")
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "reference"], name="imported_case_comes_once_into_a_commune"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ImportedEvent(models.Model):
    """A row of a foreign log (dòng nhật ký nhập vào), beside the ledger's event with the same id.

    `digest` knows the row again; `actor` is the name that the other system gives, which the ledger does not hold.
    """

    event_id = models.UUIDField(_("event"), primary_key=True)
    case = models.ForeignKey(
        ImportedCase, verbose_name=_("imported case"), on_delete=models.PROTECT, related_name="events"
    )
    digest = models.CharField(_("digest of the row"), max_length=64)
    activity = models.CharField(_("activity there"), max_length=200)
    actor = models.CharField(_("who acted there"), max_length=120, blank=True)
    at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("imported event")
        verbose_name_plural = _("imported events")
        constraints = [
            models.UniqueConstraint(fields=["case", "digest"], name="imported_row_comes_once_into_its_case"),
            models.CheckConstraint(condition=~Q(activity=""), name="imported_event_names_its_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.activity}"
