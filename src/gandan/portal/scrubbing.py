"""Logs hold no secret of an address and nothing that people typed: `/t/…` and `/m/…` lose what follows, errors lose
their words.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

from django.db import OperationalError

SECRET = re.compile(r"(/[tm]/)[A-Za-z0-9_-]+")  # tracking, one-time links
# What these say is about machines. Others may quote a row ("Failing row contains …"), a name, a number.
SPEAK_OF_MACHINES = (OSError, ImportError, OperationalError, MemoryError)
Trouble = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """A traceback with files, lines and kinds of errors; their messages only where they cannot be about people."""

    def formatException(self, ei: Trouble) -> str:
        parts: list[str] = []
        error = ei[1]
        while error is not None and len(parts) < 10:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"Traceback (most recent call last):\n{frames}{named(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return SECRET.sub(r"\1…", "\n\n".join(reversed(parts)))


def named(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{kind}: {error}" if isinstance(error, SPEAK_OF_MACHINES) else kind


class ScrubSecrets(logging.Filter):
    """Rewrites the finished line of a record; put on handlers, so that no logger gets past it."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        scrubbed = SECRET.sub(r"\1…", line)
        if scrubbed != line:
            record.msg, record.args = scrubbed, ()
            record.exc_text = SECRET.sub(r"\1…", record.exc_text) if record.exc_text else None
        return True
