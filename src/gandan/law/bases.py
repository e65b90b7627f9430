"""Evidence of administrative acts: one event, and beside it the basis that it rests on.

with ledger.act(name="close-unit", actor=officer.code, …) as evidence:
    if evidence.repeated: return …
    …
    record(evidence, chain="19975", act="close-unit", subject_kind="unit", subject_id=unit.pk, document=document, body={…})
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.canonical import Json
from gandan.law.errors import BasisMissing
from gandan.law.models import Basis
from gandan.ledger.actions import Act, new_salt, salted_hash
from gandan.ledger.models import Event

#: The chain of what concerns a province or the whole installation.
CELL = "cell"
LONGEST_DOCUMENT = 200


def cleaned_basis(document: str) -> str:
    """The basis on one line; BasisMissing if there is none, or if it is too long to be one."""
    cleaned = " ".join(document.split())
    if not cleaned:
        raise BasisMissing(_("Name the basis of this change: number, date and issuer of the document."))
    if len(cleaned) > LONGEST_DOCUMENT:
        raise BasisMissing(
            _("The basis is longer than 200 characters: its number, date and issuer are enough.")
        )
    return cleaned


def record(
    evidence: Act,
    *,
    chain: str,
    act: str,
    subject_kind: str,
    subject_id: UUID,
    document: str,
    body: Mapping[str, Json],
    content: Mapping[str, object] | None = None,
) -> Event:
    """Appends the event of one administrative act and stores its basis (already cleaned).

    `content`: what was entered and may speak of people; the event bears its hash, salted like the basis.
    """
    salt = new_salt()
    facts = {**body, "basis_hash": salted_hash(salt, {"document": document})}
    if content is not None:
        facts["content_hash"] = salted_hash(salt, content)
    event = evidence.append(
        chain=chain, act=act, subject_kind=subject_kind, subject_id=subject_id, body=facts
    )
    Basis.objects.create(
        event_id=event.id,
        chain=chain,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor=evidence.actor,
        at=evidence.at,
        document=document,
        salt=salt,
    )
    return event
