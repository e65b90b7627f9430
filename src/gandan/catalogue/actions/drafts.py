"""Drafts: begun, changed, put on a newer base, dropped. They hold for nobody, so no event is written of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gandan.catalogue.content import Content, text_of
from gandan.catalogue.errors import NoSuchDraft, StaleDraft
from gandan.catalogue.models import Draft, DraftKind, Procedure
from gandan.catalogue.permissions import require_procedures
from gandan.organization.permissions import Officer


def begin_procedure(
    content: Content, *, base: UUID | None, officer: Officer, at: datetime, request_id: UUID
) -> Draft:
    """A draft of the next version that says `content`, made from the version `base`. Pressed twice, it is one."""
    require_procedures(officer, content.province)
    content = of_its_procedure(content)
    draft, _created = Draft.objects.get_or_create(
        pk=request_id,
        defaults={
            "kind": DraftKind.PROCEDURE,
            "code": content.code,
            "base": base,
            "content": text_of(content),
            "created_by": officer.code,
            "created_at": at,
            "changed_by": officer.code,
            "changed_at": at,
        },
    )
    return draft


def open_draft(draft_id: UUID, kind: DraftKind, *, lock: bool = False) -> Draft:
    """The open draft of that id; raises NoSuchDraft."""
    drafts = Draft.objects.select_for_update() if lock else Draft.objects.all()
    draft = drafts.filter(pk=draft_id, kind=kind, closed_at=None).first()
    if draft is None:
        raise NoSuchDraft(_("There is no such draft, or it was published or dropped already."))
    return draft


def seen_draft(draft_id: UUID, kind: DraftKind, seen: int) -> Draft:
    """The draft, locked, as the officer has seen it. Raises NoSuchDraft, StaleDraft; inside a transaction."""
    draft = open_draft(draft_id, kind, lock=True)
    if draft.revision != seen:
        raise StaleDraft(
            _(
                "Somebody else changed this draft since you opened the page. Look at it again, then repeat your change."
            )
        )
    return draft


def change_procedure(draft_id: UUID, content: Content, *, seen: int, officer: Officer, at: datetime) -> Draft:
    """Writes another content into the draft; the code stays."""
    with transaction.atomic():
        draft = seen_draft(draft_id, DraftKind.PROCEDURE, seen)
        require_procedures(officer, content.province)
        written(draft, text_of(of_its_procedure(replace(content, code=draft.code))), officer, at)
    return draft


def of_its_procedure(content: Content) -> Content:
    """The content with what is fixed once the procedure is there: its field, lane and province."""
    procedure = Procedure.objects.filter(code=content.code).first()
    if procedure is None:
        return content
    return replace(content, field=procedure.field, lane=procedure.lane, province=procedure.province)


def written(draft: Draft, content: str, officer: Officer, at: datetime) -> None:
    """Stores the content as the next revision; the same content is not another one."""
    if draft.content == content:
        return
    draft.content, draft.revision = content, draft.revision + 1
    draft.changed_by, draft.changed_at = officer.code, at
    draft.save(update_fields=["content", "revision", "changed_by", "changed_at"])


def compare_with(draft_id: UUID, base: UUID, *, seen: int, officer: Officer, at: datetime) -> Draft:
    """Puts the draft on another base: what it says stays, what differs is looked at anew."""
    with transaction.atomic():
        draft = seen_draft(draft_id, DraftKind.PROCEDURE, seen)
        require_procedures(officer)
        draft.base, draft.revision = base, draft.revision + 1
        draft.changed_by, draft.changed_at = officer.code, at
        draft.save(update_fields=["base", "revision", "changed_by", "changed_at"])
    return draft


def drop(draft: Draft, *, seen: int, at: datetime) -> None:
    """Closes the draft unpublished; who may is for the caller to ask."""
    with transaction.atomic():
        held = seen_draft(draft.pk, DraftKind(draft.kind), seen)
        held.closed_at = at
        held.save(update_fields=["closed_at"])
