"""What every dated row of the law has in common: marks, scope, origin, and that it is never changed."""

from __future__ import annotations

from typing import Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gandan.calculus.rules import Mark, Source
from gandan.law.errors import AlreadySuperseded, UnchangeableRow
from gandan.ledger.ids import new_id

CERTAIN = frozenset({Mark.READ.value, Mark.CONFIRMED.value})


class Scope(models.TextChoices):
    """For whom a row holds (phạm vi)."""

    NATIONAL = "national", _("the whole country")
    PROVINCE = "province", _("one province")
    COMMUNE = "commune", _("one commune")


class Origin(models.TextChoices):
    """Where a row comes from (nguồn gốc dòng)."""

    SHIPPED = "shipped", _("with the software")
    LOCAL = "local", _("entered here")


class MarkChoices(models.TextChoices):
    """How far a fact may be trusted (mức chắc chắn), in words for a page."""

    READ = Mark.READ.value, _("read in the text itself")
    READ_2ND = Mark.READ_2ND.value, _("read in a second source")
    RECALLED = Mark.RECALLED.value, _("from memory")
    DERIVED = Mark.DERIVED.value, _("inferred")
    PROJECTED = Mark.PROJECTED.value, _("projected by the rule")
    NOT_FOUND = Mark.NOT_FOUND.value, _("not found in any text")
    CONFIRMED = Mark.CONFIRMED.value, _("confirmed by a legal officer")


def mark_choices() -> list[tuple[str, Any]]:
    return MarkChoices.choices


def _refuse() -> NoReturn:
    raise UnchangeableRow("A row of the law is never changed or deleted; a further row supersedes it.")


Row = TypeVar("Row", bound="DatedRow")


class DatedQuerySet(models.QuerySet[Row]):
    """Reads of dated rows. Every way to change or delete them is closed, but for being superseded once."""

    def update(self, **_values: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def _raw_delete(self, using: str | None) -> NoReturn:
        _refuse()

    def bulk_update(self, *_arguments: Any, **_options: Any) -> NoReturn:
        _refuse()

    def in_force(self) -> Self:
        """Rows that no other row has superseded."""
        return self.filter(superseded_by=None)

    def mark_superseded(self, old: Row, new: Row) -> None:
        """Points `old` to `new`, which the caller stores in the same transaction (keys checked on commit).

        AlreadySuperseded if another row came first.
        """
        changed = models.QuerySet.update(self.filter(pk=old.pk, superseded_by=None), superseded_by=new.pk)
        if changed != 1:
            raise AlreadySuperseded(
                gettext("Somebody else replaced this row a moment ago. Look at it again, then decide.")
            )


class DatedRow(models.Model):
    """A dated row (dòng theo ngày) with source, mark, scope, origin; never changed, superseded once."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    shipped_id = models.CharField(_("identifier in the shipped file"), max_length=120, blank=True)
    document = models.CharField(_("document"), max_length=200)
    article = models.CharField(_("article"), max_length=200, blank=True)
    mark = models.CharField(_("certainty"), max_length=12, choices=mark_choices)
    note = models.TextField(_("note"), blank=True)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.NATIONAL)
    scope_code = models.CharField(_("code of the province or commune"), max_length=5, blank=True)
    origin = models.CharField(_("origin"), max_length=7, choices=Origin.choices)
    recorded_at = models.DateTimeField(_("recorded at"))
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
    )
    superseded_by_id: UUID | None
    confirmed_by = models.CharField(_("confirmed by (code)"), max_length=64, blank=True)
    confirmed_document = models.CharField(_("confirmed on the document"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def save(self, *arguments: Any, **options: Any) -> None:
        """Inserts a new row; refuses to change one that is stored."""
        if not self._state.adding:
            _refuse()
        super().save(*arguments, **{**options, "force_insert": True})

    def delete(self, *_arguments: Any, **_options: Any) -> NoReturn:
        _refuse()

    @property
    def is_certain(self) -> bool:
        """True if the text itself was read or a legal officer confirmed it; else pages say "cần kiểm tra"."""
        return self.mark in CERTAIN

    @property
    def cited(self) -> str:
        """Article and document as people cite them."""
        return ", ".join(part for part in (self.article, self.document) if part)

    @property
    def source(self) -> Source:
        return Source(self.document, self.article, Mark(self.mark), str(self.id))


def scope_constraints(name: str) -> list[models.BaseConstraint]:
    """The invariants of every dated row; `name` begins the names of the constraints."""
    national = models.Q(scope=Scope.NATIONAL, scope_code="")
    narrower = models.Q(scope__in=[Scope.PROVINCE, Scope.COMMUNE]) & ~models.Q(scope_code="")
    confirmed = ~models.Q(confirmed_by="") & ~models.Q(confirmed_document="")
    return [
        models.CheckConstraint(condition=national | narrower, name=f"{name}_narrower_scope_has_its_code"),
        models.CheckConstraint(
            condition=~models.Q(mark=Mark.CONFIRMED.value) | confirmed,
            name=f"{name}_confirmed_names_person_and_document",
        ),
    ]
