"""Procedures and their versions.

A version is never changed once dossiers may stand on it: a change makes the next version.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gandan.calculus.rules import End, Mark, Source, Start, SupplementEffect, TimeRule, Unit
from gandan.catalogue.conditions import Answers, holds
from gandan.catalogue.models.choices import (
    end_choices,
    mark_choices,
    start_choices,
    supplement_choices,
    unit_choices,
)
from gandan.law.rows import Origin
from gandan.ledger.ids import new_id


class Lane(models.TextChoices):
    """Which sample workflow fits: the usual way, results at once (chứng thực), or commune police."""

    STANDARD = "standard", _("usual way")
    IMMEDIATE = "immediate", _("result at once")
    POLICE = "police", _("commune police")


class OnlineLevel(models.TextChoices):
    """Level of the online service (toàn trình, một phần); `available` where the source names no level."""

    FULL = "full", _("entirely online")
    PARTIAL = "partial", _("partly online")
    AVAILABLE = "available", _("online, level not published")
    NONE = "none", _("not online")


class QuestionKind(models.TextChoices):
    YES_NO = "yes_no", _("yes or no")
    CHOICE = "choice", _("choice")
    NUMBER = "number", _("number")


class Audience(models.TextChoices):
    ANYONE = "anyone", _("anyone")
    OFFICER = "officer", _("officer")


class PaperHow(models.TextChoices):
    SUBMIT = "submit", _("hand in")
    SHOW = "show", _("show")


class FeeKind(models.TextChoices):
    """`unknown` is not free: the source left the cell blank, or was not read."""

    FIXED = "fixed", _("fixed")
    BY_PROVINCE = "by_province", _("set by the province")
    FREE = "free", _("free")
    UNKNOWN = "unknown", _("needs checking")


class UnknownFee(models.TextChoices):
    SHOWN_FREE = "shown_free", _("shown as free, but the figure is blank")
    NOT_PUBLISHED = "not_published", _("not published")
    NOT_READ = "not_read", _("not read")


class Channel(models.TextChoices):
    COUNTER = "counter", _("at the counter")
    ONLINE = "online", _("online")
    ANY = "any", _("any")


class Procedure(models.Model):
    """A procedure (thủ tục hành chính) by its national code; what it says stands in its versions."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True)
    field = models.CharField(_("field"), max_length=120)
    name_folded = models.TextField(_("name without marks"))
    also_known_as = models.JSONField(_("words people use"), default=list)
    province = models.CharField(_("only in the province"), max_length=2, blank=True)
    lane = models.CharField(_("lane"), max_length=10, choices=Lane.choices, default=Lane.STANDARD)

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["field", "code"]

    def __str__(self) -> str:
        return self.code


