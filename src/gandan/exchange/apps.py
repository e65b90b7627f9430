from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Exchange (trao đổi dữ liệu): foreign logs in, our events out, load for tests."""

    name = "gandan.exchange"
    verbose_name = _("Exchange")
