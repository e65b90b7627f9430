"""The versions that hold now or will (phiên bản theo thời gian), as a process keeps them.

A version published for a later day begins at midnight without anything being written then: what is made of the
versions in force therefore knows until when it holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from gandan.catalogue.models import ProcedureVersion
from gandan.catalogue.search import Entry, Index

ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(slots=True)
class Timeline:
    """Versions by id and by code. Shared between requests: read, never change."""

    versions: dict[UUID, ProcedureVersion]
    by_code: dict[str, list[ProcedureVersion]] = field(default_factory=lambda: defaultdict(list))
    index: Index | None = None
    index_holds: tuple[datetime, datetime] = ALWAYS

    def __post_init__(self) -> None:
        for version in self.versions.values():
            self.by_code[version.procedure.code].append(version)

    @classmethod
    def load(cls, now: datetime) -> Timeline:
        """Reads all versions that are not over at `now`. One query."""
        standing = ProcedureVersion.objects.filter(Q(valid_to=None) | Q(valid_to__gt=now), withdrawn_at=None)
        rows = standing.select_related("procedure").order_by("procedure__field", "procedure__code", "number")
        return cls({version.pk: version for version in rows})

    def version_at(self, code: str, at: datetime) -> ProcedureVersion | None:
        """The version of the code that holds at `at`, among those that are kept."""
        return next((one for one in self.by_code.get(code, ()) if one.holds_at(at)), None)

    def index_at(self, at: datetime) -> Index:
        """The search index of what holds at `at`; made anew when a version begins or ends."""
        since, until = self.index_holds
        if self.index is None or not since <= at < until:
            holding = [one for one in self.versions.values() if one.holds_at(at)]
            self.index, self.index_holds = Index(tuple(map(entry_of, holding))), self.span_around(at)
        return self.index

    def span_around(self, at: datetime) -> tuple[datetime, datetime]:
        """From the last beginning or end of a version until the next one."""
        turns = {turn for one in self.versions.values() for turn in (one.valid_from, one.valid_to) if turn}
        since = max((turn for turn in turns if turn <= at), default=ALWAYS[0])
        return since, min((turn for turn in turns if turn > at), default=ALWAYS[1])


def entry_of(version: ProcedureVersion) -> Entry:
    """The version as search sees it."""
    procedure = version.procedure
    return Entry(
        code=procedure.code,
        name=version.name,
        field=procedure.field,
        also_known_as=tuple(filter(None, [*procedure.also_known_as, version.everyday_name])),
        shown=version.short_name,
        province=procedure.province,
        version_id=str(version.pk),
        guide_only=version.guide_only,
        immediate=version.immediate,
    )
