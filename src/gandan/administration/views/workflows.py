"""Pages about internal workflows: by place, one procedure's, drafts with their steps, publishing, ending, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandan.administration import workflows as pages
from gandan.administration.procedures import changed_rows, names_of
from gandan.administration.procedures_forms import (
    FileForm,
    PublishForm,
    SampleForm,
    WithdrawForm,
    today_first,
)
from gandan.administration.views.procedure_drafts import MOVES, NEW, request_id_of, seen_of
from gandan.administration.views.procedures import as_file, procedure_page
from gandan.calculus.rules import VIETNAM
from gandan.catalogue import queries
from gandan.catalogue.actions import drafts, workflows
from gandan.catalogue.content import as_json
from gandan.catalogue.errors import ProcedureUnknown, StaleDraft, Unpublishable
from gandan.catalogue.files import LARGEST_BYTES, FileRefused, as_json_text, read_file
from gandan.catalogue.models import Draft, DraftKind, ProcedureVersion, Workflow
from gandan.catalogue.permissions import edits_workflow
from gandan.catalogue.reading import ContentRefused
from gandan.catalogue.workflow_content import (
    StepContent,
    WorkflowContent,
    workflow_content,
    workflow_from,
    workflow_of_text,
)
from gandan.catalogue.workflow_path import measured
from gandan.dossiers.errors import NotFound
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.errors import BasisMissing
from gandan.ledger.ids import new_id
from gandan.organization.queries import today
from gandan.ui.words import date_words


def draft_with(request: StaffRequest, draft_id: UUID) -> Draft:
    """The draft, if its place is the officer's; none such and not yours are one answer."""
    found = drafts.open_draft(draft_id, DraftKind.WORKFLOW)
    if not edits_workflow(request.officer, found.province, workflows.commune_of(found)):
        raise NotFound(_("There is no such draft, or it was published or dropped already."))
    return found


def version_of(code: str) -> ProcedureVersion:
    try:
        return queries.version_at(code, timezone.now())
    except ProcedureUnknown as error:
        raise NotFound(_("There is no such procedure.")) from error


@procedure_page
@require_safe
def workflow_list(request: StaffRequest) -> HttpResponse:
    """`/quan-tri/thu-tuc/quy-trinh/`: steps without staff first, then what was decided for each place."""
    at, places = timezone.now(), pages.places_of(request.officer)
    chosen = request.GET.get("noi", places[0].code if places else "")
    place = next((one for one in places if one.code == chosen), None)
    drafted = pages.workflow_drafts(places)
    text = request.GET.get("q", "")[:200].strip()
    own = pages.own_workflows(place, at) if place else []
    names = names_of(
        [one.code for one in drafted] + [s.workflow.procedure.code for s in own if s.workflow.procedure], at
    )
    context = {
        "places": places,
        "place": place,
        "own": [(one, names.get(one.workflow.procedure.code, "")) for one in own if one.workflow.procedure],
        "unstaffed": [(one, pages.procedures_words(one)) for one in pages.unstaffed_in(place, today())]
        if place
        else [],
        "drafts": [(one, names.get(one.code, one.code), pages.place_of(one)) for one in drafted],
        "text": text,
        "found": queries.search(text, 20, at=at) if text else [],
    }
    return show(request, "administration/procedures/workflows.html", context)


@procedure_page
@require_safe
def procedure_workflows(request: StaffRequest, code: str) -> HttpResponse:
    """One procedure: which workflow holds in each of the officer's places, and what it takes."""
    at, version = timezone.now(), version_of(code)
    places = pages.places_of(request.officer)
    chosen = request.GET.get("noi", places[0].code if places else "")
    place = next((one for one in places if one.code == chosen), None)
    context: dict[str, Any] = {"version": version, "places": places, "place": place, "request_id": new_id()}
    if place is not None:
        standing = place.standing(version.procedure, at)
        steps = sorted(standing.steps.all(), key=lambda step: step.position)
        cases = queries.sheet_of(version).cases
        context |= {
            "standing": standing,
            "rows": pages.step_rows(steps),
            "limits": pages.limit_rows(measured(steps, cases)),
            "own": pages.own_workflows(place, at, code),
            "drafts": [one for one in pages.workflow_drafts([place]) if one.code == code],
        }
    return show(request, "administration/procedures/procedure_workflows.html", context)


@procedure_page
@require_POST
def begin(request: StaffRequest, code: str) -> HttpResponse:
    """A draft for one place, made from what holds there."""
    at, version = timezone.now(), version_of(code)
    place = pages.place_with(request.officer, request.POST.get("noi", ""))
    standing = place.standing(version.procedure, at)
    content = workflow_content(standing, code)
    if standing.is_default:
        content = replace(content, name=_("Workflow of %(name)s") % {"name": version.short_name})
    made = workflows.begin_workflow(
        content,
        province=place.province.pk,
        commune=place.commune,
        base=standing.pk,
        officer=request.officer,
        at=at,
        request_id=request_id_of(request),
    )
    return redirect("administration:workflow_draft", made.pk)


