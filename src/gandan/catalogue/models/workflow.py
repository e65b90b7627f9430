"""Internal workflows and their steps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.catalogue.models.choices import mark_choices, unit_choices
from gandan.catalogue.models.procedure import Lane, Procedure
from gandan.law.rows import Origin
from gandan.ledger.ids import new_id


class Phase(models.TextChoices):
    COMMUNE = "commune", _("commune")
    PROVINCE = "province", _("province")


class Workflow(models.Model):
    """An internal workflow (quy trình nội bộ) approved by a province or a commune; else our sample of the lane.

    `procedure` None and `is_default` True: ours, not a decision of anybody. `key` names it in the shipped file, or
    says for whom it was decided here. It holds for valid_from ≤ moment < retired_at; dossiers keep theirs.
    `withdrawn_at`: taken back before it came into force.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    key = models.CharField(_("key"), max_length=40)
    procedure = models.ForeignKey(
        Procedure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="workflows",
        verbose_name=_("procedure"),
    )
    name = models.TextField(_("name"))
    province = models.CharField(_("province"), max_length=2, blank=True)
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    lane = models.CharField(_("lane"), max_length=10, choices=Lane.choices, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)
    digest = models.CharField(_("digest"), max_length=64)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    valid_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    commune = models.CharField(_("commune"), max_length=5, blank=True)
    origin = models.CharField(_("origin"), max_length=7, choices=Origin.choices, default=Origin.SHIPPED)
    published_by = models.CharField(_("published by (code)"), max_length=64, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("internal workflow")
        verbose_name_plural = _("internal workflows")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(retired_at__isnull=True), name="workflow_key_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(is_default=True, procedure__isnull=True, lane__gt="")
                | Q(is_default=False, procedure__isnull=False, decision__gt=""),
                name="workflow_is_default_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(retired_at=F("valid_from")),
                name="workflow_withdrawn_never_holds",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_at(self, moment: datetime) -> bool:
        """True from its first moment on, until just before the next one's."""
        started = self.valid_from is None or self.valid_from <= moment
        return started and (self.retired_at is None or moment < self.retired_at)


class WorkflowStep(models.Model):
    """A step of a workflow (bước của quy trình nội bộ); `amount_hundredths` 50 = 0,5; None = no time counted.

    `role` is a code of `organization.Role`, or "" for people outside the commune; `unit_code` is the end of the unit's code
    ("tt" for 19975-tt), so that one workflow fits every commune; "" leaves the unit open.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    workflow = models.ForeignKey(Workflow, models.PROTECT, related_name="steps", verbose_name=_("workflow"))
    position = models.PositiveSmallIntegerField(_("position"))
    work = models.CharField(_("work"), max_length=300)
    role_text = models.CharField(_("role in the decision's words"), max_length=120)
    role = models.CharField(_("role"), max_length=30, blank=True)
    amount_hundredths = models.PositiveIntegerField(_("time in hundredths"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=unit_choices)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices, default=Phase.COMMUNE)
    unit_code = models.CharField(_("end of the unit's code"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("step of a workflow")
        verbose_name_plural = _("steps of workflows")
        ordering = ["workflow", "position"]
        constraints = [
            models.UniqueConstraint(fields=["workflow", "position"], name="step_position_is_unique")
        ]

    @property
    def amount(self) -> Decimal | None:
        """The time of the step in its unit, or None where the decision counts none."""
        return None if self.amount_hundredths is None else Decimal(self.amount_hundredths) / 100
