"""What `./gandan deadline` is given, checked; each refusal says what is wrong and what to do, in two languages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gandan.calculus.rules import VIETNAM, ClockAct, ClockEvent, TimeRule
from gandan.catalogue.shipped import ShippedCase, ShippedProcedure, load_procedures
from gandan.organization.shipped import ShippedCommune, communes, predecessors

#: Acts of the one-stop that move no clock; any other word is refused as a slip of the pen.
OTHER_ACTS = frozenset(
    {
        *("guide", "contact", "register", "transfer", "assign", "consult", "verify_on_site", "propose"),
        *("approve", "number_and_stamp", "correct", "notify_early", "forward", "apologise"),
    }
)
SAME_ACT = {"apologise_and_extend": "extend", "close": "stop", "return_result": "return"}
NATIONAL_CODE = re.compile(r"\d\.\d{6}")


class BadInput(Exception):
    """The question cannot be answered as it was put; `code` is stable."""

    def __init__(self, code: str, vietnamese: str, english: str) -> None:
        self.code, self.vietnamese, self.english = code, vietnamese, english
        super().__init__(english)

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "vi": self.vietnamese, "en": self.english}


@dataclass(frozen=True, slots=True)
class Question:
    """What the command was asked, checked."""

    procedure: ShippedProcedure
    case: ShippedCase
    rule: TimeRule
    commune: ShippedCommune | None
    received: datetime
    known_at: datetime | None
    events: tuple[ClockEvent, ...]


def procedure_of(code: str) -> ShippedProcedure:
    """The procedure by its national code; a province's tail (1.004873.H05) is passed over."""
    known = load_procedures()
    given = code.strip()
    national = NATIONAL_CODE.match(given)
    found = known.get(given) or (known.get(national.group()) if national else None)
    if found is not None:
        return found
    near = ", ".join(get_close_matches(given, known, 3, 0.75))
    raise BadInput(
        "unknown-procedure",
        f"Không có thủ tục mang mã “{code}” trong danh mục." + (f" Gần giống: {near}." if near else ""),
        f"No procedure has the code “{code}”." + (f" Close to it: {near}." if near else ""),
    )


def case_of(procedure: ShippedProcedure, name: str | None) -> tuple[ShippedCase, TimeRule]:
    """The case of that name, else the one that holds when no other does, with its time limit."""
    names = "; ".join(f"{case.name} ({case.label})" for case in procedure.cases)
    if name is None:
        case = next((one for one in procedure.cases if one.when is None), procedure.cases[0])
    else:
        matching = (one for one in procedure.cases if name.strip().casefold() in _names_of(one))
        found = next(matching, None)
        if found is None:
            raise BadInput(
                "unknown-case",
                f"Thủ tục {procedure.code} không có trường hợp “{name}”. Các trường hợp: {names}.",
                f"Procedure {procedure.code} has no case “{name}”. Its cases: {names}.",
            )
        case = found
    if case.rule is None:
        why = case.why_no_rule or procedure.why_guide_only
        raise BadInput(
            "guide-only",
            f"Thủ tục {procedure.code} chỉ hướng dẫn, không hẹn ngày. {why}",
            f"Procedure {procedure.code} is guide only; no date is given. Reason (Vietnamese): {why}",
        )
    return case, case.rule


def _names_of(case: ShippedCase) -> tuple[str, str]:
    return case.name.casefold(), case.label.casefold()


def commune_of(code: str) -> ShippedCommune:
    """The commune by its five digits; an old code is told its successors, never replaced by a guess."""
    found = communes().get(code.strip())
    if found is not None:
        return found
    digits = len(code.strip())
    if digits != 5 or not code.strip().isdigit():
        raise BadInput(
            "commune-code",
            f"Mã xã, phường, đặc khu có 5 chữ số; “{code}” có {digits} ký tự.",
            f"A commune code has 5 digits; “{code}” has {digits} characters.",
        )
    heirs = sorted({old.new_code for old in predecessors() if old.old_code == code.strip()})
    now = ", ".join(f"{heir} ({communes()[heir].full_name})" for heir in heirs if heir in communes())
    raise BadInput(
        "unknown-commune",
        f"Không có xã, phường, đặc khu mang mã {code}." + (f" Mã cũ; nay là: {now}." if now else ""),
        f"No commune has the code {code}." + (f" An old code; now: {now}." if now else ""),
    )


