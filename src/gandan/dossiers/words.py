"""What has happened to a dossier and what comes next, in the words of the counter (look.md, "Voice").

Sentences for staff. The citizen's sentences are the portal's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gandan.dossiers.models import Desk, Dossier, Party, PartyKind, ResultKind, State
from gandan.ui.words import datetime_words

Text = str | Promise

HAPPENED: dict[str, Text] = {
    "contact": gettext_lazy("The person came about this matter"),
    "guide": gettext_lazy("The person was guided about this matter"),
    "register": gettext_lazy("Registered; the clock does not run yet"),
    "accept": gettext_lazy("Accepted; the clock runs"),
    "settle": gettext_lazy("Settled while the person waited"),
    "refuse": gettext_lazy("Not accepted, with the reason in writing"),
    "request-supplement": gettext_lazy("More papers were asked for; the clock stands still"),
    "receive-supplement": gettext_lazy("The missing papers came; the time limit is counted anew"),
    "close": gettext_lazy("Closed: the papers were not completed in time"),
    "transfer": gettext_lazy("Transferred to the department"),
    "assign": gettext_lazy("Assigned to an officer"),
    "propose": gettext_lazy("Proposed: grant"),
    "check": gettext_lazy("The head of department agreed"),
    "approve": gettext_lazy("Approved and signed"),
    "send-back": gettext_lazy("Sent back to be improved"),
    "number-and-stamp": gettext_lazy("Numbered and stamped"),
    "finish": gettext_lazy("The result arrived at the centre"),
    "notify-early": gettext_lazy("The person was told that the result is ready early"),
    "return": gettext_lazy("The result was returned"),
    "extend": gettext_lazy("Apologised in writing and gave a new date"),
    "withdraw": gettext_lazy("Withdrawn at the person's request"),
    "consult": gettext_lazy("Another body was asked for its opinion; the time limit runs on"),
    "receive-opinion": gettext_lazy("The opinion of another body came"),
    "plan-visit": gettext_lazy("A visit on site was planned"),
    "verify-on-site": gettext_lazy("Verified on site; the minutes are in the dossier"),
    "stop": gettext_lazy("Stopped at the applicant's request"),
    "correct": gettext_lazy("A wrong result was sent back to be corrected"),
    "reopen": gettext_lazy("Reopened by a leader's decision"),
    "forward": gettext_lazy("Forwarded to another level"),
    "take-over": gettext_lazy("Taken over by the other body"),
    "receive-paper": gettext_lazy("The paper arrived at the other body"),
    "ask-back": gettext_lazy("The other body sent it back with a question"),
    "return-phase": gettext_lazy("The other body returned the result: granted"),
    "re-route": gettext_lazy("Passed on to the successor of the commune"),
    "recalculate": gettext_lazy("The dates were counted anew: a rule or the calendar changed"),
    "hand-over": gettext_lazy("Taken from the desk of an officer who leaves"),
    "remind": gettext_lazy("Whoever has it was reminded"),
    "record-call": gettext_lazy("Telephoned: the person was reached"),
    "undo-call": gettext_lazy("The record of a call was taken back: it was a slip"),
}
HAPPENED_INSTEAD: dict[tuple[str, str, Any], Text] = {
    ("propose", "result", "refusal"): gettext_lazy("Proposed: refuse with a reason"),
    ("assign", "handed_over", 1): gettext_lazy("Given to another officer"),
    ("forward", "whole", 1): gettext_lazy(
        "Passed on whole to the competent body; the time limit counts there"
    ),
    ("receive-paper", "paper_late", 1): gettext_lazy("The paper arrived at the other body, late"),
    ("return-phase", "phase_outcome", "refusal"): gettext_lazy("The other body returned the result: refused"),
    ("return-phase", "phase_outcome", "part_done"): gettext_lazy("The other body did its part"),
    ("receive-supplement", "complete", 0): gettext_lazy("Papers came, but not all that were asked for"),
    ("receive-opinion", "answered", 0): gettext_lazy("No opinion came; the dossier goes on without it"),
    ("receive-opinion", "opinion_late", 1): gettext_lazy("The opinion of another body came late"),
    ("plan-visit", "moved", 1): gettext_lazy("The visit on site was moved"),
    ("verify-on-site", "held", 0): gettext_lazy("The visit on site was called off"),
    ("finish", "correction", 1): gettext_lazy("The corrected result arrived at the centre"),
    ("record-call", "outcome", "not_reached"): gettext_lazy("Telephoned: the person was not reached"),
    ("record-call", "outcome", "wrong_number"): gettext_lazy("Telephoned: the number is wrong"),
    ("record-call", "outcome", "call_back"): gettext_lazy("Telephoned: the person asks to be called again"),
    ("extend", "in_time", 0): gettext_lazy("Apologised in writing, too late to move the legal date"),
}
ICONS = {
    "accept": ("done", "check-circle"),
    "settle": ("done", "check-circle"),
    "return": ("done", "check-circle"),
    "finish": ("done", "award"),
    "refuse": ("none", "slash-circle"),
    "withdraw": ("none", "slash-circle"),
    "close": ("none", "slash-circle"),
    "request-supplement": ("wait", "pause-circle"),
    "receive-supplement": ("now", "arrow-repeat"),
    "transfer": ("now", "send"),
    "assign": ("now", "person"),
    "propose": ("now", "pencil"),
    "check": ("now", "check-lg"),
    "approve": ("now", "patch-check"),
    "number-and-stamp": ("now", "archive"),
    "extend": ("now", "calendar-event"),
    "notify-early": ("now", "telephone"),
    "send-back": ("now", "arrow-left"),
    "forward": ("now", "send"),
    "take-over": ("now", "person"),
    "receive-paper": ("now", "archive"),
    "ask-back": ("now", "arrow-left"),
    "return-phase": ("now", "check-lg"),
    "re-route": ("now", "building"),
    "recalculate": ("soon", "calendar-event"),
    "hand-over": ("now", "arrow-right"),
    "consult": ("wait", "send"),
    "receive-opinion": ("now", "chat-left-text"),
    "plan-visit": ("now", "calendar-event"),
    "verify-on-site": ("now", "geo-alt"),
    "stop": ("none", "slash-circle"),
    "correct": ("soon", "arrow-repeat"),
    "reopen": ("soon", "arrow-repeat"),
    "remind": ("soon", "bell"),
    "record-call": ("now", "telephone"),
    "undo-call": ("none", "arrow-repeat"),
}

TOPICS: dict[str, Text] = {
    "accepted": gettext_lazy("The dossier is accepted"),
    "refused": gettext_lazy("The dossier is not accepted; the reason is in writing"),
    "supplement": gettext_lazy("Papers are still needed"),
    "supplement_received": gettext_lazy("The missing papers have come; there is a new date"),
    "closed": gettext_lazy("The dossier is closed because papers were missing"),
    "apology": gettext_lazy("Our apology, with a new date"),
    "ready": gettext_lazy("The result is ready"),
    "ready_early": gettext_lazy("The result is ready before its date"),
    "returned": gettext_lazy("The result has been returned"),
    "withdrawn": gettext_lazy("The dossier is withdrawn"),
    "stopped": gettext_lazy("The dossier is stopped as the applicant asked"),
    "visit": gettext_lazy("A visit on site, to which the person is asked"),
    "visit_off": gettext_lazy("The visit on site does not take place"),
    "correction": gettext_lazy("Our apology: the result is being corrected"),
    "corrected": gettext_lazy("The corrected result is ready"),
    "reopened": gettext_lazy("The dossier was opened again"),
    "re_routed": gettext_lazy("Another centre goes on with the dossier"),
    "date_moved": gettext_lazy("A rule or the calendar changed, and with it the date"),
    "supplement_expiring": gettext_lazy("The time for further papers ends soon"),
    "uncollected": gettext_lazy("The result has not been collected yet"),
}

# The path as the page draws it: seven stations, some of two desks.
STATIONS: tuple[tuple[frozenset[Desk], Text], ...] = (
    (frozenset({Desk.RECEPTION, Desk.TRANSFER}), pgettext_lazy("step", "Reception")),
    (frozenset({Desk.ASSIGNMENT}), pgettext_lazy("step", "Assignment")),
    (frozenset({Desk.APPRAISAL, Desk.FORWARDED}), pgettext_lazy("step", "Appraisal")),
    (frozenset({Desk.CHECK}), pgettext_lazy("step", "Head's check")),
    (frozenset({Desk.SIGNATURE}), pgettext_lazy("step", "Signature")),
    (frozenset({Desk.STAMP}), pgettext_lazy("step", "Number and stamp")),
    (frozenset({Desk.HANDOVER, Desk.RETURN}), pgettext_lazy("step", "Return")),
)

# Short enough for a button in a row of the work list.
BUTTONS: dict[str, Text] = {
    "accept": pgettext_lazy("button", "Accept"),
    "receive-supplement": pgettext_lazy("button", "Receive papers"),
    "close": pgettext_lazy("button", "Close"),
    "transfer": pgettext_lazy("button", "Transfer"),
    "assign": pgettext_lazy("button", "Assign"),
    "propose": pgettext_lazy("button", "Propose"),
    "check": pgettext_lazy("button", "Agree"),
    "approve": pgettext_lazy("button", "Sign"),
    "number-and-stamp": pgettext_lazy("button", "Stamp"),
    "take-over": pgettext_lazy("button", "Take over"),
    "return-phase": pgettext_lazy("button", "Return part"),
    "finish": pgettext_lazy("button", "Result arrived"),
    "return": pgettext_lazy("button", "Return"),
}

# What the act does, said before it is done. The second sentence says whether and how it can be undone.
BEFORE: dict[str, Text] = {
    "accept": gettext_lazy(
        "The dossier is complete and correct: the clock starts now and the receipt can be printed. "
        "If something turns out to be missing, it can be asked for once."
    ),
    "refuse": gettext_lazy(
        "The person gets the reason in writing. The dossier ends here; a new one can be filed at any time."
    ),
    "request-supplement": gettext_lazy(
        "Ask for all that is missing, in one time, with a reason for each paper. The clock stands "
        "still until the papers come."
    ),
    "receive-supplement": gettext_lazy(
        "When all has come, the time limit is counted again from zero and a new receipt can be printed."
    ),
    "close": gettext_lazy(
        "The period for completing the papers is over. The dossier ends here; a new one can be "
        "filed at any time."
    ),
    "transfer": gettext_lazy(
        "The head of the department finds it on their desk at once. If it was the wrong department, "
        "its head can be asked to have it sent on."
    ),
    "assign": gettext_lazy(
        "The officer finds it in their list at once. You can assign it to somebody else later."
    ),
    "propose": gettext_lazy(
        "Your proposal goes to the head of department, who agrees or sends it back. Until then "
        "nothing is decided."
    ),
    "check": gettext_lazy("The proposal goes on for signature. The leader can still send it back."),
    "approve": gettext_lazy(
        "You decide and sign. After this the result is numbered and stamped; a mistake is then put "
        "right by a corrected result."
    ),
    "send-back": gettext_lazy(
        "The proposal returns to its officer with your reason. The time limit runs on, so say "
        "exactly what is to be done."
    ),
    "number-and-stamp": gettext_lazy(
        "The result gets its number in the book and goes to the centre. A number that was given is "
        "not given again."
    ),
    "finish": gettext_lazy(
        "The result lies at the centre: from now on the dossier counts as done, and the person is told."
    ),
    "notify-early": gettext_lazy("Record how the person was told that the result is ready before its date."),
    "return": gettext_lazy(
        "The result goes into the person's hand and the dossier is closed. Look at the receipt or "
        "the card first."
    ),
    "extend": gettext_lazy(
        "The person gets an apology with the reason and a new date, once. It must go out at least "
        "one day before the date."
    ),
    "withdraw": gettext_lazy(
        "The person asks to stop. The dossier ends here and the papers are given back; a new one "
        "can be filed at any time."
    ),
    "consult": gettext_lazy(
        "The question goes out with a term of its own, counted day by day. Several bodies can be asked at "
        "once. The time limit of the dossier runs on."
    ),
    "receive-opinion": gettext_lazy(
        "What came and when is recorded; coming late is a fact, and the director of the centre sees it. "
        "If nothing came, record why you go on without it."
    ),
    "plan-visit": gettext_lazy(
        "Time, place, who comes and what for go to the person by the one-stop. You can move the visit or "
        "call it off."
    ),
    "verify-on-site": gettext_lazy(
        "The minutes belong to the dossier and can be printed for the signatures. They are not changed "
        "afterwards; another visit gets minutes of its own."
    ),
    "stop": gettext_lazy(
        "The applicant asks to stop. The dossier ends here, with a notice; only a leader's decision can "
        "open it again."
    ),
    "correct": gettext_lazy(
        "The result was wrong by our fault. It goes back to its officer, through check, signature and book, "
        "and returns with a new number. The wrong one stays in the record; the person gets an apology."
    ),
    "reopen": gettext_lazy(
        "The dossier goes on where it ended, and the time limit runs on to the same date. How it had ended "
        "stays in the record."
    ),
    "forward": gettext_lazy(
        "The other body finds it in its list at once, with what its part needs and no more. Our one-stop goes "
        "on watching it, and the person sees where it is."
    ),
    "take-over": gettext_lazy(
        "You handle your body's part from now on. A colleague can take it over from you later."
    ),
    "receive-paper": gettext_lazy("Record that the paper has arrived; whether in time is written down."),
    "ask-back": gettext_lazy(
        "The dossier goes back to the commune and your body's part ends. When it comes again, your time "
        "begins anew; the date of the whole does not move."
    ),
    "return-phase": gettext_lazy(
        "A result goes to the centre that received the dossier, which returns it to the person. After that "
        "the dossier is no longer in your list."
    ),
    "remind": gettext_lazy(
        "Your colleague finds the dossier marked as reminded at the top of their list. It is recorded who "
        "reminded; once a day at most."
    ),
    "record-call": gettext_lazy(
        "Telephone first, then write down what came of it. A slip can be taken back on the same day."
    ),
    "undo-call": gettext_lazy("The call is on the list again. What was recorded stays in the history."),
}


BADGES = {
    State.REGISTERED: "soon",
    State.ACCEPTED: "now",
    State.PROCESSING: "now",
    State.SUPPLEMENT: "wait",
    State.FINANCIAL: "wait",
    State.DONE: "done",
    State.RETURNED: "done",
}


def badge(dossier: Dossier) -> str:
    """The kind of the state's badge; what ended without a result is neither good nor bad."""
    return BADGES.get(State(dossier.state), "none")


