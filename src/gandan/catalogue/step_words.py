"""The clock's steps in words, without Django: `translate` turns an English sentence into the reader's language.

`explain` gives them to pages, `deadline` to the command line; both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gandan.calculus.explain import StepEffect, StepRule
from gandan.calculus.rules import Mark, Reading, Source, Step

CERTAIN = (Mark.READ, Mark.CONFIRMED)


def _(message: str) -> str:
    """Marks a sentence for extraction; `translate` does the work."""
    return message


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One line of "Vì sao ngày này?".

    `kind`: received, counted_day, skipped_day, pause, restart, extension, end or note. `certain` is False where
    the page must show "cần kiểm tra". `quiet`: `asides` says it once for the whole reading, the line needs only
    a small sign.
    """

    title: str
    text: str
    source_text: str
    mark: str
    start: datetime
    end: datetime
    kind: str
    certain: bool = True
    quiet: bool = False


KINDS = {
    StepRule.RECEPTION_DAY: "received",
    StepRule.COMPLETION_DAY: "received",
    StepRule.EVENT_DAY: "received",
    StepRule.RECEIVED: "received",
    StepRule.RECEIVED_ELSEWHERE: "received",
    StepRule.COMPETENT_RECEIVED: "received",
    StepRule.SAME_DAY_IN_TIME: "received",
    StepRule.SAME_DAY_AFTER_CUT_OFF: "received",
    StepRule.SAME_DAY_ON_DAY_OFF: "received",
    StepRule.WORKING_DAY: "counted_day",
    StepRule.MAKE_UP_DAY: "counted_day",
    StepRule.CALENDAR_DAY: "counted_day",
    StepRule.MONTHS: "counted_day",
    StepRule.CLOCK_HOURS: "counted_day",
    StepRule.WORKING_HOURS: "counted_day",
    StepRule.LAST_DAY_OFF: "counted_day",
    StepRule.WEEKEND: "skipped_day",
    StepRule.RECEPTION_ONLY: "skipped_day",
    StepRule.HOLIDAY: "skipped_day",
    StepRule.SUPPLEMENT_REQUESTED: "pause",
    StepRule.SUSPENDED: "pause",
    StepRule.SUPPLEMENT_COMPLETE: "restart",
    StepRule.REOPENED: "restart",
    StepRule.RE_ROUTED: "restart",
    StepRule.RE_ROUTED_KEPT: "restart",
    StepRule.EXTENSION: "extension",
    StepRule.EXTENSION_CANCELLED: "extension",
    StepRule.SECOND_EXTENSION: "extension",
    StepRule.EXTENSION_AFTER_DUE: "extension",
    StepRule.OFFICE_CLOSE: "end",
    StepRule.CLOCK_TIME: "end",
    StepRule.END_OF_DAY: "end",
    StepRule.HOURS_END: "end",
    StepRule.ENDED: "end",
    StepRule.SECOND_SUPPLEMENT: "note",
    StepRule.PASSED_OVER: "note",
}

SENTENCES = {
    StepRule.RECEPTION_DAY: _("The day of reception is not counted; counting begins the next day."),
    StepRule.COMPLETION_DAY: _("The day of completion is not counted; counting begins again the next day."),
    StepRule.EVENT_DAY: _("This day itself is not counted; counting begins the next day."),
    StepRule.RECEIVED: _("The time limit runs from this moment."),
    StepRule.RECEIVED_ELSEWHERE: _(
        "Received outside its area. The time limit has not begun: it runs once the competent agency has the dossier."
    ),
    StepRule.COMPETENT_RECEIVED: _(
        "The competent agency has received the dossier. The time limit begins here."
    ),
    StepRule.SAME_DAY_IN_TIME: _("Received by {cut_off}, so the result is due the same day."),
    StepRule.SAME_DAY_AFTER_CUT_OFF: _(
        "Received after {cut_off}, so the result is due the next working day."
    ),
    StepRule.SAME_DAY_ON_DAY_OFF: _("Received on a day off, so the result is due the next working day."),
    StepRule.WORKING_DAY: _("Working day {number} of {of}."),
    StepRule.MAKE_UP_DAY: _("Working day {number} of {of}: {name}."),
    StepRule.CALENDAR_DAY: _("Day {number} of {of}; days off count too."),
    StepRule.MONTHS: _("{amount} month(s), to the corresponding day of the last month."),
    StepRule.CLOCK_HOURS: _("{amount} hour(s), running through nights and days off."),
    StepRule.WORKING_HOURS: _("{minutes} minutes of work counted."),
    StepRule.WEEKEND: _("Weekend, not counted."),
    StepRule.RECEPTION_ONLY: _("The counter takes dossiers, but the day is not a working day."),
    StepRule.HOLIDAY: _("Day off, not counted: {name}."),
    StepRule.LAST_DAY_OFF: _("The last day fell on a day off, so the limit ends on this working day."),
    StepRule.SUPPLEMENT_COMPLETE: _("The papers are complete; the time limit goes on."),
    StepRule.SECOND_SUPPLEMENT: _(
        "A second request for more papers: the official index counts the dossier as late."
    ),
    StepRule.SUSPENDED: _("Suspended: {days} working day(s) do not count."),
    StepRule.EXTENSION: _("With an apology, a new appointment was made."),
    StepRule.EXTENSION_CANCELLED: _("The new appointment was taken back; the earlier date holds."),
    StepRule.SECOND_EXTENSION: _("The law allows no further new appointment; the date stays."),
    StepRule.EXTENSION_AFTER_DUE: _("The date had already passed, so it can no longer be moved."),
    StepRule.OFFICE_CLOSE: _("The time limit ends when the office closes."),
    StepRule.CLOCK_TIME: _("The time limit ends at this hour."),
    StepRule.END_OF_DAY: _("The time limit ends at the end of the day, 24:00."),
    StepRule.HOURS_END: _("The hours are used up; the time limit ends."),
    StepRule.REOPENED: _("Reopened: the time limit runs on to the same date."),
    StepRule.RE_ROUTED: _(
        "Passed on to the successor of the commune. From now on its working hours and days off count."
    ),
    StepRule.RE_ROUTED_KEPT: _(
        "Passed on to the successor of the commune. By its working hours it would be due earlier; the date that "
        "was told stays."
    ),
    StepRule.PASSED_OVER: _("This act does not move the time limit: {act}."),
}
BEYOND = _("Day {number}, up to the date that was told.")
SAME_DAY = _("The working day on which the result is due.")
SUPPLEMENT = {
    StepEffect.STOPPED: _(
        "Waiting for more papers. The time limit has stopped and will start again from the beginning."
    ),
    StepEffect.PAUSED: _("Waiting for more papers. This time does not count."),
    StepEffect.NONE: _("Waiting for more papers. The time limit runs on."),
}
COMPLETE_AGAIN = _("The papers are complete; the time limit starts again from the beginning.")
ENDS = {
    "refuse": _("Refused, with the reason in writing."),
    "stop": _("Processing was stopped."),
    "withdraw": _("Withdrawn by the person."),
    "finish": _("Processing is finished."),
    "return": _("The result was handed over."),
}
ACTS = {
    "accept": _("reception"),
    "competent_receive": _("reception by the competent agency"),
    "request_supplement": _("request for more papers"),
    "receive_supplement": _("receipt of more papers"),
    "extend": _("new appointment"),
    "cancel_extension": _("new appointment taken back"),
    "suspend": _("suspension"),
    "resume": _("end of suspension"),
    "refuse": _("refusal"),
    "stop": _("stop"),
    "withdraw": _("withdrawal"),
    "finish": _("end of processing"),
    "return": _("return of the result"),
    "reopen": _("reopening"),
    "re_route": _("passing on to the successor"),
}

