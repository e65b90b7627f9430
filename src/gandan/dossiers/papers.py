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

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.wording import time_words
from gandan.documents import papers as documents
from gandan.dossiers import letters, words
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import (
    Deadline,
    Desk,
    Dossier,
    Lane,
    ResultKind,
    ReturnWay,
    State,
    StepRun,
    StopGround,
    Supplement,
)
from gandan.dossiers.paper_parts import (
    Case,
    actor_name,
    component_of,
    contact_of,
    fees_words,
    last_due,
    last_event,
    letterhead,
    party_of,
    post_of,
    submitter_of,
    unless_settled,
)
from gandan.dossiers.queries import Sheet
from gandan.organization.models import Role

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
    name, number = numbered(kind)
    entry = KINDS.get(name)
    if entry is None or not entry[2](dossier, sheet):
        raise NotFound(kind)
    with translation.override("vi"):
        return entry[1](Case(dossier, sheet, contact, number))


def numbered(kind: str) -> tuple[str, int]:
    """ "bien-ban-2": the second of its kind; without a number, the newest."""
    name, _dash, number = kind.rpartition("-")
    if name in letters.SEVERAL and number.isascii() and number.isdigit():
        return name, int(number[:4])
    return kind, 0


def items_of(supplement: Supplement) -> list[dict[str, str]]:
    """Name and reason of each paper asked for."""
    items: list[dict[str, str]] = json.loads(supplement.items)
    return items


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
    event = last_event(case.sheet, "extend")
    return documents.render_extension(
        documents.Extension(
            head=unless_settled(letterhead(case, "apology", title, event), event),
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
            signer_title=post_of(given.by, case.dossier, given.at) or "Người có thẩm quyền ký",
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


def was_stopped(dossier: Dossier, sheet: Sheet) -> bool:
    return dossier.stop_ground == StopGround.ASKED


def was_asked(dossier: Dossier, sheet: Sheet) -> bool:
    return bool(sheet.consultations)


def was_visited(dossier: Dossier, sheet: Sheet) -> bool:
    return any(visit.recorded_at for visit in sheet.visits)


KINDS: dict[str, tuple[str | Promise, Callable[[Case], bytes], There]] = {
    "giay-hen": (gettext_lazy("Receipt with appointment"), receipt, is_accepted),
    "bo-sung": (gettext_lazy("Request for more papers"), supplement, has_supplement),
    "tu-choi": (gettext_lazy("Refusal"), refusal, is_refused),
    "xin-loi": (gettext_lazy("Apology with a new date"), apology, has_apology),
    letters.STOPPED: (gettext_lazy("Notice of stopping"), letters.stop_notice, was_stopped),
    letters.OPINION: (gettext_lazy("Letter asking for an opinion"), letters.opinion_request, was_asked),
    letters.MINUTES: (gettext_lazy("Minutes of the visit on site"), letters.visit_minutes, was_visited),
    "kiem-soat": (gettext_lazy("Control sheet"), control_sheet, is_accepted),
    "chung-thuc": (gettext_lazy("Receipt for certification"), certification, is_immediate),
}
