from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_public_item


class OrganizationConfig(AppConfig):
    """The organization (tổ chức): provinces, communes, units, staff with dated roles, calendars."""

    name = "gandan.organization"
    verbose_name = _("Organization")

    def ready(self) -> None:
        add_public_item(Item("organization:places", _("Find a ward or commune"), "circle", 30))
