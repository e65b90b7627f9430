"""A page's worth of a dry run: so many dossiers as can be looked at in two seconds, and where to go on.

What was counted on the pages before travels in the form, since nothing is stored for a mere look.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gandan.dossiers.dry_run import Look, Moved, Proposal, count_open, look_through, out_of_date

SECONDS = 2.0
MOST_ROWS = 50
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What was found on this page, and how far the look has come (`looked` of `total` open dossiers)."""

    rows: list[Moved]
    looked: int
    moved: int
    total: int
    after: str  # cursor of the next page; '' once all was looked at

    @property
    def percent(self) -> int:
        return 100 if not self.after or not self.total else min(99, self.looked * 100 // self.total)


def cursor_text(key: tuple[str, UUID]) -> str:
    return f"{key[0]}.{key[1]}"


def cursor_key(text: str) -> tuple[str, UUID] | None:
    """The key of a cursor; None where somebody wrote one by hand: then the look begins anew."""
    commune, _dot, key = text.partition(".")
    try:
        return (commune, UUID(key)) if commune else None
    except ValueError:
        return None


def glimpse_of_proposal(
    communes: Sequence[str], proposal: Proposal, *, at: datetime, after: str, looked: int, moved: int
) -> Glimpse:
    """The next page of what a proposal would move."""
    looks = look_through(communes, proposal, at=at, after=cursor_key(after))
    return _gathered(looks, communes, looked, moved)


def glimpse_of_difference(
    communes: Sequence[str], *, at: datetime, after: str, looked: int, moved: int
) -> Glimpse:
    """The next page of dossiers whose stored dates are not what the clock says now."""
    return _gathered(out_of_date(communes, at=at, after=cursor_key(after)), communes, looked, moved)


def _gathered(looks: Iterator[Look], communes: Sequence[str], looked: int, moved: int) -> Glimpse:
    rows: list[Moved] = []
    ends = time.monotonic() + SECONDS
    last: tuple[str, UUID] | None = None
    for look in looks:
        if last is not None and (len(rows) >= MOST_ROWS or time.monotonic() > ends):
            return Glimpse(rows, looked, moved + len(rows), count_open(communes, COUNTED), cursor_text(last))
        looked, last = looked + 1, look.key
        if look.moved is not None:
            rows.append(look.moved)
    return Glimpse(rows, looked, moved + len(rows), looked, "")
