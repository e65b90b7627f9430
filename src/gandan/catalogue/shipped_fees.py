"""Fees of the shipped catalogue (phí, lệ phí): what the source really says, never "free" for a blank cell."""

from __future__ import annotations

from datetime import date
from typing import Any

from gandan.calculus.rules import Mark
from gandan.catalogue import conditions
from gandan.catalogue.shipped_values import ShippedFee

UNKNOWN_LABEL = {
    "shown_free": "Cổng hiện “Miễn phí” nhưng ô số để trống: cần kiểm tra",
    "not_published": "Cổng chưa công bố mức thu: cần kiểm tra",
    "not_read": "Chưa đọc được mức thu trong nguồn công bố: cần kiểm tra",
}
BY_PROVINCE_LABEL = "Mức do HĐND tỉnh, thành phố quyết định"


def fees_of(
    raw: dict[str, Any], structured: dict[str, Any], reliefs: list[dict[str, Any]]
) -> tuple[ShippedFee, ...]:
    """The fee rules of one entry: structured by hand if given, else from its `fee`; then its reliefs."""
    fee = raw.get("fee") or {}
    mark = Mark(fee.get("confidence", raw["confidence"]))
    if "fees" in structured:
        rules = [_structured(one, mark) for one in structured["fees"]]
    else:
        rules = _stated(fee, mark)
    rules += [
        _structured({**one, "relief": True}, mark) for one in reliefs if raw["code"] in one["procedures"]
    ]
    return tuple(rules)


def _stated(fee: dict[str, Any], mark: Mark) -> list[ShippedFee]:
    kind = fee.get("kind", "not_read")
    exempt = str(fee.get("exempt", ""))
    document = str(fee.get("source", ""))
    if kind in UNKNOWN_LABEL:
        return [ShippedFee("fee", UNKNOWN_LABEL[kind], "unknown", unknown_because=kind, mark=mark)]
    if kind == "province":
        label = " ".join([BY_PROVINCE_LABEL, f"({fee['note']})" if fee.get("note") else ""]).strip()
        return [ShippedFee("fee", label, "by_province", exempt_text=exempt, document=document, mark=mark)]
    if kind == "free":
        return [ShippedFee("fee", "Không thu", "free", amount=0, document=document, mark=mark)]
    return _fixed(fee, mark, exempt, document)


def _fixed(fee: dict[str, Any], mark: Mark, exempt: str, document: str) -> list[ShippedFee]:
    per = str(fee.get("per", ""))
    label = f"Mức thu ({fee['note']})" if fee.get("note") else "Mức thu"
    common: dict[str, Any] = {"per": per, "exempt_text": exempt, "document": document, "mark": mark}
    if fee.get("online", fee["counter"]) == fee["counter"]:
        return [ShippedFee("fee", label, "fixed", amount=fee["counter"], **common)]
    return [
        ShippedFee("fee_counter", label, "fixed", amount=fee["counter"], channel="counter", **common),
        ShippedFee("fee_online", label, "fixed", amount=fee["online"], channel="online", **common),
    ]


def _structured(one: dict[str, Any], mark: Mark) -> ShippedFee:
    conditions.check(one.get("when"))
    kind = one["kind"]
    unknown = one.get("unknown_because", "not_read") if kind == "unknown" else ""
    return ShippedFee(
        key=one["key"],
        label=one.get("label") or UNKNOWN_LABEL.get(unknown, BY_PROVINCE_LABEL),
        kind=kind,
        amount=one.get("amount", 0 if kind == "free" else None),
        per=one.get("per", ""),
        quantity=one.get("quantity", ""),
        scale=one.get("scale"),
        channel=one.get("channel", "any"),
        relief=bool(one.get("relief", False)),
        exempt_text=one.get("exempt_text", ""),
        document=one.get("document", ""),
        mark=Mark(one.get("mark", mark)),
        when=one.get("when"),
        unknown_because=unknown,
        province=str(one.get("province", "")),
        valid_from=_day(one.get("valid_from")),
        valid_to=_day(one.get("valid_to")),
    )


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
