"""What stands on the front page of the administration: one row a section, shown to whom its roles say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gandan.organization.models import Commune, Province, Role
from gandan.organization.permissions import Officer

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
LAWYERS = frozenset({Role.ADMINISTRATOR, Role.LEGAL_OFFICER})


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
    of_place: bool = (
        False  # as `of_commune`, for a province too; its administrator opens those of all its communes
    )


SECTIONS: tuple[Section, ...] = (
    Section(
        "administration:units",
        gettext_lazy("Units"),
        gettext_lazy("Centre, departments, points: names, addresses, telephones."),
        "building",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:staff",
        gettext_lazy("Staff"),
        gettext_lazy("Who works where and as what; who comes and who leaves; lists from a spreadsheet."),
        "person",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:hours",
        gettext_lazy("Office hours"),
        gettext_lazy("Hours of each unit, also by weekday; reception on Saturday; days of the place's own."),
        "clock",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:local_values",
        gettext_lazy("Values of this place"),
        gettext_lazy("Where the law lets a province or commune have its own."),
        "pencil",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:roles",
        gettext_lazy("Roles"),
        gettext_lazy("Which role may do what, and who holds it."),
        "key",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:changes",
        gettext_lazy("What was changed"),
        gettext_lazy("Every change with who, when and on which basis."),
        "list",
        ADMINISTRATORS,
        of_place=True,
    ),
    Section(
        "administration:parameters",
        gettext_lazy("Values of the law"),
        gettext_lazy("What holds with its marks; confirm it on the text, enter a new value with its day."),
        "flag",
        LAWYERS,
    ),
    Section(
        "administration:this_year",
        gettext_lazy("Working calendar"),
        gettext_lazy("Days off and make-up days of the country; confirm a year."),
        "calendar-event",
        LAWYERS,
    ),
    Section(
        "administration:recalculate",
        gettext_lazy("Recalculate dates"),
        gettext_lazy("Dossiers whose dates are no longer what the clock says, after a change."),
        "arrow-repeat",
        LAWYERS,
    ),
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
    """The sections that concern no single place and are for a role of the officer."""
    return [one for one in SECTIONS if not (one.of_commune or one.of_place) and one.roles & officer.roles]


def sections_in(officer: Officer, place: Commune | Province) -> list[Section]:
    """The sections of one place: for a role that the officer holds there, or administers it from the province."""
    held = officer.roles_in(place.pk) if isinstance(place, Commune) else frozenset[Role]()
    given = ADMINISTRATORS if officer.administers(place) else frozenset[Role]()
    return [
        one
        for one in SECTIONS
        if (one.of_place and one.roles & given) or (one.of_commune and one.roles & held)
    ]
