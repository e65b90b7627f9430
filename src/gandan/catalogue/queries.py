"""Reads of the catalogue that join several tables (tra cứu danh mục)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from gandan.catalogue import fees
from gandan.catalogue.conditions import Answers, holds
from gandan.catalogue.errors import ProcedureUnknown
from gandan.catalogue.fees import FeeLine
from gandan.catalogue.models import (
    FeeRule,
    PaperRequirement,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Question,
    Workflow,
)
from gandan.catalogue.timeline import Timeline
from gandan.law.cache import Cached
from gandan.law.rows import Origin
from gandan.organization.models import Commune


@dataclass(frozen=True, slots=True)
class Found:
    """A procedure that search found, and what the picker shows beside its name."""

    code: str
    name: str
    field: str
    score: float
    version_id: str
    guide_only: bool
    immediate: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a version holds. Shared between requests: read, never change."""

    cases: tuple[ProcedureCase, ...]
    questions: tuple[Question, ...]
    papers: tuple[PaperRequirement, ...]
    fees: tuple[FeeRule, ...]

    def case_for(self, answers: Answers) -> ProcedureCase:
        """As the query of that name."""
        fitting = (case for case in self.cases if case.when is not None and holds(case.when, answers))
        return next(fitting, None) or next(case for case in self.cases if case.when is None)

    def checklist_for(self, answers: Answers) -> list[PaperRequirement]:
        """As the query of that name."""
        return [paper for paper in self.papers if paper.applies(answers) is not False]

    def fees_for(
        self,
        answers: Answers,
        channel: str,
        on: date,
        quantities: Mapping[str, int] | None = None,
        *,
        province: str = "",
    ) -> list[FeeLine]:
        """As the query of that name."""
        rules = fees.rules_for(self.fees, channel=channel, on=on, province=province)
        return fees.lines_of(rules, answers, quantities or {})


SUBJECT = "catalogue"
FIRST = datetime.min.replace(tzinfo=UTC)


def _load_workflows() -> dict[UUID | str, list[Workflow]]:
    """By procedure; our samples by lane."""
    found: dict[UUID | str, list[Workflow]] = defaultdict(list)
    for workflow in Workflow.objects.select_related("procedure").prefetch_related("steps"):
        found[workflow.procedure_id or workflow.lane].append(workflow)
    return dict(found)


_workflows = Cached(SUBJECT, _load_workflows)
_timeline = Cached(SUBJECT, lambda: Timeline.load(timezone.now()))


def open_version(version_id: UUID, at: datetime | None = None) -> ProcedureVersion | None:
    """The version with this id, if it is in force at `at` (now); warm, no query for what holds now or will.

    Shared: read, never change.
    """
    moment = at or timezone.now()
    version = _timeline.get().versions.get(version_id)
    if version is None:
        version = ProcedureVersion.objects.filter(pk=version_id).select_related("procedure").first()
    return version if version is not None and version.holds_at(moment) else None


@lru_cache(maxsize=1024)
def _sheet(version_id: UUID) -> Sheet:
    # Optimization: a version never changes, so its parts are read once a process, and intake asks nothing.
    return Sheet(
        tuple(ProcedureCase.objects.filter(version=version_id).order_by("position")),
        tuple(Question.objects.filter(version=version_id).order_by("position")),
        tuple(PaperRequirement.objects.filter(version=version_id).order_by("position")),
        tuple(FeeRule.objects.filter(version=version_id).order_by("position")),
    )


def sheet_of(version: ProcedureVersion) -> Sheet:
    """Cases, questions, papers and fees of the version: four queries the first time, then none."""
    return _sheet(version.pk)


@lru_cache(maxsize=4096)
def version_of(version_id: UUID) -> ProcedureVersion:
    """A version that a dossier stands on, with its procedure; one query the first time, then none.

    Shared: read, never change. Whether it is still in force is not known here (`open_version` knows).
    """
    return ProcedureVersion.objects.select_related("procedure").get(pk=version_id)


def case_of(version_id: UUID, case_id: UUID) -> ProcedureCase:
    """The case that a dossier stands on; like `version_of`."""
    return next(case for case in sheet_of(version_of(version_id)).cases if case.pk == case_id)


def version_at(code: str, at: datetime) -> ProcedureVersion:
    """The version of the procedure `code` in force at `at`; raises `ProcedureUnknown`.

    Warm, no query for a version that holds now or will, one for an older one. Shared: read, never change.
    """
    current = _timeline.get().version_at(code, at)
    if current is not None:
        return current
    versions = ProcedureVersion.objects.in_force(at).select_related("procedure")
    version = versions.filter(procedure__code=code).order_by("-number").first()
    if version is None:
        raise ProcedureUnknown(code)
    return version


def versions_at(at: datetime) -> list[ProcedureVersion]:
    """All versions in force at `at`, now or later, by field and code; warm, no query. Shared: read, never change."""
    return [version for version in _timeline.get().versions.values() if version.holds_at(at)]


def case_for(version: ProcedureVersion, answers: Answers) -> ProcedureCase:
    """The first case whose condition holds, else the one without a condition."""
    return sheet_of(version).case_for(answers)


def checklist_for(version: ProcedureVersion, answers: Answers) -> list[PaperRequirement]:
    """The papers that are needed, or may be: those ruled out by an answer are left out.

    `paper.applies(answers)` is None where the answer that decides it is missing.
    """
    return sheet_of(version).checklist_for(answers)


def fees_for(
    version: ProcedureVersion,
    answers: Answers,
    channel: str,
    on: date,
    quantities: Mapping[str, int] | None = None,
    *,
    province: str = "",
) -> list[FeeLine]:
    """The lines of fees on the day `on`, by channel (`counter` or `online`), in the province of that code."""
    return sheet_of(version).fees_for(answers, channel, on, quantities, province=province)


def workflow_for(procedure: Procedure, commune: Commune | None, at: datetime | None = None) -> Workflow:
    """The workflow that holds at `at` (now): the commune's own, else its province's, else our sample of the lane.

    A province's decision holds in that province only; what was decided here goes before what came with the
    program. Warm, no query.
    """
    moment, kept = at or timezone.now(), _workflows.get()
    decided = [w for w in kept.get(procedure.pk, ()) if w.holds_at(moment) and _is_for(w, commune)]
    if decided:
        return max(decided, key=lambda w: (bool(w.commune), w.origin == Origin.LOCAL, w.valid_from or FIRST))
    return next(w for w in kept[procedure.lane] if w.holds_at(moment))


def _is_for(workflow: Workflow, commune: Commune | None) -> bool:
    if commune is None:
        return False
    return workflow.commune in ("", commune.pk) and workflow.province == commune.province_id


def search(
    text: str, limit: int = 20, commune: Commune | None = None, at: datetime | None = None
) -> list[Found]:
    """The procedures in force at `at` (now) that fit a few letters, best first.

    Warm, no query and less than a millisecond.

    With a commune, those of other provinces are left out.
    """
    entries = (
        _timeline.get()
        .index_at(at or timezone.now())
        .find(text, limit=limit if commune is None else limit + 10)
    )
    return [
        Found(one.code, one.shown, one.field, score, one.version_id, one.guide_only, one.immediate)
        for one, score in entries
        if commune is None or one.province in ("", commune.province_id)
    ][:limit]
