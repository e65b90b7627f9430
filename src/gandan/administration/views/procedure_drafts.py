"""Drafts of procedures: begun, edited part by part, looked at, confirmed, published; and brought in as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandan.administration import procedures
from gandan.administration.procedures import PART_SLUGS, PART_TITLES, draft_page, row_with, with_rows
from gandan.administration.procedures_forms import (
    ConfirmForm,
    ContentForm,
    FileForm,
    PublishForm,
    today_first,
)
from gandan.administration.procedures_preview import preview_of
from gandan.administration.views.procedures import as_file, editor_page, published_words
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import drafts, shipped_content
from gandan.catalogue.actions.procedures import as_published, confirm_content, last_version, publish_procedure
from gandan.catalogue.content import ROWS_OF, Content, as_json, title_of
from gandan.catalogue.errors import StaleDraft, Unpublishable
from gandan.catalogue.files import LARGEST_BYTES, FileRefused, as_json_text, read_file
from gandan.catalogue.models import Draft, DraftKind
from gandan.catalogue.permissions import require_confirmation
from gandan.catalogue.reading import ContentRefused, content_from, content_of_text
from gandan.catalogue.stored import content_of
from gandan.dossiers.errors import NotFound
from gandan.dossiers.views.door import StaffRequest, show
from gandan.law.errors import BasisMissing
from gandan.ledger.ids import new_id
from gandan.ui.paging import count_up_to

NEW = "them"
MOVES = {"len": -1, "xuong": 1}


def draft_with(draft_id: UUID) -> Draft:
    return drafts.open_draft(draft_id, DraftKind.PROCEDURE)


def request_id_of(request: StaffRequest) -> UUID:
    """The request of a plain button; a fresh one where it is missing or spoilt."""
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return new_id()


def seen_of(request: StaffRequest) -> int:
    """The revision that a plain button was pressed on; none fits where it is missing or spoilt."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


@editor_page
@require_POST
def begin(request: StaffRequest, code: str) -> HttpResponse:
    """A draft made from the last version, or (`from=kem`) from what the program brings."""
    at, last = timezone.now(), last_version(code)
    if last is None:
        raise NotFound(_("There is no such procedure."))
    brought = shipped_content(code, at) if request.POST.get("from") == procedures.SHIPPED else None
    draft = drafts.begin_procedure(
        brought or content_of(last),
        base=last.pk,
        officer=request.officer,
        at=at,
        request_id=request_id_of(request),
    )
    return redirect("administration:procedure_draft", draft.pk)


@editor_page
@require_safe
def draft(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """The overview of a draft: its parts, what must be put right, what differs from the version in force."""
    page = draft_page(draft_with(draft_id), timezone.now())
    context = {"page": page, "may_confirm": request.officer.confirms_law, "new": NEW}
    return show(request, "administration/procedures/draft.html", context)


# ---- editing -----------------------------------------------------------------------------------------------


@editor_page
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: StaffRequest, draft_id: UUID, slug: str, key: str = "") -> HttpResponse:
    """The form of the general part, or of one question, case, paper or fee (`them`: a new one)."""
    found, name = draft_with(draft_id), part_named(slug, key)
    content = content_of_text(found.content)
    row = row_to_edit(content, name, key)
    data = request.POST if request.method == "POST" else None
    form = ContentForm(data, row=row, content=content, seen=found.revision)
    if data is not None and form.is_valid():
        try:
            saved(request, found, changed(content, name, row, form.value()), form.cleaned_data["seen"])
        except StaleDraft as error:
            fresh = request.POST.copy()
            fresh["seen"] = str(found.revision)
            form = ContentForm(fresh, row=row, content=content, seen=found.revision)
            form.is_valid()
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved in the draft. It holds for nobody until it is published."))
            return back_to(found, slug)
    context = {
        "draft": found,
        "form": form,
        "title": PART_TITLES[name],
        "name": title_of(row) if key else "",
        "slug": slug,
        "key": key,
        "new": key == NEW,
    }
    return show(
        request, "administration/procedures/part.html", context, status=422 if data is not None else 200
    )


