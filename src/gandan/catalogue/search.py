"""Search among the procedures by a few letters, without marks, with slips (tìm thủ tục); pure, in memory.

Vietnamese words are mostly two syllables, so pairs of syllables count besides single ones. What a person
types is matched exactly, as a beginning, and, if nothing fits, with one slip. Rare finds count for more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from math import log

from gandan.calculus.folding import fold, words

ABBREVIATIONS = {
    "bhyt": "bao hiem y te",
    "cccd": "can cuoc",
    "cmnd": "can cuoc",
    "ct": "chung thuc",
    "dk": "dang ky",
    "gcn": "giay chung nhan",
    "gp": "giay phep",
    "gpxd": "giay phep xay dung",
    "hd": "hop dong",
    "hkd": "ho kinh doanh",
    "kd": "kinh doanh",
    "khsinh": "khai sinh",
    "ks": "khai sinh",
    "ny": "nguoi yeu",
    "qsdd": "quyen su dung dat",
    "vs": "voi",
    "xd": "xay dung",
    "xn": "xac nhan",
}
# Words that tell nothing of the matter alone; in a pair ("hộ khẩu", "sổ đỏ") they may.
IDLE = frozenset(
    {
        "a", "ai", "anh", "ba", "bao", "bn", "can", "cach", "chi", "chu", "cho", "co", "cua", "da", "dan",
        "dau", "dc", "de", "di", "do", "du", "duoc", "e", "em", "gi", "giup", "hay", "ho", "huong", "j",
        "k", "kg", "khong", "ko", "la", "lam", "may", "me", "mo", "muon", "nao", "nay", "nhe", "nhieu",
        "nhu", "o", "oi", "phai", "phuong", "qua", "ra", "roi", "sao", "so", "tai", "the", "thi", "thu",
        "toi", "tu", "tuc", "tui", "ubnd", "va", "ve", "vi", "voi", "xa", "xin",
    }
)  # fmt: skip
NAME_WEIGHT, ALIAS_WEIGHT, FIELD_WEIGHT = 2.0, 3.0, 1.0
BEGINNING, SLIP = 0.75, 0.55
BEGINNING_OF_WHOLE = 0.3  # what was typed is a word already: its longer kin are less likely meant
PAIR_FACTOR = 1.6
WHOLE, WHOLE_BEGINS = 1.6, 1.25  # the words typed are a whole name, or its beginning
WEAKEST_SHARE = 0.3  # of the best score: weaker finds are noise


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure as search sees it; `shown` is the name that people read."""

    code: str
    name: str
    field: str
    also_known_as: tuple[str, ...] = ()
    province: str = ""
    version_id: str = ""
    guide_only: bool = False
    immediate: bool = False
    shown: str = ""


