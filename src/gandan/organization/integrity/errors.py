"""What can go wrong with declarations and reports, below `organization.errors.Refused`.

Refused
├── NoSuchRecord      none such, or not yours: the same answer
└── AlreadyDecided    somebody else decided meanwhile
"""

from __future__ import annotations

from gandan.organization.errors import Refused


class NoSuchRecord(Refused):
    """No such declaration or report for this person."""


class AlreadyDecided(Refused):
    """The report was decided by somebody else since it was read."""
