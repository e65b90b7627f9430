"""Acts on the catalogue: taking in the shipped files (công bố, cập nhật danh mục)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from gandan.calculus.folding import fold
from gandan.catalogue.content import Content
from gandan.catalogue.models import (
    FeeRule,
    PaperRequirement,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Question,
    Workflow,
    WorkflowStep,
)
from gandan.catalogue.queries import SUBJECT, Sheet
from gandan.catalogue.shipped import digest_of, load_procedures, load_workflows
from gandan.catalogue.shipped_values import ShippedCase, ShippedProcedure, ShippedWorkflow
from gandan.catalogue.stored import content_of
from gandan.law.cache import changed as reference_changed
from gandan.law.rows import Origin


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: procedures added, renewed by a further version, withdrawn, left; workflows made.

    `kept`: published here, so that they stay although the files brought another content.
    """

    added: int
    renewed: int
    withdrawn: int
    unchanged: int
    workflows: int
    kept: int = 0


@dataclass(slots=True)
class _Rows:
    procedures: list[Procedure] = field(default_factory=list)
    versions: list[ProcedureVersion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    cases: list[ProcedureCase] = field(default_factory=list)
    papers: list[PaperRequirement] = field(default_factory=list)
    fees: list[FeeRule] = field(default_factory=list)

    def write(self) -> None:
        Procedure.objects.bulk_create(self.procedures)
        ProcedureVersion.objects.bulk_create(self.versions)
        Question.objects.bulk_create(self.questions)
        ProcedureCase.objects.bulk_create(self.cases)
        PaperRequirement.objects.bulk_create(self.papers)
        FeeRule.objects.bulk_create(self.fees)


def load_shipped(at: datetime, shipped: Iterable[ShippedProcedure] | None = None) -> Loaded:
    """Bring the catalogue to what the shipped files say, as of `at`; a second load changes nothing.

    A procedure whose digest differs gets a further version from `at`, the old one ends there; dossiers keep
    theirs. One no longer shipped ends at `at`. What was published here stays. `shipped` replaces the files in tests.
    """
    wanted = {one.code: one for one in (load_procedures().values() if shipped is None else shipped)}
    with transaction.atomic():
        open_versions = {
            version.procedure.code: version
            for version in ProcedureVersion.objects.filter(valid_to=None).select_related("procedure")
        }
        digests = {code: digest_of(one) for code, one in wanted.items()}
        local = [code for code, version in open_versions.items() if version.origin == Origin.LOCAL]
        kept = _kept(local, digests)
        for code in local:
            wanted.pop(code, None)
            del open_versions[code]
        changed = [code for code, v in open_versions.items() if digests.get(code) not in (None, v.digest)]
        gone = [code for code in open_versions if code not in wanted]
        _end([open_versions[code] for code in changed + gone], at)
        known = {one.code: one for one in Procedure.objects.all()}
        new = [code for code in wanted if code not in open_versions]
        rows = _Rows()
        numbers = _last_numbers()
        for code in new + changed:
            _add(rows, wanted[code], known.get(code), numbers.get(code, 0) + 1, digests[code], at)
        rows.write()
        _refresh(known, [wanted[code] for code in changed + [c for c in new if c in known]])
        workflows = _load_workflows(at)
    unchanged = len(wanted) - len(new) - len(changed)
    if new or changed or gone or workflows:
        reference_changed(SUBJECT)
    return Loaded(len(new), len(changed), len(gone), unchanged, workflows, kept)


def _kept(local: list[str], digests: dict[str, str]) -> int:
    """How many of the procedures published here would now be brought with a content that was never here."""
    rows = ProcedureVersion.objects.filter(procedure__code__in=local)
    known = set(rows.values_list("procedure__code", "digest"))
    return sum(code in digests and (code, digests[code]) not in known for code in local)


def shipped_content(code: str, at: datetime) -> Content | None:
    """What the files say today of the procedure, whatever holds here; None where they do not bring it."""
    one = load_procedures().get(code)
    if one is None:
        return None
    rows = _Rows()
    _add(rows, one, None, 1, "", at)
    sheet = Sheet(tuple(rows.cases), tuple(rows.questions), tuple(rows.papers), tuple(rows.fees))
    return content_of(rows.versions[0], sheet)


def _end(versions: list[ProcedureVersion], at: datetime) -> None:
    ids = [version.pk for version in versions]
    if ids:
        ProcedureVersion.objects.filter(pk__in=ids, valid_to=None).update(valid_to=at)


def _last_numbers() -> dict[str, int]:
    pairs = ProcedureVersion.objects.order_by("number").values_list("procedure__code", "number")
    return dict(pairs)


def _refresh(known: dict[str, Procedure], renewed: list[ShippedProcedure]) -> None:
    """What stands on the procedure itself serves search and routing of new dossiers only."""
    for one in renewed:
        procedure = known[one.code]
        for name, value in _procedure_fields(one).items():
            setattr(procedure, name, value)
        procedure.save(update_fields=list(_procedure_fields(one)))


def _procedure_fields(one: ShippedProcedure) -> dict[str, Any]:
    return {
        "field": one.field,
        "name_folded": fold(one.name),
        "also_known_as": list(one.also_known_as),
        "province": one.province,
        "lane": one.lane,
    }


def _add(
    rows: _Rows, one: ShippedProcedure, known: Procedure | None, number: int, digest: str, at: datetime
) -> None:
    procedure = known or Procedure(code=one.code, **_procedure_fields(one))
    if known is None:
        rows.procedures.append(procedure)
    version = _version(one, procedure, number, digest, at)
    rows.versions.append(version)
    for position, question in enumerate(one.questions, 1):
        values = {**asdict(question), "choices": [list(choice) for choice in question.choices]}
        rows.questions.append(Question(version=version, position=position, **values))
    for position, case in enumerate(one.cases, 1):
        rows.cases.append(_case(case, version, position, one))
    for position, paper in enumerate(one.documents, 1):
        values = {**asdict(paper), "mark": paper.mark.value}
        rows.papers.append(PaperRequirement(version=version, position=position, **values))
    for position, fee in enumerate(one.fees, 1):
        values = {**asdict(fee), "mark": fee.mark.value}
        rows.fees.append(FeeRule(version=version, position=position, **values))


def _version(
    one: ShippedProcedure, procedure: Procedure, number: int, digest: str, at: datetime
) -> ProcedureVersion:
    return ProcedureVersion(
        procedure=procedure,
        number=number,
        name=one.name,
        everyday_name=one.everyday_name,
        level=one.level,
        valid_from=None if number == 1 else at,
        decision=one.source.decision,
        source_url=one.source.url,
        mark=one.mark.value,
        decides=one.decides,
        result=one.result,
        guide_only=one.guide_only,
        why_guide_only=one.why_guide_only,
        immediate=one.immediate,
        online=one.online,
        presence=one.presence,
        note=one.note,
        legal=list(one.legal),
        digest=digest,
        recorded_at=at,
    )


def _case(
    case: ShippedCase, version: ProcedureVersion, position: int, one: ShippedProcedure
) -> ProcedureCase:
    row = ProcedureCase(
        version=version,
        name=case.name,
        label=case.label,
        position=position,
        when=case.when,
        supplement_days=case.supplement_days,
        supplement_unit=case.supplement_unit,
        mark=one.mark.value,
        why_no_rule=case.why_no_rule,
        note=case.note,
    )
    if case.published is not None:
        rule = case.published
        row.amount, row.unit = rule.amount, rule.unit.value
        row.start, row.end, row.end_time, row.cut_off = (
            rule.start.value,
            rule.end.value,
            rule.end_time,
            rule.cut_off,
        )
        row.supplement_effect, row.max_extensions = rule.supplement.value, rule.max_extensions
        row.document, row.article, row.mark = (
            rule.source.document,
            rule.source.article,
            rule.source.mark.value,
        )
    return row


def _load_workflows(at: datetime) -> int:
    """Workflows follow the same way: a changed one is retired and made anew; running dossiers keep theirs."""
    running = {one.key: one for one in Workflow.objects.filter(retired_at=None, origin=Origin.SHIPPED)}
    shipped = {one.key: (one, _digest(one)) for one in load_workflows()}
    outdated = [row.pk for key, row in running.items() if key not in shipped or shipped[key][1] != row.digest]
    Workflow.objects.filter(pk__in=outdated).update(retired_at=at)
    codes = {one.code: one for one in Procedure.objects.exclude(versions=None)}
    rows, steps = [], []
    for key, (one, digest) in shipped.items():
        if key in running and running[key].pk not in outdated:
            continue
        if one.procedure and one.procedure not in codes:
            continue
        row = _workflow(one, codes.get(one.procedure), digest, at if key in running else None)
        rows.append(row)
        steps += [
            WorkflowStep(workflow=row, position=n, **asdict(step)) for n, step in enumerate(one.steps, 1)
        ]
    Workflow.objects.bulk_create(rows)
    WorkflowStep.objects.bulk_create(steps)
    return len(rows)


def _workflow(
    one: ShippedWorkflow, procedure: Procedure | None, digest: str, valid_from: datetime | None
) -> Workflow:
    return Workflow(
        valid_from=valid_from,
        key=one.key,
        procedure=procedure,
        name=one.name,
        province=one.province,
        decision=one.decision,
        lane=one.lane,
        is_default=bool(one.lane),
        mark=one.mark.value,
        digest=digest,
    )


def _digest(workflow: ShippedWorkflow) -> str:
    text = json.dumps(asdict(workflow), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
