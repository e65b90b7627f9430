"""What must be put right before a content can be published (kiểm tra trước khi công bố), in plain words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gandan.calculus.rules import Unit
from gandan.catalogue import conditions
from gandan.catalogue.content import (
    ROWS_OF,
    CaseContent,
    Content,
    FeeContent,
    PaperContent,
    QuestionContent,
    key_of,
    specs,
    title_of,
)
from gandan.catalogue.content_words import answer_words
from gandan.catalogue.stored import longest_of

CODE = re.compile(r"[0-9]\.[0-9]{6}(\.[A-Z][0-9]{2})?", re.ASCII)
KEY = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
MONEY = re.compile(r"(\d{1,3}(?:\.\d{3})+) ?(?:đ|đồng)\b")
#: Keys that the intake answers by itself, without a question of the version.
KNOWN_WITHOUT_QUESTION = frozenset({"channel"})
LONGEST_LIMIT = 3650


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, or (`stops` False) to think about. `part`, `key`: the page that it stands on."""

    part: str
    key: str
    message: str
    stops: bool = True


def problems_of(content: Content, on: date) -> list[Problem]:
    """All that hinders publishing, then what is worth a second look on the day `on`."""
    found = [
        *_of_general(content),
        *_of_lengths(content),
        *_of_keys(content),
        *_of_questions(content),
        *_of_cases(content),
        *_of_papers(content),
        *_of_fees(content, on),
    ]
    return sorted(found, key=lambda one: not one.stops)


def _of_general(content: Content) -> Iterator[Problem]:
    if not CODE.fullmatch(content.code):
        yield Problem("general", "", _("The code is written like 1.001193."))
    if not content.name:
        yield Problem("general", "", _("The official name is missing."))
    if not content.field:
        yield Problem("general", "", _("The field of work is missing."))
    if not content.level or not content.decides:
        yield Problem("general", "", _("Say which level handles it and who decides."))
    if not content.legal:
        yield Problem("general", "", _("The legal basis is missing: name at least one document."))
    if content.source_url and not content.source_url.startswith("https://"):
        yield Problem("general", "", _("The address of the source begins with https://."))
    if not content.result and not content.guide_only:
        yield Problem(
            "general", "", _("No result is named: the person will not know what they receive."), stops=False
        )
    yield from _of_guidance(content)


def _of_guidance(content: Content) -> Iterator[Problem]:
    dated = any(not case.why_no_rule for case in content.cases)
    if content.guide_only and not content.why_guide_only:
        yield Problem("general", "", _("Say why only guidance is given."))
    if content.guide_only and dated:
        yield Problem(
            "cases", "", _("For guidance only no case may give a date: write in each why there is none.")
        )
    if not content.guide_only and not dated and content.cases:
        yield Problem("general", "", _("No case gives a date, so this is guidance only: say so, and why."))
    if content.immediate and not any(case.unit == Unit.SAME_DAY for case in content.cases):
        yield Problem(
            "general", "", _("What may be settled at once needs a case with the time limit “within the day”.")
        )


def _of_lengths(content: Content) -> Iterator[Problem]:
    yield from _too_long(content, "general", "")
    for part in ROWS_OF:
        for row in getattr(content, part):
            yield from _too_long(row, part, key_of(row))


def _too_long(value: Any, part: str, key: str) -> Iterator[Problem]:
    for spec in specs(type(value)):
        text = getattr(value, spec.name)
        most = longest_of(type(value), spec.name) if isinstance(text, str) and text else None
        if most is not None and len(text) > most:
            words = {"label": spec.label, "n": len(text), "most": most}
            yield Problem(part, key, _("“%(label)s” has %(n)s signs; at most %(most)s fit.") % words)


def _of_keys(content: Content) -> Iterator[Problem]:
    for part in ROWS_OF:
        rows = getattr(content, part)
        for key, times in Counter(key_of(row) for row in rows).items():
            if times > 1:
                yield Problem(
                    part, key, _("The short name “%(key)s” stands %(n)s times.") % {"key": key, "n": times}
                )
        for row in rows:
            if not KEY.fullmatch(key_of(row)):
                yield Problem(
                    part,
                    key_of(row),
                    _("The short name “%(key)s” may hold small letters without marks, figures and _ alone.")
                    % {"key": key_of(row)},
                )
            if not title_of(row):
                yield Problem(part, key_of(row), _("An entry has no name yet."))