def short_name(name: str) -> str:
    """A name as lists and papers in other people's sight show it: "Nguyễn T. H."; one word stays whole."""
    first, *rest = name.split() or [""]
    return " ".join([first, *(f"{word[0]}." for word in rest)])


def shown_name(owner: Party) -> str:
    """The owner in other people's sight: people shortened, businesses and offices in full."""
    return short_name(owner.name) if owner.kind == PartyKind.CITIZEN else owner.name


def masked(number: str) -> str:
    """An identity number with its first and last sign only: "0**********1"."""
    return number if len(number) < 3 else number[0] + "*" * (len(number) - 2) + number[-1]


def happened(act: str, facts: Mapping[str, Any]) -> str:
    """One event in a sentence; an act without words of its own is named by its code."""
    for (name, fact, value), sentence in HAPPENED_INSTEAD.items():
        if act == name and facts.get(fact) == value:
            return str(sentence)
    return str(HAPPENED.get(act, act))


def topic(code: str) -> str:
    return str(TOPICS.get(code, code))


def answers_of(dossier: Dossier) -> dict[str, str]:
    answers: dict[str, str] = json.loads(dossier.answers)
    return answers


def by_when(moment: datetime | None) -> str:
    return datetime_words(moment) if moment else ""


def after(act: str, dossier: Dossier) -> str:
    """What was done just now and what comes next, for the message after an act."""
    facts = {
        "act_by": by_when(dossier.act_by),
        "due": by_when(dossier.due_at),
        "desk": dossier.get_desk_display(),
        "department": dossier.department.name if dossier.department else "",
        "assignee": dossier.assignee.full_name if dossier.assignee else "",
        "number": dossier.result_number,
        "promised": by_when(dossier.promised_at),
    }
    return _sentence_after(act, dossier) % facts


