"""Leases (quyền chạy việc nền): of several workers, one at a time does the work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from gandan.notifications.models import Lease

BACKGROUND_WORK = "background-work"  # what `gandan work` does, renewed each round
LASTS = timedelta(seconds=60)


def hold(name: str, *, holder: str, at: datetime, lasting: timedelta) -> bool:
    """True if `holder` has the lease `name` from now until at + lasting: it was free, over, or its own."""
    mine_or_over = Q(holder=holder) | Q(expires_at__lte=at)
    if Lease.objects.filter(mine_or_over, name=name).update(holder=holder, expires_at=at + lasting):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    Lease.objects.bulk_create(
        [Lease(name=name, holder=holder, expires_at=at + lasting)], ignore_conflicts=True
    )
    return Lease.objects.filter(name=name, holder=holder).exists()


def release(name: str, *, holder: str) -> None:
    """Gives the lease back, so that the next worker need not wait until it is over."""
    Lease.objects.filter(name=name, holder=holder).delete()
