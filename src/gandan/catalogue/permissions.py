"""Who may change the catalogue: procedures hold for all, a workflow for a province or one commune."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gandan.catalogue.errors import NotCompetent
from gandan.organization.models import Commune, Role
from gandan.organization.permissions import Officer


def edits_procedures(officer: Officer) -> bool:
    """True for a province's administrator, and for the legal officer of `Officer.confirms_law`."""
    return (
        any(Role.ADMINISTRATOR in officer.roles_in_province(one) for one in officer.provinces)
        or officer.confirms_law
    )


def require_procedures(officer: Officer, province: str = "") -> None:
    """NotCompetent unless the officer may prepare and publish versions; of a province's own, in that province."""
    if not edits_procedures(officer):
        raise NotCompetent(
            _("Procedures are prepared and published by the province's administrator or legal officer.")
        )
    if province and province not in officer.provinces:
        raise NotCompetent(_("This procedure belongs to another province."))


def require_confirmation(officer: Officer, province: str = "") -> None:
    """NotCompetent unless the officer may say that a content agrees with its document."""
    if not officer.confirms_law:
        raise NotCompetent(_("Only a legal officer confirms that the content agrees with its document."))
    require_procedures(officer, province)


def edits_workflow(officer: Officer, province: str, commune: Commune | None) -> bool:
    """True for the province's administrator or legal officer; in its own commune also for that commune's administrator."""
    of_province = officer.roles_in_province(province) & {Role.ADMINISTRATOR, Role.LEGAL_OFFICER}
    return bool(of_province) or (commune is not None and officer.administers(commune))


def require_workflow(officer: Officer, province: str, commune: Commune | None) -> None:
    """NotCompetent unless the officer may change the workflows of that province or commune."""
    if edits_workflow(officer, province, commune):
        return
    if commune is None:
        raise NotCompetent(
            _(
                "A workflow for the whole province is changed by the province's administrator or legal officer."
            )
        )
    raise NotCompetent(
        _("The workflows of %(place)s are changed by its administrator.") % {"place": commune.full_name}
    )
