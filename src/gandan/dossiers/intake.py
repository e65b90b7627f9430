"""What an intake brings: plain values, already cleaned by the form, judged by the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gandan.dossiers.models import Answer, Channel, IdentityKind, PartyKind, ReturnWay, Sex


@dataclass(frozen=True, slots=True)
class PartyInput:
    """A person or body as typed or scanned."""

    name: str
    kind: PartyKind = PartyKind.CITIZEN
    birth_date: date | None = None
    birth_year: int | None = None
    sex: Sex = Sex.UNKNOWN
    address: str = ""
    phone: str = ""
    email: str = ""
    identity_kind: IdentityKind = IdentityKind.NONE
    identity_number: str = ""


@dataclass(frozen=True, slots=True)
class PaperInput:
    """One line of the checklist with its answer and its scans."""

    key: str
    name: str
    answer: Answer
    originals: int = 0
    certified: int = 0
    copies: int = 0
    data_source: str = ""
    reason: str = ""
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeInput:
    """One fee line; `amount` in đồng, None when no source tells it."""

    key: str
    label: str
    amount: int | None
    quantity: int = 1
    paid: bool = False


@dataclass(frozen=True, slots=True)
class IntakeInput:
    """A whole intake (tiếp nhận)."""

    version_id: UUID
    case_name: str
    owner: PartyInput
    papers: tuple[PaperInput, ...] = ()
    fees: tuple[FeeInput, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    agent: PartyInput | None = None
    channel: Channel = Channel.COUNTER
    return_way: ReturnWay = ReturnWay.COUNTER
    sets: int = 1
    needs_interpreter: str = ""
    needs_reading_help: bool = False
    official_code: str = ""
    first_contact_at: datetime | None = None
    contact_slip: str = ""

    def content(self) -> dict[str, object]:
        """All that was asked, as the request's digest takes it in."""
        return _members(self)

    def missing(self) -> list[PaperInput]:
        return [paper for paper in self.papers if paper.answer == Answer.MISSING]


def _members(given: IntakeInput | PartyInput | PaperInput | FeeInput) -> dict[str, object]:
    return {name: _plain(getattr(given, name)) for name in given.__slots__}


def _plain(value: object) -> object:
    if value is None or isinstance(value, int | UUID | date):  # bool is an int, datetime is a date
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, PartyInput | PaperInput | FeeInput):
        return _members(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return str(value)
