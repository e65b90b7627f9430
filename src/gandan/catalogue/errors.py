"""Errors of the catalogue.

CatalogueError
├── ProcedureUnknown    no version of the code is in force at the moment asked for
├── NotCompetent        this officer may not change these versions or workflows
├── NoSuchDraft         there is no such draft, or it is closed
├── StaleDraft          somebody else changed the draft meanwhile
└── Unpublishable       it cannot be published, confirmed or withdrawn as it stands

The text is for people, already translated (but for ProcedureUnknown, which bears the code).
"""

from __future__ import annotations


class CatalogueError(Exception):
    """Root of the tree."""


class ProcedureUnknown(CatalogueError, LookupError):
    """The code is not in our catalogue, or no version of it was in force; `code` holds what was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotCompetent(CatalogueError):
    """The officer has no role that may do this."""


class NoSuchDraft(CatalogueError):
    """No draft of that id is open."""


class StaleDraft(CatalogueError):
    """The draft was changed by somebody else since it was looked at."""


class Unpublishable(CatalogueError):
    """It cannot be done as it stands; `field` names what to put right, if it is one field of a form."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
