"""What a version of a procedure says (nội dung phiên bản thủ tục), as one value: drafts, files and rows are made of it.

Each field bears its words and its kind, so that a file is read, two contents are compared and a schema is checked by
the same list. What holds for the procedure itself (code, field, lane, province) stands first.
"""

# ruff: noqa: RUF009  (`said` is dataclasses.field, with our words)
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gandan.calculus.canonical import canonical_json
from gandan.catalogue import labels
from gandan.catalogue.conditions import Condition
from gandan.catalogue.labels import Labels


class Kind(StrEnum):
    """How a value of a content is written in a file."""

    TEXT = "text"
    NUMBER = "number"  # a whole number, or nothing
    COUNT = "count"  # a whole number
    HUNDREDTHS = "hundredths"  # 0.25, kept as 25; or nothing
    FLAG = "flag"
    CHOICE = "choice"
    DAY = "day"
    CLOCK = "clock"
    CONDITION = "condition"
    SCALE = "scale"
    LINES = "lines"  # a list of texts
    PAIRS = "pairs"  # a list of value and label
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of a content: its name, words, kind, and the choices that it has."""

    name: str
    label: str | Promise
    kind: Kind
    default: Any
    choices: Labels
    rows: type[Any] | None
    is_money: bool = False


def said(
    label: str | Promise,
    kind: Kind = Kind.TEXT,
    default: Any = "",
    choices: Labels | None = None,
    rows: type[Any] | None = None,
    *,
    is_money: bool = False,
) -> Any:
    words = {"label": label, "kind": kind, "choices": choices or {}, "rows": rows, "is_money": is_money}
    return field(default=default, metadata=words)


def specs(kind: type[Any]) -> tuple[Spec, ...]:
    """The fields of a content class, in their order."""
    return _specs(kind)  # type: ignore[arg-type]  # a class is hashable


@cache
def _specs(kind: type[Any]) -> tuple[Spec, ...]:
    return tuple(
        Spec(
            one.name,
            one.metadata["label"],
            one.metadata["kind"],
            one.default,
            one.metadata["choices"],
            one.metadata["rows"],
            one.metadata["is_money"],
        )
        for one in fields(kind)
    )


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """A question, as `models.Question`."""

    KEY: ClassVar[str] = "key"
    TITLE: ClassVar[str] = "text"

    key: str = said(_("Short name"))
    text: str = said(pgettext_lazy("content", "Question"))
    kind: str = said(_("Kind of answer"), Kind.CHOICE, "yes_no", labels.QUESTION_KINDS)
    choices: tuple[tuple[str, str], ...] = said(_("Answers to choose from"), Kind.PAIRS, ())
    audience: str = said(_("Who can answer"), Kind.CHOICE, "anyone", labels.AUDIENCES)


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case with its time limit, as `models.ProcedureCase`."""

    KEY: ClassVar[str] = "name"
    TITLE: ClassVar[str] = "label"

    name: str = said(_("Short name"))
    label: str = said(pgettext_lazy("content", "Case"))
    when: Condition = said(_("Applies when"), Kind.CONDITION, None)
    amount: int | None = said(_("Time limit"), Kind.NUMBER, None)
    unit: str = said(_("Unit of the time limit"), Kind.CHOICE, "", {"": "", **labels.UNITS})
    start: str = said(_("The time limit starts"), Kind.CHOICE, "next_day", labels.STARTS)
    end: str = said(_("The time limit ends"), Kind.CHOICE, "office_close", labels.ENDS)
    end_time: time | None = said(_("Ends at the hour"), Kind.CLOCK, None)
    cut_off: time | None = said(_("Received after this hour: the next working day"), Kind.CLOCK, None)
    supplement_effect: str = said(
        _("After more papers were handed in"), Kind.CHOICE, "restart", labels.SUPPLEMENT_EFFECTS
    )
    supplement_days: int | None = said(_("Time to hand in more papers"), Kind.NUMBER, None)
    supplement_unit: str = said(_("Unit of that time"), Kind.CHOICE, "", {"": "", **labels.UNITS})
    max_extensions: int = said(_("New appointments at most"), Kind.COUNT, 1)
    document: str = said(_("Document of the time limit"))
    article: str = said(_("Article"))
    mark: str = said(_("Certainty"), Kind.CHOICE, "read-2nd", labels.MARKS)
    why_no_rule: str = said(_("Why no date may be given"))
    note: str = said(_("Note"))


@dataclass(frozen=True, slots=True)
class PaperContent:
    """A required paper, as `models.PaperRequirement`."""

    KEY: ClassVar[str] = "key"
    TITLE: ClassVar[str] = "name"

    key: str = said(_("Short name"))
    name: str = said(pgettext_lazy("content", "Paper"))
    original: int = said(_("Originals"), Kind.COUNT, 0)
    copy: int = said(_("Copies"), Kind.COUNT, 0)
    how: str = said(_("Handed in or only shown"), Kind.CHOICE, "submit", labels.HOWS)
    when: Condition = said(_("Needed when"), Kind.CONDITION, None)
    when_text: str = said(_("The condition in the words of the document"))
    data_source: str = said(_("Database that replaces it"))
    mark: str = said(_("Certainty"), Kind.CHOICE, "read-2nd", labels.MARKS)


