"""How often somebody may try: enough for tired fingers, too little for a guesser, and never a lock for ever.

taken = take("password:lan:device", limit=5, at=at)
if taken.refused: …                      # until `taken.until`

A try is counted before it is judged, so that many at once pass no limit. What is tried while it rests does not
make the rest longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import connection
from django.db.models import F

from gandan.accounts.models import Tries
from gandan.accounts.secrets import blind_index

WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Taken:
    """One try: the how manieth of its window it was, and when the window ends."""

    number: int
    limit: int
    until: datetime

    @property
    def refused(self) -> bool:
        return self.number > self.limit

    @property
    def was_last(self) -> bool:
        """True if no further try would count in this window."""
        return self.number >= self.limit


def take(who: str, *, limit: int, at: datetime, window: timedelta = WINDOW) -> Taken:
    """Counts one try of `who`. The window begins with the first try, and anew with the last one. One statement."""
    table = connection.ops.quote_name(Tries._meta.db_table)
    adapt = connection.ops.adapt_datetimefield_value
    now, end = adapt(at.astimezone(UTC)), adapt((at + window).astimezone(UTC))
    statement = (
        f"INSERT INTO {table} (key, count, ends_at) VALUES (%s, 1, %s) ON CONFLICT (key) DO UPDATE SET "  # noqa: S608  the name is the model's
        f"count = CASE WHEN {table}.ends_at <= %s THEN 1 ELSE {table}.count + 1 END, "
        f"ends_at = CASE WHEN {table}.ends_at <= %s OR {table}.count + 1 = %s THEN %s ELSE {table}.ends_at END "
        "RETURNING count, ends_at"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [key_of(who), end, now, now, limit, end])
        number, ends_at = cursor.fetchone()
    return Taken(int(number), limit, moment(ends_at))


def moment(stored: object) -> datetime:
    """A moment as either database gives it to a raw query: SQLite a text in UTC, PostgreSQL the moment."""
    found = datetime.fromisoformat(str(stored))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def key_of(who: str) -> str:
    """What the table says of `who`: the kind of try, and a keyed hash."""
    return f"{who.partition(':')[0]}:{blind_index(who, 'tries')}"


def forgive(*who: str) -> None:
    """Forgets the tries of these: the right answer came."""
    Tries.objects.filter(key__in=[key_of(one) for one in who]).delete()


def give_back(*who: str) -> None:
    """Takes one try back that was counted for these: it was no guess."""
    Tries.objects.filter(key__in=[key_of(one) for one in who], count__gt=0).update(count=F("count") - 1)


def forget_old(at: datetime) -> int:
    """Deletes tries of windows that are over; returns how many. Run by the job worker."""
    deleted, _details = Tries.objects.filter(ends_at__lt=at).delete()
    return deleted


def one_client(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 in which one house takes IPv6 addresses at will."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
