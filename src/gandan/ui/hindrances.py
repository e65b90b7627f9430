"""What stops the machine for a while, and is nobody's mistake: the database is away, the disk is full."""

from __future__ import annotations

import errno
from enum import StrEnum

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest

RETRY_AFTER_SECONDS = 30
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# SQLite and PostgreSQL (class 53, disk_full) say it in these words; neither has a class of its own in Django.
FULL_WORDS = ("disk is full", "No space left on device")


class Hindrance(StrEnum):
    """Why the machine cannot work for now."""

    DATABASE_AWAY = "database_away"
    DISK_FULL = "disk_full"


def hindrance_in(error: BaseException | None) -> Hindrance | None:
    """The hindrance that `error` tells of; None for an error of the program."""
    if isinstance(error, OSError) and error.errno in FULL:
        return Hindrance.DISK_FULL
    if isinstance(error, OperationalError | InterfaceError):
        full = any(words in str(error) for words in FULL_WORDS)
        return Hindrance.DISK_FULL if full else Hindrance.DATABASE_AWAY
    return None


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into a form without secrets and files, to be sent once more; [] where that cannot be."""
    if request.method != "POST" or request.FILES:
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in map(str, values)]
    return [] if any("password" in name for name, _value in fields) else fields
