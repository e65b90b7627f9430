"""The parts that all papers of a dossier share: head and foot, people, whom to ask, the act that a paper is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from gandan.accounts.models import User
from gandan.accounts.secrets import SecretError, open_sealed
from gandan.calculus.rules import VIETNAM
from gandan.documents import papers as documents
from gandan.documents.wording import dong
from gandan.dossiers import tracking, words
from gandan.dossiers.models import Answer, Deadline, Dossier, DossierPaper, Party
from gandan.dossiers.queries import Sheet
from gandan.law.queries import form_at
from gandan.law.shipped import LawRowMissing
from gandan.ledger.models import Event
from gandan.organization.models import Duty

OFFICE = "Trung tâm Phục vụ hành chính công"


@dataclass(frozen=True, slots=True)
class Case:
    """What every builder gets: the dossier, all that hangs on it, and whether contact details may be printed.

    `number`: which one, where there are several of a kind; 0 is the newest.
    """

    dossier: Dossier
    sheet: Sheet
    contact: bool
    number: int = 0


def form_identity(key: str, at: datetime, title: str) -> documents.FormIdentity:
    """Title and number of the form in force on the day; our own title where no circular knows the paper."""
    try:
        form = form_at(key, at.astimezone(VIETNAM).date())
    except LawRowMissing:
        return documents.FormIdentity(title=title)
    return documents.FormIdentity(
        title=form.title, circular=form.circular, number=form.number, mark=form.layout_mark
    )


def letterhead(case: Case, key: str, title: str, event: Event | None) -> documents.Letterhead:
    """Head and foot; the ledger's head and the moment are those of the act that the paper is about."""
    dossier = case.dossier
    issued_at = event.at if event else dossier.registered_at
    commune = dossier.commune
    return documents.Letterhead(
        form=form_identity(key, issued_at, title),
        parent=f"Ủy ban nhân dân {commune.kind} {commune.name}",
        office=OFFICE,
        place=commune.name,
        issued_at=issued_at,
        number=f"{dossier.register_number}/{dossier.register_year}",
        official_code=dossier.official_code or "",
        internal_code=dossier.code,
        is_sample=settings.GANDAN_DEMO,
        ledger=documents.LedgerHead(chain=event.chain, seq=event.seq, digest=event.hash) if event else None,
        tracking=tracking_of(dossier) if case.contact else None,
    )


def unless_settled(head: documents.Letterhead, event: Event | None) -> documents.Letterhead:
    """With the draft mark where a substitute signed.

    How that is written (KT., TL., TUQ.; 30/2020/NĐ-CP, annex I) was not read in the text: post and name stand plain.
    """
    if event is None or "instead_of" not in event.facts:
        return head
    return replace(head, form=replace(head.form, mark="recalled"))


def post_of(user: User, dossier: Dossier, at: datetime) -> str:
    """The post of a signer in the dossier's commune on that day; '' if none is written down. One query."""
    held = Duty.objects.held_on(at.astimezone(VIETNAM).date()).filter(
        user=user, unit__commune_id=dossier.commune_id
    )
    return held.exclude(post="").order_by("valid_from").values_list("post", flat=True).first() or ""


def tracking_of(dossier: Dossier) -> documents.Tracking:
    """The QR address with its secret, the page where a code is typed, and the short word to type."""
    origin = settings.GANDAN_ORIGIN.rstrip("/")
    word = tracking.word_of(dossier.id)
    return documents.Tracking(
        url=f"{origin}/t/{tracking.secret_of(dossier.id)}",
        address=f"{urlsplit(origin).netloc}/tra-cuu",
        code=f"{word[:4]}-{word[4:]}",
    )


def party_of(party: Party, *, contact: bool) -> documents.Party:
    number = identity_of(party, whole=contact)
    return documents.Party(
        name=party.name,
        address=party.address,
        phone=party.phone if contact else "",
        email=party.email if contact else "",
        identity_label=party.get_identity_kind_display().capitalize() if number else "",
        identity_number=number,
    )


def identity_of(party: Party, *, whole: bool) -> str:
    """The identity number for a paper, whole or masked; '' if there is none, or its key is missing."""
    if not party.identity_sealed:
        return ""
    try:
        number = open_sealed(party.identity_sealed, "identity")
    except SecretError:
        return ""
    return number if whole else words.masked(number)


def submitter_of(case: Case) -> documents.Party:
    """Who filed: the authorised person if there is one."""
    return party_of(case.dossier.agent or case.dossier.owner, contact=case.contact)


def component_of(paper: DossierPaper) -> documents.Component:
    notes = {
        Answer.FROM_DATABASE.value: f"lấy từ {paper.data_source}"
        if paper.data_source
        else "lấy từ cơ sở dữ liệu",
        Answer.SHOWN.value: "đã xuất trình, trả lại",
        Answer.MISSING.value: "còn thiếu",
    }
    return documents.Component(
        name=paper.name,
        originals=paper.originals,
        certified=paper.certified,
        copies=paper.copies,
        note=notes.get(paper.answer, ""),
    )


def fees_words(sheet: Sheet) -> str:
    """The fees in words; an unknown amount is said to be so, never left out and never free."""
    if not sheet.fees:
        return "Chưa ghi nhận khoản thu nào"
    parts = [
        f"{fee.label}: {'cần kiểm tra' if fee.amount is None else dong(fee.amount)}" for fee in sheet.fees
    ]
    if len(sheet.fees) > 1 and sheet.total_fee is not None:
        parts.append(f"cộng {dong(sheet.total_fee)}")
    return "; ".join(parts)


def last_event(sheet: Sheet, *acts: str) -> Event | None:
    return next((event for event in reversed(sheet.events) if event.act in acts), None)


def actor_name(sheet: Sheet, event: Event | None) -> str:
    return sheet.names.get(event.actor, event.actor) if event else ""


def last_due(sheet: Sheet) -> Deadline | None:
    """The newest reading that has a due moment: while the clock stands still, what was told before."""
    return next((one for one in reversed(sheet.deadlines) if one.due_at), None)


def contact_of(case: Case) -> tuple[str, str]:
    """Whom to ask: the unit that received the dossier, and its telephone."""
    unit = case.dossier.unit_received
    return unit.name, unit.phone