def part_named(slug: str, key: str) -> str:
    """The part of an address; NotFound where the two do not go together."""
    name = PART_SLUGS.get(slug, "")
    if not name or (name in ROWS_OF) != bool(key):
        raise NotFound(_("There is no such part."))
    return name


def row_to_edit(content: Content, name: str, key: str) -> Any:
    if not key:
        return content
    return ROWS_OF[name]() if key == NEW else row_with(content, name, key)


def changed(content: Content, name: str, row: Any, said: Any) -> Content:
    """The content with one object in the place of the one before, or at the end."""
    if name not in ROWS_OF:
        whole: Content = said
        return whole
    rows = procedures.rows_of_part(content, name)
    kept = [said if one == row else one for one in rows]
    return with_rows(content, name, kept if row in rows else [*rows, said])


def saved(request: StaffRequest, found: Draft, content: Content, seen: int) -> None:
    drafts.change_procedure(found.pk, content, seen=seen, officer=request.officer, at=timezone.now())


def back_to(found: Draft, slug: str) -> HttpResponseRedirect:
    response = redirect("administration:procedure_draft", found.pk)
    response["Location"] += f"#{slug}"
    return response


@editor_page
@require_POST
def arrange(request: StaffRequest, draft_id: UUID, slug: str, key: str) -> HttpResponse:
    """Moves an entry up or down, or takes it out of the draft."""
    found, name = draft_with(draft_id), part_named(slug, key)
    content, move = content_of_text(found.content), request.POST.get("do", "")
    row = row_with(content, name, key)
    rows = list(procedures.rows_of_part(content, name))
    place = rows.index(row)
    rows.remove(row)
    if move in MOVES:
        rows.insert(max(0, min(len(rows), place + MOVES[move])), row)
    elif move != "bo":
        raise NotFound(_("There is no such button."))
    saved(request, found, with_rows(content, name, rows), seen_of(request))
    return back_to(found, slug)


