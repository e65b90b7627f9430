"""The guidance slip (phiếu hướng dẫn một lần): all papers of the case, what is missing and why; it names nobody."""

from __future__ import annotations

import json
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from gandan.calculus.rules import VIETNAM
from gandan.catalogue import queries as catalogue
from gandan.catalogue.fees import FeeLine
from gandan.catalogue.models import FeeKind, PaperRequirement
from gandan.catalogue.wording import fee_words, paper_words, time_words
from gandan.documents import papers as documents
from gandan.dossiers.errors import NotFound
from gandan.dossiers.models import Contact
from gandan.dossiers.paper_parts import OFFICE, form_identity
from gandan.law.rows import CERTAIN
from gandan.organization.models import Role
from gandan.organization.permissions import Officer

TITLE = "Phiếu hướng dẫn hoàn thiện hồ sơ"
BRING_NUMBER = "Khi quay lại, ông/bà đưa số phiếu này cho cán bộ tại quầy: không phải khai lại từ đầu."


def slip_for(officer: Officer, contact_id: UUID) -> Contact:
    """The guidance that was given, for counter officers of the same ward; else NotFound. One query."""
    related = ("unit__commune__province", "version__procedure", "by")
    slip = Contact.objects.filter(pk=contact_id, guided=True).select_related(*related).first()
    if slip is None or Role.COUNTER_OFFICER not in officer.roles_in(slip.commune_id):
        raise NotFound(_("There is no such guidance slip, or it is not in your area of work."))
    return slip


def guidance_pdf(slip: Contact) -> bytes:
    """The slip as PDF, always in Vietnamese; the same guidance gives the same paper."""
    with translation.override("vi"):
        return documents.render_guidance_slip(paper_of(slip))


def paper_of(slip: Contact) -> documents.GuidanceSlip:
    version, commune = slip.version, slip.unit.own_commune
    answers = json.loads(slip.answers)
    return documents.GuidanceSlip(
        head=documents.Letterhead(
            form=form_identity("guidance", slip.at, TITLE),
            parent=f"Ủy ban nhân dân {commune.kind} {commune.name}",
            office=OFFICE,
            place=commune.name,
            issued_at=slip.at,
            number=slip.slip_code,
            has_dossier=False,
            is_sample=settings.GANDAN_DEMO,
        ),
        office=slip.unit.name,
        procedure=version.name if version else "",
        papers=guided_papers(slip, answers),
        time_limit=time_of(slip, answers),
        fees=fees_of(slip, answers),
        where=", ".join(part for part in (slip.unit.name, slip.unit.address) if part),
        contact=slip.unit.name,
        contact_phone=slip.unit.phone,
        officer=slip.by.full_name if slip.by else "",
        notes=(BRING_NUMBER,),
    )


def guided_papers(slip: Contact, answers: dict[str, str]) -> tuple[documents.GuidedPaper, ...]:
    """Every paper of the case, so that one list is enough; those missing bear the reason."""
    if slip.version is None:
        return ()
    missing = {item["name"]: item["reason"] for item in json.loads(slip.missing)}
    return tuple(
        documents.GuidedPaper(
            name=paper.name,
            form=paper_words(paper),
            state=state_of(paper, missing, answers),
            how=missing.get(paper.name, paper.when_text),
        )
        for paper in catalogue.checklist_for(slip.version, answers)
    )


def state_of(paper: PaperRequirement, missing: dict[str, str], answers: dict[str, str]) -> str:
    """What was found at the counter; nothing is said where nothing was looked at."""
    if paper.name in missing:
        return "còn thiếu"
    return "đã có" if missing and paper.applies(answers) is True else ""


def fees_of(slip: Contact, answers: dict[str, str]) -> str:
    if slip.version is None:
        return ""
    quantities = {key: int(value) for key, value in answers.items() if value.isascii() and value.isdigit()}
    province = slip.unit.own_province.pk
    day = slip.at.astimezone(VIETNAM).date()
    lines = catalogue.fees_for(slip.version, answers, "counter", day, quantities, province=province)
    return "; ".join(fee_text(line) for line in lines)


def fee_text(line: FeeLine) -> str:
    """The line with its amount; what is not certain says so."""
    text = line.label if line.kind == FeeKind.FREE else f"{line.label}: {fee_words(line)}"
    return text if line.mark in CERTAIN else f"{text} (cần kiểm tra)"


def time_of(slip: Contact, answers: dict[str, str]) -> str:
    """The time limit in words; '' where no date may be promised."""
    if slip.version is None or slip.version.guide_only:
        return ""
    return time_words(catalogue.case_for(slip.version, answers).rule())
