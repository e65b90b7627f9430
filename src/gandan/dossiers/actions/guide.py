"""Before there is a dossier: contacts, and one complete guidance (hướng dẫn một lần, đầy đủ, chính xác)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json, canonical_json
from gandan.catalogue.models import ProcedureVersion
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.errors import NotAllowed
from gandan.dossiers.models import Contact
from gandan.dossiers.permissions import taken_in_for
from gandan.ledger import actions as ledger
from gandan.ledger.ids import new_id
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer

SLIP_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letter that looks like another
SLIP_LENGTH = 8


def contact(
    *,
    officer: Officer,
    unit: Unit,
    request_id: UUID,
    at: datetime,
    version: ProcedureVersion | None,
    missing: Sequence[MissingPaper] = (),
    answers: Mapping[str, str] | None = None,
    guide: bool = False,
) -> Contact:
    """Records that somebody came about a matter, and what they were told is missing; it names nobody.

    `guide=True` is the one complete guidance of 118/2025/NĐ-CP art. 16.3: its slip bears a number that links
    the later dossier to this first contact.
    """
    items = [{"name": item.name, "reason": item.reason} for item in missing]
    name = "guide" if guide else "contact"
    content = {
        "unit": unit.id,
        "version": version.id if version else None,
        "missing": items,
        "answers": dict(answers or {}),
    }
    with ledger.act(name=name, actor=officer.code, at=at, request_id=request_id, content=content) as evidence:
        if evidence.repeated:
            return Contact.objects.get(pk=str(evidence.outcome["contact"]))
        if Role.COUNTER_OFFICER not in officer.roles_in(unit.commune_code):
            raise NotAllowed(_("Only a counter officer of this commune gives guidance here."))
        row = Contact.objects.create(
            id=new_id(),
            commune_id=unit.commune_code,
            unit=unit,
            version=version,
            answers=canonical_json(dict(answers or {})),
            missing=canonical_json(items),
            guided=guide,
            slip_code=new_slip_code(),
            by_id=officer.user_id,
            at=at,
        )
        facts: dict[str, Json] = {
            "missing": len(items),
            "procedure": version.procedure.code if version else "",
            "unit": unit.code,
            **taken_in_for(officer, unit),
        }
        evidence.append(
            chain=unit.commune_code, act=name, subject_kind="contact", subject_id=row.id, body=facts
        )
        evidence.done(contact=str(row.id))
    return row


def new_slip_code() -> str:
    """Eight letters and digits (40 bits): two slips of one commune never share them in practice, and the table forbids it."""
    return "".join(secrets.choice(SLIP_LETTERS) for _position in range(SLIP_LENGTH))
