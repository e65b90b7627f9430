from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_item

COUNTER = "counter_officer"  # organization.Role, which cannot be imported before the apps are ready


def to_counter(request: HttpRequest) -> bool:
    """Counter officers alone take in; pages of staff know the officer. No query."""
    officer = getattr(request, "officer", None)
    return officer is not None and COUNTER in officer.roles


EXAMINERS = frozenset(
    {"specialist", "police_officer", "tax_officer", "head_of_department", "clerk", "centre_director"}
)


def with_others(request: HttpRequest) -> bool:
    """Who asks other bodies, records their answers, or is told that these are late. No query."""
    officer = getattr(request, "officer", None)
    return officer is not None and not EXAMINERS.isdisjoint(officer.roles)


class DossiersConfig(AppConfig):
    """Dossiers (hồ sơ): intake, processing, result."""

    name = "gandan.dossiers"
    verbose_name = _("Dossiers")

    def ready(self) -> None:
        add_item(Item("dossiers:intake", _("Take in"), "plus-lg", 20, to_counter))
        add_item(Item("dossiers:opinions", _("Opinions"), "chat-left-text", 25, with_others))
