"""Phases of a dossier that two bodies work on (liên thông)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.dossiers.models.dossier import Dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Unit


class PhaseKind(models.TextChoices):
    """Whose part of the work it is."""

    COMMUNE = "commune", _("the commune's part")
    OTHER_BODY = "other_body", _("the other body's part")
    BACK = "back", _("back at the commune")


class PhaseOutcome(models.TextChoices):
    """How a phase ended."""

    OPEN = "", _("still open")
    FORWARDED = "forwarded", _("sent on to the other body")
    ASKED_BACK = "asked_back", _("sent back with a question")
    PART_DONE = "part_done", _("part done; the commune goes on")
    GRANTED = "granted", _("result: granted")
    REFUSAL = "refusal", _("result: refused with a written reason")
    FINISHED = "finished", _("the result arrived at the centre")
    ENDED = "ended", _("the dossier ended before")


class PhaseRun(models.Model):
    """A phase of a dossier (giai đoạn liên thông): the part of one body, with its own limit and its own date.

    The limit comes from the province's workflow or from a dated row of the law, with its source and mark; where
    neither names one, there is no date of its own and the dossier's date alone holds. `late` and `over_seconds`
    say what this body caused: they are fixed when the phase ends. Source: 118/2025/NĐ-CP art. 20.1.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=PhaseKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    steps = models.TextField(blank=True)  # canonical JSON, as of a Deadline; '' without a limit
    confirm_by = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    paper_by = models.DateTimeField(null=True)
    paper_at = models.DateTimeField(null=True)
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=PhaseOutcome, blank=True)
    late = models.BooleanField(default=False)
    over_seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("phase of a dossier")
        indexes = [
            models.Index(
                fields=["unit", "ended_at"],
                name="phase_ended_by_unit",
                condition=models.Q(ended_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="phase_number_is_unique_in_its_dossier"
            ),
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(ended_at__isnull=True), name="one_open_phase_a_dossier"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="ended_phase_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(paper_at__isnull=True) | models.Q(paper_by__isnull=False),
                name="paper_arrives_where_paper_was_sent",
            ),
        ]

    def end(self, at: datetime, outcome: PhaseOutcome) -> None:
        """Ends the phase; whether it was late is fixed now. The caller saves."""
        self.ended_at, self.outcome = at, outcome
        self.late = self.due_at is not None and at > self.due_at
        self.over_seconds = int((at - self.due_at).total_seconds()) if self.due_at and self.late else 0

    @property
    def is_paper_awaited(self) -> bool:
        return self.paper_by is not None and self.paper_at is None
