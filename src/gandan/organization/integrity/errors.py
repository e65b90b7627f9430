"""What can go wrong with declarations and reports.

IntegrityRefused      the input or the state says no: `str()` is the reason in plain words, `field` where
├── NoSuchRecord      none such, or not yours: the same answer
└── AlreadyDecided    somebody else decided meanwhile
"""

from __future__ import annotations

from gandan.organization.errors import OrganizationError


class IntegrityRefused(OrganizationError):
    """A refusal for people, already translated; `field` is the form field it belongs to, or ''."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NoSuchRecord(IntegrityRefused):
    """No such declaration or report for this person."""


class AlreadyDecided(IntegrityRefused):
    """The report was decided by somebody else since it was read."""