def moment_of(text: str, where: str) -> datetime:
    """A moment in Việt Nam from ISO 8601; without a zone it is meant there."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment
        return moment.astimezone(VIETNAM)
    except (ValueError, OverflowError) as wrong:
        raise BadInput(
            "moment",
            f"{where}: “{text}” không phải ngày giờ có thật. Viết như 2026-11-20T09:00 (giờ Việt Nam).",
            f"{where}: “{text}” is not a real moment. Write it like 2026-11-20T09:00 (time of Việt Nam).",
        ) from wrong


def events_of(path: str, received: datetime) -> tuple[ClockEvent, ...]:
    """The acts of the file (docs/schemas/clock-events.json) that move a clock, none before the reception."""
    given = _read(path)
    if not isinstance(given, list):
        raise BadInput(
            "events-file",
            f"{path}: cần một danh sách các việc, dạng [{{“act”, “at”}}].",
            f"{path}: a list of acts is needed, like [{{“act”, “at”}}].",
        )
    events = (_event_of(raw, f"{path}[{place}]") for place, raw in enumerate(given))
    kept = tuple(event for event in events if event is not None)
    for event in kept:
        if event.at < received:
            raise BadInput(
                "event-before-reception",
                f"Việc {event.act} lúc {event.at:%d/%m/%Y %H:%M} có trước lúc nhận {received:%d/%m/%Y %H:%M}.",
                f"Act {event.act} at {event.at.isoformat()} is before the reception {received.isoformat()}.",
            )
    return kept


def _read(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise BadInput(
            "events-file", f"Không mở được tệp {path}.", f"Cannot open {path}: {wrong.strerror}."
        ) from wrong
    except (ValueError, RecursionError) as wrong:  # not UTF-8, not JSON, nested without end
        raise BadInput(
            "events-file", f"Tệp {path} không phải JSON: {wrong}.", f"{path} is not JSON: {wrong}."
        ) from wrong


def _event_of(raw: Any, where: str) -> ClockEvent | None:
    """The act, or None if it is one that moves no clock."""
    if not isinstance(raw, dict) or not isinstance(raw.get("act"), str) or not isinstance(raw.get("at"), str):
        raise BadInput(
            "event", f"{where}: cần có “act” và “at” dạng chữ.", f"{where}: needs “act” and “at” as text."
        )
    word = raw["act"].strip().replace("-", "_")
    word = SAME_ACT.get(word, word)
    at = moment_of(raw["at"], f"{where}.at")
    if word in OTHER_ACTS:
        return None
    if word not in set(ClockAct):
        known = ", ".join(ClockAct)
        raise BadInput(
            "event",
            f"{where}: không có việc nào tên “{raw['act']}”. Các việc làm thay đổi thời hạn: {known}.",
            f"{where}: unknown act “{raw['act']}”. Acts that move a clock: {known}.",
        )
    until = moment_of(str(raw["until"]), f"{where}.until") if raw.get("until") is not None else None
    return ClockEvent(ClockAct(word), at, until, _amount_of(raw, where), str(raw.get("key") or ""))


def _amount_of(raw: dict[str, Any], where: str) -> int | None:
    amount = raw.get("amount")
    if amount is None:
        return None
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= 1000:
        raise BadInput(
            "event",
            f"{where}.amount: cần số nguyên từ 1 đến 1000, ở đây là {amount!r}.",
            f"{where}.amount: a whole number from 1 to 1000 is needed, not {amount!r}.",
        )
    return amount
