"""Time limits, papers and fees in the words of the counter."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gandan.calculus.rules import TimeRule, Unit
from gandan.catalogue.fees import FeeLine
from gandan.catalogue.models import FeeKind, PaperHow, PaperRequirement
from gandan.ui.words import money_words


def time_words(rule: TimeRule | None) -> str:
    """ "7 ngày làm việc"; of a same-day rule the cut-off too; "" without a rule."""
    if rule is None:
        return ""
    if rule.unit is Unit.SAME_DAY:
        if rule.cut_off is None:
            return _("the same day")
        return _("the same day; after %(hour)s on the next working day") % {"hour": f"{rule.cut_off:%H:%M}"}
    return _amount_words(rule.amount, rule.unit)


def _amount_words(amount: int, unit: Unit) -> str:
    words = {
        Unit.HOUR: ngettext("%(n)d hour", "%(n)d hours", amount),
        Unit.WORKING_HOUR: ngettext("%(n)d working hour", "%(n)d working hours", amount),
        Unit.WORKING_DAY: ngettext("%(n)d working day", "%(n)d working days", amount),
        Unit.DAY: ngettext("%(n)d day", "%(n)d days", amount),
        Unit.MONTH: ngettext("%(n)d month", "%(n)d months", amount),
    }
    return words[unit] % {"n": amount}


def paper_words(paper: PaperRequirement) -> str:
    """How many and how: "1 bản chính, nộp"; "xuất trình bản chính, không nộp"."""
    counts = []
    if paper.original:
        counts.append(ngettext("%(n)d original", "%(n)d originals", paper.original) % {"n": paper.original})
    if paper.copy:
        counts.append(ngettext("%(n)d copy", "%(n)d copies", paper.copy) % {"n": paper.copy})
    number = ", ".join(counts)
    if paper.how == PaperHow.SHOW:
        return _("show only, do not hand in: %(number)s") % {"number": number} if number else _("show only")
    return _("hand in: %(number)s") % {"number": number} if number else _("hand in")


def fee_words(line: FeeLine) -> str:
    """The amount of a line, or why there is none; free only where the source says so."""
    if line.conditional:
        return _if_so(line)
    if line.kind == FeeKind.FREE:
        return pgettext("fee", "free of charge")
    if line.kind == FeeKind.BY_PROVINCE:
        return pgettext("fee", "set by the province")
    if line.kind == FeeKind.UNKNOWN:
        return pgettext("fee", "not known for certain")
    if line.amount is None:
        return _("%(amount)s per %(unit)s") % {"amount": money_words(line.unit_amount), "unit": line.per}
    return money_words(line.amount)


def _if_so(line: FeeLine) -> str:
    if line.kind == FeeKind.FIXED:
        return _("%(amount)s, depending on your answer") % {"amount": money_words(line.unit_amount)}
    return pgettext("fee", "depends on your answer")
