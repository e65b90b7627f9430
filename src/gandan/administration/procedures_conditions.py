"""Conditions chosen by hand: up to three answers, of which all or one must hold; what is more intricate stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandan.catalogue.conditions import Condition
from gandan.catalogue.content import QuestionContent
from gandan.catalogue.content_words import answer_words

LINES = 3
JOINS = [("all", gettext_lazy("all of them hold")), ("any", gettext_lazy("one of them holds"))]
LEAST, MOST = "at_least", "at_most"


def answer_choices(questions: Iterable[QuestionContent]) -> list[tuple[str, str]]:
    """One choice for each answer to each question: "Có nộp thay người khác không? → có"."""
    choices = [("", _("no condition here"))]
    for question in questions:
        for value, words in _answers(question):
            choices.append((f"{question.key}={value}", f"{question.text} → {words}"))
    return choices


def _answers(question: QuestionContent) -> Iterator[tuple[str, str]]:
    if question.kind == "number":
        yield LEAST, _("the number beside, or more")
        yield MOST, _("the number beside, or fewer")
    elif question.kind == "choice":
        yield from question.choices
    else:
        yield from ((value, answer_words(question, value)) for value in ("yes", "no"))


def condition_fields(
    when: Condition, questions: Iterable[QuestionContent], label: str
) -> dict[str, forms.Field]:
    """The fields of a condition: the lines, how they are joined, and whether an intricate one stays."""
    choices = answer_choices(questions)
    made: dict[str, forms.Field] = {}
    if when is not None and lines_of(when) is None:
        made["when-keep"] = forms.BooleanField(
            label=_("Keep the present condition as it is (too intricate to be shown in lines)"),
            required=False,
            initial=True,
        )
    first, rest = lines_of(when) or ("all", [])
    for number in range(1, LINES + 1):
        answer, amount = rest[number - 1] if number <= len(rest) else ("", None)
        made[f"when-{number}"] = forms.ChoiceField(
            label=f"{label} ({number})" if number > 1 else label,
            choices=choices,
            required=False,
            initial=answer,
        )
        if any(choice.endswith((LEAST, MOST)) for choice, _words in choices):
            made[f"when-{number}-number"] = forms.IntegerField(
                label=_("Number for line %(n)s (only where a number is compared)") % {"n": number},
                min_value=0,
                max_value=1_000_000,
                required=False,
                initial=amount,
                widget=forms.NumberInput(attrs={"class": "input-short"}),
            )
    made["when-join"] = forms.ChoiceField(
        label=_("With several lines"), choices=JOINS, initial=first, widget=forms.RadioSelect
    )
    return made


def lines_of(when: Condition) -> tuple[str, list[tuple[str, int | None]]] | None:
    """How the lines are joined, and the lines; None for a condition that does not fit into them."""
    if when is None:
        return "all", []
    join = next((group for group in ("all", "any") if group in when), "all")
    parts: list[Any] = list(when[join]) if join in when else [when]
    if len(parts) == 1 and isinstance(parts[0].get("is"), list):
        question = parts[0]["q"]
        join, parts = "any", [{"q": question, "is": value} for value in parts[0]["is"]]
    lines = [_line(part) for part in parts]
    return None if len(lines) > LINES or None in lines else (join, [one for one in lines if one])


def _line(part: Mapping[str, Any]) -> tuple[str, int | None] | None:
    if "q" not in part or isinstance(part.get("is"), list):
        return None
    for comparison in (LEAST, MOST):
        if comparison in part:
            return f"{part['q']}={comparison}", part[comparison]
    return f"{part['q']}={part['is']}", None


def chosen_condition(form: forms.Form, before: Condition) -> Condition:
    """The condition that the lines say; the one of before where nothing of it was changed."""
    clean = form.cleaned_data
    if clean.get("when-keep"):
        return before
    lines = []
    for number in range(1, LINES + 1):
        choice, amount = clean.get(f"when-{number}", ""), clean.get(f"when-{number}-number")
        if choice:
            lines.append((str(choice), amount))
            if choice.endswith((f"={LEAST}", f"={MOST}")) and amount is None:
                form.add_error(f"when-{number}-number", _("Give the number for this line."))
    kept = [(choice, amount if choice.endswith((LEAST, MOST)) else None) for choice, amount in lines]
    if before is not None and lines_of(before) == (clean.get("when-join"), kept):
        return before
    return _condition(str(clean.get("when-join") or "all"), kept)


def _condition(join: str, lines: list[tuple[str, int | None]]) -> Condition:
    leaves = []
    for choice, amount in lines:
        question, _sign, value = choice.partition("=")
        comparison = value if value in (LEAST, MOST) and amount is not None else "is"
        leaves.append({"q": question, comparison: amount if comparison != "is" else value})
    if not leaves:
        return None
    return leaves[0] if len(leaves) == 1 else {join: leaves}