class ProcedureVersionQuerySet(models.QuerySet["ProcedureVersion"]):
    """Reads of versions."""

    def in_force(self, at: datetime) -> ProcedureVersionQuerySet:
        """The versions in force at the moment `at` (from ≤ at < to)."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=at)
        return self.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gt=at))


ProcedureVersionManager = models.Manager.from_queryset(ProcedureVersionQuerySet)


class ProcedureVersion(models.Model):
    """A version of a procedure (phiên bản thủ tục hành chính), in force for valid_from ≤ moment < valid_to.

    `valid_from` None: in force since before the catalogue was loaded. `guide_only`: no date may be given,
    `why_guide_only` says why. `immediate`: the immediate-result lane may take it (NĐ 118/2025 art. 17.4).
    `origin` local: published here by `published_by` on the document `basis`.
    `withdrawn_at`: taken back before it came into force; its span is then empty.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="versions", verbose_name=_("procedure")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.TextField(_("name"))
    everyday_name = models.CharField(_("name in everyday words"), max_length=120, blank=True)
    level = models.CharField(_("level"), max_length=80)
    valid_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("in force until"), null=True, blank=True)
    decision = models.CharField(_("publishing decision"), max_length=200, blank=True)
    source_url = models.URLField(_("source"), max_length=300, blank=True)
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)
    decides = models.CharField(_("who decides"), max_length=200)
    result = models.TextField(_("result"), blank=True)
    guide_only = models.BooleanField(_("guidance only"), default=False)
    why_guide_only = models.TextField(_("why guidance only"), blank=True)
    immediate = models.BooleanField(_("may be settled at once"), default=False)
    online = models.CharField(_("online level"), max_length=10, choices=OnlineLevel.choices, blank=True)
    presence = models.CharField(_("who must come"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    legal = models.JSONField(_("legal basis"), default=list)
    digest = models.CharField(_("digest"), max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))
    origin = models.CharField(_("origin"), max_length=7, choices=Origin.choices, default=Origin.SHIPPED)
    published_by = models.CharField(_("published by (code)"), max_length=64, blank=True)
    basis = models.CharField(_("published on the document"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(_("why withdrawn"), max_length=300, blank=True)

    objects = ProcedureVersionManager()

    class Meta:
        verbose_name = _("version of a procedure")
        verbose_name_plural = _("versions of procedures")
        ordering = ["procedure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_is_unique"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(valid_to__isnull=True), name="version_one_is_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(guide_only=False) | ~Q(why_guide_only=""), name="version_guide_only_says_why"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(valid_to=F("valid_from")),
                name="version_withdrawn_never_holds",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.LOCAL.value) | (~Q(published_by="") & ~Q(basis="")),
                name="version_local_names_person_and_document",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_at(self, moment: datetime) -> bool:
        """True from its first moment on, until just before the next version's."""
        started = self.valid_from is None or self.valid_from <= moment
        return started and (self.valid_to is None or moment < self.valid_to)

    @property
    def short_name(self) -> str:
        """The everyday name if there is one, else the published name without its leading "Thủ tục"."""
        if self.everyday_name:
            return self.everyday_name
        name = self.name.removeprefix("Thủ tục ")
        return name[:1].upper() + name[1:]


class Question(models.Model):
    """A question (câu hỏi xác định trường hợp) whose answer decides case, papers or fees."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="questions", verbose_name=_("version")
    )
    key = models.CharField(_("key"), max_length=40)
    text = models.CharField(_("text"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    choices = models.JSONField(_("choices"), default=list)
    audience = models.CharField(
        _("who can answer"), max_length=10, choices=Audience.choices, default=Audience.ANYONE
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="question_key_is_unique")]


class ProcedureCase(models.Model):
    """A case (trường hợp) of a procedure with its time limit (thời hạn giải quyết).

    `when` None: taken when no other case holds. Without `why_no_rule`, amount and unit make a rule of the
    clock; with it they only tell what the source prints.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="cases", verbose_name=_("version")
    )
    name = models.CharField(_("short name"), max_length=40)
    label = models.CharField(_("label"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"))
    when = models.JSONField(_("condition"), null=True, blank=True)
    amount = models.PositiveSmallIntegerField(_("amount"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=unit_choices, blank=True)
    start = models.CharField(_("start"), max_length=20, choices=start_choices, default=Start.NEXT_DAY.value)
    end = models.CharField(_("end"), max_length=20, choices=end_choices, default=End.OFFICE_CLOSE.value)
    end_time = models.TimeField(_("end time"), null=True, blank=True)
    cut_off = models.TimeField(_("cut-off"), null=True, blank=True)
    supplement_effect = models.CharField(
        _("effect of a supplement"),
        max_length=10,
        choices=supplement_choices,
        default=SupplementEffect.RESTART.value,
    )
    supplement_days = models.PositiveSmallIntegerField(_("days to supplement"), null=True, blank=True)
    supplement_unit = models.CharField(
        _("unit of these days"), max_length=12, choices=unit_choices, blank=True
    )
    max_extensions = models.PositiveSmallIntegerField(_("extensions at most"), default=1)
    document = models.CharField(_("document"), max_length=300, blank=True)
    article = models.CharField(_("article"), max_length=100, blank=True)
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)
    why_no_rule = models.TextField(_("why no date"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="case_name_is_unique"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(when__isnull=True), name="case_one_without_condition"
            ),
            models.CheckConstraint(
                condition=~Q(why_no_rule="") | (Q(amount__isnull=False) & ~Q(unit="")),
                name="case_has_rule_or_says_why",
            ),
        ]

    def rule(self) -> TimeRule | None:
        """The rule for the clock; None where no date may be given (`why_no_rule`)."""
        return None if self.why_no_rule else self.published()

    def published(self) -> TimeRule | None:
        """The limit as the source prints it, usable or not."""
        if self.amount is None or not self.unit:
            return None
        return TimeRule(
            amount=self.amount,
            unit=Unit(self.unit),
            source=Source(self.document, self.article, Mark(self.mark), row=str(self.id)),
            start=Start(self.start),
            end=End(self.end),
            end_time=self.end_time,
            cut_off=self.cut_off,
            supplement=SupplementEffect(self.supplement_effect),
            max_extensions=self.max_extensions,
        )


class PaperRequirement(models.Model):
    """A required paper (thành phần hồ sơ): how many, handed in or shown, when, which data replace it."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="papers", verbose_name=_("version")
    )
    key = models.CharField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=300)
    original = models.PositiveSmallIntegerField(_("originals"), default=0)
    copy = models.PositiveSmallIntegerField(_("copies"), default=0)
    how = models.CharField(_("handed in or shown"), max_length=10, choices=PaperHow.choices)
    when = models.JSONField(_("condition"), null=True, blank=True)
    when_text = models.CharField(_("condition in words"), max_length=300, blank=True)
    data_source = models.CharField(_("database that replaces it"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)

    class Meta:
        verbose_name = _("required paper")
        verbose_name_plural = _("required papers")
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="paper_key_is_unique")]

    def __str__(self) -> str:
        return self.name

    def applies(self, answers: Answers) -> bool | None:
        """Whether the paper is needed; None while a needed answer is missing."""
        return holds(self.when, answers)


class FeeRule(models.Model):
    """A fee rule (mức phí, lệ phí), in đồng; valid_from and valid_to are days, both inclusive.

    `relief` rules bring the other lines to nothing. `scale` prices a quantity in steps:
    {"by": "pages", "times": "copies", "steps": [{"up_to": 2, "amount": 2000}, {"amount": 1000}], "cap": 9}.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="fees", verbose_name=_("version")
    )
    key = models.CharField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=FeeKind.choices)
    unknown_because = models.CharField(
        _("why unknown"), max_length=16, choices=UnknownFee.choices, blank=True
    )
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    per = models.CharField(_("per"), max_length=80, blank=True)
    quantity = models.CharField(_("quantity asked"), max_length=40, blank=True)
    scale = models.JSONField(_("steps"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.ANY)
    relief = models.BooleanField(_("relief"), default=False)
    exempt_text = models.TextField(_("who is exempt"), blank=True)
    document = models.CharField(_("document"), max_length=300, blank=True)
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)
    when = models.JSONField(_("condition"), null=True, blank=True)
    province = models.CharField(_("only in the province"), max_length=2, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("fee rule")
        verbose_name_plural = _("fee rules")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="fee_key_is_unique"),
            models.CheckConstraint(
                condition=~Q(kind="fixed") | Q(amount__isnull=False), name="fee_fixed_has_an_amount"
            ),
            models.CheckConstraint(condition=~Q(kind="free") | Q(amount=0), name="fee_free_costs_nothing"),
            models.CheckConstraint(
                condition=~Q(kind="unknown") | (Q(amount__isnull=True) & ~Q(unknown_because="")),
                name="fee_unknown_is_not_free",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="fee_ends_after_it_starts",
            ),
        ]
