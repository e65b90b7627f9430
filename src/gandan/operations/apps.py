from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Operations (vận hành): is this installation well? For machines that watch, and for who runs it."""

    name = "gandan.operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from gandan.operations import checks  # noqa: F401, PLC0415  registers them, once the registry stands
