"""Tables of the law: dated parameters, forms of the circulars, and the version that caches watch."""

from __future__ import annotations

import json
from datetime import date, time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.law.rows import DatedQuerySet, DatedRow, mark_choices, scope_constraints
from gandan.law.shipped import LawValue, whole_number, word


class ParameterQuerySet(DatedQuerySet["Parameter"]):
    """Reads of parameters."""


class LegalFormQuerySet(DatedQuerySet["LegalForm"]):
    """Reads of forms."""


ParameterManager = models.Manager.from_queryset(ParameterQuerySet)
LegalFormManager = models.Manager.from_queryset(LegalFormQuerySet)


class Parameter(DatedRow):
    """A parameter of the law (tham số pháp luật): one dated value with its source.

    `value` is JSON text. The row that holds on the date of the event counts (design decision 1).
    """

    key = models.CharField(_("key"), max_length=80)
    value = models.TextField(_("value"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    local_allowed = models.BooleanField(_("a province or commune may set it"), default=False)

    objects = ParameterManager()

    class Meta:
        verbose_name = _("parameter of the law")
        verbose_name_plural = _("parameters of the law")
        base_manager_name = "objects"
        constraints = [
            *scope_constraints("parameter"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="parameter_does_not_end_before_it_starts",
            ),
            models.UniqueConstraint(
                fields=["key", "scope", "scope_code", "valid_from"],
                condition=Q(superseded_by=None),
                name="parameter_has_one_row_for_a_start",
            ),
            models.UniqueConstraint(
                fields=["key", "scope", "scope_code"],
                condition=Q(superseded_by=None, valid_from=None),
                name="parameter_has_one_row_from_the_beginning",
            ),
        ]
        indexes = [models.Index(fields=["key", "valid_from"], name="parameter_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"

    @property
    def content(self) -> LawValue:
        """The value itself: a whole number, a word, a time as "15:00", or a small table."""
        content: LawValue = json.loads(self.value)
        return content

    @property
    def amount(self) -> int:
        """The value as a whole number; ValueError if it is none."""
        return whole_number(self.key, self.content)

    @property
    def text(self) -> str:
        """The value as a word; ValueError if it is none."""
        return word(self.key, self.content)

    @property
    def time_of_day(self) -> time:
        """The value as a time of day; ValueError if it is none."""
        return time.fromisoformat(self.text)

    def holds_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class LegalForm(DatedRow):
    """A form of a circular (biểu mẫu): its number and title between two dates.

    `key` is what the paper does (receipt, supplement, refusal, apology, stop, control_sheet, register).
    """

    key = models.CharField(_("key"), max_length=40)
    circular = models.CharField(_("circular"), max_length=80)
    number = models.CharField(_("number"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    alias = models.CharField(_("name in the decree"), max_length=200, blank=True)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    paper_size = models.CharField(_("paper size"), max_length=4)
    layout_mark = models.CharField(_("certainty of the layout"), max_length=12, choices=mark_choices)
    content = models.TextField(_("least content"), blank=True)

    objects = LegalFormManager()

    class Meta:
        verbose_name = _("form of a circular")
        verbose_name_plural = _("forms of circulars")
        base_manager_name = "objects"
        constraints = [
            *scope_constraints("legal_form"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="legal_form_does_not_end_before_it_starts",
            ),
            models.UniqueConstraint(
                fields=["key", "scope", "scope_code", "valid_from"],
                condition=Q(superseded_by=None),
                name="legal_form_has_one_row_for_a_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circular} {self.number}: {self.title}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= (self.valid_to or date.max)


class Basis(models.Model):
    """The basis (căn cứ thay đổi) of an administrative act: what it rests on, beside the event that records it.

    The words of the basis may name people, so the event bears their salted hash alone. The rows are also the
    list of what was changed in a commune or in the whole cell, by whom, the latest first.
    """

    event_id = models.UUIDField(_("event"), primary_key=True)
    chain = models.CharField(_("chain"), max_length=16)
    act = models.CharField(_("act"), max_length=64)
    subject_kind = models.CharField(_("kind of subject"), max_length=32)
    subject_id = models.UUIDField(_("subject"))
    actor = models.CharField(_("code of the actor"), max_length=64)
    at = models.DateTimeField(_("done at"))
    document = models.CharField(_("document"), max_length=200)
    salt = models.BinaryField(_("salt"), max_length=16)

    class Meta:
        verbose_name = _("basis of an administrative act")
        verbose_name_plural = _("bases of administrative acts")
        indexes = [
            models.Index(fields=["chain", "at", "event_id"], name="basis_by_chain"),
            models.Index(fields=["subject_id", "at"], name="basis_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.document}"


class ReferenceVersion(models.Model):
    """The version of a set of reference rows (phiên bản dữ liệu nền): tells a process when to read again.

    `digest` is that of the shipped file last loaded, so that an unchanged file is not loaded again.
    """

    subject = models.CharField(_("set of rows"), max_length=40, primary_key=True)
    version = models.UUIDField(_("version"))
    digest = models.CharField(_("digest of the shipped file"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("version of reference rows")
        verbose_name_plural = _("versions of reference rows")

    def __str__(self) -> str:
        return f"{self.subject} {self.version}"
