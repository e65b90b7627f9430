"""Publishing an internal workflow (ban hành quy trình nội bộ), ending it, taking it back before it holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandan.calculus.rules import Mark
from gandan.catalogue.actions.drafts import seen_draft, written
from gandan.catalogue.actions.procedures import beginning, require_day
from gandan.catalogue.content import digest_of, text_of
from gandan.catalogue.errors import ProcedureUnknown, Unpublishable
from gandan.catalogue.models import Draft, DraftKind, Procedure, Workflow, WorkflowStep
from gandan.catalogue.permissions import require_workflow
from gandan.catalogue.queries import SUBJECT, version_at
from gandan.catalogue.reading import ContentRefused
from gandan.catalogue.stored import content_of
from gandan.catalogue.workflow_content import WorkflowContent, steps_of, workflow_of_text
from gandan.catalogue.workflow_problems import workflow_problems
from gandan.law.bases import CELL, cleaned_basis, record
from gandan.law.cache import changed as reference_changed
from gandan.law.rows import Origin
from gandan.ledger import actions as ledger
from gandan.organization.models import Commune, Role
from gandan.organization.permissions import Officer
from gandan.ui.words import date_words


def begin_workflow(
    content: WorkflowContent,
    *,
    province: str,
    commune: Commune | None,
    base: UUID | None,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Draft:
    """A draft of a workflow for the province, or for one commune in it. Pressed twice, it is one."""
    require_workflow(officer, province, commune)
    draft, _created = Draft.objects.get_or_create(
        pk=request_id,
        defaults={
            "kind": DraftKind.WORKFLOW,
            "code": content.procedure,
            "province": province,
            "commune": commune.pk if commune else "",
            "base": base,
            "content": text_of(content),
            "created_by": officer.code,
            "created_at": at,
            "changed_by": officer.code,
            "changed_at": at,
        },
    )
    return draft


def change_workflow(
    draft_id: UUID, content: WorkflowContent, *, seen: int, officer: Officer, at: datetime
) -> Draft:
    """Writes another content into the draft; the procedure and the place stay."""
    with transaction.atomic():
        draft = seen_draft(draft_id, DraftKind.WORKFLOW, seen)
        require_workflow(officer, draft.province, commune_of(draft))
        written(draft, _readable(content), officer, at)
    return draft


def _readable(content: WorkflowContent) -> str:
    """Its text, if it can be read again as it is: no sign that cannot be shown."""
    text = text_of(content)
    try:
        workflow_of_text(text)
    except ContentRefused as error:
        raise Unpublishable(error.faults[0].message) from error
    return text


def publish_workflow(
    draft_id: UUID,
    *,
    starts_on: date,
    document: str,
    seen: int,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Workflow:
    """Makes the draft the workflow of its place from `starts_on` on; dossiers received before keep theirs.

    Raises NotCompetent, BasisMissing, NoSuchDraft, StaleDraft, Unpublishable.
    """
    asked = {"draft": draft_id, "from": starts_on, "document": document, "seen": seen}
    with ledger.act(
        name="publish-workflow", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return Workflow.objects.get(pk=str(evidence.outcome["workflow"]))
        draft = seen_draft(draft_id, DraftKind.WORKFLOW, seen)
        require_workflow(officer, draft.province, commune_of(draft))
        basis = cleaned_basis(document)
        workflow = _publish(draft, starts_on, basis, officer, at)
        evidence.done(workflow=str(workflow.pk))
        facts = {"valid_from": workflow.valid_from, "digest": workflow.digest}
        _recorded(evidence, "publish-workflow", workflow, basis, facts)
    return workflow


def end_workflow(
    workflow_id: UUID, *, ends_on: date, document: str, officer: Officer, at: datetime, request_id: UUID
) -> Workflow:
    """Ends a workflow of its own on a day; from then on holds what held without it (the province's, or the sample)."""
    asked = {"workflow": workflow_id, "on": ends_on, "document": document}
    with ledger.act(
        name="end-workflow", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        workflow = _own(workflow_id, officer)
        if evidence.repeated:
            return workflow
        basis = cleaned_basis(document)
        require_day(ends_on, at)
        ends = beginning(ends_on, at)
        if workflow.retired_at is not None or (workflow.valid_from and workflow.valid_from >= ends):
            raise Unpublishable(_("This workflow has ended, or begins later. Withdraw it instead."))
        workflow.retired_at = ends
        workflow.save(update_fields=["retired_at"])
        _recorded(evidence, "end-workflow", workflow, basis, {"valid_to": ends})
    return workflow


def withdraw_workflow(
    workflow_id: UUID, *, document: str, reason: str, officer: Officer, at: datetime, request_id: UUID
) -> Workflow:
    """Takes back a workflow that does not hold yet; the one before holds on."""
    asked = {"workflow": workflow_id, "document": document, "reason": reason}
    with ledger.act(
        name="withdraw-workflow", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        workflow = _own(workflow_id, officer)
        if evidence.repeated:
            return workflow
        basis = cleaned_basis(document)
        _take_back(workflow, reason, at)
        _recorded(evidence, "withdraw-workflow", workflow, basis, {})
    return workflow


# ---- rows --------------------------------------------------------------------------------------------------


def commune_of(row: Draft | Workflow) -> Commune | None:
    return Commune.objects.select_related("province").filter(pk=row.commune).first() if row.commune else None


def _own(workflow_id: UUID, officer: Officer) -> Workflow:
    """The workflow, locked, if it was published here and the officer may change it."""
    rows = Workflow.objects.select_for_update(of=("self",)).select_related("procedure")
    workflow = rows.filter(pk=workflow_id, origin=Origin.LOCAL).first()
    if workflow is None:
        raise Unpublishable(_("This workflow came with the program; it cannot be ended here."))
    require_workflow(officer, workflow.province, commune_of(workflow))
    return workflow


def _publish(draft: Draft, starts_on: date, basis: str, officer: Officer, at: datetime) -> Workflow:
    require_day(starts_on, at)
    content, begins = workflow_of_text(draft.content), beginning(starts_on, at)
    procedure = _procedure_of(draft, content, begins)
    key = f"local:{draft.commune or draft.province}:{draft.code}"
    _end_last(key, begins)
    workflow = Workflow.objects.create(
        key=key,
        procedure=procedure,
        name=content.name,
        province=draft.province,
        commune=draft.commune,
        decision=basis,
        mark=_mark_of(officer),
        digest=digest_of(content),
        valid_from=begins,
        origin=Origin.LOCAL,
        published_by=officer.code,
        recorded_at=at,
    )
    WorkflowStep.objects.bulk_create(steps_of(content, workflow))
    draft.closed_at, draft.published_id = at, workflow.pk
    draft.save(update_fields=["closed_at", "published_id"])
    return workflow


def _procedure_of(draft: Draft, content: WorkflowContent, begins: datetime) -> Procedure:
    try:
        version = version_at(draft.code, begins)
    except ProcedureUnknown as error:
        raise Unpublishable(_("The procedure is not in force on that day.")) from error
    stopping = [one for one in workflow_problems(content, content_of(version).cases) if one.stops]
    if stopping:
        raise Unpublishable(_("The draft still has faults: %(first)s") % {"first": stopping[0].message})
    return version.procedure


def _end_last(key: str, begins: datetime) -> None:
    """The workflow of that place that has no end yet ends where the new one begins."""
    last = Workflow.objects.select_for_update().filter(key=key, retired_at=None).first()
    if last is None:
        return
    if last.valid_from is not None and last.valid_from >= begins:
        raise Unpublishable(
            _("A workflow is published from %(day)s. Choose a later day, or withdraw that one first.")
            % {"day": date_words(last.valid_from)},
            field="starts_on",
        )
    last.retired_at = begins
    last.save(update_fields=["retired_at"])


def _mark_of(officer: Officer) -> str:
    """A workflow is what its own authority decides: whoever publishes has the decision in hand."""
    legal = Role.LEGAL_OFFICER in officer.roles
    return Mark.CONFIRMED.value if legal else Mark.READ_2ND.value


def _take_back(workflow: Workflow, reason: str, at: datetime) -> None:
    begins = workflow.valid_from
    if workflow.withdrawn_at is not None:
        raise Unpublishable(_("This workflow was withdrawn already."))
    if begins is None or begins <= at:
        raise Unpublishable(
            _("This workflow is in force: dossiers follow it. End it, or publish a further one.")
        )
    if not reason.strip():
        raise Unpublishable(_("Say why it is withdrawn."), field="reason")
    workflow.retired_at, workflow.withdrawn_at = begins, at
    workflow.withdrawn_because = reason.strip()[:300]
    workflow.save(update_fields=["retired_at", "withdrawn_at", "withdrawn_because"])
    Workflow.objects.filter(key=workflow.key, retired_at=begins, withdrawn_at=None).update(retired_at=None)


def _recorded(
    evidence: ledger.Act, act: str, workflow: Workflow, document: str, facts: dict[str, Any]
) -> None:
    """The event, on the commune's chain for its own workflow, else on the cell's; every process reads anew."""
    record(
        evidence,
        chain=workflow.commune or CELL,
        act=act,
        subject_kind="workflow",
        subject_id=workflow.pk,
        document=document,
        body={"procedure": workflow.procedure.code if workflow.procedure else "", **facts},
    )
    reference_changed(SUBJECT)
