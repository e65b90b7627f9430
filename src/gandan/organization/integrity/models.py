"""What officers declare of their relatives and interests, and the reports of conflicts of interest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandan.ledger.ids import new_id


class Tie(models.TextChoices):
    """How a person or body is tied to the officer (quan hệ)."""

    SELF = "self", pgettext_lazy("tie", "myself")
    SPOUSE = "spouse", pgettext_lazy("tie", "husband or wife")
    PARENT = "parent", pgettext_lazy("tie", "father or mother")
    CHILD = "child", pgettext_lazy("tie", "child")
    SIBLING = "sibling", pgettext_lazy("tie", "brother or sister")
    HOUSEHOLD = "household", pgettext_lazy("tie", "another member of my household")
    MANAGES = "manages", pgettext_lazy("tie", "enterprise or body that I founded or manage")
    CAPITAL = "capital", pgettext_lazy("tie", "enterprise in which I hold capital")
    RELATIVES = "relatives", pgettext_lazy("tie", "enterprise of my relatives")
    BENEFIT = "benefit", pgettext_lazy("tie", "body from which I receive money or another benefit")


PEOPLE = frozenset({Tie.SELF, Tie.SPOUSE, Tie.PARENT, Tie.CHILD, Tie.SIBLING, Tie.HOUSEHOLD})
BODIES = frozenset(Tie) - PEOPLE


class Measure(models.TextChoices):
    """What the head decides (biện pháp kiểm soát xung đột lợi ích): NĐ 59/2019/NĐ-CP arts. 32-34.

    `NONE` is no measure of the decree: the head finds that there is no conflict of interest.
    """

    NONE = "none", _("no conflict of interest, no measure")
    SUPERVISE = "supervise", _("supervision of the work")
    SUSPEND = "suspend", _("temporary suspension from the work")
    MOVE = "move", _("temporary move to another post")
    STOP = "stop", _("the work is stopped")


def ties() -> list[tuple[str, Any]]:
    return Tie.choices


def measures() -> list[tuple[str, Any]]:
    return Measure.choices


class Declaration(models.Model):
    """A declaration (kê khai người thân và lợi ích): one person or body tied to an officer, between two days.

    Name and number are sealed, each for this row; `number_index` is the keyed blind index by which parties of
    dossiers are found (context "identity", as theirs). A withdrawn declaration stays: it ends on `until`.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interest_declarations"
    )
    tie = models.CharField(max_length=10, choices=ties)
    name_sealed = models.TextField()
    number_sealed = models.TextField()
    number_index = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField(null=True)
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("declaration of interests")
        indexes = [models.Index(fields=["user", "declared_at"], name="declaration_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="declaration_does_not_end_before_it_starts",
            ),
            models.UniqueConstraint(
                fields=["user", "tie", "number_index"],
                condition=Q(until=None),
                name="tie_is_declared_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ConflictReport(models.Model):
    """A report of a conflict of interest (báo cáo xung đột lợi ích) and the head's decision on it.

        reported ─decide→ decided ─notify→ notified

    NĐ 59/2019/NĐ-CP arts. 29-31: one of nine cases; the situation, when it arose or became known, how far it
    has effect, the proposed measure. Words are sealed, each for this row. `readings` holds the steps of the
    clock that led to each of the three due moments, as they were counted then.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    commune = models.ForeignKey("organization.Commune", on_delete=models.PROTECT, related_name="+")
    concerned = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflict_reports"
    )
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.PositiveSmallIntegerField()
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)
    known_at = models.DateTimeField()
    situation_sealed = models.TextField()
    effect_sealed = models.TextField()
    proposal = models.CharField(max_length=10, choices=measures)
    reported_at = models.DateTimeField()
    report_by = models.DateTimeField(null=True)  # null: the year had no published calendar
    decide_by = models.DateTimeField(null=True)
    measure = models.CharField(max_length=10, choices=measures, blank=True)
    basis_sealed = models.TextField(blank=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    measure_from = models.DateField(null=True)
    measure_until = models.DateField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    notify_by = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    readings = models.TextField(default="{}")
    salt = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("report of a conflict of interest")
        indexes = [
            models.Index(fields=["commune", "reported_at", "id"], name="conflict_report_by_commune"),
            models.Index(fields=["concerned", "subject_id"], name="conflict_report_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__gte=1, case__lte=9), name="conflict_is_one_of_nine_cases"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, measure="") | (Q(decided_at__isnull=False) & ~Q(measure="")),
                name="decided_report_has_its_measure",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(decided_at__isnull=False),
                name="notified_report_was_decided",
            ),
            models.CheckConstraint(
                condition=~Q(measure=Measure.SUPERVISE) | Q(supervisor__isnull=False),
                name="supervision_names_its_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("concerned")),
                name="nobody_decides_on_their_own_conflict",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
