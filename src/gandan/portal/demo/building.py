"""Builds the sample: reference data, wards, staff, months of dossiers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.core.management import call_command
from django.db import connection
from django.db.models import F

from gandan.calculus.calendars import working_time
from gandan.dossiers import desks
from gandan.ledger.actions import recorded_as_done
from gandan.notifications.models import Message, MessageState
from gandan.organization.queries import calendar_of
from gandan.portal.demo.absences import arrange_absences
from gandan.portal.demo.months import SEED, live_through, opening_day
from gandan.portal.demo.scans import sample_scans
from gandan.portal.demo.staff import open_wards

SCANS = 24
RELAXED = {
    "sqlite": ("PRAGMA synchronous=OFF", ("PRAGMA synchronous=FULL", "PRAGMA wal_checkpoint(TRUNCATE)")),
    "postgresql": ("SET synchronous_commit TO off", ("SET synchronous_commit TO on",)),
}
Say = Callable[[str], None]


def build(now: datetime, say: Say) -> None:
    """Fills an empty, migrated database with the sample as of `now`."""
    with told(say, "Nạp luật, đơn vị hành chính, lịch, thủ tục"):
        call_command("load_reference", verbosity=0)
    with unsynced(), recorded_as_done():
        opened = opening_day(now)
        with told(say, "Mở hai phường mẫu, giao việc cho cán bộ mẫu"):
            wards = open_wards(opened, Random(SEED))
            first = next(iter(wards[0].users.values()))
            scans = sample_scans(SCANS, by=first, at=opened, rng=Random(SEED))
        with told(say, "Bốn tháng hồ sơ mẫu, đi qua từng bước thật") as tell:
            acts = live_through(wards, now, [scan.pk for scan in scans])
            make_old_calls(now)
            arrange_absences(wards[0], now)
            tell(f"{acts} bước")
    settle_statistics()


def make_old_calls(now: datetime) -> None:
    """Whom the counter was to telephone before the last working day was telephoned within the hour."""
    last = working_time(calendar_of(None)).add_days(desks.on_day(now), -1)
    old = Message.objects.filter(state=MessageState.WAITING, queued_at__lt=desks.midnight(last))
    old.update(state=MessageState.SENT, sent_at=F("queued_at") + timedelta(hours=1))


@contextmanager
def told(say: Say, what: str) -> Iterator[Callable[[str], None]]:
    """Says what is being done, and how long it took."""
    notes: list[str] = []
    began = time.monotonic()
    yield notes.append
    detail = f", {notes[0]}" if notes else ""
    say(f"  ✓ {what}{detail} ({time.monotonic() - began:.1f} giây)")


@contextmanager
def unsynced() -> Iterator[None]:
    """The database does not wait for the disk meanwhile: half-built sample data are thrown away anyway.

    Only this connection, only while building; afterwards everything is on the disk, and synchronous is FULL
    again as it is for real data (docs/decisions/0001-foundation.md).
    """
    fast, safe = RELAXED[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(fast)
        try:
            yield
        finally:
            for statement in safe:
                cursor.execute(statement)


def settle_statistics() -> None:
    """The planner learns the sizes of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
