"""Ask another body for its opinion, and record what came of it (lấy ý kiến; 118/2025/NĐ-CP art. 19.4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.dossiers import clock
from gandan.dossiers.actions.doing import Deed, doing, minute_of, reason_text
from gandan.dossiers.errors import NotAllowed, Unacceptable
from gandan.dossiers.evidence import content_hash
from gandan.dossiers.models import AnswerWay, Consultation, Dossier
from gandan.organization.models import Unit
from gandan.organization.permissions import Officer

LONGEST_TERM = 60  # working days: a slip of the key, not a rule of law


def consult(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    question: str,
    days: int,
    answer_way: AnswerWay,
    unit: Unit | None = None,
    body: str = "",
) -> Dossier:
    """Asks a unit of the organization, or a named outside body, with a term of its own in working days.

    Several may be asked at once. The dossier's own time limit runs on.
    """
    question, body = reason_text(question, field="question"), " ".join(body.split())
    content = {
        "unit": unit.id if unit else "",
        "body": body,
        "question": question,
        "days": days,
        "way": str(answer_way),
    }
    with doing(
        "consult",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        check_body(deed.dossier, unit, body)
        if not 1 <= days <= LONGEST_TERM:
            raise Unacceptable(_("The term is 1 to 60 working days."), field="days")
        asked = ask(deed, unit, body, question, days, answer_way)
        deed.change(opinions_open=deed.dossier.opinions_open + 1)
        deed.record(
            {
                "opinion": asked.number,
                "asked_unit": unit.code if unit else "",
                "days": days,
                "opinion_by": asked.due_at,
                "question_hash": content_hash(
                    deed.dossier, {"body": asked.body, "question": question, "way": str(answer_way)}
                ),
            }
        )
    return deed.dossier


def check_body(dossier: Dossier, unit: Unit | None, body: str) -> None:
    """One body, and not the department that asks."""
    if (unit is None) == (not body):
        raise Unacceptable(
            _("Choose a unit from the list, or name another body; one of the two."), field="body"
        )
    if unit and unit.id == dossier.department_id:
        raise Unacceptable(
            _("This department handles the dossier itself. Choose another body."), field="unit"
        )
    if len(body) > 200:
        raise Unacceptable(_("The name is longer than 200 characters."), field="body")


def ask(
    deed: Deed, unit: Unit | None, body: str, question: str, days: int, answer_way: AnswerWay
) -> Consultation:
    dossier = deed.dossier
    term = clock.opinion_term(dossier, unit, days, deed.at)
    if term.due is None:
        raise ValueError("a term of its own does not stand still")
    return Consultation.objects.create(
        dossier=dossier,
        commune_id=dossier.commune_id,
        number=dossier.consultations.count() + 1,
        unit=unit,
        body=unit.name[:200] if unit else body,
        question=question,
        answer_way=answer_way,
        days=days,
        asked_by_id=deed.officer.user_id,
        asked_at=deed.at,
        due_at=term.due,
        steps=clock.steps_text(term),
    )


def receive_opinion(
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    opinion: int,
    answer: str,
    came_at: datetime | None,
    reference: str = "",
) -> Dossier:
    """Records the answer to consultation number `opinion`; without `came_at` none came, and `answer` says why we go on.

    Whether it came late is a fact; a late one, or one that never came, stands on the list of the one-stop's head.
    """
    answer, reference = reason_text(answer, field="answer"), " ".join(reference.split())[:100]
    content = {"opinion": opinion, "answer": answer, "came_at": came_at, "reference": reference}
    with doing(
        "receive-opinion",
        officer=officer,
        dossier_id=dossier_id,
        request_id=request_id,
        at=at,
        seen=seen,
        content=content,
    ) as deed:
        if deed.repeated:
            return deed.dossier
        asked = open_consultation(deed.dossier, opinion)
        late = (came_at or at) > asked.due_at
        facts: dict[str, Json] = {
            "opinion": opinion,
            "answered": int(came_at is not None),
            "opinion_late": int(late),
        }
        if came_at is None:
            asked.closed_at, asked.closed_reason = at, answer
        else:
            check_came(asked, came_at, at)
            asked.answered_at, asked.answer, asked.reference = came_at, answer, reference
            facts["came_at"] = came_at
        asked.late = late
        asked.save(update_fields=["answered_at", "answer", "reference", "closed_at", "closed_reason", "late"])
        deed.change(opinions_open=deed.dossier.opinions_open - 1)
        facts["answer_hash"] = content_hash(deed.dossier, {"answer": answer, "reference": reference})
        deed.record(facts)
    return deed.dossier


def open_consultation(dossier: Dossier, number: int) -> Consultation:
    """The consultation with this number that still waits."""
    asked = dossier.consultations.filter(number=number).first()
    if asked is None:
        raise Unacceptable(_("Choose which opinion it is."), field="opinion")
    if not asked.is_open:
        raise NotAllowed(_("This opinion was recorded already."))
    return asked


def check_came(asked: Consultation, came_at: datetime, at: datetime) -> None:
    if not minute_of(asked.asked_at) <= came_at <= at:
        raise Unacceptable(
            _("The answer came after the question and not in the future. Check the day and the hour."),
            field="came_at",
        )
