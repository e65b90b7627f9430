"""The shipped catalogue (danh mục thủ tục hành chính đi kèm), read from `data/`; pure, without Django.

`data/procedures.yaml` holds what the sources print; `data/structured.yaml` the conditions written by hand;
`data/workflows.yaml` real internal workflows, `data/sample_workflows.yaml` ours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gandan.calculus.rules import Mark
from gandan.catalogue import conditions
from gandan.catalogue.shipped_fees import fees_of
from gandan.catalogue.shipped_papers import papers_of
from gandan.catalogue.shipped_times import UNITS, cases_of
from gandan.catalogue.shipped_values import (
    CatalogueDataInvalid,
    ShippedCase,
    ShippedFee,
    ShippedPaper,
    ShippedProcedure,
    ShippedQuestion,
    ShippedSource,
    ShippedStep,
    ShippedWorkflow,
)

__all__ = [
    "CatalogueDataInvalid",
    "ShippedCase",
    "ShippedFee",
    "ShippedPaper",
    "ShippedProcedure",
    "ShippedQuestion",
    "ShippedSource",
    "ShippedStep",
    "ShippedWorkflow",
    "digest_of",
    "load_procedures",
    "load_workflows",
]

DATA = Path(__file__).resolve().parent / "data"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast, if built
NO_PAPERS = "Chưa đọc được danh sách giấy tờ trong nguồn công bố, nên chỉ hướng dẫn, không hẹn ngày."
ONLY_NEGATIVE_RESULT = "Nguồn chỉ ghi giấy từ chối hoặc yêu cầu bổ sung; tên kết quả thuận chưa đọc được."
ONLINE = {"toàn trình": "full", "một phần": "partial"}
POLICE = "Công an cấp xã"
LEVELS = {"xã": "commune", "tỉnh": "province"}


@cache
def load_procedures() -> dict[str, ShippedProcedure]:
    """All shipped procedures by their national code, in the file's order."""
    structured = _read("structured.yaml")
    return {raw["code"]: _procedure(raw, structured) for raw in _read("procedures.yaml")["procedures"]}


@cache
def load_workflows() -> tuple[ShippedWorkflow, ...]:
    """The real workflows of provinces, then our samples (one per lane)."""
    ours = _read("sample_workflows.yaml")
    real = tuple(_real_workflow(raw, ours) for raw in _read("workflows.yaml")["workflows"])
    return real + tuple(_sample_workflow(raw) for raw in ours["workflows"])


