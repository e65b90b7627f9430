"""What can go wrong with rows of the law.

LawError
├── UnchangeableRow      a stored row was to be changed or deleted
├── AlreadySuperseded    another row has taken its place meanwhile
├── LocalValueRefused    a province or commune may not set this key
├── ValueRefused         a value of another kind than the one it would follow, or a start that cannot be
├── NotCompetent         this officer may not change these rows
└── BasisMissing         a change without a document that it rests on

The text is for people, already translated.
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


class ValueRefused(LawError):
    """The value or its start cannot be taken; `str()` says why."""


class NotCompetent(LawError):
    """The officer has no role that may change these rows."""


class BasisMissing(LawError):
    """Every change names the document that it rests on."""
