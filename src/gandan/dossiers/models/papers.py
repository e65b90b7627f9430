"""What was handed in, what it costs, what came out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.documents.models import StoredFile
from gandan.dossiers.models.dossier import Dossier
from gandan.dossiers.models.examination import Visit
from gandan.ledger.ids import new_id


class Answer(models.TextChoices):
    """The three one-key choices of the checklist, and "not needed in this case"."""

    HANDED_IN = "handed_in", _("handed in")
    MISSING = "missing", _("missing")
    FROM_DATABASE = "from_database", _("already in the State's data")
    SHOWN = "shown", _("shown and given back")


class DossierPaper(models.Model):
    """A paper of a dossier (giấy tờ của hồ sơ): one line of the checklist (thành phần hồ sơ) as answered.

    Taken from a database: `data_source` names it. Asked on paper although a database has it: `reason` says why
    (118/2025/NĐ-CP art. 4.2a as amended by 309/2026/NĐ-CP).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=500)
    answer = models.CharField(max_length=14, choices=Answer)
    originals = models.PositiveSmallIntegerField(default=0)
    certified = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    data_source = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("paper of a dossier")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "position"], name="paper_position_is_unique_in_its_dossier"
            )
        ]


class FileUse(models.TextChoices):
    HANDED_IN = "handed_in", _("handed in")
    RESULT = "result", _("result")
    OTHER = "other", _("other")


class DossierFile(models.Model):
    """A file (tệp đính kèm) of a dossier: a scan of a handed-in paper, or the result."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="files")
    paper = models.ForeignKey(DossierPaper, on_delete=models.PROTECT, null=True, related_name="files")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=10, choices=FileUse)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a dossier")


class DossierFee(models.Model):
    """A fee of a dossier (phí của hồ sơ), phí or lệ phí; an unknown amount stays empty, shown as "needs checking"."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fees")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=300)
    amount = models.PositiveBigIntegerField(null=True)  # đồng
    quantity = models.PositiveIntegerField(default=1)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("fee of a dossier")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "position"], name="fee_position_is_unique_in_its_dossier"
            )
        ]