def digest_of(procedure: ShippedProcedure) -> str:
    """SHA-256 of all that the entry says: another digest is another version."""
    text = json.dumps(asdict(procedure), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(name: str) -> Any:
    with (DATA / name).open(encoding="utf-8") as file:
        return yaml.load(file, LOADER)  # noqa: S506 (a safe loader either way)


def _procedure(raw: dict[str, Any], structured: dict[str, Any]) -> ShippedProcedure:
    hand = structured["procedures"].get(raw["code"], {})
    common = structured["common_when"]
    why_not = hand.get("guide_only", "") or ("" if raw.get("documents") else NO_PAPERS)
    cases = cases_of(raw, hand.get("cases"), why_not)
    papers = papers_of(raw, hand, common)
    fees = fees_of(raw, hand, structured["reliefs"])
    why_not = why_not or ("" if any(case.rule for case in cases) else cases[0].why_no_rule)
    same_day = any(case.rule and case.rule.unit is UNITS["trong ngày"] for case in cases)
    return ShippedProcedure(
        code=raw["code"],
        name=hand.get("name", raw["name"]),
        field=raw["field"],
        level=raw["level"],
        decides=raw["decides"],
        cases=cases,
        questions=_questions(
            cases, papers, fees, {**structured["questions"], **hand.get("own_questions", {})}
        ),
        documents=papers,
        fees=fees,
        result=_result(raw),
        legal=tuple(raw.get("legal") or ()),
        source=_source(raw),
        mark=Mark(raw["confidence"]),
        guide_only=bool(why_not),
        why_guide_only=why_not,
        immediate=same_day and raw["field"] in ("Chứng thực", "Hộ tịch"),
        lane=_lane(raw, same_day=same_day),
        online=_online(raw),
        presence=raw.get("presence", ""),
        note=" ".join(filter(None, [hand.get("note", raw.get("note", "")), _result_note(raw)])),
        province=str(raw.get("province", "")),
        also_known_as=tuple(structured["also_known_as"].get(raw["code"], ())),
        everyday_name=structured["everyday_names"].get(raw["code"], ""),
    )


def _lane(raw: dict[str, Any], *, same_day: bool) -> str:
    if raw["decides"] == POLICE:
        return "police"
    return "immediate" if same_day and raw["field"] == "Chứng thực" else "standard"


def _online(raw: dict[str, Any]) -> str:
    online = raw.get("online")
    if not online:
        return ""
    if not online["available"]:
        return "none"
    return ONLINE.get(online.get("level", ""), "available")


def _result(raw: dict[str, Any]) -> str:
    """The positive result; "" where the source prints only a refusal or a request for papers."""
    return "" if raw.get("result_note") else str(raw.get("result", ""))


def _result_note(raw: dict[str, Any]) -> str:
    return ONLY_NEGATIVE_RESULT if raw.get("result_note") else ""


def _source(raw: dict[str, Any]) -> ShippedSource:
    source = raw["source"]
    return ShippedSource(source.get("url", ""), source.get("decision", ""))


def _questions(
    cases: tuple[ShippedCase, ...],
    papers: tuple[ShippedPaper, ...],
    fees: tuple[ShippedFee, ...],
    bank: dict[str, Any],
) -> tuple[ShippedQuestion, ...]:
    """The questions that some condition or quantity needs, in the order of the bank."""
    needed: set[str] = set()
    for when in [one.when for one in cases] + [one.when for one in papers] + [one.when for one in fees]:
        needed |= conditions.questions_in(when)
    for fee in fees:
        needed |= {fee.quantity, (fee.scale or {}).get("by", ""), (fee.scale or {}).get("times", "")}
    needed -= {"", "channel"}
    missing = needed - set(bank)
    if missing:
        raise CatalogueDataInvalid(f"conditions ask unknown questions: {sorted(missing)}")
    return tuple(_question(key, bank[key]) for key in bank if key in needed)


def _question(key: str, raw: dict[str, Any]) -> ShippedQuestion:
    choices = tuple((str(value), str(label)) for value, label in (raw.get("choices") or {}).items())
    return ShippedQuestion(
        key, raw["text"], raw.get("kind", "yes_no"), choices, raw.get("audience", "anyone")
    )


def _real_workflow(raw: dict[str, Any], ours: dict[str, Any]) -> ShippedWorkflow:
    phases = raw.get("phases") or [{"level": "xã", "steps": raw["steps"]}]
    steps = tuple(
        _step(step, ours["roles"][step["role"]] or "", LEVELS[phase["level"]], raw["total"]["unit"])
        for phase in phases
        for step in phase["steps"]
    )
    name = f"{load_procedures()[raw['procedure']].name} ({raw['case']})"
    province = str(ours["provinces"][raw["province"]])
    key = f"{province}:{raw['procedure']}"
    return ShippedWorkflow(key, name, raw["procedure"], province, raw["decision"], "", Mark.READ, steps)


def _sample_workflow(raw: dict[str, Any]) -> ShippedWorkflow:
    steps = tuple(_step(step, step["code"], "commune", "ngày làm việc") for step in raw["steps"])
    return ShippedWorkflow(f"sample:{raw['lane']}", raw["name"], "", "", "", raw["lane"], Mark.DERIVED, steps)


def _step(raw: dict[str, Any], role: str, phase: str, unit: str) -> ShippedStep:
    amount = raw.get("time")
    hundredths = None if amount is None else int(Decimal(str(amount)) * 100)
    return ShippedStep(raw["work"], raw["role"], role, hundredths, UNITS[raw.get("unit", unit)].value, phase)