@dataclass(frozen=True, slots=True)
class FeeContent:
    """A fee, as `models.FeeRule`."""

    KEY: ClassVar[str] = "key"
    TITLE: ClassVar[str] = "label"

    key: str = said(_("Short name"))
    label: str = said(pgettext_lazy("content", "Fee"))
    kind: str = said(_("Kind of fee"), Kind.CHOICE, "fixed", labels.FEE_KINDS)
    unknown_because: str = said(_("Why it is not known"), Kind.CHOICE, "", labels.WHY_UNKNOWN)
    amount: int | None = said(_("Amount in đồng"), Kind.NUMBER, None, is_money=True)
    per: str = said(_("For each"))
    quantity: str = said(_("Number asked for"))
    scale: dict[str, Any] | None = said(_("Price in steps"), Kind.SCALE, None)
    channel: str = said(_("Way of filing"), Kind.CHOICE, "any", labels.CHANNELS)
    relief: bool = said(_("Whoever this applies to pays nothing"), Kind.FLAG, False)
    exempt_text: str = said(_("Who pays nothing"))
    when: Condition = said(_("Charged when"), Kind.CONDITION, None)
    province: str = said(_("Only in the province (code)"))
    valid_from: date | None = said(_("Charged from"), Kind.DAY, None)
    valid_to: date | None = said(_("Charged until"), Kind.DAY, None)
    document: str = said(_("Document of the fee"))
    mark: str = said(_("Certainty"), Kind.CHOICE, "read-2nd", labels.MARKS)


@dataclass(frozen=True, slots=True)
class Content:
    """All that one version of a procedure says."""

    SCHEMA: ClassVar[str] = "gandan-procedure-1"

    code: str = said(_("Code"))
    field: str = said(_("Field of work"))
    lane: str = said(_("Lane"), Kind.CHOICE, "standard", labels.LANES)
    province: str = said(_("Only in the province (code)"))
    name: str = said(_("Official name"))
    everyday_name: str = said(_("Name in everyday words"))
    level: str = said(_("Level that handles it"))
    decides: str = said(_("Who decides"))
    decision: str = said(_("Published by the decision"))
    source_url: str = said(_("Address of the source"))
    legal: tuple[str, ...] = said(_("Legal basis"), Kind.LINES, ())
    result: str = said(_("Result"))
    online: str = said(_("Filing online"), Kind.CHOICE, "", labels.ONLINE)
    presence: str = said(_("Who must come"))
    immediate: bool = said(_("May be settled while the person waits"), Kind.FLAG, False)
    guide_only: bool = said(_("Guidance only, no date is given"), Kind.FLAG, False)
    why_guide_only: str = said(_("Why guidance only"))
    note: str = said(_("Note"))
    mark: str = said(_("Certainty"), Kind.CHOICE, "read-2nd", labels.MARKS)
    questions: tuple[QuestionContent, ...] = said(_("Questions"), Kind.ROWS, (), rows=QuestionContent)
    cases: tuple[CaseContent, ...] = said(_("Cases and time limits"), Kind.ROWS, (), rows=CaseContent)
    papers: tuple[PaperContent, ...] = said(_("Papers"), Kind.ROWS, (), rows=PaperContent)
    fees: tuple[FeeContent, ...] = said(_("Fees"), Kind.ROWS, (), rows=FeeContent)


#: What belongs to the procedure itself: fixed once the procedure is there.
OF_THE_PROCEDURE = ("code", "field", "lane", "province")
ROWS_OF = {"questions": QuestionContent, "cases": CaseContent, "papers": PaperContent, "fees": FeeContent}
PARTS = tuple(ROWS_OF)


def key_of(row: Any) -> str:
    """The short name by which a question, case, paper or fee is known from version to version."""
    return str(getattr(row, row.KEY))


def title_of(row: Any) -> str:
    """The words by which people know it."""
    return str(getattr(row, row.TITLE))


def as_json(value: Any) -> dict[str, Any]:
    """The content as docs/schemas has it; what has its usual value is left out."""
    head = {"schema": value.SCHEMA} if hasattr(value, "SCHEMA") else {}
    given = {one.name: _plain(one, getattr(value, one.name)) for one in specs(type(value))}
    usual = {one.name: _plain(one, one.default) for one in specs(type(value))}
    return head | {name: given[name] for name in given if given[name] != usual[name]}


def _plain(spec: Spec, value: Any) -> Any:
    if spec.kind is Kind.ROWS:
        return [as_json(row) for row in value]
    if spec.kind is Kind.PAIRS:
        return [{"value": key, "label": label} for key, label in value]
    if spec.kind is Kind.LINES:
        return list(value)
    if spec.kind is Kind.HUNDREDTHS:
        return None if value is None else str(Decimal(value) / 100)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def text_of(content: Any) -> str:
    """The content as one canonical text."""
    return canonical_json(as_json(content))


def digest_of(content: Any) -> str:
    """SHA-256 of that text: whoever has an exported file can compute it."""
    return hashlib.sha256(text_of(content).encode()).hexdigest()
