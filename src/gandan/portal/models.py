"""What the portal itself keeps: how often somebody tried."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """Attempts to look a dossier up by typed code (lượt tra cứu) within one window of time.

    `key` is a keyed hash of who tried and of what was tried: it names nobody and no dossier.
    """

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("attempts")
