"""What can go wrong with rows of the law.

LawError
├── UnchangeableRow      a stored row was to be changed or deleted
├── AlreadySuperseded    another row has taken its place meanwhile
├── LocalValueRefused    a province or commune may not set this key
└── ConfirmationRefused  a confirmation without a document or a person
"""

from __future__ import annotations


class LawError(Exception):
    """Base of the errors of this room."""


class UnchangeableRow(LawError):
    """A row of the law is never changed or deleted: a further row supersedes it."""


class AlreadySuperseded(LawError):
    """The row has been superseded already; read the row in force and decide again."""


class LocalValueRefused(LawError):
    """The law does not let a province or commune set this value."""


class ConfirmationRefused(LawError):
    """A confirmation names the document that was read and who read it."""
