"""Invented members of staff."""

from __future__ import annotations

from itertools import count

from gandan.accounts.models import User

PASSWORD = "mot mat khau de thu 2026"
_numbers = count(1)


def make_user(**given: str) -> User:
    """One account that can sign in with `PASSWORD`."""
    number = next(_numbers)
    fields = {
        "username": f"canbo{number}",
        "full_name": f"Nguyễn Thị Mẫu {number}",
        "code": f"CB-{number:03d}",
    }
    return User.objects.create_user(password=PASSWORD, **{**fields, **given})
