"""Reads of who looked."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from gandan.accounts.models import Look


def looks_of(subject_id: UUID) -> QuerySet[Look]:
    """Who looked at one record, the latest first, with the people."""
    return Look.objects.filter(subject_id=subject_id).select_related("user").order_by("-at", "-id")
