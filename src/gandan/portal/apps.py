from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_item, add_public_item


class PortalConfig(AppConfig):
    """The portal (cổng): front doors of citizens, and the work list of staff."""

    name = "gandan.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        add_item(Item("portal:work", _("My work today"), "inbox", 10))
        add_public_item(Item("portal:track", _("Follow my dossier"), "search", 10))
