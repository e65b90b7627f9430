"""What the shipped catalogue is made of: frozen values, without Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gandan.calculus.rules import Mark, TimeRule
from gandan.catalogue.conditions import Condition


class CatalogueDataInvalid(ValueError):
    """The shipped files contradict each other or their own grammar."""


@dataclass(frozen=True, slots=True)
class ShippedQuestion:
    """A question that decides case, papers or fees; `audience`: `anyone`, or `officer`."""

    key: str
    text: str
    kind: str  # yes_no | choice | number
    choices: tuple[tuple[str, str], ...] = ()
    audience: str = "anyone"


@dataclass(frozen=True, slots=True)
class ShippedCase:
    """One case (trường hợp) with its time limit.

    `published` is the limit as the source prints it; `rule` is the same when it may make a date, else None
    and `why_no_rule` says why. `when` None marks the case taken when no other holds.
    """

    name: str
    label: str
    rule: TimeRule | None
    why_no_rule: str = ""
    when: Condition = None
    published: TimeRule | None = None
    note: str = ""
    supplement_days: int | None = None
    supplement_unit: str = ""


@dataclass(frozen=True, slots=True)
class ShippedPaper:
    """A component of the dossier (thành phần hồ sơ); `how` is `submit` or `show`."""

    key: str
    name: str
    original: int
    copy: int
    how: str
    when: Condition
    when_text: str
    data_source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class ShippedFee:
    """A fee rule (mức phí, lệ phí); amounts in đồng.

    kind: fixed | by_province | free | unknown; `unknown_because`: shown_free | not_published | not_read.
    `relief` rules set the other lines to nothing when they hold. `scale` prices a quantity in steps.
    """

    key: str
    label: str
    kind: str
    amount: int | None = None
    per: str = ""
    quantity: str = ""
    scale: Mapping[str, Any] | None = None
    channel: str = "any"
    relief: bool = False
    exempt_text: str = ""
    document: str = ""
    mark: Mark = Mark.READ
    when: Condition = None
    unknown_because: str = ""
    province: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ShippedSource:
    """Where the entry was read: the portal's page, the publishing decision."""

    url: str
    decision: str


@dataclass(frozen=True, slots=True)
class ShippedProcedure:
    """A procedure (thủ tục hành chính) as shipped.

    `immediate`: may be settled in the immediate-result lane (NĐ 118/2025 art. 17.4). `lane` names the sample
    workflow: standard, immediate or police. `guide_only`: no date is given, `why_guide_only` says why.
    """

    code: str
    name: str
    field: str
    level: str
    decides: str
    cases: tuple[ShippedCase, ...]
    questions: tuple[ShippedQuestion, ...]
    documents: tuple[ShippedPaper, ...]
    fees: tuple[ShippedFee, ...]
    result: str
    legal: tuple[str, ...]
    source: ShippedSource
    mark: Mark
    guide_only: bool
    why_guide_only: str
    immediate: bool
    lane: str = "standard"
    online: str = ""  # full | partial | available | none | "" unknown
    presence: str = ""
    note: str = ""
    province: str = ""
    also_known_as: tuple[str, ...] = ()
    everyday_name: str = ""


@dataclass(frozen=True, slots=True)
class ShippedStep:
    """One step of a workflow; `amount_hundredths` None: the decision says "không tính thời gian"."""

    work: str
    role_text: str
    role: str
    amount_hundredths: int | None
    unit: str
    phase: str = "commune"


@dataclass(frozen=True, slots=True)
class ShippedWorkflow:
    """An internal workflow (quy trình nội bộ): a province's, or ours if `lane` is set."""

    key: str
    name: str
    procedure: str
    province: str
    decision: str
    lane: str
    mark: Mark
    steps: tuple[ShippedStep, ...]