@editor_page
@require_POST
def drop(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Closes the draft unpublished."""
    found = draft_with(draft_id)
    drafts.drop(found, seen=seen_of(request), at=timezone.now())
    messages.success(request, _("The draft is dropped. Nothing that is in force was changed."))
    return redirect("administration:procedures")


@editor_page
@require_POST
def rebase(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Compares the draft with the version that was published meanwhile."""
    found = draft_with(draft_id)
    last = last_version(found.code)
    if last is not None:
        drafts.compare_with(
            found.pk, last.pk, seen=seen_of(request), officer=request.officer, at=timezone.now()
        )
    messages.info(
        request,
        _(
            "Look at what differs now: what the newer version brought and this draft does not say stands there."
        ),
    )
    return back_to(found, "khac")


@editor_page
@require_safe
def preview(request: StaffRequest, draft_id: UUID, view: str) -> HttpResponse:
    """As the citizen's page, as the intake, or with the date of an example."""
    found = draft_with(draft_id)
    content = as_published(found, content_of_text(found.content), last_version(found.code))
    context = preview_of(content, view, request, timezone.now())
    return show(
        request, f"administration/procedures/preview_{view}.html", {"draft": found, "view": view, **context}
    )


@editor_page
@require_safe
def draft_file(request: StaffRequest, draft_id: UUID, form: str) -> HttpResponse:
    found = draft_with(draft_id)
    return as_file(as_json(content_of_text(found.content)), form, f"{found.code}-du-thao")


# ---- confirming and publishing -----------------------------------------------------------------------------


@editor_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """From which day, on which document; which dossiers keep what was in force."""
    at = timezone.now()
    today = at.astimezone(VIETNAM).date()
    if request.method == "POST" and (done := published_before(request, draft_id)):
        return done
    page = draft_page(draft_with(draft_id), at)
    data = request.POST if request.method == "POST" else None
    form = today_first(PublishForm(data, initial={"seen": page.draft.revision}), today)
    if data is not None and form.is_valid():
        try:
            version = publish_procedure(draft_id, officer=request.officer, at=at, **form.cleaned_data)
        except Unpublishable as error:
            form.add_error(error.field or None, str(error))
        except BasisMissing as error:
            form.add_error("document", str(error))
        else:
            messages.success(request, published_words(version, at))
            return redirect("administration:procedure", version.procedure.code)
    staying = procedures.dossiers_on(page.last, request.officer) if page.last else None
    context = {
        "page": page,
        "form": form,
        "staying": procedures.dossier_words(number)
        if (number := count_up_to(staying) if staying is not None else 0)
        else "",
    }
    return show(
        request, "administration/procedures/publish.html", context, status=422 if data is not None else 200
    )


def published_before(request: StaffRequest, draft_id: UUID) -> HttpResponse | None:
    """The answer to a form that was sent twice: the draft is closed, its version is there."""
    closed = Draft.objects.filter(pk=draft_id, published_id__isnull=False).first()
    return redirect("administration:procedure", closed.code) if closed else None


@editor_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """The legal officer says that the content agrees with its document."""
    page = draft_page(draft_with(draft_id), timezone.now())
    require_confirmation(request.officer, page.content.province)
    data = request.POST if request.method == "POST" else None
    form = ConfirmForm(data, initial={"seen": page.draft.revision, "document": page.content.decision})
    if data is not None and form.is_valid():
        try:
            confirm_content(draft_id, officer=request.officer, at=timezone.now(), **form.cleaned_data)
        except BasisMissing as error:
            form.add_error("document", str(error))
        else:
            messages.success(
                request, _("Confirmed. It holds for this content alone: a further change is looked at anew.")
            )
            return redirect("administration:procedure_draft", draft_id)
    return show(
        request,
        "administration/procedures/confirm.html",
        {"page": page, "form": form},
        status=422 if data is not None else 200,
    )


# ---- files -------------------------------------------------------------------------------------------------


@editor_page
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """A file is read and compared first (a dry run); only then, at a second press, a draft is made of it."""
    data = request.POST if request.method == "POST" else None
    form = FileForm(None)
    context: dict[str, Any] = {"form": form, "request_id": new_id()}
    if data is not None:
        content, faults = brought(request)
        if content is not None and "text" in data and not faults:
            return begun(request, content)
        context |= {"faults": faults} | (trial_of(content) if content is not None else {})
    refused = data is not None and bool(context.get("faults"))
    return show(request, "administration/procedures/bring.html", context, status=422 if refused else 200)


def brought(request: StaffRequest) -> tuple[Content | None, list[tuple[str, str]]]:
    """The content of the file, or what is wrong with it as (place, words)."""
    upload = request.FILES.get("file")
    text = request.POST.get("text", "").encode()
    if not isinstance(upload, UploadedFile) and not text:
        return None, [("", _("Choose a file first."))]
    raw = upload.read(LARGEST_BYTES + 1) if isinstance(upload, UploadedFile) else text
    try:
        return content_from(read_file(raw)), []
    except FileRefused as error:
        return None, [("", str(error))]
    except ContentRefused as error:
        return None, [(fault.place, fault.message) for fault in error.faults]


def trial_of(content: Content) -> dict[str, Any]:
    """What a draft of the file would change, and what would have to be put right: nothing is written."""
    content = drafts.of_its_procedure(content)
    trial = Draft(kind=DraftKind.PROCEDURE, code=content.code, content=as_json_text(as_json(content)))
    page = draft_page(trial, timezone.now())
    return {"trial": page, "text": as_json_text(as_json(content))}


def begun(request: StaffRequest, content: Content) -> HttpResponse:
    last = last_version(content.code)
    made = drafts.begin_procedure(
        content,
        base=last.pk if last else None,
        officer=request.officer,
        at=timezone.now(),
        request_id=request_id_of(request),
    )
    messages.success(request, _("A draft was made of the file. It holds for nobody until it is published."))
    return redirect("administration:procedure_draft", made.pk)
