"""Time limits of the shipped catalogue (thời hạn giải quyết): from the file's words to rules of the clock."""

from __future__ import annotations

from datetime import time
from typing import Any

from gandan.calculus.rules import End, Mark, Source, Start, SupplementEffect, TimeRule, Unit
from gandan.catalogue import conditions
from gandan.catalogue.shipped_values import CatalogueDataInvalid, ShippedCase

CUT_OFF = time(15, 0)
UNITS = {
    "giờ": Unit.HOUR,
    "giờ làm việc": Unit.WORKING_HOUR,
    "ngày làm việc": Unit.WORKING_DAY,
    "ngày": Unit.DAY,
    "trong ngày": Unit.SAME_DAY,
}
SAME_DAY_LAW = {
    "Hộ tịch": ("Luật Hộ tịch 2014 (60/2014/QH13)", "khoản 3 Điều 5"),
    "Chứng thực": ("Nghị định 23/2015/NĐ-CP", "Điều 7"),
}


def rule_of(amount: int, unit: Unit, source: Source) -> TimeRule:
    """The rule with the start, end and supplement effect that the general law gives to its unit.

    Days: the day of reception is not counted (BLDS 2015 art. 147), the last ends with the office. Hours run
    at once. Same day: after 15:00 the next working day. A supplement restarts (NĐ 118/2025 art. 19.5).
    """
    if unit is Unit.SAME_DAY:
        return TimeRule(0, unit, source, start=Start.AT_ONCE, cut_off=CUT_OFF)
    if unit in (Unit.HOUR, Unit.WORKING_HOUR):
        return TimeRule(amount, unit, source, start=Start.AT_ONCE, end=End.CLOCK_TIME)
    return TimeRule(amount, unit, source, supplement=SupplementEffect.RESTART)


def cases_of(
    raw: dict[str, Any], cases: list[dict[str, Any]] | None, why_not: str
) -> tuple[ShippedCase, ...]:
    """The cases of one entry: structured by hand if given, else the one that its `time` states.

    `why_not` set (no papers, replaced by law…): the limits are kept as published, none makes a date.
    """
    if cases is None:
        return (_only_case(raw, why_not),)
    built = tuple(_structured(raw, case, why_not) for case in cases)
    if sum(1 for case in built if case.when is None) != 1:
        raise CatalogueDataInvalid(f"{raw['code']}: exactly one case must stand without a condition")
    return built


def _only_case(raw: dict[str, Any], why_not: str) -> ShippedCase:
    stated = raw.get("time") or {}
    note = str(stated.get("note", ""))
    if stated.get("same_day") and ";" not in note:
        note = ""  # it only repeats the cut-off, which the rule tells
    label = "Trường hợp thông thường"
    if stated.get("value") is None or "unit" not in stated:
        why = why_not or _why_unusable(raw)
        return ShippedCase("standard", label, None, why_no_rule=why, note=note)
    unit = Unit.SAME_DAY if stated.get("same_day") else UNITS[stated["unit"]]
    rule = rule_of(int(stated["value"]), unit, _source(raw, unit))
    return ShippedCase("standard", label, None if why_not else rule, why_not, None, rule, note)


def _why_unusable(raw: dict[str, Any]) -> str:
    if raw.get("time_rows"):
        return "Cổng Dịch vụ công quốc gia ghi thời hạn bằng một con số không kèm đơn vị."
    if (raw.get("time") or {}).get("note"):
        return "Thời hạn theo đợt, không đếm được từ ngày nhận hồ sơ."
    return "Chưa đọc được thời hạn giải quyết trong nguồn công bố."


def _structured(raw: dict[str, Any], case: dict[str, Any], why_not: str) -> ShippedCase:
    when = case.get("when")
    conditions.check(when)
    unit = UNITS[case["unit"]]
    rule = rule_of(int(case.get("amount", 0)), unit, _case_source(raw, case, unit))
    return ShippedCase(
        name=case["name"],
        label=case["label"],
        rule=None if why_not else rule,
        why_no_rule=why_not,
        when=when,
        published=rule,
        note=case.get("note", ""),
        supplement_days=case.get("supplement_days"),
        supplement_unit=case.get("supplement_unit", ""),
    )


def _case_source(raw: dict[str, Any], case: dict[str, Any], unit: Unit) -> Source:
    given = _source(raw, unit)
    return Source(
        document=case.get("document", given.document),
        article=case.get("article", "" if "document" in case else given.article),
        mark=Mark(case.get("mark", given.mark)),
    )


def _source(raw: dict[str, Any], unit: Unit) -> Source:
    """The same-day rule of its law, else the decision that published the limit."""
    stated = raw.get("time") or {}
    mark = Mark(stated.get("unit_confidence") or stated.get("confidence") or raw["confidence"])
    if unit is Unit.SAME_DAY and raw["field"] in SAME_DAY_LAW:
        document, article = SAME_DAY_LAW[raw["field"]]
        return Source(document, article, mark)
    decision = (raw.get("source") or {}).get("decision", "")
    return Source(str(stated.get("source") or decision or "Cổng Dịch vụ công quốc gia"), "", mark)
