"""What stands on the front page of the administration: one row a section, shown to whom its roles say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gandan.organization.models import Role
from gandan.organization.permissions import Officer


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its page, its words, who opens it (a role held anywhere; the page itself asks where).

    `of_commune`: its URL takes a commune's code, and it stands once for each commune.
    """

    url_name: str
    title: str | Promise
    text: str | Promise
    icon: str
    roles: frozenset[Role]
    of_commune: bool = False


SECTIONS: tuple[Section, ...] = (
    Section(
        "administration:procedures",
        gettext_lazy("Procedures and workflows"),
        gettext_lazy("Papers, time limits, fees and steps: prepare, compare, publish from a day on."),
        "journal-text",
        frozenset({Role.ADMINISTRATOR, Role.LEGAL_OFFICER}),
    ),
    Section(
        "administration:mergers",
        gettext_lazy("Mergers"),
        gettext_lazy(
            "Merge communes or units: first what would happen to dossiers and duties, then the act."
        ),
        "building",
        frozenset({Role.ADMINISTRATOR}),
    ),
    Section(
        "administration:who_looked",
        gettext_lazy("Who opened whose dossier"),
        gettext_lazy("Views of dossiers with plain facts, for the director of the centre."),
        "eye",
        frozenset({Role.CENTRE_DIRECTOR}),
        of_commune=True,
    ),
    Section(
        "administration:access_review",
        gettext_lazy("Who holds which role"),
        gettext_lazy("Every so often each role is kept or ended, with a reason."),
        "people",
        frozenset({Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR}),
        of_commune=True,
    ),
    Section(
        "administration:conflicts",
        gettext_lazy("Conflicts of interest"),
        gettext_lazy("Reports to decide on, and dossiers that lie with somebody who is tied to a party."),
        "shield-check",
        frozenset({Role.CENTRE_DIRECTOR, Role.SIGNING_LEADER}),
    ),
)


def may_enter(officer: Officer) -> bool:
    """True if any section is for a role of the officer."""
    return any(section.roles & officer.roles for section in SECTIONS)


def sections_for(officer: Officer) -> list[Section]:
    """The sections that concern no single commune and are for a role of the officer."""
    return [one for one in SECTIONS if not one.of_commune and one.roles & officer.roles]


def sections_in(officer: Officer, commune: str) -> list[Section]:
    """The sections of one commune that are for a role that the officer holds there."""
    return [one for one in SECTIONS if one.of_commune and one.roles & officer.roles_in(commune)]
