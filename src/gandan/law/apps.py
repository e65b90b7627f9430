from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_public_item


class LawConfig(AppConfig):
    """The law (pháp luật): dated parameters with their sources, forms of the circulars."""

    name = "gandan.law"
    verbose_name = _("Law")

    def ready(self) -> None:
        add_public_item(Item("law:parameters", _("The law in dates"), "circle", 40))
