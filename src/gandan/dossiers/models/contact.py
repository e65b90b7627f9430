"""What happens before there is a dossier."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.catalogue.models import ProcedureVersion
from gandan.dossiers.models.dossier import Dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune, Unit


class Contact(models.Model):
    """A contact before registration (lượt tiếp xúc trước khi nộp), and the guidance given at it (hướng dẫn một lần).

    It holds no person: only what was asked for and what was said to be missing. It is what shows how often
    somebody had to come before the clock was allowed to start (118/2025/NĐ-CP art. 16.3).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.TextField(default="{}")
    missing = models.TextField(default="[]")  # canonical JSON: names of papers and the reason of each
    guided = models.BooleanField(default=False)
    slip_code = models.CharField(max_length=12, unique=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, related_name="contacts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("contact before registration")
        indexes = [models.Index(fields=["commune", "at"], name="contact_by_time")]
