"""Codes that change every half minute (RFC 6238: SHA-1, six digits, 30 seconds), as every authenticator app makes them.

Values in, values out: whether a code was taken before, the caller knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226 §4: the length of the hash
STEPS_ASIDE = 1  # RFC 6238 §5.2: one step for the way and for clocks that differ


def new_secret() -> str:
    """A fresh secret in base32, as apps take it: 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(at: datetime) -> int:
    """The number of the half minute."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of one half minute (RFC 4226 §5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_that_fits(secret: str, code: str, at: datetime) -> int | None:
    """The half minute around `at` whose code this is; None if it is none's, or without a secret.

    Takes the same time for every code.
    """
    if not secret:
        return None
    now, found = step_of(at), None
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def address_of(secret: str, name: str, issuer: str) -> str:
    """What the QR code says to the app: otpauth://totp/…"""
    label = f"{quote(issuer)}:{quote(name)}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as somebody types it: in fours."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
