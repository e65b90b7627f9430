from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_item


def to_administration(request: HttpRequest) -> bool:
    """Whoever has a section there; pages of staff know the officer. No query."""
    from gandan.administration.sections import may_enter  # noqa: PLC0415  models, after the apps are ready

    officer = getattr(request, "officer", None)
    return officer is not None and may_enter(officer)


class AdministrationConfig(AppConfig):
    """Administration (quản trị): units, staff, calendars, law, procedures, reviews."""

    name = "gandan.administration"
    verbose_name = _("Administration")

    def ready(self) -> None:
        add_item(Item("administration:home", _("Administration"), "key", 90, to_administration))
