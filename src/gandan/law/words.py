"""A value of the law in the words of a page: "3 ngày làm việc", "2 ngày mỗi tháng"."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gandan.law import shipped
from gandan.law.models import Parameter
from gandan.law.rows import MarkChoices


def amount_words(amount: int, unit: str) -> str:
    """A whole number with its unit."""
    counted = {
        "working_day": ngettext("%(n)d working day", "%(n)d working days", amount),
        "day": ngettext("%(n)d calendar day", "%(n)d calendar days", amount),
        "hour": ngettext("%(n)d hour", "%(n)d hours", amount),
        "working_hour": ngettext("%(n)d working hour", "%(n)d working hours", amount),
        "minute": ngettext("%(n)d minute", "%(n)d minutes", amount),
        "month": ngettext("%(n)d month", "%(n)d months", amount),
        "year": ngettext("%(n)d year", "%(n)d years", amount),
    }
    return counted.get(unit, "%(n)d") % {"n": amount}


def part_words(part: str) -> str:
    """The name of one part of a value that has several."""
    names = {
        "normal": _("ordinary case"),
        "complex": _("complex case"),
        "remote": _("remote areas"),
        "verification": _("when facts must be verified"),
        "with_parents": _("child in the parents' household"),
        "other": _("other cases"),
        "householder_consent": _("consent of the householder"),
        "benefits": _("funeral and survivors' benefits"),
        "stop_monthly": _("stop of the monthly benefit"),
        "several_places": _("several places to check"),
        "ask": _("the superior asks"),
        "reply": _("the reply"),
    }
    return names.get(part, part)


def rule_words(rule: str) -> str:
    """A value that is a rule and not a figure."""
    rules = {
        "complete_and_correct": _("when the dossier is received complete and correct"),
        "competent_receives": _("when the competent agency receives it"),
        "office_close": _("at the end of office hours"),
        "not_counted": _("not counted"),
        "the_moment": _("from the moment itself"),
        "corresponding_day": _("on the corresponding day of the last month"),
        "next_working_day": _("the end of the next working day"),
        "not_weekend_not_holiday": _("no weekly day off, no holiday; a make-up day counts"),
        "restart": _("counted again from the beginning"),
        "subtract": _("the wait is subtracted"),
        "spouse_parents_children_siblings": _("spouse, parents, children, brothers and sisters"),
        "spouse_parents_children": _("spouse, parents, children"),
    }
    return rules.get(rule, rule)


def _table_words(value: dict[str, Any], unit: str) -> str:
    if "period" in value:
        week = value["period"] == "week"
        pattern = _("%(n)d day each week") if week else _("%(n)d days each month")
        return pattern % {"n": value["days"]}
    if "times" in value:
        return _("%(times)d time(s), %(n)d days each") % {"times": value["times"], "n": value["days"]}
    if "within" in value:
        return _("within %(within)s, kept public for at least %(keep)s") % {
            "within": amount_words(value["within"], value["within_unit"]),
            "keep": amount_words(value["keep_at_least"], value["keep_unit"]),
        }
    return "; ".join(f"{part_words(part)}: {amount_words(n, unit)}" for part, n in value.items())


def _range_words(value: dict[str, Any]) -> str:
    if "to" in value:
        return _("%(from)d to %(to)d people: %(min)d or %(max)d") % value
    return _("%(from)d people or more: at most %(max)d") % value


def value_words(row: Parameter) -> str:
    """The value with its unit, in the language of the page."""
    value = row.content
    if value is None:
        return _("no figure in any text")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return amount_words(value, row.unit)
    if isinstance(value, dict):
        return _table_words(value, row.unit)
    if isinstance(value, list):
        return "; ".join(_range_words(part) for part in value)
    return rule_words(value)


def title_of(key: str) -> str:
    """What the key is about, in the language of the page; a key that does not ship is its own title."""
    entry = shipped.keys().get(key)
    if entry is None:
        return key
    return entry.title_en if get_language() == "en" else entry.title


def all_titles_of(key: str) -> str:
    """The titles in every language, to be searched: people type Vietnamese on an English page too."""
    entry = shipped.keys().get(key)
    return f"{entry.title} {entry.title_en}" if entry else key


def group_words(group: str) -> str:
    """The heading under which keys stand."""
    groups = {
        "clock": _("How time is counted"),
        "reception": _("Reception and transfer"),
        "supplement": _("Supplement of papers"),
        "result": _("Result, apology, keeping"),
        "watch": _("Warnings, calls, leaders: set by ourselves, not by law"),
        "code": _("Codes"),
        "group": _("Joint electronic groups (birth, death)"),
        "tcd": _("Citizen reception"),
        "kn": _("Complaints"),
        "tc": _("Denunciations"),
        "pakn": _("Feedback and proposals"),
        "dc": _("Grassroots democracy"),
        "integrity": _("Integrity of officers"),
    }
    return groups.get(group, group)


def count_words(count: int, uncertain: int) -> str:
    """How many rules stand in a group, and how many of them need checking."""
    counted = ngettext("%(n)d rule", "%(n)d rules", count) % {"n": count}
    if not uncertain:
        return counted
    doubtful = ngettext("%(n)d needs checking", "%(n)d need checking", uncertain) % {"n": uncertain}
    return f"{counted}, {doubtful}"


def period_words(valid_from: date | None, valid_to: date | None) -> str:
    """From when to when, both days included."""
    dates = {"from": valid_from and f"{valid_from:%d/%m/%Y}", "to": valid_to and f"{valid_to:%d/%m/%Y}"}
    if valid_from and valid_to:
        return _("%(from)s to %(to)s") % dates
    if valid_from:
        return _("since %(from)s") % dates
    if valid_to:
        return _("until %(to)s") % dates
    return _("in force, first day not in our sources")


def mark_words(mark: str) -> str:
    """How certain a row is, in words."""
    return str(MarkChoices(mark).label)
