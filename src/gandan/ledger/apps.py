from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """The ledger (sổ sự kiện): hash-chained events, heads, proofs."""

    name = "gandan.ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from gandan.ledger import checks  # noqa: F401, PLC0415  registers them, once the registry stands
