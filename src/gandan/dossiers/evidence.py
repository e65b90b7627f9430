"""What an event says about a dossier: facts without people, and salted hashes of what concerns people.

The form of each body is docs/events.md; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from gandan.calculus.canonical import Json
from gandan.dossiers.models import Dossier, Party
from gandan.ledger.actions import salted_hash


def content_hash(dossier: Dossier, content: Mapping[str, object]) -> str:
    """Salted SHA-256 of legal content: whoever erases the salt erases the link, the chain stays whole."""
    return salted_hash(bytes(dossier.salt), content)


def party_content(party: Party) -> dict[str, object]:
    """The legal content of a party, as it is hashed."""
    return {
        "name": party.name,
        "kind": party.kind,
        "birth": party.birth_date.isoformat() if party.birth_date else str(party.birth_year or ""),
        "identity": party.identity_index,
        "address": party.address,
    }


def state_facts(dossier: Dossier) -> dict[str, Json]:
    """The facts that every event of a dossier carries: where it stands after the act."""
    facts: dict[str, Json] = {
        "state": int(dossier.state),
        "desk": str(dossier.desk),
        "revision": dossier.revision,
    }
    if dossier.due_at:
        facts["due_at"] = dossier.due_at
    if dossier.base_due_at:
        facts["base_due_at"] = dossier.base_due_at
    if dossier.wait_seconds:
        facts["wait_seconds"] = dossier.wait_seconds
    return facts