def _of_questions(content: Content) -> Iterator[Problem]:
    used = _asked(content)
    for question in content.questions:
        if question.kind == "choice" and len(question.choices) < 2:
            yield _about("questions", question, _("“%(name)s” needs at least two answers to choose from."))
        if question.kind != "choice" and question.choices:
            yield _about("questions", question, _("“%(name)s” offers answers, but is no question of choice."))
        if any(not value or not label for value, label in question.choices):
            yield _about("questions", question, _("“%(name)s” has an answer without words."))
        if len({value for value, _label in question.choices}) < len(question.choices):
            yield _about("questions", question, _("“%(name)s” has the same answer twice."))
        if question.key not in used:
            yield _about(
                "questions",
                question,
                _("Nothing depends on “%(name)s”: people are asked for nothing."),
                stops=False,
            )


def _asked(content: Content) -> set[str]:
    rows: list[Any] = [*content.cases, *content.papers, *content.fees]
    used = {key for row in rows for key in conditions.questions_in(row.when)}
    for fee in content.fees:
        used |= {fee.quantity, (fee.scale or {}).get("by", ""), (fee.scale or {}).get("times", "")}
    return used


def _about(part: str, row: Any, message: str, *, stops: bool = True) -> Problem:
    return Problem(part, key_of(row), message % {"name": title_of(row)}, stops)


def _of_condition(content: Content, part: str, row: Any) -> Iterator[Problem]:
    """Every comparison asks a question that is there, and an answer that it offers."""
    known = {one.key: one for one in content.questions}
    for leaf in conditions.leaves(row.when):
        question = known.get(leaf["q"])
        if question is None:
            if leaf["q"] not in KNOWN_WITHOUT_QUESTION:
                yield _about(part, row, _("“%(name)s” depends on a question that is not there any more."))
        elif fault := _answer_fault(leaf, question):
            yield _about(part, row, fault)


def _answer_fault(leaf: Any, question: QuestionContent) -> str:
    if question.kind == "number":
        return "" if "is" not in leaf else _("“%(name)s” compares a number as if it were a word.")
    if "is" not in leaf:
        return _("“%(name)s” compares a word as if it were a number.")
    offered = {"yes", "no"} if question.kind == "yes_no" else {value for value, _label in question.choices}
    wanted = leaf["is"] if isinstance(leaf["is"], list) else [leaf["is"]]
    missing = [answer_words(question, one) for one in wanted if one not in offered]
    return _("“%(name)s” waits for an answer that the question does not offer.") if missing else ""


def _of_cases(content: Content) -> Iterator[Problem]:
    usual = [case for case in content.cases if case.when is None]
    if len(usual) != 1:
        yield Problem(
            "cases",
            "",
            _("Exactly one case applies when no other does (without a condition); here are %(n)s.")
            % {"n": len(usual)},
        )
    for case in content.cases:
        yield from _of_condition(content, "cases", case)
        yield from _of_limit(case)


def _of_limit(case: CaseContent) -> Iterator[Problem]:
    if not case.why_no_rule and (case.amount is None or not case.unit):
        yield _about(
            "cases",
            case,
            _("“%(name)s” has no time limit: give amount and unit, or say why there is no date."),
        )
    if not case.why_no_rule and not case.document:
        yield _about("cases", case, _("“%(name)s”: name the document that the time limit comes from."))
    if case.unit == Unit.SAME_DAY and (case.amount or 0) != 0:
        yield _about("cases", case, _("“%(name)s”: within the day, the amount is 0."))
    if case.unit not in ("", Unit.SAME_DAY) and case.amount == 0:
        yield _about("cases", case, _("“%(name)s”: a time limit of 0 is none."))
    if (case.amount or 0) > LONGEST_LIMIT:
        yield _about("cases", case, _("“%(name)s”: a time limit of more than ten years is surely a slip."))
    if case.cut_off and case.unit != Unit.SAME_DAY:
        yield _about(
            "cases", case, _("“%(name)s”: only “within the day” has an hour after which the next day counts.")
        )
    yield from _of_supplement(case)


