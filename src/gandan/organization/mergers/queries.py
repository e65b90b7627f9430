"""Reads of mergers: those under way, who heirs what, and where a merged commune's people go now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from gandan.law.cache import Cached
from gandan.organization.mergers.models import Merger
from gandan.organization.models import Commune, Predecessor, Share, Unit

#: What changes when a merger is decided; the calendars, which know each commune's province, look anew then too.
SUBJECT = "calendar"


def under_way(on: date) -> list[Merger]:
    """The mergers whose dossiers may be passed on on that day and are not all, the earliest decision first."""
    found = Merger.objects.filter(completed_at=None, starts_on__lte=on).select_related(
        "successor", "decided_by"
    )
    return list(found.order_by("decided_at"))


def mergers_in(provinces: Iterable[str], communes: Iterable[str] = ()) -> QuerySet[Merger]:
    """The mergers of these provinces, and of these communes, the newest decision first."""
    meant = Q(successor__province__in=list(provinces)) | Q(successor__in=list(communes))
    found = Merger.objects.filter(meant).select_related("successor", "decided_by")
    return found.order_by("-decided_at", "-id")


def heirs_of(merger: Merger) -> dict[UUID, Unit]:
    """By each old unit the one that goes on with its work. One query."""
    return {row.old_id: row.new for row in merger.units.select_related("new__commune__province")}


def sources_of(merger: Merger) -> list[Commune]:
    """The communes that went into the successor; none where units of one commune were merged. One query."""
    return list(Commune.objects.filter(merged__merger=merger).order_by("pk"))


def held_on(rows: QuerySet[Predecessor], day: date) -> QuerySet[Predecessor]:
    """The lineage as it holds on a day: a commune that has been merged leads nowhere any more, its successor does."""
    return rows.filter(
        Q(successor__merged_on=None) | Q(successor__merged_on__gt=day),
        Q(valid_from=None) | Q(valid_from__lte=day),
    )


def one_each(rows: Sequence[Predecessor]) -> list[Predecessor]:
    """Each successor once, the whole before a part: what was split may have come together again in a merger."""
    whole_first = sorted(rows, key=lambda row: row.share != Share.WHOLE)
    chosen = {row.successor_id: row for row in reversed(whole_first)}
    return [row for row in rows if chosen[row.successor_id] is row]


def standing_on(communes: QuerySet[Commune], day: date) -> QuerySet[Commune]:
    """The communes that are not part of another one on that day."""
    return communes.filter(Q(merged_on=None) | Q(merged_on__gt=day))


def _load_parts() -> dict[str, list[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for code, successor in Commune.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"):
        parts[str(successor)].append(code)
    return dict(parts)


_parts = Cached(SUBJECT, _load_parts)


def merged_here(communes: Iterable[str]) -> list[str]:
    """The codes of the communes that were merged into these, however many times over. Warm, no query."""
    parts, found, wanted = _parts.get(), [], list(communes)
    while wanted:
        wanted = [old for code in wanted for old in parts.get(code, ())]
        found += wanted
    return found