Translate = Callable[[str], str]
DayWords = Callable[[date], str]


def told(reading: Reading, translate: Translate, day_words: DayWords) -> list[ExplainedStep]:
    """The steps of a reading in words, in their order. Moments are said in the zone that they bear."""
    return [
        ExplainedStep(
            title=title_of(step, translate, day_words),
            text=text_of(step, translate),
            source_text=source_text(step.source),
            mark=str(step.source.mark),
            start=step.start,
            end=step.end,
            kind=kind_of(step),
            certain=step.source.mark in CERTAIN,
            quiet=step.rule == StepRule.WEEKEND and step.source.mark not in CERTAIN,
        )
        for step in reading.steps
    ]


def asides(steps: Iterable[ExplainedStep]) -> list[str]:
    """The uncertain sources that stand behind every weekend: to be named once, lest they drown real warnings."""
    return list(dict.fromkeys(step.source_text for step in steps if step.quiet))


def kind_of(step: Step) -> str:
    """The kind of line; a wait that does not stop the limit is only noted."""
    kind = KINDS[StepRule(step.rule)]
    return "note" if kind == "pause" and step.effect == StepEffect.NONE else kind


def source_text(source: Source) -> str:
    """Article and document, as one cites them."""
    return ", ".join(part for part in (source.article, source.document) if part)


def title_of(step: Step, translate: Translate, day_words: DayWords) -> str:
    """The day, with the hour for what happens at a moment, or both ends of a stretch."""
    if step.start == step.end or kind_of(step) == "received":
        return f"{day_words(step.start.date())}, {step.start:%H:%M}"
    last = (step.end - timedelta(microseconds=1)).date()
    if last == step.start.date():
        return day_words(last)
    span = translate(_("from {first} to {last}"))
    return span.format(first=day_words(step.start.date()), last=day_words(last))


def text_of(step: Step, translate: Translate) -> str:
    """What the step says, as one sentence."""
    detail = {key: str(value) for key, value in step.detail.items()}
    if "act" in detail:
        detail["act"] = translate(ACTS.get(detail["act"], detail["act"]))
    return translate(sentence_of(step)).format(**detail)


def sentence_of(step: Step) -> str:
    """The English sentence of a step; the details of some choose among two."""
    rule = StepRule(step.rule)
    if rule is StepRule.SUPPLEMENT_REQUESTED:
        return SUPPLEMENT[StepEffect(step.effect)]
    if rule is StepRule.SUPPLEMENT_COMPLETE and step.effect == StepEffect.RESTARTED:
        return COMPLETE_AGAIN
    if rule is StepRule.ENDED:
        return ENDS[str(step.detail["act"])]
    if "number" in step.detail:
        return numbered(rule, step)
    return SENTENCES[rule]


def numbered(rule: StepRule, step: Step) -> str:
    """The sentence of a counted day: within the amount, beyond it, or the one of a same-day result."""
    if "of" not in step.detail:
        return SAME_DAY
    return BEYOND if int(step.detail["number"]) > int(step.detail["of"]) else SENTENCES[rule]