@procedure_page
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """The steps with their times beside the limits, and the path of an example (GET); its name (POST)."""
    found, at = draft_with(request, draft_id), timezone.now()
    example = SampleForm(request.GET if "received" in request.GET else None)
    page = pages.workflow_page(found, at, example.cleaned_data["received"] if example.is_valid() else None)
    data = request.POST if request.method == "POST" else None
    form = pages.NameForm(data, initial={"name": page.content.name, "seen": found.revision}, label_suffix="")
    if data is not None and form.is_valid():
        content = replace(page.content, name=form.cleaned_data["name"])
        if saved(request, found, content, form.cleaned_data["seen"], form):
            return redirect("administration:workflow_draft", found.pk)
    if not example.is_bound and page.example.received:
        example.initial["received"] = page.example.received
    context = {
        "page": page,
        "form": form,
        "example": example,
        "changed": changed_rows(page.before, page.content),
        "new": NEW,
    }
    return show(
        request,
        "administration/procedures/workflow_draft.html",
        context,
        status=422 if data is not None else 200,
    )


def saved(request: StaffRequest, found: Draft, content: WorkflowContent, seen: int, form: Any) -> bool:
    """Writes the content; False with the reason in the form where somebody else was first."""
    try:
        workflows.change_workflow(found.pk, content, seen=seen, officer=request.officer, at=timezone.now())
    except StaleDraft as error:
        form.data = form.data.copy()
        form.data["seen"] = str(drafts.open_draft(found.pk, DraftKind.WORKFLOW).revision)
        form.add_error(None, str(error))
        return False
    except Unpublishable as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved in the draft. It holds for nobody until it is published."))
    return True


@procedure_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: StaffRequest, draft_id: UUID, number: str) -> HttpResponse:
    """One step (`them`: a new one at the end)."""
    found = draft_with(request, draft_id)
    content, place = workflow_of_text(found.content), pages.place_of(found)
    index = index_of(content, number)
    row = StepContent() if index is None else content.steps[index]
    data = request.POST if request.method == "POST" else None
    form = pages.StepForm(data, step=row, place=place, seen=found.revision)
    if data is not None and form.is_valid():
        steps = list(content.steps)
        steps[len(steps) if index is None else index : None if index is None else index + 1] = [form.value()]
        if saved(request, found, replace(content, steps=tuple(steps)), form.cleaned_data["seen"], form):
            return redirect("administration:workflow_draft", found.pk)
    context = {"draft": found, "form": form, "number": number, "new": number == NEW, "place": place}
    return show(
        request, "administration/procedures/step.html", context, status=422 if data is not None else 200
    )


def index_of(content: WorkflowContent, number: str) -> int | None:
    """Where the step stands; None for a new one. NotFound."""
    if number == NEW:
        return None
    if not (
        number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= len(content.steps)
    ):
        raise NotFound(_("There is no such step."))
    return int(number) - 1


@procedure_page
@require_POST
def arrange(request: StaffRequest, draft_id: UUID, number: str) -> HttpResponse:
    """Moves a step up or down, or takes it out."""
    found = draft_with(request, draft_id)
    content, move = workflow_of_text(found.content), request.POST.get("do", "")
    index = index_of(content, number)
    if index is None or (move not in MOVES and move != "bo"):
        raise NotFound(_("There is no such button."))
    steps = list(content.steps)
    taken = steps.pop(index)
    if move in MOVES:
        steps.insert(max(0, min(len(steps), index + MOVES[move])), taken)
    workflows.change_workflow(
        found.pk,
        replace(content, steps=tuple(steps)),
        seen=seen_of(request),
        officer=request.officer,
        at=timezone.now(),
    )
    return redirect("administration:workflow_draft", found.pk)


