from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_public_item


class CatalogueConfig(AppConfig):
    """The catalogue of procedures (danh mục thủ tục hành chính): versions, papers, fees, workflows."""

    name = "gandan.catalogue"
    verbose_name = _("Procedure catalogue")

    def ready(self) -> None:
        add_public_item(Item("catalogue:list", _("Procedures"), "circle", 20))
