"""The papers (giấy, phiếu) of a dossier: what each is told, as `documents.papers` wants it.

All papers are in Vietnamese, whatever the screen speaks. Telephone and e-mail stand on a paper only when
`contact` is true: a specialist's print does not carry them. The identity number is a field of the forms
(one-stop.md §4.2, field 8) and stands whole on what the one-stop prints for the person, masked on all else.
The tracking secret is the person's too: only the one-stop's prints bear it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gandan.accounts.secrets import SecretError, open_sealed
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.wording import time_words
from gandan.documents import papers as documents
from gandan.documents.wording import dong
from gandan.dossiers import tracking, words
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import (
    Answer,
    Deadline,
    Desk,
    Dossier,
    DossierPaper,
    Lane,
    Party,
    ResultKind,
    ReturnWay,
    State,
    StepRun,
    Supplement,
)
from gandan.dossiers.queries import Sheet
from gandan.law.queries import form_at
from gandan.law.shipped import LawRowMissing
from gandan.ledger.models import Event
from gandan.organization.models import Role

OFFICE = "Trung tâm Phục vụ hành chính công"
RETURN_WAYS = {
    ReturnWay.COUNTER: "Quầy trả kết quả của Trung tâm",
    ReturnWay.POST: "Qua dịch vụ bưu chính, tại địa chỉ đã đăng ký",
    ReturnWay.ONLINE: "Bản điện tử, qua trang tra cứu",
}
WHERE_NEXT = (
    "Ông/bà có thể hoàn thiện và nộp lại hồ sơ bất cứ lúc nào. "
    "Nếu chưa rõ lý do, xin hỏi cán bộ có tên dưới đây: chúng tôi sẽ giải thích."
)
BRING_THIS = "Ông/bà mang theo giấy này khi nhận kết quả; người khác nhận thay cần giấy ủy quyền."


@dataclass(frozen=True, slots=True)
class Print:
    """One paper that can be printed now; `key` is its word in the address."""

    key: str
    label: str | Promise
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What every builder gets: the dossier, all that hangs on it, and whether contact details may be printed."""

    dossier: Dossier
    sheet: Sheet
    contact: bool


def prints_of(dossier: Dossier, sheet: Sheet) -> list[Print]:
    """The papers that exist for this dossier now, the one that is printed most first."""
    found = [
        Print(key, label, is_main=key == "giay-hen")
        for key, (label, _b, there) in KINDS.items()
        if there(dossier, sheet)
    ]
    return sorted(found, key=lambda one: not one.is_main)


def pdf_of(kind: str, dossier: Dossier, sheet: Sheet, *, contact: bool) -> bytes:
    """The paper `kind` of the dossier. NotFound if there is no such paper (now)."""
    entry = KINDS.get(kind)
    if entry is None or not entry[2](dossier, sheet):
        raise NotFound(kind)
    with translation.override("vi"):
        return entry[1](Case(dossier, sheet, contact))


def items_of(supplement: Supplement) -> list[dict[str, str]]:
    """Name and reason of each paper asked for."""
    items: list[dict[str, str]] = json.loads(supplement.items)
    return items


# ---- parts -------------------------------------------------------------------------------------------------


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


# ---- papers ------------------------------------------------------------------------------------------------


def receipt(case: Case) -> bytes:
    dossier, sheet = case.dossier, case.sheet
    due = last_due(sheet)
    opened = last_event(sheet, "accept", "settle")
    made = last_event(sheet, due.act, "accept", "settle") if due else opened
    accepted_at = dossier.accepted_at or dossier.registered_at
    return documents.render_receipt(
        documents.Receipt(
            head=letterhead(case, "receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", made),
            received_at_office=dossier.unit_received.name,
            submitter=submitter_of(case),
            owner=party_of(dossier.owner, contact=case.contact) if dossier.agent else None,
            procedure=dossier.version.name,
            components=tuple(component_of(paper) for paper in sheet.papers),
            sets=dossier.sets,
            time_limit=time_words(dossier.case.published()),
            received_at=accepted_at,
            due_at=due.due_at if due and due.due_at else accepted_at,
            due_note=due_note(case, due),
            return_way=RETURN_WAYS[ReturnWay(dossier.return_way)],
            fees=fees_words(sheet),
            register_book=str(dossier.register_year),
            register_number=str(dossier.register_number),
            officer=actor_name(sheet, opened),
            officer_phone=dossier.unit_received.phone,
            notes=(BRING_THIS,),
            copies=(documents.COPY_GIVEN, documents.COPY_KEPT),
        )
    )