@procedure_page
@require_POST
def drop(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    found = draft_with(request, draft_id)
    drafts.drop(found, seen=seen_of(request), at=timezone.now())
    messages.success(request, _("The draft is dropped. Nothing that is in force was changed."))
    return redirect("administration:workflows")


@procedure_page
@require_safe
def draft_file(request: StaffRequest, draft_id: UUID, form: str) -> HttpResponse:
    found = draft_with(request, draft_id)
    return as_file(as_json(workflow_of_text(found.content)), form, f"{found.code}-quy-trinh")


@procedure_page
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """A file is compared with the draft first; only at a second press it takes its place."""
    found = draft_with(request, draft_id)
    before = workflow_of_text(found.content)
    context: dict[str, Any] = {"draft": found, "form": FileForm(None), "place": pages.place_of(found)}
    if request.method == "POST":
        content, faults = brought(request, found.code)
        if content is not None and "text" in request.POST:
            return taken(request, found, content)
        context |= {"faults": faults}
        if content is not None:
            context |= {"text": as_json_text(as_json(content)), "changed": changed_rows(before, content)}
    return show(
        request,
        "administration/procedures/bring_workflow.html",
        context,
        status=422 if context.get("faults") else 200,
    )


def taken(request: StaffRequest, found: Draft, content: WorkflowContent) -> HttpResponse:
    workflows.change_workflow(
        found.pk, content, seen=seen_of(request), officer=request.officer, at=timezone.now()
    )
    messages.success(request, _("Saved in the draft. It holds for nobody until it is published."))
    return redirect("administration:workflow_draft", found.pk)


def brought(request: StaffRequest, code: str) -> tuple[WorkflowContent | None, list[tuple[str, str]]]:
    """The content of the file, or what is wrong with it as (place, words)."""
    upload = request.FILES.get("file")
    text = request.POST.get("text", "").encode()
    if not isinstance(upload, UploadedFile) and not text:
        return None, [("", _("Choose a file first."))]
    try:
        raw = upload.read(LARGEST_BYTES + 1) if isinstance(upload, UploadedFile) else text
        content = workflow_from(read_file(raw))
    except FileRefused as error:
        return None, [("", str(error))]
    except ContentRefused as error:
        return None, [(fault.place, fault.message) for fault in error.faults]
    if content.procedure != code:
        return None, [
            ("procedure", _("The file is about procedure %(code)s.") % {"code": content.procedure[:20]})
        ]
    return content, []


@procedure_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """From which day, on which decision."""
    at = timezone.now()
    if request.method == "POST" and (
        closed := Draft.objects.filter(pk=draft_id, published_id__isnull=False).first()
    ):
        return redirect("administration:procedure_workflows", closed.code)
    page = pages.workflow_page(draft_with(request, draft_id), at)
    data = request.POST if request.method == "POST" else None
    form = today_first(
        PublishForm(data, initial={"seen": page.draft.revision}), at.astimezone(VIETNAM).date()
    )
    if data is not None and form.is_valid():
        made = attempted(
            form, lambda clean: workflows.publish_workflow(draft_id, officer=request.officer, at=at, **clean)
        )
        if made is not None:
            messages.success(request, published_words(made, at))
            return redirect("administration:procedure_workflows", page.draft.code)
    return show(
        request,
        "administration/procedures/publish_workflow.html",
        {"page": page, "form": form},
        status=422 if data is not None else 200,
    )


def attempted(form: Any, act: Callable[[dict[str, Any]], Workflow]) -> Workflow | None:
    """The act done with what the form says; None with the refusal in the form."""
    try:
        return act(form.cleaned_data)
    except Unpublishable as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except BasisMissing as error:
        form.add_error("document", str(error))
    return None


def published_words(workflow: Workflow, at: Any) -> str:
    if workflow.valid_from is None or workflow.valid_from <= at:
        return _("The workflow is in force from now on. Dossiers received before keep theirs.")
    return _("The workflow comes into force on %(day)s at 00:00. Dossiers received before keep theirs.") % {
        "day": date_words(workflow.valid_from)
    }


@procedure_page
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: StaffRequest, workflow_id: UUID, how: str) -> HttpResponse:
    """Ends a workflow from a day on (`thoi`), or takes back one that does not hold yet (`thu-hoi`)."""
    rows = Workflow.objects.select_related("procedure").prefetch_related("steps")
    found, at = rows.filter(pk=workflow_id, origin="local").first(), timezone.now()
    if found is None or found.procedure is None or how not in ("thoi", "thu-hoi"):
        raise NotFound(_("There is no such workflow."))
    if not edits_workflow(request.officer, found.province, workflows.commune_of(found)):
        raise NotFound(_("There is no such workflow."))
    data = request.POST if request.method == "POST" else None
    form = pages.EndForm(data) if how == "thoi" else WithdrawForm(data)
    act = workflows.end_workflow if how == "thoi" else workflows.withdraw_workflow
    if data is not None and form.is_valid():
        done = attempted(form, lambda clean: act(workflow_id, officer=request.officer, at=at, **clean))
        if done is not None:
            messages.success(request, _("Recorded. Dossiers that follow this workflow keep it."))
            return redirect("administration:procedure_workflows", found.procedure.code)
    context = {"workflow": found, "form": form, "how": how, "place": pages.place_of(found)}
    return show(
        request,
        "administration/procedures/finish_workflow.html",
        context,
        status=422 if data is not None else 200,
    )
