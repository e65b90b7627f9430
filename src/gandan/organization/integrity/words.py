"""The nine cases and what is told of each (NĐ 59/2019/NĐ-CP art. 29), shortened; the decree's text counts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASES: dict[int, str | Promise] = {
    1: _("receives money or another benefit from bodies related to the work"),
    2: _("founds or manages an enterprise"),
    3: _("gives advice on secrets or on what the officer decides"),
    4: _("uses information that the office gives"),
    5: _("places relatives in posts of staff, accounts, treasury, stores or procurement"),
    6: _("holds capital, or lets relatives trade, in the field that the officer manages"),
    7: _("contracts with enterprises of relatives"),
    8: _("a relative has a direct right or interest in what the officer does"),
    9: _("interferes improperly for gain"),
}
DECREE = "NĐ 59/2019/NĐ-CP"


def case_cited(case: int) -> str:
    """The place in the decree: "Điều 29, trường hợp 8, NĐ 59/2019/NĐ-CP"."""
    return f"Điều 29, trường hợp {case}, {DECREE}"
