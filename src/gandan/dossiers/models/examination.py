"""What an examination may need beyond the papers: the opinion of another body, a look at the place."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gandan.accounts.models import User
from gandan.dossiers.models.dossier import Dossier
from gandan.ledger.ids import new_id
from gandan.organization.models import Commune, Unit


class AnswerWay(models.TextChoices):
    """How the body that was asked is to answer; the letter says so (118/2025/NĐ-CP art. 19.4)."""

    ELECTRONIC = "electronic", _("by electronic letter")
    SYSTEM = "system", _("in this system")
    PAPER = "paper", _("by letter on paper")


class Consultation(models.Model):
    """A consultation of another body (lấy ý kiến): its question, its own term, and what came of it.

    The term is counted like every other one, and its steps are kept. It never stops the dossier's own clock.
    It ends with an answer, in time or late, or is closed with a reason when none came.
    Source: 118/2025/NĐ-CP art. 19.4.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consultations")
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+"
    )  # the dossier's, for lists
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.CharField(_("body that is asked"), max_length=200)
    question = models.TextField()
    answer_way = models.CharField(max_length=10, choices=AnswerWay)
    days = models.PositiveSmallIntegerField()  # working days
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    steps = models.TextField()  # canonical JSON, as of a Deadline
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    reference = models.CharField(_("number and date of the answer"), max_length=100, blank=True)
    late = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("consultation")
        indexes = [
            models.Index(
                fields=["commune", "due_at", "id"],
                name="consultation_open_by_due",
                condition=models.Q(answered_at__isnull=True, closed_at__isnull=True),
            ),
            models.Index(
                fields=["commune", "answered_at", "id"],
                name="consultation_answered_late",
                condition=models.Q(late=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="consultation_number_is_unique_in_its_dossier"
            ),
            models.CheckConstraint(condition=~models.Q(body=""), name="consultation_names_its_body"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(closed_at__isnull=True),
                name="consultation_ends_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(closed_reason=""),
                name="consultation_is_closed_with_a_reason",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.closed_at is None

    @property
    def letter(self) -> str:
        """The word of its letter in the address (gandan.dossiers.letters)."""
        return f"lay-y-kien-{self.number}"


class Presence(models.TextChoices):
    """Whether the citizen was there, and signed."""

    NOT_ASKED = "not_asked", _("the person did not have to come")
    SIGNED = "signed", _("the person was there and signed")
    REFUSED = "refused", _("the person was there and did not sign")
    ABSENT = "absent", _("the person was told and did not come")


class Visit(models.Model):
    """A verification on site (xác minh thực địa): the appointment of which the person is told, and the minutes.

    A plan that is moved stays as it was told (`replaced_at`). Without the person, minutes may come without a plan.
    Source: 118/2025/NĐ-CP art. 19.4.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField()
    place = models.CharField(_("place"), max_length=300)
    starts_at = models.DateTimeField()
    who = models.CharField(_("who takes part"), max_length=500)
    what = models.TextField(_("what is looked at"))
    citizen_asked = models.BooleanField()
    planned_at = models.DateTimeField(null=True)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence, blank=True)
    present = models.TextField(_("people present"), blank=True)
    content = models.TextField(_("what was found"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("verification on site")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], name="visit_number_is_unique_in_its_dossier"
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(recorded_at__isnull=True, replaced_at__isnull=True),
                name="one_planned_visit_a_dossier",
            ),
            models.CheckConstraint(
                condition=models.Q(planned_at__isnull=False) | models.Q(recorded_at__isnull=False),
                name="visit_is_planned_or_recorded",
            ),
            models.CheckConstraint(
                condition=models.Q(recorded_at__isnull=True)
                | (
                    models.Q(held_at__isnull=False)
                    & ~models.Q(presence="")
                    & ~models.Q(content="")
                    & ~models.Q(conclusion="")
                ),
                name="minutes_say_when_and_what_was_found",
            ),
        ]

    @property
    def minutes_paper(self) -> str:
        """The word of its minutes in the address (gandan.dossiers.letters)."""
        return f"bien-ban-{self.number}"
