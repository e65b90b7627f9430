"""Who may change rows of the law. Roles are known to the room above; here is what they must answer.

The nation's rows are changed by a legal officer alone; those of a province or commune, where the law lets it,
by whoever administers that place, or by a legal officer.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from gandan.law.errors import NotCompetent
from gandan.law.rows import Scope


class Acting(Protocol):
    """An officer, as far as the law asks (gandan.organization.permissions.Officer)."""

    @property
    def code(self) -> str: ...

    @property
    def confirms_law(self) -> bool: ...

    def administers_scope(self, scope: Scope, code: str) -> bool: ...


def require_change(officer: Acting, scope: Scope, code: str) -> None:
    """NotCompetent unless the officer may change rows of this scope."""
    if officer.confirms_law:
        return
    if scope == Scope.NATIONAL:
        raise NotCompetent(
            _("What holds for the whole country is entered and confirmed by a legal officer alone.")
        )
    if not officer.administers_scope(scope, code):
        raise NotCompetent(_("You do not administer the place for which this would hold."))