def due_note(case: Case, due: Deadline | None) -> str:
    if case.dossier.desk == Desk.WAITING:
        return "Đang chờ bổ sung giấy tờ: ngày hẹn sẽ tính lại khi nhận đủ."
    if due and due.act == "receive-supplement":
        return "Tính lại từ đầu kể từ khi nhận đủ giấy tờ bổ sung."
    if due and due.act == "extend":
        return "Ngày hẹn mới, kèm văn bản xin lỗi."
    return ""


def supplement(case: Case) -> bytes:
    asked = case.sheet.supplements[-1]
    event = last_event(case.sheet, "request-supplement")
    contact, phone = contact_of(case)
    return documents.render_supplement_request(
        documents.SupplementRequest(
            head=letterhead(case, "supplement", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", event),
            office=case.dossier.unit_received.name,
            party=submitter_of(case),
            procedure=case.dossier.version.name,
            missing=tuple(
                documents.MissingPaper(name=item["name"], reason=item["reason"]) for item in items_of(asked)
            ),
            reason=asked.basis or "Hồ sơ chưa đủ hoặc chưa đúng theo danh mục giấy tờ nêu trên.",
            answer_by=asked.close_at.astimezone(VIETNAM).date(),
            answer_note=answer_note(case, asked),
            contact=contact,
            contact_phone=phone,
            # The request goes out in the one-stop's name, whoever of the department asked for it.
            officer=actor_name(case.sheet, last_event(case.sheet, "accept", "register")),
        )
    )


def answer_note(case: Case, asked: Supplement) -> str:
    sentences = []
    if case.dossier.accepted_at:
        sentences.append("Khi nhận đủ, thời hạn giải quyết tính lại từ đầu.")
    if asked.number == 1:
        sentences.append("Cơ quan đã ghi đủ mọi giấy tờ cần bổ sung trong một lần này.")
    return " ".join(sentences)


def refusal(case: Case) -> bytes:
    at_reception = case.dossier.state == State.REFUSED
    event = last_event(case.sheet, "refuse" if at_reception else "propose")
    contact, phone = contact_of(case)
    reason = case.sheet.remark_of(event) if event else ""
    return documents.render_refusal(
        documents.Refusal(
            head=letterhead(case, "refusal", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", event),
            office=case.dossier.unit_received.name,
            party=submitter_of(case),
            procedure=case.dossier.version.name,
            refused="tiếp nhận" if at_reception else "giải quyết",
            reasons=(documents.Reason(text=reason),),
            where_next=WHERE_NEXT,
            contact=contact,
            contact_phone=phone,
            officer=actor_name(case.sheet, event),
        )
    )


def apology(case: Case) -> bytes:
    dossier, given = case.dossier, case.sheet.extensions[-1]
    contact, phone = contact_of(case)
    title = "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"
    return documents.render_extension(
        documents.Extension(
            head=letterhead(case, "apology", title, last_event(case.sheet, "extend")),
            party=submitter_of(case),
            procedure=dossier.version.name,
            received_at=dossier.accepted_at or dossier.registered_at,
            due_at=given.old_due_at,
            cause=given.reason,
            new_due_at=given.new_due_at,
            return_place=dossier.unit_received.name,
            contact=contact,
            contact_phone=phone,
            sent_to=("Như trên", "Lưu: hồ sơ"),
            signer_title="Người có thẩm quyền ký",
            signer=given.by.full_name,
        )
    )


def control_sheet(case: Case) -> bytes:
    """Goes with the dossier from desk to desk: no telephone, no whole number, no tracking secret, whoever prints it."""
    case = replace(case, contact=False)
    dossier, sheet = case.dossier, case.sheet
    opened = last_event(sheet, "accept", "register", "settle")
    due = last_due(sheet)
    received = dossier.accepted_at or dossier.registered_at
    return documents.render_control_sheet(
        documents.ControlSheet(
            head=letterhead(case, "control_sheet", "Phiếu kiểm soát quá trình giải quyết hồ sơ", opened),
            party=submitter_of(case),
            procedure=dossier.version.name,
            received_at=received,
            due_at=due.due_at if due and due.due_at else received,
            handovers=tuple(handovers(sheet.steps)),
            blank_rows=3,
        )
    )


def handovers(steps: list[StepRun]) -> list[documents.Handover]:
    """From whom to whom, when, and how the giver's step ended against its own time."""
    rows = []
    for before, step in zip([None, *steps], steps, strict=False):
        rows.append(
            documents.Handover(
                giver=place_of(before) if before else "Người nộp hồ sơ",
                taker=place_of(step),
                at=step.began_at,
                outcome=outcome_of(before) if before else "",
                note=str(step.get_desk_display()),
            )
        )
    return rows


def place_of(step: StepRun) -> str:
    if step.assignee:
        return step.assignee.full_name
    if step.unit:
        role = str(Role(step.role).label) if step.role else ""
        return f"{step.unit.name} ({role})" if role else step.unit.name
    return str(step.get_desk_display())


def outcome_of(step: StepRun) -> str:
    if step.ended_at is None or step.act_by is None:
        return ""
    if step.ended_at > step.act_by:
        return "Quá hạn"
    same_day = step.ended_at.astimezone(VIETNAM).date() == step.act_by.astimezone(VIETNAM).date()
    return "Đúng hạn" if same_day else "Trước hạn"


def certification(case: Case) -> bytes:
    dossier, sheet = case.dossier, case.sheet
    event = last_event(sheet, "settle")
    answers = words.answers_of(dossier)
    return documents.render_certification(
        documents.Certification(
            head=letterhead(case, "certification", "Giấy tiếp nhận yêu cầu chứng thực", event),
            received_at_office=dossier.unit_received.name,
            submitter=submitter_of(case),
            procedure=dossier.version.name,
            lines=tuple(
                documents.CertificationLine(
                    name=fee.label,
                    pages=whole(answers.get("pages", ""), 1),
                    copies=whole(answers.get("copies", ""), fee.quantity),
                    fee=fee.amount or 0,
                )
                for fee in sheet.fees
            ),
            received_at=dossier.registered_at,
            due_at=dossier.returned_at or dossier.due_at or dossier.registered_at,
            due_note="Đã trả ngay." if dossier.returned_at else "",
            return_way=RETURN_WAYS[ReturnWay(dossier.return_way)],
            book=str(dossier.register_year),
            book_number=dossier.result_number,
            officer=actor_name(sheet, event),
        )
    )


def whole(text: object, default: int) -> int:
    shown = str(text)
    return int(shown) if shown.isascii() and shown.isdigit() else default


There = Callable[[Dossier, Sheet], bool]


def is_accepted(dossier: Dossier, sheet: Sheet) -> bool:
    return dossier.accepted_at is not None


def has_supplement(dossier: Dossier, sheet: Sheet) -> bool:
    return bool(sheet.supplements)


def is_refused(dossier: Dossier, sheet: Sheet) -> bool:
    decided = dossier.result_kind == ResultKind.REFUSAL and dossier.approved_by_id is not None
    return dossier.state == State.REFUSED or decided


def has_apology(dossier: Dossier, sheet: Sheet) -> bool:
    return bool(sheet.extensions)


def is_immediate(dossier: Dossier, sheet: Sheet) -> bool:
    return dossier.lane == Lane.IMMEDIATE


KINDS: dict[str, tuple[str | Promise, Callable[[Case], bytes], There]] = {
    "giay-hen": (gettext_lazy("Receipt with appointment"), receipt, is_accepted),
    "bo-sung": (gettext_lazy("Request for more papers"), supplement, has_supplement),
    "tu-choi": (gettext_lazy("Refusal"), refusal, is_refused),
    "xin-loi": (gettext_lazy("Apology with a new date"), apology, has_apology),
    "kiem-soat": (gettext_lazy("Control sheet"), control_sheet, is_accepted),
    "chung-thuc": (gettext_lazy("Receipt for certification"), certification, is_immediate),
}
