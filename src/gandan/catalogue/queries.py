"""Reads of the catalogue that join several tables (tra cứu danh mục)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

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
from gandan.catalogue.search import Entry, Index
from gandan.law.cache import Cached
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


SUBJECT = "catalogue"


def _load_workflows() -> list[Workflow]:
    return list(
        Workflow.objects.filter(retired_at=None).select_related("procedure").prefetch_related("steps")
    )


def _load_open_versions() -> dict[UUID, ProcedureVersion]:
    return {one.pk: one for one in ProcedureVersion.objects.filter(valid_to=None).select_related("procedure")}


def _load_index() -> Index:
    return Index(tuple(_entry(version) for version in _load_open_versions().values()))


def _entry(version: ProcedureVersion) -> Entry:
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


_workflows = Cached(SUBJECT, _load_workflows)
_open_versions = Cached(SUBJECT, _load_open_versions)
_versions_by_code = Cached(
    SUBJECT, lambda: {one.procedure.code: one for one in reversed(list(_load_open_versions().values()))}
)
_index = Cached(SUBJECT, _load_index)


def open_version(version_id: UUID) -> ProcedureVersion | None:
    """The version with this id, if it is the one in force now; warm, no query. Shared: read, never change."""
    return _open_versions.get().get(version_id)


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

    Warm, no query for the version in force now, one for an older one. Shared: read, never change.
    """
    current = _versions_by_code.get().get(code)
    if current is not None and (current.valid_from is None or current.valid_from <= at):
        return current
    versions = ProcedureVersion.objects.in_force(at).select_related("procedure")
    version = versions.filter(procedure__code=code).order_by("-number").first()
    if version is None:
        raise ProcedureUnknown(code)
    return version


def case_for(version: ProcedureVersion, answers: Answers) -> ProcedureCase:
    """The first case whose condition holds, else the one without a condition."""
    cases = sheet_of(version).cases
    fitting = (case for case in cases if case.when is not None and holds(case.when, answers))
    return next(fitting, None) or next(case for case in cases if case.when is None)


def checklist_for(version: ProcedureVersion, answers: Answers) -> list[PaperRequirement]:
    """The papers that are needed, or may be: those ruled out by an answer are left out.

    `paper.applies(answers)` is None where the answer that decides it is missing.
    """
    return [paper for paper in sheet_of(version).papers if paper.applies(answers) is not False]


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
    rules = fees.rules_for(sheet_of(version).fees, channel=channel, on=on, province=province)
    return fees.lines_of(rules, answers, quantities or {})


def reliefs_open(
    version: ProcedureVersion, answers: Answers, channel: str, on: date, *, province: str = ""
) -> list[FeeRule]:
    """Reliefs that may still apply, because their question is not answered."""
    rules = fees.rules_for(sheet_of(version).fees, channel=channel, on=on, province=province)
    return fees.open_reliefs(rules, answers)


def workflow_for(procedure: Procedure, commune: Commune | None) -> Workflow:
    """The workflow that the commune's province decided, else our sample of the procedure's lane; warm, no query.

    A province's decision holds in that province only.
    """
    province = commune.province_id if commune is not None else ""
    workflows = _workflows.get()
    decided = (w for w in workflows if w.procedure_id == procedure.pk and w.province == province)
    sample = (w for w in workflows if w.is_default and w.lane == procedure.lane)
    return next(decided, None) or next(sample)


def search(text: str, limit: int = 20, commune: Commune | None = None) -> list[Found]:
    """The procedures that fit a few letters, best first; warm, no query and less than a millisecond.

    With a commune, those of other provinces are left out.
    """
    entries = _index.get().find(text, limit=limit if commune is None else limit + 10)
    return [
        Found(one.code, one.shown, one.field, score, one.version_id, one.guide_only, one.immediate)
        for one, score in entries
        if commune is None or one.province in ("", commune.province_id)
    ][:limit]
