"""The guard against conflicts of interest: whoever is tied to a party does not judge that party's dossier.

Who declared nothing costs nothing: the declared ties are in memory, without names. Household is known only where
it was declared; an equal address or name is never taken for a tie.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.calculus.rules import VIETNAM
from gandan.dossiers.models import Dossier, Party
from gandan.law.models import Parameter
from gandan.law.queries import value_at
from gandan.organization.integrity.models import Tie
from gandan.organization.integrity.queries import (
    HeldTie,
    may_go_on,
    relatives_on,
    ties_of,
)
from gandan.organization.integrity.words import case_cited

# What decides nothing and only serves the person goes on: nobody is sent away because of who sits at the counter.
# Every other act is guarded, also one that comes later.
FREE = frozenset(
    {
        "transfer",
        "receive-supplement",
        "take-over",
        "receive-paper",
        "finish",
        "notify-early",
        "return",
        "withdraw",
        "remind",
        "record-call",
        "undo-call",
    }
)
CASES = {Tie.MANAGES: 2, Tie.CAPITAL: 6, Tie.RELATIVES: 7, Tie.BENEFIT: 1}
RELATIVE_HAS_AN_INTEREST = 8


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands between one officer and one dossier; `case` of the decree, 0 where it is a rule of ours.

    `basis` is what a page cites. `blocks`: processing is held until the head decided or gave it to another.
    """

    ties: tuple[HeldTie, ...]
    case: int
    basis: str
    blocks: bool
    own: bool

    def evidence(self) -> dict[str, object]:
        """What the event's salted hash is made of."""
        return {"case": self.case, "declarations": sorted(str(tie.declaration_id) for tie in self.ties)}


def conflict_of(user_id: UUID, dossier: Dossier, at: datetime) -> Conflict | None:
    """The conflict of this officer with this dossier; None where none is known. At most one query, usually none."""
    ties = ties_of(user_id)
    if not ties:
        return None
    return judged(ties, parties_of(dossier), dossier, at)


def conflict_with_new(user_id: UUID, dossier: Dossier, at: datetime) -> Conflict | None:
    """The same for a dossier that is being taken in, whose parties are in hand. No query."""
    ties = ties_of(user_id)
    if not ties:
        return None
    parties = (dossier.owner, dossier.agent)
    return judged(ties, indexes_of(party.identity_index for party in parties if party), dossier, at)


def parties_of(dossier: Dossier) -> frozenset[str]:
    """The blind indexes of owner and agent, read once for a dossier in memory."""
    if dossier.party_indexes is None:
        ids = [one for one in (dossier.owner_id, dossier.agent_id) if one]
        found = Party.objects.filter(pk__in=ids).values_list("identity_index", flat=True)
        dossier.party_indexes = indexes_of(found)
    return dossier.party_indexes


def indexes_of(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value in values if value)


def judged(
    ties: Iterable[HeldTie], parties: frozenset[str], dossier: Dossier, at: datetime
) -> Conflict | None:
    """What the ties that meet a party amount to; the gravest counts."""
    since = dossier.registered_at.astimezone(VIETNAM).date()
    met = tuple(tie for tie in ties if tie.index in parties and tie.counts_for(since))
    if not met:
        return None
    day = at.astimezone(VIETNAM).date()
    found = [weighed(tie, met, dossier.commune_id, day) for tie in met]
    return max(found, key=lambda one: (one.blocks, one.own, one.case))


def weighed(tie: HeldTie, met: tuple[HeldTie, ...], commune: str, day: date) -> Conflict:
    if tie.tie == Tie.SELF:
        return by_rule(value_at("xdli.own", day), met, own=True)
    if tie.tie in CASES:
        case = CASES[tie.tie]
        return Conflict(met, case, case_cited(case), blocks=True, own=False)
    if tie.tie in relatives_on("xdli.relatives_a", day):
        case = RELATIVE_HAS_AN_INTEREST
        return Conflict(met, case, case_cited(case), blocks=True, own=False)
    return by_rule(value_at("xdli.household", day, commune=commune), met, own=False)


def by_rule(row: Parameter, met: tuple[HeldTie, ...], *, own: bool) -> Conflict:
    """A conflict by a dated rule of ours, which a page never cites as certain."""
    basis = row.cited if row.is_certain else _("%(source)s, needs checking") % {"source": row.cited}
    return Conflict(met, 0, basis, blocks=row.content is True, own=own)


# ---- what is said and refused ------------------------------------------------------------------------------


def held_back(user_id: UUID, dossier: Dossier, at: datetime) -> Conflict | None:
    """The conflict that keeps this officer from processing now; None if there is none, or the head let them go on."""
    found = conflict_of(user_id, dossier, at)
    if found is None or not found.blocks:
        return None
    return None if may_go_on(user_id, dossier.id, at.astimezone(VIETNAM).date()) else found


def objection_to(act: str, user_id: UUID, dossier: Dossier, at: datetime) -> str:
    """Why this officer may not do `act` with this dossier because of who they are; '' if they may."""
    if act in FREE:
        return ""
    found = held_back(user_id, dossier, at)
    return told_to_officer(found) if found else ""


def told_to_officer(found: Conflict) -> str:
    """The sentence for the officer alone: what, why with the article, what to do."""
    basis = {"basis": found.basis}
    if found.own:
        return (
            _(
                "You are a party of this dossier yourself, so somebody else works on it (%(basis)s). Ask the head to give it to a colleague."
            )
            % basis
        )
    return (
        _(
            "You declared a tie with a party of this dossier, so you may not go on with it (%(basis)s). Report it to the head, who gives it to a colleague or decides that you go on under supervision."
        )
        % basis
    )


def told_to_others(found: Conflict) -> str:
    """The same for who assigns: that there is a conflict and by which rule, never with whom."""
    basis = {"basis": found.basis}
    if found.blocks:
        return _("cannot work on it: conflict of interest (%(basis)s)") % basis
    return _("possible conflict of interest, decide with care (%(basis)s)") % basis


def hindrance_of(user_id: UUID, dossier: Dossier, at: datetime) -> str:
    """What keeps an officer from this dossier, in words for who assigns; a mere reminder is told too."""
    found = conflict_of(user_id, dossier, at)
    if found is None or may_go_on(user_id, dossier.id, at.astimezone(VIETNAM).date()):
        return ""
    return told_to_others(found)


def told_at_intake(found: Conflict) -> str:
    """What the counter officer reads when the person before them is tied to them."""
    basis = {"basis": found.basis}
    return (
        _(
            "You have a tie with this person, so you may not judge whether the dossier is complete (%(basis)s). Register it, so that the person has not come in vain; a colleague then accepts it."
        )
        % basis
    )
