"""Numbers without doubles and without gaps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """A running number (số thứ tự) of one scope: codes of a day, the register of a year, a certification book."""

    scope = models.CharField(max_length=80, primary_key=True)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counter")
