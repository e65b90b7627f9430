"""What was merged into what, on which basis, and how far the work has been passed on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.ledger.ids import new_id


class MergerKind(models.TextChoices):
    """What is merged (loại sắp xếp)."""

    COMMUNES = "communes", _("communes into one")
    UNITS = "units", _("units of one commune")


class DutyChoice(models.TextChoices):
    """What becomes of the duties of a unit that closes."""

    MOVE = "move", _("go on in the new unit")
    END = "end", _("end with the unit")


def kinds() -> list[tuple[str, Any]]:
    return MergerKind.choices


def choices() -> list[tuple[str, Any]]:
    return DutyChoice.choices


class Merger(models.Model):
    """A merger (sáp nhập, sắp xếp đơn vị) decided by a document: from `starts_on` the successor does the work.

    `effective_on` is the day that the document names; where it was entered later, the work passes on the day of
    entry. `moved` counts the dossiers that were re-routed; `completed_at` is set when none is left.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=kinds)
    successor = models.ForeignKey("organization.Commune", on_delete=models.PROTECT, related_name="+")
    document = models.CharField(_("document"), max_length=200)
    effective_on = models.DateField(_("day of effect"))
    starts_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    moved = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merger")
        indexes = [
            models.Index(
                fields=["starts_on"], name="merger_under_way", condition=Q(completed_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__gte=F("effective_on")), name="merger_starts_when_in_effect"
            )
        ]


class MergedCommune(models.Model):
    """A commune that goes into another one (xã, phường được sáp nhập): which merger took its dossiers along."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merger = models.ForeignKey(Merger, on_delete=models.PROTECT, related_name="communes")
    commune = models.OneToOneField("organization.Commune", on_delete=models.PROTECT, related_name="merged")

    class Meta:
        verbose_name = _("merged commune")


class MergedUnit(models.Model):
    """A unit that a merger closes (đơn vị được sắp xếp), the unit that takes its work over, and what its duties do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merger = models.ForeignKey(Merger, on_delete=models.PROTECT, related_name="units")
    old = models.OneToOneField("organization.Unit", on_delete=models.PROTECT, related_name="merged")
    new = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    duties = models.CharField(max_length=4, choices=choices)

    class Meta:
        verbose_name = _("merged unit")
        constraints = [
            models.CheckConstraint(condition=~Q(old=F("new")), name="merged_unit_goes_into_another")
        ]
