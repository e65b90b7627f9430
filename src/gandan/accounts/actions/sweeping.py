"""What is forgotten by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from gandan.accounts import tries
from gandan.accounts.models import SignIn

SIGN_INS_KEPT = timedelta(days=365)


def forget_old_sign_ins(at: datetime) -> int:
    """Deletes sign-ins of more than a year ago and tries that count no more; returns how many rows went."""
    gone, _details = SignIn.objects.filter(at__lt=at - SIGN_INS_KEPT).delete()
    return gone + tries.forget_old(at)
