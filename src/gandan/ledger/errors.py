"""What can go wrong in the ledger.

LedgerError
├── RequestConflict     the request id was used for something else (HTTP 409)
├── RepeatedAct         an act that was already done tried to write again (a programming error)
├── InvalidEvent        an event that must not be written (a programming error)
├── UnchangeableEvent   somebody tried to change or delete an event (a programming error)
└── HeadFileError       a head file cannot be read, or must not be overwritten
"""

from __future__ import annotations


class LedgerError(Exception):
    """Base of this room's errors."""


class RequestConflict(LedgerError):
    """The same request id came with another content: nothing was done. Answer with 409."""


class RepeatedAct(LedgerError):
    """`append` or `done` was called although `act.repeated` is true."""


class InvalidEvent(LedgerError):
    """The event's chain, act, subject or body breaks the form of docs/events.md."""


class UnchangeableEvent(LedgerError):
    """Events are never changed or deleted; a mistake is corrected by a further act."""


class HeadFileError(LedgerError):
    """The head file is damaged, or the new heads contradict those already written down."""
