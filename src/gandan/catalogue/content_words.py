"""What a content says, in the words of a page: conditions, time limits, money, yes and no."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gandan.catalogue.conditions import Condition
from gandan.catalogue.content import Kind, QuestionContent, Spec
from gandan.ui.words import date_words, money_words


def value_words(spec: Spec, value: Any, questions: Iterable[QuestionContent] = ()) -> str:
    """The value of a field as people read it; "" for nothing."""
    if value is None or value == "" or value == ():
        return ""
    if spec.kind is Kind.CONDITION:
        return condition_words(value, questions)
    if spec.kind is Kind.SCALE:
        return scale_words(value)
    if spec.kind is Kind.CHOICE:
        return str(spec.choices.get(value, value))
    if spec.kind is Kind.FLAG:
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if spec.kind is Kind.LINES:
        return "; ".join(value)
    if spec.kind is Kind.PAIRS:
        return "; ".join(label for _key, label in value)
    if spec.kind is Kind.HUNDREDTHS:
        return hundredths_words(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return date_words(value)
    return money_words(value) if spec.is_money else str(value)


def condition_words(when: Condition, questions: Iterable[QuestionContent]) -> str:
    """ "Có nộp thay người khác không? – có"; groups joined by "and", "or"."""
    if when is None:
        return _("always")
    known = {one.key: one for one in questions}
    return _told(when, known)


def _told(when: Any, known: dict[str, QuestionContent]) -> str:
    if "all" in when:
        return f" {both()} ".join(_part(one, known) for one in when["all"])
    if "any" in when:
        return f" {either()} ".join(_part(one, known) for one in when["any"])
    if "not" in when:
        return _("not: %(condition)s") % {"condition": _told(when["not"], known)}
    question = known.get(when["q"])
    text = question.text if question else str(when["q"])
    return f"{text} – {_answer(when, question)}"


def both() -> str:
    return _("and")


def either() -> str:
    return _("or")


def _part(when: Any, known: dict[str, QuestionContent]) -> str:
    told = _told(when, known)
    return f"({told})" if "q" not in when else told


def _answer(when: Any, question: QuestionContent | None) -> str:
    if "at_least" in when:
        return _("%(n)s or more") % {"n": when["at_least"]}
    if "at_most" in when:
        return _("%(n)s or fewer") % {"n": when["at_most"]}
    wanted = when["is"] if isinstance(when["is"], list) else [when["is"]]
    return f" {either()} ".join(answer_words(question, one) for one in wanted)


def answer_words(question: QuestionContent | None, value: str) -> str:
    """The answer in words: its label, or yes and no."""
    labels = dict(question.choices) if question else {}
    usual = {"yes": pgettext("answer", "yes"), "no": pgettext("answer", "no")}
    return labels.get(value) or usual.get(value, value)


def scale_words(scale: dict[str, Any]) -> str:
    """ "đến 2: 2.000 đ; sau đó: 1.000 đ; nhiều nhất 200.000 đ"."""
    parts = []
    for step in scale["steps"]:
        amount = money_words(step["amount"])
        if "up_to" in step:
            parts.append(_("up to %(n)s: %(amount)s each") % {"n": step["up_to"], "amount": amount})
        else:
            parts.append(_("beyond that: %(amount)s each") % {"amount": amount})
    if "cap" in scale:
        parts.append(_("at most %(amount)s") % {"amount": money_words(scale["cap"])})
    return "; ".join(parts)


def hundredths_words(value: int) -> str:
    """50 → "0,5"."""
    whole, rest = divmod(value, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)
