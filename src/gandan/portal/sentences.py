"""What a citizen reads about a dossier: what happened, what comes next, by when, what to do (look.md, "Voice").

One `Words` for each place where a dossier can be. No abbreviation, one idea a sentence, the verb early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gandan.dossiers.models import (
    Desk,
    Dossier,
    ResultKind,
    ReturnWay,
    State,
    StopGround,
)
from gandan.ui.words import datetime_words


@dataclass(frozen=True, slots=True)
class Words:
    """`status` is a kind of the status component (done, now, wait, late, none)."""

    status: str
    word: str
    happened: str
    next: str
    do: str


@dataclass(frozen=True, slots=True)
class PathStep:
    """One of the five steps of the path."""

    name: str
    state: str
    word: str = ""


def words_for(dossier: Dossier, at: datetime) -> Words:
    """The sentences for the dossier as it stands at `at`."""
    return BY_STATE[State(dossier.state)](dossier, at)


def registered(dossier: Dossier, at: datetime) -> Words:
    by = dossier.act_by
    overdue = by is not None and at > by
    return Words(
        status="late" if overdue else "now",
        word=_("Being looked at"),
        happened=_("We have your dossier. An officer is looking whether it is complete."),
        next=answer_words(by, overdue=overdue),
        do=_("You may call the counter and ask. You need not come.")
        if overdue
        else _("You need not do anything now."),
    )


def answer_words(by: datetime | None, *, overdue: bool) -> str:
    """When the counter answers, or was to have answered."""
    if by is None:
        return ""
    sentence = (
        _("We should have answered by %(moment)s. We apologise to you.")
        if overdue
        else _("We answer by %(moment)s at the latest.")
    )
    return sentence % {"moment": datetime_words(by)}


def elsewhere(dossier: Dossier, at: datetime) -> str:
    """Which body has it, and by when that body is to do its part: a date of its own only where it has one."""
    body = dossier.desk_unit.name if dossier.desk_unit else ""
    by = dossier.act_by
    if by is None or by == dossier.due_at:
        return _("Your dossier is with another office that does its part: %(body)s.") % {"body": body}
    sentence = (
        _("Your dossier is with %(body)s. That office was to do its part by %(moment)s and is late with it.")
        if at > by
        else _("Your dossier is with %(body)s. That office does its part by %(moment)s.")
    )
    return sentence % {"body": body, "moment": datetime_words(by)}


def processing(dossier: Dossier, at: datetime) -> Words:
    due = dossier.due_at
    if dossier.is_correction:
        return being_corrected(dossier, at)
    if due and at > due:
        return late(dossier, at)
    where = AT_DESK.get(Desk(dossier.desk), _being_processed)
    moment = datetime_words(due) if due else ""
    sentence = (
        _("We apologised and gave you a new date: %(moment)s at the latest.")
        if dossier.extension_count
        else _("You will have the result by %(moment)s at the latest.")
    )
    return Words(
        status="now",
        word=_("Being processed"),
        happened=" ".join(
            [elsewhere(dossier, at) if dossier.desk == Desk.FORWARDED else where(), *beside(dossier)]
        ),
        next=sentence % {"moment": moment},
        do=_("You need not do anything more."),
    )


def beside(dossier: Dossier) -> list[str]:
    """What goes on beside the desk and does not stop the time limit."""
    if not dossier.opinions_open:
        return []
    return [_("We have also asked another office for its opinion; your date stays the same.")]


def being_corrected(dossier: Dossier, at: datetime) -> Words:
    """A wrong result by our fault: the apology, the date, and that it costs nothing (118/2025 art. 23)."""
    due = dossier.due_at
    is_late = due is not None and at > due
    sentence = (
        _("We should have corrected it by %(moment)s. We are late, and apologise once more.")
        if is_late
        else _("You will have the corrected result by %(moment)s at the latest.")
    )
    return Words(
        status="late" if is_late else "now",
        word=_("Being corrected"),
        happened=_("The result that we made for you was wrong. It was our mistake, and we apologise to you."),
        next=sentence % {"moment": datetime_words(due) if due else ""},
        do=_("It costs you nothing. We tell you when it is ready."),
    )


def late(dossier: Dossier, at: datetime) -> Words:
    """A date that has passed: the apology and the promise; where they are owed, that is said (118/2025 art. 19.6)."""
    promised = dossier.promised_at
    kept = promised is not None and at <= promised
    return Words(
        status="late",
        word=_("Late"),
        happened=late_words(dossier, at),
        next=promise_words(promised, kept=kept),
        do=_("The reason is written below. You need not come.")
        if kept
        else _("You may call the counter and ask for the reason. You need not come."),
    )


def late_words(dossier: Dossier, at: datetime) -> str:
    """That we are late, and with whom the dossier is now if that is another office: the apology stays ours."""
    moment = datetime_words(dossier.due_at) if dossier.due_at else ""
    sentence = _("Your dossier was due on %(moment)s. We are late, and apologise to you.") % {
        "moment": moment
    }
    return f"{sentence} {elsewhere(dossier, at)}" if dossier.desk == Desk.FORWARDED else sentence


def promise_words(promised: datetime | None, *, kept: bool) -> str:
    if promised is None:
        return _("We still owe you a letter of apology with the reason and a new date.")
    sentence = (
        _("We promise the result by %(moment)s.")
        if kept
        else _("We had promised it by %(moment)s, and that day has passed too.")
    )
    return sentence % {"moment": datetime_words(promised)}


def waiting(dossier: Dossier, at: datetime) -> Words:
    by = dossier.act_by
    sentence = (
        _("The last day for them was %(moment)s. Please call the counter at once.")
        if by and at > by
        else _("Please bring or send them by %(moment)s. Need help? Call the counter.")
    )
    return Words(
        status="wait",
        word=_("Waiting for you"),
        happened=_("Some papers are still needed. They are listed below, all of them."),
        next=_("When they are complete, we count the time anew and tell you the new date."),
        do=sentence % {"moment": datetime_words(by) if by else ""},
    )


def financial(dossier: Dossier, at: datetime) -> Words:
    return Words(
        status="wait",
        word=_("Waiting for payment"),
        happened=_("A payment that the law asks for is still open."),
        next=_("We go on as soon as it has been paid."),
        do=_("Please pay, or ask the counter how."),
    )


def refused(dossier: Dossier, at: datetime) -> Words:
    return Words(
        status="none",
        word=_("Not accepted"),
        happened=_("We could not accept this dossier. The reason is written below."),
        next=_("This dossier is closed."),
        do=_("You may ask the counter what to do, file a new dossier, or complain."),
    )


def withdrawn(dossier: Dossier, at: datetime) -> Words:
    return Words(
        status="none",
        word=_("Withdrawn"),
        happened=_("The dossier was withdrawn at your request."),
        next=_("This dossier is closed."),
        do=_("You may file a new dossier whenever you wish."),
    )


def stopped(dossier: Dossier, at: datetime) -> Words:
    if dossier.stop_ground == StopGround.ASKED:
        return Words(
            status="none",
            word=_("Stopped"),
            happened=_("We stopped working on the dossier, as you asked."),
            next=_("This dossier is closed."),
            do=_("The counter has a notice for you. You may file a new dossier whenever you wish."),
        )
    return Words(
        status="none",
        word=_("Closed"),
        happened=_("The dossier was closed: the missing papers did not come in time."),
        next=_("Nothing further happens with it."),
        do=_("You may file a new dossier whenever you have all papers."),
    )


def done(dossier: Dossier, at: datetime) -> Words:
    refusal = dossier.result_kind == ResultKind.REFUSAL
    return Words(
        status="done",
        word=_("Result is ready"),
        happened=_("A written answer is ready. It says no, and why.")
        if refusal
        else _("The result is ready for you."),
        next=COLLECT[ReturnWay(dossier.return_way)](),
        do=BRING[ReturnWay(dossier.return_way)](),
    )


def returned(dossier: Dossier, at: datetime) -> Words:
    moment = datetime_words(dossier.returned_at) if dossier.returned_at else ""
    return Words(
        status="done",
        word=_("The result is in your hand"),
        happened=_("You received the result: %(moment)s.") % {"moment": moment},
        next=_("This matter is finished."),
        do=_("Is something in it wrong? Tell the counter; correcting it costs you nothing."),
    )


BY_STATE: dict[State, Callable[[Dossier, datetime], Words]] = {
    State.REGISTERED: registered,
    State.ACCEPTED: processing,
    State.REFUSED: refused,
    State.PROCESSING: processing,
    State.SUPPLEMENT: waiting,
    State.FINANCIAL: financial,
    State.WITHDRAWN: withdrawn,
    State.STOPPED: stopped,
    State.DONE: done,
    State.RETURNED: returned,
}


def _being_processed() -> str:
    return _("Your dossier is being processed.")


AT_DESK: dict[Desk, Callable[[], str]] = {
    Desk.TRANSFER: lambda: _("Your dossier is complete. We are passing it to the office that decides."),
    Desk.ASSIGNMENT: lambda: _("The office has your dossier. The head is giving it to an officer."),
    Desk.APPRAISAL: lambda: _("An officer is examining your dossier."),
    Desk.CHECK: lambda: _("The examination is done. The head of the office is checking it."),
    Desk.SIGNATURE: lambda: _("Your dossier is with the leader for signature."),
    Desk.STAMP: lambda: _("The result is signed. It is being numbered and stamped."),
    Desk.HANDOVER: lambda: _("The result is on its way to the counter."),
}

COLLECT: dict[ReturnWay, Callable[[], str]] = {
    ReturnWay.COUNTER: lambda: _("Please collect it at the counter where you filed."),
    ReturnWay.POST: lambda: _("It comes to you by post."),
    ReturnWay.ONLINE: lambda: _("You receive it electronically."),
}

BRING: dict[ReturnWay, Callable[[], str]] = {
    ReturnWay.COUNTER: lambda: _("Bring the receipt. Somebody else may come with your power of attorney."),
    ReturnWay.POST: lambda: _("You need not come. Call the counter if it does not arrive."),
    ReturnWay.ONLINE: lambda: _("You need not come. You may ask the counter for a copy on paper."),
}

# How far each desk is on the citizen's path of five steps.
FAR = {
    Desk.RECEPTION: 0,
    Desk.TRANSFER: 1,
    Desk.ASSIGNMENT: 1,
    Desk.APPRAISAL: 1,
    Desk.FORWARDED: 1,
    Desk.CHECK: 2,
    Desk.SIGNATURE: 2,
    Desk.STAMP: 2,
    Desk.HANDOVER: 3,
    Desk.RETURN: 3,
}


def path_of(dossier: Dossier) -> list[PathStep]:
    """The five steps, done, now or to come; none for a dossier that ended before its result."""
    if dossier.state in (State.REFUSED, State.WITHDRAWN, State.STOPPED):
        return []
    names = (
        pgettext("path", "Received"),
        pgettext("path", "Examined"),
        pgettext("path", "Signed"),
        pgettext("path", "Ready"),
        pgettext("path", "In your hand"),
    )
    far, word = how_far(dossier), waiting_word(dossier)
    here = PathStep("", "wait", word) if word else PathStep("", "now")
    return [
        PathStep(name, "done")
        if place < far
        else PathStep(name, here.state, here.word)
        if place == far
        else PathStep(name, "next")
        for place, name in enumerate(names)
    ]


def how_far(dossier: Dossier) -> int:
    """How many of the five steps are done."""
    if dossier.state == State.RETURNED:
        return 5
    if dossier.state == State.DONE:
        return 4
    if dossier.desk == Desk.WAITING:
        return 1 if dossier.accepted_at else 0
    return FAR[Desk(dossier.desk)]


def waiting_word(dossier: Dossier) -> str:
    """For what the present step waits, if it waits for the person."""
    if dossier.state == State.SUPPLEMENT:
        return _("waiting for your papers")
    if dossier.state == State.FINANCIAL:
        return _("waiting for your payment")
    if dossier.state == State.DONE and dossier.return_way == ReturnWay.COUNTER:
        return _("waiting for you to collect it")
    return ""
