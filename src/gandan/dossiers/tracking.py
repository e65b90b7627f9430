"""Tracking without an account (tra cứu hồ sơ): secrets that are made again when needed and never stored.

The QR code bears 128 bits derived from the dossier's id by an installation key; the database holds only their
hash. A person without a camera types the dossier code and the short word printed beside it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from uuid import UUID

from gandan.accounts.secrets import blind_index

SECRET_HEX = 32  # 128 bits
WORD_LENGTH = 8  # 40 bits, behind limits


def secret_of(dossier_id: UUID) -> str:
    """The QR secret: 26 lower-case letters and digits (base32 of 128 bits)."""
    digest = bytes.fromhex(blind_index(str(dossier_id), "tracking")[:SECRET_HEX])
    return b32encode(digest).decode().rstrip("=").lower()


def word_of(dossier_id: UUID) -> str:
    """The short word to type beside the code, independent of the QR secret: 8 letters and digits, upper case."""
    digest = bytes.fromhex(blind_index(str(dossier_id), "tracking-word")[:SECRET_HEX])
    return b32encode(digest).decode()[:WORD_LENGTH]


def hash_of(secret: str) -> str:
    """What the database keeps of a QR secret."""
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()


def word_matches(dossier_id: UUID, typed: str) -> bool:
    """True if `typed` is the dossier's short word; small slips (case, spaces, 0/O, 1/I) are forgiven."""
    cleaned = "".join(typed.upper().split()).replace("-", "").replace("0", "O").replace("1", "I")
    return hmac.compare_digest(cleaned.encode(), word_of(dossier_id).encode())
