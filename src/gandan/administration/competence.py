"""Who may open a page of one commune's administration."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gandan.dossiers.errors import NotAllowed
from gandan.organization.models import Role
from gandan.organization.permissions import Officer


def require_role(officer: Officer, commune: str, roles: frozenset[Role]) -> None:
    """Raises NotAllowed, in the same words whether or not such a commune exists."""
    if not officer.roles_in(commune) & roles:
        names = ", ".join(str(Role(role).label) for role in sorted(roles))
        raise NotAllowed(_("This is for: %(roles)s.") % {"roles": names})
