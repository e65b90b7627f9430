"""Papers that no everyday dossier has: the notice of stopping, a question to another body, the minutes of a visit.

Of these the circular knows the notice alone; the others bear our own title and the draft mark.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gandan.documents import papers as documents
from gandan.documents.wording import long_moment
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import AnswerWay, Consultation, Presence, Visit
from gandan.dossiers.paper_parts import (
    Case,
    actor_name,
    contact_of,
    last_event,
    letterhead,
    submitter_of,
)
from gandan.ledger.models import Event

STOPPED, OPINION, MINUTES = "dung-giai-quyet", "lay-y-kien", "bien-ban"
SEVERAL = (OPINION, MINUTES)  # a dossier may have more than one
SIGNER = "Người có thẩm quyền ký"
ON_REQUEST = "khoản 1 Điều 21 Nghị định 118/2025/NĐ-CP"
ANSWER_WAYS = {
    AnswerWay.ELECTRONIC: "bằng văn bản điện tử",
    AnswerWay.SYSTEM: "trên hệ thống này",
    AnswerWay.PAPER: "bằng văn bản giấy",
}
PRESENCE = {
    Presence.NOT_ASKED: "không phải có mặt",
    Presence.SIGNED: "có mặt, ký biên bản",
    Presence.REFUSED: "có mặt, không ký biên bản",
    Presence.ABSENT: "đã được hẹn, vắng mặt",
}


def stop_notice(case: Case) -> bytes:
    """Thông báo dừng giải quyết hồ sơ (form 05 of TT 03/2025/TT-VPCP; its fields were not read: draft mark)."""
    dossier, event = case.dossier, last_event(case.sheet, "stop")
    if event is None:
        raise NotFound(STOPPED)
    return documents.render_stop_notice(
        documents.StopNotice(
            head=letterhead(case, "stop", "Thông báo dừng giải quyết hồ sơ", event),
            party=submitter_of(case),
            procedure=dossier.version.name,
            received_at=dossier.accepted_at or dossier.registered_at,
            requested_at=datetime.fromisoformat(event.facts["asked_at"]),
            stopped_at=event.at,
            reason=case.sheet.remark_of(event),
            basis=ON_REQUEST,
            sent_to=("Như trên", "Lưu: hồ sơ"),
            signer_title=SIGNER,
            signer="",
        )
    )


def opinion_request(case: Case) -> bytes:
    """The letter to the body that is asked; of the person it says only what the question says."""
    asked = chosen_consultation(case)
    event = event_of(case, "consult", "opinion", asked.number)
    contact, phone = contact_of(case)
    return documents.render_opinion_request(
        documents.OpinionRequest(
            head=of_department(case, "opinion_request", "Văn bản lấy ý kiến", event),
            body=asked.body,
            procedure=case.dossier.version.name,
            question=asked.question,
            days=asked.days,
            answer_by=asked.due_at,
            answer_way=ANSWER_WAYS[AnswerWay(asked.answer_way)],
            contact=contact,
            contact_phone=phone,
            sent_to=("Như trên", "Lưu: hồ sơ"),
            signer_title=SIGNER,
            signer="",
        )
    )


def chosen_consultation(case: Case) -> Consultation:
    all_of_them = case.sheet.consultations
    found = [one for one in all_of_them if one.number == case.number] if case.number else all_of_them[-1:]
    if not found:
        raise NotFound(OPINION)
    return found[0]


def visit_minutes(case: Case) -> bytes:
    visit = chosen_visit(case)
    event = event_of(case, "verify-on-site", "visit", visit.number)
    told = visit.planned_at if visit.citizen_asked else None
    return documents.render_visit_minutes(
        documents.VisitMinutes(
            head=of_department(case, "visit_minutes", "Biên bản xác minh thực địa", event),
            owner=case.dossier.owner.name,
            procedure=case.dossier.version.name,
            held_at=visit.held_at or visit.starts_at,
            place=visit.place,
            told=long_moment(told) if told else "",
            present=visit.present,
            presence=PRESENCE[Presence(visit.presence)],
            content=visit.content,
            conclusion=visit.conclusion,
            files=", ".join(kept.file.name for kept in visit.files.all()),
            officer=actor_name(case.sheet, event),
        )
    )


def chosen_visit(case: Case) -> Visit:
    recorded = [visit for visit in case.sheet.visits if visit.recorded_at]
    found = [one for one in recorded if one.number == case.number] if case.number else recorded[-1:]
    if not found:
        raise NotFound(MINUTES)
    return found[0]


def event_of(case: Case, act: str, fact: str, number: int) -> Event | None:
    """The act that this very paper is about."""
    about = (event for event in case.sheet.events if event.act == act and event.facts.get(fact) == number)
    return next(about, None)


def of_department(case: Case, key: str, title: str, event: Event | None) -> documents.Letterhead:
    """The head of a paper that the department issues, not the one-stop: no tracking code, which is the person's."""
    head = letterhead(case, key, title, event)
    department = case.dossier.department
    return replace(head, office=department.name if department else head.office, tracking=None)
