"""How often a dossier may be looked for by typed code: enough for a tired grandmother, too little for a guesser.

The word beside the code has 40 bits. At 10 tries in a quarter of an hour for one client, and 20 for one code from
anywhere, guessing one given dossier's word takes about 800,000 years on average.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from gandan.accounts.secrets import blind_index
from gandan.accounts.tries import one_client
from gandan.portal.models import Attempt

WINDOW = timedelta(minutes=15)
TRIES_OF_A_CLIENT = 10
TRIES_OF_A_CODE = 20


def too_often(*, client: str, code: str, at: datetime) -> datetime | None:
    """Counts one attempt; None if it may go on, else the moment from which it may be tried again.

    A client that has no tries left uses up none of the code's: alone it cannot lock others out of it.
    """
    ends_at = window_end(at)
    if count(f"client:{blind_index(one_client(client), 'attempt')}", ends_at) > TRIES_OF_A_CLIENT:
        return ends_at
    of_code = count(f"code:{blind_index(code, 'attempt')}", ends_at)
    return ends_at if of_code > TRIES_OF_A_CODE else None


def window_end(at: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp((int(at.timestamp()) // seconds + 1) * seconds, UTC)


def count(who: str, ends_at: datetime) -> int:
    """One more attempt of `who` in this window; returns how many there are now. One statement."""
    key = f"{who}:{int(ends_at.timestamp())}"
    table = connection.ops.quote_name(Attempt._meta.db_table)
    statement = (
        f"INSERT INTO {table} (key, count, ends_at) VALUES (%s, 1, %s) "  # noqa: S608  the name is the model's
        f"ON CONFLICT (key) DO UPDATE SET count = {table}.count + 1 RETURNING count"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        (number,) = cursor.fetchone()
    return int(number)


def forget_old(at: datetime) -> int:
    """Deletes attempts of windows that are over; returns how many. Run by the job worker."""
    deleted, _details = Attempt.objects.filter(ends_at__lt=at).delete()
    return deleted