def _of_supplement(case: CaseContent) -> Iterator[Problem]:
    if bool(case.supplement_days) != bool(case.supplement_unit):
        yield _about(
            "cases", case, _("“%(name)s”: the time to hand in more papers needs a number and a unit.")
        )
    if case.supplement_unit and case.supplement_unit not in (Unit.DAY, Unit.WORKING_DAY):
        yield _about("cases", case, _("“%(name)s”: the time to hand in more papers is counted in days."))
    if case.max_extensions > 10 or (case.supplement_days or 0) > LONGEST_LIMIT:
        yield _about("cases", case, _("“%(name)s”: so many days or new appointments are surely a slip."))


def _of_papers(content: Content) -> Iterator[Problem]:
    if not content.papers and not content.guide_only:
        yield Problem("papers", "", _("There is no paper: is nothing at all to be handed in?"), stops=False)
    for paper in content.papers:
        yield from _of_condition(content, "papers", paper)
        yield from _of_copies(paper)


def _of_copies(paper: PaperContent) -> Iterator[Problem]:
    if max(paper.original, paper.copy) > 50:
        yield _about("papers", paper, _("“%(name)s”: more than 50 copies are surely a slip."))
    if paper.how == "submit" and not paper.original and not paper.copy and not paper.data_source:
        yield _about(
            "papers", paper, _("“%(name)s”: how many originals or copies are handed in?"), stops=False
        )
    if paper.when is not None and not paper.when_text:
        yield _about(
            "papers",
            paper,
            _("“%(name)s”: write the condition in the words of the document too; people read them."),
            stops=False,
        )


def _of_fees(content: Content, on: date) -> Iterator[Problem]:
    for fee in content.fees:
        yield from _of_condition(content, "fees", fee)
        yield from _of_amount(fee)
        yield from _of_words(fee)
        yield from _of_span(fee, on)
        yield from _of_quantity(content, fee)
    if not content.fees:
        yield Problem(
            "fees", "", _("No fee is named. Where nothing is charged, say so: “free”."), stops=False
        )


def _of_amount(fee: FeeContent) -> Iterator[Problem]:
    if fee.kind == "fixed" and fee.amount is None:
        yield _about("fees", fee, _("“%(name)s”: the amount is missing."))
    if fee.kind == "free" and fee.amount != 0:
        yield _about("fees", fee, _("“%(name)s”: what is free costs 0 đồng."))
    if fee.kind == "unknown" and (fee.amount is not None or not fee.unknown_because):
        yield _about("fees", fee, _("“%(name)s”: a fee that is not known has no amount, but a reason."))
    if fee.kind != "unknown" and fee.unknown_because:
        yield _about("fees", fee, _("“%(name)s”: a reason for not knowing stands beside a known fee."))
    if fee.kind == "fixed" and not fee.document:
        yield _about("fees", fee, _("“%(name)s”: name the document that the fee comes from."))
    if fee.relief and fee.when is None:
        yield _about("fees", fee, _("“%(name)s”: a relief needs a condition, or nobody would ever pay."))


def _of_words(fee: FeeContent) -> Iterator[Problem]:
    """The label must not print another sum than the one that is charged."""
    steps = (fee.scale or {}).get("steps", ())
    charged = {fee.amount, (fee.scale or {}).get("cap"), *(step["amount"] for step in steps)}
    printed = {int(text.replace(".", "")) for text in MONEY.findall(fee.label)}
    if printed - charged:
        yield _about(
            "fees",
            fee,
            _("“%(name)s”: the name prints a sum that is not charged. Change the name too; people read it."),
            stops=False,
        )
    if steps and fee.amount != steps[0]["amount"]:
        yield _about("fees", fee, _("“%(name)s”: the amount and the price of the first step differ."))


def _of_span(fee: FeeContent, on: date) -> Iterator[Problem]:
    if fee.valid_from and fee.valid_to and fee.valid_to < fee.valid_from:
        yield _about("fees", fee, _("“%(name)s” ends before it begins."))
    elif fee.valid_to and fee.valid_to < on:
        yield _about(
            "fees",
            fee,
            _("“%(name)s” is over already: leave it out if it says nothing any more."),
            stops=False,
        )


def _of_quantity(content: Content, fee: FeeContent) -> Iterator[Problem]:
    numbers = {one.key for one in content.questions if one.kind == "number"}
    needed = {fee.quantity, (fee.scale or {}).get("by", ""), (fee.scale or {}).get("times", "")} - {""}
    if needed - numbers:
        yield _about("fees", fee, _("“%(name)s” is counted by a question for a number that is not there."))
