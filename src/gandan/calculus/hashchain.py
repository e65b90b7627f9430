"""The arithmetic of the hash chain: what an event's hash covers, and the salted hash of legal content."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from gandan.calculus.canonical import canonical_json

EVENT_TAG = b"gandan-event-1\0"
CONTENT_TAG = b"gandan-content-1\0"
HASH_LENGTH = 64
GENESIS = "0" * HASH_LENGTH
SALT_BYTES = 16


def event_hash(prev: str, body: str) -> str:
    """SHA-256 of tag ‖ prev ‖ body, where `prev` is 64 hexadecimal characters, as 64 more.

    By hand: ``printf 'gandan-event-1\\0%s%s' "$prev" "$body" | sha256sum``.
    """
    return hashlib.sha256(EVENT_TAG + prev.encode("ascii") + body.encode("utf-8")).hexdigest()


def new_salt() -> bytes:
    """Fresh random salt for one row; destroying it destroys the link from the event to the row."""
    return secrets.token_bytes(SALT_BYTES)


def salted_hash(salt: bytes, content: Mapping[str, object]) -> str:
    """HMAC-SHA-256 of the canonical text of `content` under `salt`, 64 hexadecimal characters.

    It proves the content to whoever has the salt and tells nothing to whoever has not, even
    when there are few possible contents. A salt shorter than 128 bits is refused (ValueError).
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"the salt has {len(salt)} bytes; {SALT_BYTES} or more are needed")
    return hmac.new(salt, CONTENT_TAG + canonical_json(content).encode("utf-8"), hashlib.sha256).hexdigest()
