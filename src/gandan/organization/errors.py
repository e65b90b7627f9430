"""What can go wrong in the organization. The text is for people, already translated.

OrganizationError
├── UnknownCommune       no commune has this code
├── UnknownProvince      no province has this code
├── NotCompetent         this officer does not administer the place
└── Refused              the change cannot be made as it is; `field` names the field it belongs to
    ├── CalendarNotConfirmed  days that are not there, or are confirmed already
    └── ImpossibleHours       hours that overlap, or close before they open
"""

from __future__ import annotations


class OrganizationError(Exception):
    """Base of the errors of this room."""


class UnknownCommune(OrganizationError):
    """No commune has this code."""


class UnknownProvince(OrganizationError):
    """No province has this code."""


class NotCompetent(OrganizationError):
    """The officer administers neither the place nor the province that it lies in."""


class Refused(OrganizationError):
    """The change cannot be made as it is; `field` is the form field it belongs to, or ''."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class CalendarNotConfirmed(Refused):
    """The calendar of a year is confirmed once its days are known."""


class ImpossibleHours(Refused):
    """Spans of office hours may not overlap, and each closes after it opens."""
