from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gandan.ui.navigation import Item, add_item, add_public_item

# organization.Role, which cannot be imported before the apps are ready
LEADERS = frozenset({"head_of_department", "signing_leader", "centre_director"})
ONE_STOP = frozenset({"counter_officer", "centre_director"})


def to_leaders(request: HttpRequest) -> bool:
    """Who leads a department, a ward or its centre. No query."""
    officer = getattr(request, "officer", None)
    return officer is not None and bool(officer.roles & LEADERS)


def to_one_stop(request: HttpRequest) -> bool:
    """Who meets citizens. No query."""
    officer = getattr(request, "officer", None)
    return officer is not None and bool(officer.roles & ONE_STOP)


class PortalConfig(AppConfig):
    """The portal (cổng): front doors of citizens, and the work list of staff."""

    name = "gandan.portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        add_item(Item("portal:work", _("My work today"), "inbox", 10))
        add_item(Item("portal:morning", _("The morning"), "flag", 15, to_leaders))
        add_item(Item("portal:watch", _("Warnings about dates"), "exclamation-triangle", 30))
        add_item(Item("portal:calls", _("To telephone"), "telephone", 40, to_one_stop))
        add_public_item(Item("portal:track", _("Follow my dossier"), "search", 10))
