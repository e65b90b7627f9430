"""Sessions as Django keeps them in the database, read by a statement that is made once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from gandan.ledger import rows


class SessionStore(db.SessionStore):
    """Optimization: every page of staff begins with this row, and making its SQL cost more than reading it."""

    def _get_session_from_db(self) -> Session | None:
        """The unexpired session of this key; else none, and a new key is made when something is stored."""
        found = rows.find(Session, self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
