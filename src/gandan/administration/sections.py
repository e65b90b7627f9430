"""What stands on the front page of the administration: one row a section, shown to whom its roles say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

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


SECTIONS: tuple[Section, ...] = ()


def may_enter(officer: Officer) -> bool:
    """True if any section is for a role of the officer."""
    return any(section.roles & officer.roles for section in SECTIONS)


def sections_for(officer: Officer) -> list[Section]:
    """The sections that concern no single commune and are for a role of the officer."""
    return [one for one in SECTIONS if not one.of_commune and one.roles & officer.roles]


def sections_in(officer: Officer, commune: str) -> list[Section]:
    """The sections of one commune that are for a role that the officer holds there."""
    return [one for one in SECTIONS if one.of_commune and one.roles & officer.roles_in(commune)]
