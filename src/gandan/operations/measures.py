"""What the installation measures of itself: disk, clock, outbox, job worker, ledger. Reads only; no personal data.

A figure that cannot be known here is None, never zero.
"""

from __future__ import annotations

import ctypes
import shutil
import struct
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Sum
from django.utils import timezone

from gandan.ledger.models import ChainHead, Event, Verification
from gandan.notifications.leases import BACKGROUND_WORK, LASTS
from gandan.notifications.models import Channel, Lease, Message, MessageState

GIBIBYTE = 1024**3
LOW_DISK = GIBIBYTE
FULL_DISK = GIBIBYTE // 10
TIME_ERROR = 5  # adjtimex(2): the kernel's clock is not synchronised
TIMEX = "=i4xqqqqi"  # modes, offset, freq, maxerror, esterror, status: the beginning of struct timex, 64 bits
TIMEX_SIZE = 256


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the disk under the data folder."""

    free: int
    total: int

    @property
    def is_low(self) -> bool:
        return self.free < LOW_DISK

    @property
    def is_full(self) -> bool:
        return self.free < FULL_DISK


@dataclass(frozen=True, slots=True)
class KernelClock:
    """What the kernel says of the machine's clock: is it held by NTP, and how wrong may it be (seconds)?"""

    synchronised: bool
    error_seconds: float


@dataclass(frozen=True, slots=True)
class Outbox:
    """Messages that wait, by channel, and how long the oldest e-mail has waited (seconds)."""

    waiting: dict[str, int]
    oldest_mail_seconds: float


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger: chains, events, and the last verification of all of it."""

    chains: int
    events: int
    verified_seconds_ago: float | None
    sound: bool | None


def disk() -> Disk:
    usage = shutil.disk_usage(settings.GANDAN_DATA)
    return Disk(usage.free, usage.total)


def kernel_clock() -> KernelClock | None:
    """Reads adjtimex(2) without setting anything; None where there is none."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    state = ctypes.create_string_buffer(TIMEX_SIZE)
    result = ctypes.CDLL(None).adjtimex(state)
    if result < 0:
        return None
    _modes, _offset, _freq, most, _estimated, _status = struct.unpack_from(TIMEX, state)
    return KernelClock(result != TIME_ERROR, most / 1_000_000)


def database_clock_ahead() -> float | None:
    """Seconds by which the database server's clock is ahead of ours; None where there is one clock only."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        after = timezone.now()
    return (theirs - (before + (after - before) / 2)).total_seconds()


def behind_ledger(at: datetime) -> float:
    """Seconds by which this machine's clock lies before the last recorded event: above 0 it was put back."""
    last = Event.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    return max(0.0, (last - at).total_seconds()) if last else 0.0


def job_round_ago(at: datetime) -> float | None:
    """Seconds since a job worker last held the lease; None if none is held or left behind."""
    expires = Lease.objects.filter(name=BACKGROUND_WORK).values_list("expires_at", flat=True).first()
    return (at - (expires - LASTS)).total_seconds() if expires else None


def outbox(at: datetime) -> Outbox:
    waiting = Message.objects.filter(state=MessageState.WAITING)
    counted = waiting.values_list("channel").annotate(number=Count("id")).order_by("channel")
    oldest = waiting.filter(channel=Channel.EMAIL).aggregate(first=Min("queued_at"))["first"]
    return Outbox(dict(counted), (at - oldest).total_seconds() if oldest else 0.0)


def book(at: datetime) -> Book:
    heads = ChainHead.objects.aggregate(chains=Count("chain"), events=Sum("seq"))
    last = Verification.objects.filter(chain="").order_by("-id").values_list("at", "sound").first()
    ago = (at - last[0]).total_seconds() if last else None
    return Book(heads["chains"], heads["events"] or 0, ago, last[1] if last else None)


def database_bytes() -> int:
    """The size of the database on disk, its write-ahead log included where it is a file."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    beside = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in beside if file.exists())


def backup_ago(at: datetime) -> float | None:
    """Seconds since the back-up's own script touched DATA/last-backup; None if it never did."""
    return _touched_ago(Path(settings.GANDAN_DATA) / "last-backup", at)


def head_file_ago(at: datetime) -> float | None:
    """Seconds since the newest daily head file was written; None if there is none."""
    files = sorted((Path(settings.GANDAN_DATA) / "heads").glob("*.txt"))
    return _touched_ago(files[-1], at) if files else None


def _touched_ago(path: Path, at: datetime) -> float | None:
    try:
        return at.timestamp() - path.stat().st_mtime
    except FileNotFoundError:
        return None


def is_job_worker_late(at: datetime) -> bool:
    """True if no job worker has begun a round for longer than its lease lasts."""
    ago = job_round_ago(at)
    return ago is None or timedelta(seconds=ago) > LASTS
