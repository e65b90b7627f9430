"""Papers (giấy, phiếu) that a one-stop hands out: what each must be told, and its PDF.

A paper knows nothing of dossiers: the caller fills a frozen dataclass with plain values, and a
`render_…` function returns the bytes of a PDF. Moments are aware and printed in Việt Nam's time.
Fields follow the papers of NĐ 118/2025/NĐ-CP arts. 16-21 (templates in `typst/`); form numbers and
titles come from the caller's FormIdentity, since they change with the circular and its date.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Protocol

from gandan.documents.typesetting import Json, typeset
from gandan.documents.wording import dong, long_date, long_moment, short_date
from gandan.ui.qr import qr_svg
from gandan.ui.words import local

COPY_KEPT = "Liên 1: Lưu tại nơi tiếp nhận"
COPY_GIVEN = "Liên 2: Giao người nộp hồ sơ"
# Only these marks of a source let a layout pass without the draft mark.
SETTLED_MARKS = frozenset({"read", "read-2nd", "confirmed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormIdentity:
    """A form (mẫu biểu) as a circular numbers it at a date; `mark` says how surely its layout is known.

    `number` and `circular` are empty for a paper that no circular knows.
    """

    title: str
    circular: str = ""
    number: str = ""
    mark: str = "not found"

    @property
    def is_draft(self) -> bool:
        return self.mark not in SETTLED_MARKS

    @property
    def reference(self) -> str:
        number = f"Mẫu số {self.number}" if self.number else ""
        return ", ".join(part for part in (number, self.circular) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """The place of a paper's act in the ledger (sổ ghi): sequence number and 128 bits of its hash."""

    chain: str
    seq: int
    digest: str

    def __post_init__(self) -> None:
        if len(self.digest) < 32 or set(self.digest) - set("0123456789abcdef"):
            raise ValueError("A ledger head needs at least 32 lower-case hexadecimal digits.")

    @property
    def words(self) -> str:
        return f"{self.chain}/{self.seq}"

    @property
    def short(self) -> str:
        return " ".join(self.digest[i : i + 4] for i in range(0, 32, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Where to follow the dossier (tra cứu): `url` is the QR code, `address` and `code` are its words."""

    url: str
    address: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The head and foot of every paper: who issues it, its number, place and date, form and code.

    `official_code` is the dossier code (mã số hồ sơ); if empty the paper calls itself "Phiếu nội bộ"
    and shows `internal_code`. Papers from before any dossier set `has_dossier` to False.
    """

    form: FormIdentity
    parent: str
    office: str
    place: str
    issued_at: datetime
    number: str = ""
    official_code: str = ""
    internal_code: str = ""
    has_dossier: bool = True
    is_sample: bool = False
    ledger: LedgerHead | None = None
    tracking: Tracking | None = None


class Paper(Protocol):
    """A frozen dataclass with a letterhead: what every paper is."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def head(self) -> Letterhead: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or organisation on a paper; an empty field is left out. A one-word name is a name."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity_label: str = "Số định danh cá nhân"
    identity_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component (thành phần hồ sơ), how many of each kind; `note` such as "lấy từ cơ sở dữ liệu"."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (118 art. 17.1c; fields of the form in use)."""

    head: Letterhead
    received_at_office: str
    submitter: Party
    owner: Party | None = None
    procedure: str
    components: tuple[Component, ...]
    sets: int = 1
    time_limit: str
    received_at: datetime
    due_at: datetime
    due_note: str = ""
    return_way: str
    fees: str
    register_book: str = ""
    register_number: str = ""
    officer: str
    officer_phone: str = ""
    notes: tuple[str, ...] = ()
    copies: tuple[str, ...] = (COPY_GIVEN,)


def render_receipt(receipt: Receipt) -> bytes:
    """The receipt as PDF: one copy (liên) after another, each with its own page numbers."""
    return _render("receipt.typ", receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationLine:
    """One paper to certify (chứng thực): its pages, the copies asked for, the fee of the line in đồng."""

    name: str
    pages: int
    copies: int
    fee: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """Giấy tiếp nhận for certification: pages × copies × fee instead of components (sheet §4.2)."""

    head: Letterhead
    received_at_office: str
    submitter: Party
    procedure: str
    lines: tuple[CertificationLine, ...]
    received_at: datetime
    due_at: datetime
    due_note: str = ""
    return_way: str
    book: str = ""
    book_number: str = ""
    officer: str
    notes: tuple[str, ...] = ()
    copies: tuple[str, ...] = (COPY_GIVEN,)

    @property
    def total_fee(self) -> int:
        return sum(line.fee for line in self.lines)


def render_certification(paper: Certification) -> bytes:
    """The certification's receipt, with the fee of each line and their sum."""
    lines: list[Json] = [
        {"name": n.name, "pages": n.pages, "copies": n.copies, "fee": dong(n.fee)} for n in paper.lines
    ]
    return _render("certification.typ", paper, lines=lines, total=dong(paper.total_fee))


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPaper:
    """A component to bring or to correct, how many of each kind, and why (118 art. 16.3)."""

    name: str
    reason: str = ""
    originals: int = 0
    certified: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: once, complete and exact (118 arts. 16.3, 17.1c, 19.5)."""

    head: Letterhead
    office: str
    party: Party
    procedure: str
    missing: tuple[MissingPaper, ...]
    reason: str
    answer_by: date | None = None
    answer_note: str = ""
    contact: str
    contact_phone: str
    officer: str
    notes: tuple[str, ...] = ()


def render_supplement_request(paper: SupplementRequest) -> bytes:
    return _render("supplement.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason (lý do) in plain words and the rule it rests on."""

    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Phiếu từ chối: not received or not settled, every reason, and where to go next (118 arts. 17.1c, 19.3).

    `refused` completes "không …": "tiếp nhận" or "giải quyết".
    """

    head: Letterhead
    office: str
    party: Party
    procedure: str
    refused: str = "tiếp nhận"
    reasons: tuple[Reason, ...]
    where_next: str
    contact: str
    contact_phone: str
    officer: str
    notes: tuple[str, ...] = ()


def render_refusal(paper: Refusal) -> bytes:
    return _render("refusal.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Văn bản xin lỗi và đề nghị gia hạn: one day before the due date at latest, once (118 art. 19.6)."""

    head: Letterhead
    party: Party
    procedure: str
    received_at: datetime
    due_at: datetime
    cause: str
    new_due_at: datetime
    return_place: str
    contact: str = ""
    contact_phone: str = ""
    sent_to: tuple[str, ...] = ()
    signer_title: str
    signer: str


def render_extension(paper: Extension) -> bytes:
    return _render("extension.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice:
    """Thông báo dừng giải quyết hồ sơ, as the applicant asked (118 art. 21); official fields not known."""

    head: Letterhead
    party: Party
    procedure: str
    received_at: datetime
    requested_at: datetime
    stopped_at: datetime
    reason: str
    basis: str = ""
    returned: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    signer_title: str
    signer: str


def render_stop_notice(paper: StopNotice) -> bytes:
    return _render("stop.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRequest:
    """A letter that asks another body for its opinion: what, by when, how to answer (118 art. 19.4). No form is known."""

    head: Letterhead
    body: str
    procedure: str
    question: str
    days: int
    answer_by: datetime
    answer_way: str
    contact: str
    contact_phone: str
    sent_to: tuple[str, ...] = ()
    signer_title: str
    signer: str


def render_opinion_request(paper: OpinionRequest) -> bytes:
    return _render("opinion.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMinutes:
    """Biên bản xác minh thực địa: where, when, who, what was found (118 art. 19.4). No form is known.

    `told` is when the person was told to be there, `presence` whether they were and signed.
    """

    head: Letterhead
    owner: str
    procedure: str
    held_at: datetime
    place: str
    told: str
    present: str
    presence: str
    content: str
    conclusion: str
    files: str
    officer: str


def render_visit_minutes(paper: VisitMinutes) -> bytes:
    return _render("minutes.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedPaper:
    """One paper on a guidance slip: in what form, and its state: "đã có", "còn thiếu", "không phải nộp"."""

    name: str
    form: str = ""
    state: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceSlip:
    """Phiếu hướng dẫn hoàn thiện hồ sơ, before filing: no dossier, no code, maybe no name (118 art. 16)."""

    head: Letterhead
    office: str
    person: str = ""
    procedure: str
    papers: tuple[GuidedPaper, ...]
    time_limit: str = ""
    fees: str = ""
    where: str = ""
    contact: str
    contact_phone: str
    officer: str
    notes: tuple[str, ...] = ()


def render_guidance_slip(paper: GuidanceSlip) -> bytes:
    return _render("guidance.typ", paper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One step of a control sheet: who gave, who took, when; what is empty is left to be signed by hand."""

    giver: str
    taker: str
    at: datetime | None = None
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSheet:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ; `blank_rows` more rows stay free for the pen."""

    head: Letterhead
    party: Party
    procedure: str
    received_at: datetime
    due_at: datetime
    handovers: tuple[Handover, ...]
    blank_rows: int = 0


def render_control_sheet(paper: ControlSheet) -> bytes:
    return _render("control_sheet.typ", paper)


def _render(template: str, paper: Paper, **computed: Json) -> bytes:
    """The PDF of `paper`; `computed` values stand beside, or in place of, its fields."""
    data = {f.name: _plain(getattr(paper, f.name)) for f in fields(paper) if f.name != "head"}
    return typeset(template, {**data, **computed, "head": _head(paper.head)}, at=paper.head.issued_at)


def _head(head: Letterhead) -> dict[str, Json]:
    """The letterhead as the templates read it."""
    tracking: Json = None
    if head.tracking:
        tracking = {
            "svg": qr_svg(head.tracking.url),
            "address": head.tracking.address,
            "code": head.tracking.code,
        }
    return {
        "title": head.form.title,
        "reference": head.form.reference,
        "is_draft": head.form.is_draft,
        "parent": head.parent,
        "office": head.office,
        "number": head.number,
        "place_date": f"{head.place}, {long_date(local(head.issued_at).date())}",
        "code": head.official_code or head.internal_code,
        "is_internal": head.has_dossier and not head.official_code,
        "has_dossier": head.has_dossier,
        "is_sample": head.is_sample,
        "ledger": {"words": head.ledger.words, "short": head.ledger.short} if head.ledger else None,
        "tracking": tracking,
    }


def _plain(value: Any) -> Json:
    """A paper's value as JSON: moments and days become words."""
    if isinstance(value, datetime):
        return long_moment(value)
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"A paper cannot carry {type(value).__name__}.")
