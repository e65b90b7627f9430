"""Deadlines, supplements, extensions, desks passed, and words said."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.dossiers.models.dossier import Desk, Dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Unit, roles


class Deadline(models.Model):
    """One reading of the clock (lần tính hạn): the due moment, its steps, and the dated law rows it came from.

    Recalculation is an act: it adds a row, it never changes one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deadlines")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=40)
    due_at = models.DateTimeField(null=True)
    steps = models.TextField()  # canonical JSON
    law_rows = models.TextField(default="[]")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of the clock")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="reading_number_is_unique_in_its_dossier"
            )
        ]


class Supplement(models.Model):
    """A request to supplement (yêu cầu bổ sung, hoàn thiện hồ sơ): all that is missing, in one time.

    A second one needs a basis (`basis`): 118/2025/NĐ-CP arts. 16.3, 17, 19.5.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    items = models.TextField()  # canonical JSON: [{"name", "reason"}]
    basis = models.CharField(max_length=300, blank=True)
    resume_desk = models.CharField(max_length=12, choices=Desk)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    notice_late = models.BooleanField(default=False)
    close_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request to supplement")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="supplement_number_is_unique_in_its_dossier"
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(basis=""), name="second_supplement_has_a_basis"
            ),
        ]


class Extension(models.Model):
    """An apology with a new date (văn bản xin lỗi và đề nghị gia hạn), at most once and at least one day before.

    `in_time` false: the apology came too late to move the legal due moment; `new_due_at` is then only a promise.
    Source: 118/2025/NĐ-CP art. 19.6.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="extensions")
    reason = models.TextField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    in_time = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("apology and extension")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(in_time=True), name="extended_at_most_once"
            ),
            models.CheckConstraint(
                condition=models.Q(new_due_at__gt=models.F("old_due_at")), name="extension_moves_forward"
            ),
        ]


class StepRun(models.Model):
    """One stay at one desk (bước xử lý): whose, from when, by when, until when. The control sheet is made of these."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    desk = models.CharField(max_length=12, choices=Desk)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=24, choices=roles, blank=True)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    act_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of a dossier")
        indexes = [
            models.Index(
                fields=["unit", "ended_at"],
                name="step_ended_by_unit",
                condition=models.Q(ended_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="step_number_is_unique_in_its_dossier"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(ended_at__isnull=True), name="one_open_step_a_dossier"
            ),
        ]


class Remark(models.Model):
    """Words that belong to an act (ý kiến, lý do): the event holds only their salted hash.

    `to_citizen`: shown on the tracking page; else for staff alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="remarks")
    event_id = models.UUIDField()
    act = models.CharField(max_length=40)
    text = models.TextField()
    to_citizen = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("remark")
        indexes = [models.Index(fields=["dossier", "at"], name="remark_by_dossier")]
