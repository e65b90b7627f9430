"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562 §5.7): rows made together lie together in the index."""
    identifier: uuid.UUID = uuid7()
    return identifier
