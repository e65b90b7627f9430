"""Papers of the shipped catalogue (thành phần hồ sơ): conditions, and the databases that replace a paper."""

from __future__ import annotations

from typing import Any

from gandan.calculus.folding import fold
from gandan.calculus.rules import Mark
from gandan.catalogue import conditions
from gandan.catalogue.conditions import Condition
from gandan.catalogue.shipped_values import CatalogueDataInvalid, ShippedPaper

HOW = {"nộp": "submit", "xuất trình": "show"}
# What a paper's name begins with or holds, for each database that Nghị quyết 66.7/2025/NQ-CP lets replace it.
REPLACED_BY = {
    "căn cước": ("giay to tuy than", "can cuoc", "the can cuoc", "giay to nhan than"),
    "giấy chứng nhận quyền sử dụng đất": (
        "giay to hop phap ve dat",
        "giay to ve dat",
        "ban goc giay chung nhan da cap",
    ),
    "giấy khai sinh": ("giay khai sinh", "ban sao giay khai sinh"),
    "đăng ký doanh nghiệp": ("giay chung nhan dang ky kinh doanh", "dang ky doanh nghiep"),
}


def papers_of(
    raw: dict[str, Any], structured: dict[str, Any], common_when: dict[str, Condition]
) -> tuple[ShippedPaper, ...]:
    """The papers in the source's order, then those added by hand.

    `structured["papers"]` holds one entry a source paper (a key, or a mapping with overrides); `common_when`
    gives the conditions of phrases that many entries share.
    """
    documents = list(raw.get("documents") or [])
    overrides = structured.get("papers") or [f"paper_{number}" for number in range(1, len(documents) + 1)]
    if len(overrides) != len(documents):
        raise CatalogueDataInvalid(f"{raw['code']}: {len(documents)} papers, {len(overrides)} structured")
    merged = [_merge(document, override) for document, override in zip(documents, overrides, strict=True)]
    merged += structured.get("more_papers") or []
    return tuple(_paper(raw, one, common_when) for one in merged)


def _merge(document: dict[str, Any], override: str | dict[str, Any]) -> dict[str, Any]:
    extra = {"key": override} if isinstance(override, str) else dict(override)
    merged = {**document, **extra}
    merged["when_text"] = extra.get("when_text", document.get("when", ""))
    merged["when"] = extra.get("when")
    return merged


def _paper(raw: dict[str, Any], one: dict[str, Any], common_when: dict[str, Condition]) -> ShippedPaper:
    text = one.get("when_text") or ""
    when = one.get("when") or common_when.get(text)
    conditions.check(when)
    return ShippedPaper(
        key=one["key"],
        name=one["name"],
        original=int(one.get("original", 0)),
        copy=int(one.get("copy", 0)),
        how=HOW[one.get("how", "nộp")],
        when=when,
        when_text=text,
        data_source=_data_source(one["name"], raw.get("data_replaces") or []),
        mark=Mark(one.get("mark", raw["confidence"])),
    )


def _data_source(name: str, replaced: list[str]) -> str:
    """The database from which the office takes the data instead of this paper, or ""."""
    folded = fold(name)
    for entry in replaced:
        paper, _, database = entry.partition(" → ")
        if folded.startswith(REPLACED_BY.get(paper, ())):
            return database
    return ""