@dataclass(slots=True)
class Index:
    """An index over entries; `find` answers in about a millisecond for some hundred entries."""

    entries: tuple[Entry, ...]
    _weights: dict[str, dict[int, float]] = field(default_factory=dict)
    _rarity: dict[str, float] = field(default_factory=dict)
    _terms: list[str] = field(default_factory=list)
    _wholes: list[tuple[str, int]] = field(default_factory=list)
    _seen: dict[tuple[str, bool], dict[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            for term, weight in _weighted_terms(entry):
                weights[term][number] = max(weight, weights[term].get(number, 0.0))
            self._wholes += [(whole, number) for whole in _whole_names(entry)]
        self._weights = dict(weights)
        self._terms = sorted(self._weights)
        many = len(self.entries)
        self._rarity = {term: log(1 + many / len(found)) for term, found in self._weights.items()}

    def find(self, text: str, limit: int = 20) -> list[tuple[Entry, float]]:
        """The entries that fit `text` best, best first, each with its score; nothing typed finds nothing."""
        by_code = self._by_code(text)
        if by_code:
            return [(entry, 100.0) for entry in by_code[:limit]]
        asked = _terms_of_query(text)
        if not asked:
            return []
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, int] = defaultdict(int)
        telling = [term for term in asked if term not in IDLE] or asked
        for term in telling:
            for number, score in self._best_of(term, last=term == asked[-1]).items():
                scores[number] += score
                covered[number] += 1
        self._add_pairs(asked, scores)
        whole = self._whole_factors(" ".join(asked))
        for number in scores:
            scores[number] *= (covered[number] / len(telling)) ** 1.5 * whole.get(number, 1.0)
        ordered = sorted(scores.items(), key=lambda one: (-one[1], len(self.entries[one[0]].name)))
        if not ordered:
            return []
        weakest = ordered[0][1] * WEAKEST_SHARE
        return [(self.entries[n], round(score, 3)) for n, score in ordered[:limit] if score >= weakest]

    def _whole_factors(self, typed: str) -> dict[int, float]:
        factors: dict[int, float] = {}
        for whole, number in self._wholes:
            if whole.startswith(typed):
                factors[number] = max(factors.get(number, 1.0), WHOLE if whole == typed else WHOLE_BEGINS)
        return factors

    def _by_code(self, text: str) -> list[Entry]:
        digits = "".join(text.split())
        if len(digits) < 3 or not digits.replace(".", "").isdigit():
            return []
        return [one for one in self.entries if digits in one.code or digits in one.code.replace(".", "")]

    def _best_of(self, term: str, *, last: bool) -> dict[int, float]:
        """For each entry the best that `term` finds in it."""
        best: dict[int, float] = {}
        for found, quality in self._matches(term, last=last).items():
            worth = quality * self._rarity[found]
            for number, weight in self._weights[found].items():
                best[number] = max(best.get(number, 0.0), worth * weight)
        return best

    def _add_pairs(self, asked: list[str], scores: dict[int, float]) -> None:
        for position, (first, second) in enumerate(pairwise(asked)):
            last = position == len(asked) - 2
            for number, score in self._best_of(f"{first} {second}", last=last).items():
                scores[number] += score * PAIR_FACTOR

    def _matches(self, term: str, *, last: bool) -> dict[str, float]:
        """Indexed terms that `term` may mean, with their quality; only the last word may be a beginning."""
        key = (term, last)
        if key not in self._seen:
            if len(self._seen) > 5000:
                self._seen.clear()
            self._seen[key] = self._look_up(term, last=last)
        return self._seen[key]

    def _look_up(self, term: str, *, last: bool) -> dict[str, float]:
        found = {term: 1.0} if term in self._weights else {}
        if last:
            quality = BEGINNING_OF_WHOLE if found else BEGINNING
            start = bisect_left(self._terms, term)
            for other in self._terms[start : start + 400]:
                if not other.startswith(term):
                    break
                if other.count(" ") == term.count(" "):
                    found.setdefault(other, quality)
        if not found and len(term) >= 4:
            found = {other: SLIP for other in self._similar(term) if _one_slip(term, other)}
        return found

    def _similar(self, term: str) -> list[str]:
        """Where to look for slips: all single words; of pairs only those with the same first letter."""
        if " " not in term:
            return [other for other in self._terms if abs(len(other) - len(term)) < 2]
        first = bisect_left(self._terms, term[0])
        after = bisect_left(self._terms, chr(ord(term[0]) + 1))
        return [other for other in self._terms[first:after] if abs(len(other) - len(term)) < 2]


def _weighted_terms(entry: Entry) -> list[tuple[str, float]]:
    terms: list[tuple[str, float]] = []
    texts = [(entry.name, NAME_WEIGHT), (entry.field, FIELD_WEIGHT)]
    texts += [(alias, ALIAS_WEIGHT) for alias in entry.also_known_as]
    for text, weight in texts:
        plain = words(text)
        shortened = weight / (1 + 0.02 * max(0, len(plain) - 12))  # a name of a page says less with each word
        terms += [(word, shortened) for word in plain]
        terms += [(f"{a} {b}", shortened) for a, b in pairwise(plain)]
    return terms


def _whole_names(entry: Entry) -> list[str]:
    """The entry's name without "thủ tục", and its other names, each folded."""
    name = " ".join(words(entry.name)).removeprefix("thu tuc ")
    return [name, *(" ".join(words(alias)) for alias in entry.also_known_as)]


def _terms_of_query(text: str) -> list[str]:
    spelled = [_unteen(word) for word in words(fold(text)[:200])]
    expanded = [part for word in spelled for part in ABBREVIATIONS.get(word, word).split()]
    return expanded[:16]


def _unteen(word: str) -> str:
    """ "fường" is phường, "zay" is giấy."""
    if word.startswith("f"):
        return "ph" + word[1:]
    return "gi" + word[1:] if word.startswith("z") else word


def _one_slip(typed: str, other: str) -> bool:
    """True if one letter was added, left out, exchanged, or swapped with its neighbour."""
    shorter, longer = sorted((typed, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(longer) > len(shorter):
        return shorter[at:] == longer[at + 1 :]
    if shorter[at + 1 :] == longer[at + 1 :]:
        return True
    swapped = shorter[at + 1 : at + 2] + shorter[at : at + 1] + shorter[at + 2 :]
    return swapped == longer[at:]