# Lazy: of seventeen sentences an act needs one.
AFTER = {
    "accept": gettext_lazy(
        "Accepted. The result is due %(due)s. Next: transfer it to the department by %(act_by)s."
    ),
    "refuse": gettext_lazy(
        "Not accepted. Print the refusal for the person, or send it; the reason is in it."
    ),
    "request-supplement": gettext_lazy(
        "The request is recorded and the clock stands still. The person has until %(act_by)s. Print "
        "the request for them."
    ),
    "receive-supplement": gettext_lazy(
        "All papers have come. The new date is %(due)s. Print the new receipt."
    ),
    "close": gettext_lazy("Closed. The person is told, and may file again at any time."),
    "transfer": gettext_lazy("Transferred to %(department)s. Its head assigns it by %(act_by)s."),
    "assign": gettext_lazy("Assigned to %(assignee)s, who works on it until %(act_by)s."),
    "propose": gettext_lazy("Your proposal is with the head of department, who looks at it by %(act_by)s."),
    "check": gettext_lazy("Passed on for signature, due %(act_by)s."),
    "approve": gettext_lazy("Signed. The records clerk numbers and stamps it by %(act_by)s."),
    "send-back": gettext_lazy("Sent back. The officer works on it again; the result stays due %(due)s."),
    "number-and-stamp": gettext_lazy("Number %(number)s is in the book. The centre now receives the result."),
    "finish": gettext_lazy("The result is at the centre. The person is told; return it when they come."),
    "notify-early": gettext_lazy("It is recorded that the person knows. Return the result when they come."),
    "return": gettext_lazy("Returned. The dossier is closed. Thank you."),
    "extend": gettext_lazy(
        "The apology is recorded. The new date is %(due)s. Print the apology for signature."
    ),
    "withdraw": gettext_lazy("Withdrawn. Give the papers back to the person."),
    "consult": gettext_lazy("The question is recorded with its term. The result stays due %(due)s."),
    "receive-opinion": gettext_lazy("Recorded. The result is due %(due)s."),
    "plan-visit": gettext_lazy("The visit is planned. A person who is asked to be there is told."),
    "verify-on-site": gettext_lazy("The visit is recorded. Its minutes can be printed."),
    "stop": gettext_lazy("Stopped. Print the notice, and give the papers back to the person."),
    "correct": gettext_lazy(
        "Sent back. The corrected result is due %(due)s; the person gets our apology. Now: %(desk)s."
    ),
    "reopen": gettext_lazy("Reopened. Now: %(desk)s."),
    "forward": gettext_lazy("Forwarded. The other body has until %(act_by)s; the result stays due %(due)s."),
    "take-over": gettext_lazy("Taken over. Your body's part is due %(act_by)s."),
    "receive-paper": gettext_lazy("It is recorded that the paper has arrived."),
    "ask-back": gettext_lazy("Sent back to the commune with your question."),
    "return-phase": gettext_lazy("Returned. The commune goes on with it."),
    "remind": gettext_lazy("Reminded. It is marked in the list of whoever has it."),
    "record-call": gettext_lazy("The call is recorded."),
    "undo-call": gettext_lazy("Taken back. The call is on the list again."),
}


def _sentence_after(act: str, dossier: Dossier) -> str:
    if act == "extend" and dossier.promised_at:
        return _(
            "The apology is recorded. It came too late to move the legal date; the person is promised "
            "%(promised)s."
        )
    if act == "receive-supplement" and dossier.state == State.SUPPLEMENT:
        return _("What came is recorded. The dossier still waits for the rest, until %(act_by)s.")
    if act == "receive-supplement" and dossier.state == State.REGISTERED:
        return _("The papers have come. Accept or refuse the dossier by %(act_by)s.")
    if act == "verify-on-site" and not dossier.visits.filter(recorded_at=dossier.changed_at).exists():
        return _("The visit is called off. A person who was told of it is told so.")
    if act == "reopen" and dossier.due_at:
        return _("Reopened. Now: %(desk)s. The result is due %(due)s, as before.")
    if act == "propose" and dossier.result_kind == ResultKind.REFUSAL:
        return _("You proposed to refuse. The head of department looks at it by %(act_by)s.")
    return str(AFTER[act]) if act in AFTER else _("Done. The dossier is now at this step: %(desk)s.")
