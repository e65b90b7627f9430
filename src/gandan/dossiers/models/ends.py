"""How a dossier had ended before it was taken up again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.dossiers.models.dossier import Dossier, ResultKind, State
from gandan.ledger.ids import new_id


class EarlierEnd(models.Model):
    """An earlier end of a dossier (lần kết thúc trước): the result that was wrong, or what was closed and reopened.

    It keeps what the dossier's row held until then. `act`: correct (118/2025/NĐ-CP art. 23) or reopen, which
    needs a basis.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="earlier_ends")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=40)
    state = models.PositiveSmallIntegerField(choices=State)
    result_kind = models.CharField(max_length=8, choices=ResultKind, blank=True)
    result_number = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    reason = models.TextField()
    basis = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("earlier end of a dossier")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="earlier_end_number_is_unique_in_its_dossier"
            ),
            models.CheckConstraint(
                condition=~models.Q(act="reopen") | ~models.Q(basis=""), name="reopening_has_a_basis"
            ),
            models.CheckConstraint(
                condition=~models.Q(act="correct") | ~models.Q(result_number=""),
                name="corrected_result_had_a_number",
            ),
        ]
