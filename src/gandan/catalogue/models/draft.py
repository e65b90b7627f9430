"""Drafts: what is being prepared and does not hold yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gandan.ledger.ids import new_id


class DraftKind(models.TextChoices):
    PROCEDURE = "procedure", _("procedure")
    WORKFLOW = "workflow", _("internal workflow")


class Draft(models.Model):
    """A draft (bản dự thảo) of a version of a procedure or of an internal workflow; it holds for nobody.

    `content` is canonical JSON by docs/schemas (procedure.json, workflow.json). `province` and `commune` say for
    whom a workflow is meant. `base` is the version or workflow that it was made from. `confirmed_digest` is that of
    the content which a legal officer compared with `confirmed_document`: another content is not confirmed.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=DraftKind.choices)
    code = models.CharField(_("code of the procedure"), max_length=20)
    province = models.CharField(_("province"), max_length=2, blank=True)
    commune = models.CharField(_("commune"), max_length=5, blank=True)
    base = models.UUIDField(_("made from"), null=True)
    content = models.TextField(_("content"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    created_by = models.CharField(_("made by (code)"), max_length=64)
    created_at = models.DateTimeField(_("made at"))
    changed_by = models.CharField(_("changed by (code)"), max_length=64)
    changed_at = models.DateTimeField(_("changed at"))
    confirmed_by = models.CharField(_("confirmed by (code)"), max_length=64, blank=True)
    confirmed_document = models.CharField(_("confirmed on the document"), max_length=200, blank=True)
    confirmed_digest = models.CharField(_("digest of what was confirmed"), max_length=64, blank=True)
    confirmed_whole = models.BooleanField(_("all of it was compared"), default=False)
    published_id = models.UUIDField(_("published as"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("draft of a version")
        verbose_name_plural = _("drafts of versions")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_id__isnull=True) | Q(closed_at__isnull=False),
                name="draft_is_closed_when_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "changed_at", "id"], name="draft_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["kind", "code"], name="draft_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
