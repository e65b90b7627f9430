"""Sessions in the database, each with its person, its beginning and its last use; one row, one read a request.

A session ends at once on every worker because each request begins with its row: nothing is kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from gandan.accounts.models import Session
from gandan.ledger import rows
from gandan.ledger.ids import new_id

USE_NOTED_EVERY = timedelta(minutes=10)
SHORT_PATIENCE_MS = 100
# With an underscore: a template asks for the keys of a session before its attributes.
PUBLIC_ID, STARTED_AT = "_public_id", "_started_at"


class SessionStore(db.SessionStore):
    """Optimization: every page of staff begins with this row, and making its SQL cost more than reading it.

    The columns beside the data are written from the data whenever these are saved.
    """

    @classmethod
    def get_model_class(cls) -> type[Any]:
        return Session

    @property
    def public_id(self) -> UUID | None:
        """What pages and the history call this session; None before anything was stored."""
        text = self.get(PUBLIC_ID)
        return UUID(text) if text else None

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        now = timezone.now()
        data.setdefault(PUBLIC_ID, str(new_id()))
        data.setdefault(STARTED_AT, now.isoformat())
        made: Session = super().create_model_instance(data)  # type: ignore[assignment]
        made.public_id = UUID(data[PUBLIC_ID])
        made.started_at = parse_datetime(data[STARTED_AT]) or now
        made.used_at = now
        made.user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        return made

    def _get_session_from_db(self) -> Any:
        """The unexpired session of this key; else none, and a new key is made when something is stored."""
        found = rows.find(Session, self.session_key)
        now = timezone.now()
        if found is None or found.expire_date <= now:
            self._session_key = None
            return None
        if now - found.used_at >= USE_NOTED_EVERY:
            note_use(found, now)
        return found


def note_use(session: Session, now: datetime) -> None:
    """Writes down that the session is in use: one statement in ten minutes, and a page never fails for it."""
    with suppress(OperationalError), without_waiting():
        rows.update(Session, {"used_at": now}, {"session_key": session.session_key})


@contextmanager
def without_waiting() -> Iterator[None]:
    """On SQLite a write waits for whoever writes now, a long import too: inside the block a tenth of a second."""
    if connection.vendor != "sqlite":
        yield
        return
    raw: Any = connection.connection
    (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {SHORT_PATIENCE_MS}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience}")
