"""Who is tied to whom, from memory; one's own declarations; the reports that somebody may read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gandan.accounts.secrets import SecretError, blind_index, open_sealed
from gandan.calculus.rules import VIETNAM
from gandan.law.cache import Cached
from gandan.law.queries import value_at
from gandan.organization.integrity.models import ConflictReport, Declaration, Measure, Tie
from gandan.organization.models import Role
from gandan.organization.permissions import Officer

SUBJECT = "interests"  # of law.cache: one version for declarations and decisions
INDEX = "identity"  # the context of the parties of dossiers, or nobody would be found
DECIDERS = frozenset({Role.SIGNING_LEADER, Role.CENTRE_DIRECTOR})
LETS_WORK = frozenset({Measure.NONE, Measure.SUPERVISE})
RELATIVES = {
    "spouse_parents_children_siblings": frozenset({Tie.SPOUSE, Tie.PARENT, Tie.CHILD, Tie.SIBLING}),
    "spouse_parents_children": frozenset({Tie.SPOUSE, Tie.PARENT, Tie.CHILD}),
}


@dataclass(frozen=True, slots=True)
class HeldTie:
    """One declared tie without anything that could be read: its row, its kind, its blind index, its last day."""

    declaration_id: UUID
    tie: Tie
    index: str
    until: date | None

    def counts_for(self, running_since: date) -> bool:
        """True if it was in force on any day since then: withdrawing frees nobody for what was running already."""
        return self.until is None or running_since <= self.until


@dataclass(frozen=True, slots=True)
class Decision:
    """What the head decided about one officer and one matter, and its last day if it has one."""

    measure: Measure
    until: date | None

    def lets_work(self, on: date) -> bool:
        """True if the officer may go on with the matter on that day."""
        return self.measure in LETS_WORK and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class _Interests:
    ties: dict[UUID, tuple[HeldTie, ...]]
    decided: dict[tuple[UUID, UUID], Decision]


def _load() -> _Interests:
    ties: dict[UUID, list[HeldTie]] = defaultdict(list)
    rows = Declaration.objects.order_by("declared_at").values_list(
        "user_id", "pk", "tie", "number_index", "until", "withdrawn_at"
    )
    for user_id, declaration_id, tie, index, until, withdrawn_at in rows:
        last = last_day(until, withdrawn_at)
        ties[user_id].append(HeldTie(declaration_id, Tie(tie), index, last))
    decided = ConflictReport.objects.exclude(measure="").exclude(subject_id=None).order_by("decided_at")
    found = decided.values_list("concerned_id", "subject_id", "measure", "measure_until")
    return _Interests(
        ties={user_id: tuple(held) for user_id, held in ties.items()},
        decided={
            (concerned, subject): Decision(Measure(measure), until)
            for concerned, subject, measure, until in found
            if subject
        },
    )


def last_day(until: date | None, withdrawn_at: datetime | None) -> date | None:
    """Until when a tie counts: never to a day before it was withdrawn, or a day written back would free its owner."""
    if until is None or withdrawn_at is None:
        return until
    return max(until, withdrawn_at.astimezone(VIETNAM).date())


_interests = Cached(SUBJECT, _load, begins_empty=True)


def ties_of(user_id: UUID) -> tuple[HeldTie, ...]:
    """All ties that the officer ever declared. Warm, no query: every act asks."""
    return _interests.get().ties.get(user_id, ())


def people_with_ties() -> dict[UUID, tuple[HeldTie, ...]]:
    """The same of everybody who declared anything. Warm, no query."""
    return _interests.get().ties


def may_go_on(user_id: UUID, subject_id: UUID, on: date) -> bool:
    """True if the head's last decision lets this officer go on with this matter. Warm, no query."""
    decision = _interests.get().decided.get((user_id, subject_id))
    return decision is not None and decision.lets_work(on)


def has_declared(user_id: UUID) -> bool:
    """True if anything was ever declared; without it nobody can know of a conflict. Warm, no query."""
    return user_id in _interests.get().ties


def relatives_on(key: str, day: date) -> frozenset[Tie]:
    """The ties that the law counts under `xdli.relatives_a` or `xdli.relatives_b` on that day."""
    return RELATIVES[value_at(key, day).text]


def index_of(number: str) -> str:
    return blind_index(number, INDEX)


# ---- one's own declarations --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDeclaration:
    """A declaration as its owner reads it."""

    row: Declaration
    name: str
    number: str


def own_declarations(user_id: UUID) -> list[OpenDeclaration]:
    """What the officer declared, those in force first, then the newest; for that officer alone. One query."""
    rows = Declaration.objects.filter(user_id=user_id).order_by("-declared_at", "-pk")
    return [opened(row) for row in sorted(rows, key=lambda row: row.until is not None)]


def opened(row: Declaration) -> OpenDeclaration:
    return OpenDeclaration(
        row,
        readable(row.name_sealed, context_of(row, "name")),
        readable(row.number_sealed, context_of(row, "number")),
    )


def context_of(row: Declaration | ConflictReport, field: str) -> str:
    """Where a sealed value belongs: it opens in no other row and no other field."""
    return f"organization.{type(row).__name__}.{field}.{row.pk}"


def readable(sealed: str, context: str) -> str:
    """The text, or '' where the key is not on this machine (or nothing was written)."""
    try:
        return open_sealed(sealed, context) if sealed else ""
    except SecretError:
        return ""


# ---- reports -----------------------------------------------------------------------------------------------


def decides_in(officer: Officer) -> list[str]:
    """Codes of the communes in which the officer decides on reports."""
    return [code for code in sorted(officer.communes) if officer.roles_in(code) & DECIDERS]


def reports_for(officer: Officer) -> QuerySet[ConflictReport]:
    """The reports that the officer may read: those to decide on (never about oneself), and the own ones.

    Who is concerned reads it once the decision was notified, and never who reported it.
    """
    to_decide = Q(commune_id__in=decides_in(officer)) & ~Q(concerned_id=officer.user_id)
    told = Q(concerned_id=officer.user_id, notified_at__isnull=False)
    found = ConflictReport.objects.filter(to_decide | Q(reporter_id=officer.user_id) | told)
    return found.select_related("concerned", "commune__province", "supervisor", "decided_by")


def words_of(report: ConflictReport) -> dict[str, str]:
    """Situation, effect and basis in clear."""
    sealed = {
        "situation": report.situation_sealed,
        "effect": report.effect_sealed,
        "basis": report.basis_sealed,
    }
    return {name: readable(text, context_of(report, name)) for name, text in sealed.items()}
