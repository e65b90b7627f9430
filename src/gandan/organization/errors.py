"""What can go wrong in the organization.

OrganizationError
├── UnknownCommune       no commune has this code
├── UnknownProvince      no province has this code
├── CalendarNotConfirmed a confirmation without a document, a person or days
└── ImpossibleHours      hours that overlap, or close before they open
"""

from __future__ import annotations


class OrganizationError(Exception):
    """Base of the errors of this room."""


class UnknownCommune(OrganizationError):
    """No commune has this code."""


class UnknownProvince(OrganizationError):
    """No province has this code."""


class CalendarNotConfirmed(OrganizationError):
    """The calendar of a year is confirmed on a document, by a person, and it must have days."""


class ImpossibleHours(OrganizationError):
    """Spans of office hours may not overlap, and each closes after it opens."""
