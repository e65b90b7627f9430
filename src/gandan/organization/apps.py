from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_public_item


class OrganizationConfig(AppConfig):
    """The organization (tổ chức): provinces, communes, units, staff with dated roles, calendars."""

    name = "gandan.organization"
    verbose_name = _("Organization")

    def ready(self) -> None:
        from gandan.accounts import competence  # noqa: PLC0415  models are ready only now
        from gandan.organization import checks, permissions  # noqa: F401, PLC0415  models are ready only now

        competence.register(
            administers=permissions.administers, second_factor_from=permissions.second_factor_from
        )
        add_public_item(Item("organization:places", _("Find a ward or commune"), "circle", 30))
