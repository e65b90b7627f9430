"""Search of communes, present and past, by a few letters without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from unicodedata import normalize

from django.db.models import Case, IntegerField, Q, Value, When

from gandan.calculus.folding import words
from gandan.organization.mergers.queries import held_on, one_each, standing_on
from gandan.organization.models import Commune, Predecessor, Share
from gandan.organization.queries import today

LIMIT = 20
FETCHED_PREDECESSORS = 200
KINDS = (("phuong",), ("xa",), ("thi", "tran"), ("dac", "khu"))


@dataclass(frozen=True, slots=True)
class OldPlace:
    """A commune before July 2025 with all its successors, suggested first."""

    code: str
    name: str
    district: str
    province: str
    successors: tuple[Predecessor, ...]

    @property
    def is_split(self) -> bool:
        """True if the person must be asked in which part the place lies."""
        return len(self.successors) > 1 or any(row.share == Share.PART for row in self.successors)


@dataclass(frozen=True, slots=True)
class Places:
    """What was found; `more` if there is more than is shown."""

    communes: Sequence[Commune]
    old: list[OldPlace]
    more: bool


def search_places(text: str, limit: int = LIMIT) -> Places:
    """Communes and old communes in which every word of `text` begins a word of name, district or province.

    Names that equal `text` stand first, those with its very marks before others; then names that begin with
    it. Two queries; none without a word.
    """
    typed = words(text)
    if not typed:
        return Places([], [], more=False)
    matching = reduce(lambda q, word: q & Q(search_text__contains=f" {word}"), typed, Q())
    order, day = ("rank", "search_text", "pk"), today()
    rank = _rank(typed)
    communes = list(
        standing_on(Commune.objects.filter(matching), day)
        .annotate(rank=rank)
        .select_related("province")
        .order_by(*order)[: limit + 1]
    )
    rows = list(
        held_on(Predecessor.objects.filter(matching), day)
        .annotate(rank=rank)
        .select_related("successor__province")
        .order_by(*order)[:FETCHED_PREDECESSORS]
    )
    marked = normalize("NFC", text).strip().lower()
    communes.sort(key=lambda row: (row.rank, marked not in row.full_name.lower()))
    rows.sort(key=lambda row: (row.rank, marked not in row.old_name.lower()))
    old = _grouped(rows)
    if len(rows) == FETCHED_PREDECESSORS:
        old = old[:-1]  # the last group may have been cut
    more = len(communes) > limit or len(old) > limit
    return Places(communes[:limit], old[:limit], more)


def _rank(typed: list[str]) -> Case:
    """0 for names equal to the typed words (with or without their kind), 1 for names that begin so, else 2."""
    name = typed
    for kind in KINDS:
        if tuple(typed[: len(kind)]) == kind and len(typed) > len(kind):
            name = typed[len(kind) :]
    bare = " ".join(name)
    starts = [" ".join(["", *kind, bare]) for kind in KINDS]
    whole = reduce(or_, (Q(search_text__startswith=f"{start} ") for start in starts))
    begins = reduce(or_, (Q(search_text__startswith=start) for start in starts))
    return Case(
        When(whole, then=Value(0)), When(begins, then=Value(1)), default=Value(2), output_field=IntegerField()
    )


def _grouped(rows: Sequence[Predecessor]) -> list[OldPlace]:
    """Old places in the order of `rows`, each with its successors."""
    groups: dict[tuple[str, str, str], list[Predecessor]] = {}
    for row in rows:
        groups.setdefault((row.old_code, row.old_name, row.old_district), []).append(row)
    return [
        OldPlace(
            code,
            name,
            district,
            successors[0].old_province,
            tuple(one_each(sorted(successors, key=lambda row: (not row.suggested, row.successor.name)))),
        )
        for (code, name, district), successors in groups.items()
    ]
