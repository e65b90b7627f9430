"""Is this installation able to work? For load balancers and watchers: parts and words, no figures, no names."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError, InterfaceError, connection

from gandan.ledger.models import Verification
from gandan.operations import measures
from gandan.portal.migrated import pending


class Verdict(StrEnum):
    """How a part stands; `FAILING` alone makes the whole unable to work."""

    OK = "ok"
    WARNING = "warning"
    FAILING = "failing"


class _Known:
    """A database that was up to date stays so while this process lives: asked until the first yes."""

    migrated = False


def health(at: datetime) -> dict[str, Verdict]:
    """The verdict on each part: database, migrations, disk, job worker, ledger, clock."""
    parts = {"database": database(), "disk": disk()}
    if parts["database"] is Verdict.OK:
        parts |= {
            "migrations": migrations(),
            "job_worker": warn_if(measures.is_job_worker_late(at)),
            "ledger": ledger(),
            "clock": warn_if(measures.behind_ledger(at) > 1),
        }
    return parts


def overall(parts: dict[str, Verdict]) -> Verdict:
    found = set(parts.values())
    return next((worst for worst in (Verdict.FAILING, Verdict.WARNING) if worst in found), Verdict.OK)


def database() -> Verdict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return Verdict.FAILING
    return Verdict.OK


def disk() -> Verdict:
    found = measures.disk()
    if found.is_full:
        return Verdict.FAILING
    return warn_if(found.is_low)


def migrations() -> Verdict:
    _Known.migrated = _Known.migrated or not pending()
    return Verdict.OK if _Known.migrated else Verdict.FAILING


def ledger() -> Verdict:
    """A warning if the last verification found something; how long ago it was is a figure of /metrics."""
    last = Verification.objects.order_by("-id").values_list("sound", flat=True).first()
    return warn_if(last is False)


def warn_if(trouble: bool) -> Verdict:
    return Verdict.WARNING if trouble else Verdict.OK
