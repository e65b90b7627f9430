"""Publishing a version (công bố phiên bản), confirming its content, taking it back before it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.folding import fold
from gandan.calculus.rules import VIETNAM, Mark
from gandan.catalogue.actions.drafts import seen_draft
from gandan.catalogue.content import PARTS, Content, digest_of, key_of
from gandan.catalogue.errors import Unpublishable
from gandan.catalogue.models import Draft, DraftKind, Procedure, ProcedureVersion
from gandan.catalogue.permissions import require_confirmation, require_procedures
from gandan.catalogue.problems import problems_of
from gandan.catalogue.queries import SUBJECT
from gandan.catalogue.reading import content_of_text
from gandan.catalogue.stored import content_of, made_of
from gandan.law.bases import CELL, cleaned_basis, record
from gandan.law.cache import changed as reference_changed
from gandan.law.rows import Origin
from gandan.ledger import actions as ledger
from gandan.organization.permissions import Officer
from gandan.ui.words import date_words

FARTHEST = timedelta(days=10 * 366)


def confirm_content(
    draft_id: UUID,
    *,
    document: str,
    whole: bool,
    seen: int,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> Draft:
    """The legal officer has compared the draft with its document: what was changed (`whole`: all) is certain.

    It holds for this content alone. Raises NotCompetent, BasisMissing, NoSuchDraft, StaleDraft.
    """
    content = {"draft": draft_id, "document": document, "whole": int(whole), "seen": seen}
    with ledger.act(
        name="confirm-procedure", actor=officer.code, at=at, request_id=request_id, content=content
    ) as evidence:
        if evidence.repeated:
            return Draft.objects.get(pk=draft_id)
        draft = seen_draft(draft_id, DraftKind.PROCEDURE, seen)
        said = content_of_text(draft.content)
        require_confirmation(officer, said.province)
        draft.confirmed_by, draft.confirmed_document = officer.code, cleaned_basis(document)
        draft.confirmed_digest, draft.confirmed_whole = digest_of(said), whole
        draft.save(
            update_fields=["confirmed_by", "confirmed_document", "confirmed_digest", "confirmed_whole"]
        )
        record(
            evidence,
            chain=CELL,
            act="confirm-procedure",
            subject_kind="draft",
            subject_id=draft.pk,
            document=draft.confirmed_document,
            body={"procedure": draft.code, "digest": draft.confirmed_digest, "whole": int(whole)},
        )
    return draft


def publish_procedure(
    draft_id: UUID,
    *,
    starts_on: date,
    document: str,
    seen: int,
    officer: Officer,
    at: datetime,
    request_id: UUID,
) -> ProcedureVersion:
    """Makes the draft the next version from `starts_on`: 00:00 of a later day, or at once if that is today.

    Dossiers keep the version of the moment of their reception. Raises NotCompetent, BasisMissing, NoSuchDraft,
    StaleDraft, Unpublishable (a past day, problems left, a newer version, or one that begins later).
    """
    asked = {"draft": draft_id, "from": starts_on, "document": document, "seen": seen}
    with ledger.act(
        name="publish-procedure", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        if evidence.repeated:
            return ProcedureVersion.objects.get(pk=str(evidence.outcome["version"]))
        draft = seen_draft(draft_id, DraftKind.PROCEDURE, seen)
        said = content_of_text(draft.content)
        require_procedures(officer, said.province)
        basis = cleaned_basis(document)
        last = last_version(draft.code, lock=True)
        require_publishable(draft, said, last, starts_on, at)
        version = _publish(draft, said, last, beginning(starts_on, at), basis, officer, at)
        evidence.done(version=str(version.pk))
        facts: dict[str, Any] = {
            "procedure": draft.code,
            "version": version.number,
            "valid_from": version.valid_from,
            "digest": version.digest,
            "confirmed": int(is_confirmed(draft, said)),
        }
        record(
            evidence,
            chain=CELL,
            act="publish-procedure",
            subject_kind="procedure",
            subject_id=version.procedure_id,
            document=basis,
            body=facts,
        )
        reference_changed(SUBJECT)
    return version


def withdraw_procedure(
    version_id: UUID, *, document: str, reason: str, officer: Officer, at: datetime, request_id: UUID
) -> ProcedureVersion:
    """Takes back a version that does not hold yet; the one before holds on as if it had not been published.

    Raises NotCompetent, BasisMissing, Unpublishable (it holds already, is not the last, or was taken back).
    """
    asked = {"version": version_id, "document": document, "reason": reason}
    with ledger.act(
        name="withdraw-procedure-version", actor=officer.code, at=at, request_id=request_id, content=asked
    ) as evidence:
        versions = ProcedureVersion.objects.select_related("procedure")
        if evidence.repeated:
            return versions.get(pk=version_id)
        version = versions.select_for_update(of=("self",)).get(pk=version_id)
        require_procedures(officer, version.procedure.province)
        basis = cleaned_basis(document)
        _require_withdrawable(version, reason, at)
        _take_back(version, reason, at)
        record(
            evidence,
            chain=CELL,
            act="withdraw-procedure-version",
            subject_kind="procedure",
            subject_id=version.procedure_id,
            document=basis,
            body={"procedure": version.procedure.code, "version": version.number},
        )
        reference_changed(SUBJECT)
    return version


# ---- preconditions -----------------------------------------------------------------------------------------


def last_version(code: str, *, lock: bool = False) -> ProcedureVersion | None:
    """The version after which the next one comes: the one without an end, else the one that ended last."""
    versions = ProcedureVersion.objects.filter(procedure__code=code, withdrawn_at=None)
    if lock:
        versions = versions.select_for_update(of=("self",))
    return versions.select_related("procedure").order_by("-number").first()


def require_publishable(
    draft: Draft, content: Content, last: ProcedureVersion | None, starts_on: date, at: datetime
) -> None:
    """Unpublishable with the first thing that hinders, in the order in which one would look."""
    require_day(starts_on, at)
    stopping = [one for one in problems_of(content, starts_on) if one.stops]
    if stopping:
        raise Unpublishable(_("The draft still has faults: %(first)s") % {"first": stopping[0].message})
    if last is None:
        return
    if draft.base != last.pk:
        raise Unpublishable(
            _(
                "Version %(number)s was published after this draft was begun; the draft does not hold its changes. Compare the draft with that version first."
            )
            % {"number": last.number}
        )
    if as_published(draft, content, last) == content_of(last):
        raise Unpublishable(_("The draft says the same as version %(number)s.") % {"number": last.number})
    begins = beginning(starts_on, at)
    if last.valid_to is None and last.valid_from is not None and begins <= last.valid_from:
        raise Unpublishable(
            _(
                "Version %(number)s is published from %(day)s. Choose a later day, or withdraw that version first."
            )
            % {"number": last.number, "day": date_words(last.valid_from)},
            field="starts_on",
        )


def require_day(starts_on: date, at: datetime) -> None:
    """Unpublishable for a day that is over: what was received and promised since then is not rewritten."""
    today = at.astimezone(VIETNAM).date()
    if starts_on < today:
        raise Unpublishable(
            _(
                "%(day)s is over. Dossiers received since then were promised what was in force; that is not rewritten. Choose today or a later day."
            )
            % {"day": date_words(starts_on)},
            field="starts_on",
        )
    if starts_on - today > FARTHEST:
        raise Unpublishable(_("A day more than ten years ahead is surely a slip."), field="starts_on")


def beginning(starts_on: date, at: datetime) -> datetime:
    """The moment from which it holds: now for today, else 00:00 in Vietnam."""
    if starts_on == at.astimezone(VIETNAM).date():
        return at
    return datetime.combine(starts_on, time.min, VIETNAM)


def is_confirmed(draft: Draft, content: Content) -> bool:
    """True if a legal officer has compared just this content with its document."""
    return bool(draft.confirmed_by) and draft.confirmed_digest == digest_of(content)


# ---- rows --------------------------------------------------------------------------------------------------


def _publish(
    draft: Draft,
    said: Content,
    last: ProcedureVersion | None,
    begins: datetime,
    basis: str,
    officer: Officer,
    at: datetime,
) -> ProcedureVersion:
    procedure = last.procedure if last else _new_procedure(said)
    content = as_published(draft, said, last)
    if last is not None and last.valid_to is None:
        last.valid_to = begins
        last.save(update_fields=["valid_to"])
    made = made_of(
        content,
        procedure,
        number=_highest(procedure) + 1,
        valid_from=begins,
        digest=digest_of(content),
        recorded_at=at,
        origin=Origin.LOCAL,
        published_by=officer.code,
        basis=basis,
    )
    made.save()
    draft.closed_at, draft.published_id = at, made.version.pk
    draft.save(update_fields=["closed_at", "published_id"])
    return made.version


def _new_procedure(content: Content) -> Procedure:
    procedure, _created = Procedure.objects.get_or_create(
        code=content.code,
        defaults={
            "field": content.field,
            "lane": content.lane,
            "province": content.province,
            "name_folded": fold(content.name),
        },
    )
    return procedure


def _highest(procedure: Procedure) -> int:
    """The last number ever given, withdrawn versions too: no number is given twice."""
    numbers = ProcedureVersion.objects.filter(procedure=procedure).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def as_published(draft: Draft, said: Content, last: ProcedureVersion | None) -> Content:
    """What the draft says, with the marks that it would be published with."""
    before = content_of(last) if last else None
    return with_marks(said, before, confirmed=is_confirmed(draft, said), whole=draft.confirmed_whole)


def with_marks(said: Content, before: Content | None, *, confirmed: bool, whole: bool) -> Content:
    """The content with how certain each part is: what did not change keeps its mark, what did is confirmed or not.

    Nobody can claim in a draft or a file that something was read: marks come from here.
    """
    changed = Mark.CONFIRMED.value if confirmed else Mark.READ_2ND.value

    def marked(row: Any, old: Any) -> Any:
        same = old is not None and replace(row, mark="") == replace(old, mark="")
        return replace(row, mark=old.mark if same and not (confirmed and whole) else changed)

    parts: dict[str, Any] = {}
    for part in ("cases", "papers", "fees"):
        earlier = {key_of(row): row for row in getattr(before, part)} if before else {}
        parts[part] = tuple(marked(row, earlier.get(key_of(row))) for row in getattr(said, part))
    nothing: dict[str, Any] = dict.fromkeys(PARTS, ())
    general = marked(replace(said, **nothing), replace(before, **nothing) if before else None)
    return replace(said, **parts, mark=general.mark)


def _require_withdrawable(version: ProcedureVersion, reason: str, at: datetime) -> None:
    if version.withdrawn_at is not None:
        raise Unpublishable(_("This version was withdrawn already."))
    if version.valid_from is None or version.valid_from <= at:
        raise Unpublishable(
            _("This version is in force: dossiers stand on it. To change it, publish a further version.")
        )
    if version.valid_to is not None:
        raise Unpublishable(_("A later version follows it. Withdraw that one first."))
    if not reason.strip():
        raise Unpublishable(_("Say why it is withdrawn."), field="reason")


def _take_back(version: ProcedureVersion, reason: str, at: datetime) -> None:
    begins = version.valid_from
    version.valid_to, version.withdrawn_at, version.withdrawn_because = begins, at, reason.strip()[:300]
    version.save(update_fields=["valid_to", "withdrawn_at", "withdrawn_because"])
    before = ProcedureVersion.objects.filter(
        procedure=version.procedure_id, withdrawn_at=None, valid_to=begins, number__lt=version.number
    )
    before.update(valid_to=None)
