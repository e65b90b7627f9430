"""What the ward has told a citizen about a dossier in its own words: what holds now, and what was told before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gandan.dossiers.models import Dossier, Remark, ResultKind, State, StopGround


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark to the citizen under its heading."""

    heading: str
    at: datetime
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """Newest first: `now` explains where the dossier stands, `before` is history."""

    now: list[Notice]
    before: list[Notice]


ASKED = ("request-supplement", "receive-supplement")
# Whose remark is the reason for a no: the commune's own proposal, or the body's to which it was forwarded.
ANSWERS = ("propose", "return-phase")
# The acts whose remark explains a state; others are history.
EXPLAINS: dict[State, tuple[str, ...]] = {
    State.SUPPLEMENT: ASKED,
    State.STOPPED: ASKED,
    State.REFUSED: ("refuse",),
    State.REGISTERED: ("reopen",),
    State.ACCEPTED: ("extend", "correct", "reopen"),
    State.PROCESSING: ("extend", "correct", "reopen"),
    State.DONE: ANSWERS,
    State.RETURNED: ANSWERS,
}


def told_about(dossier: Dossier, remarks: Iterable[Remark]) -> Told:
    """The remarks (newest first) that the citizen may read. A proposed refusal is nobody's answer until it is given."""
    told = Told([], [])
    asked_for_it = dossier.stop_ground == StopGround.ASKED
    explaining = [] if asked_for_it else list(EXPLAINS.get(State(dossier.state), ()))
    for remark in remarks:
        if remark.act in ANSWERS and not (answered_no(dossier) and remark.act in explaining):
            continue
        holds = remark.act in explaining
        if holds and remark.act != "receive-supplement":
            explaining.clear()  # the newest explains it; what is older is history
        notice = Notice(heading_of(remark.act, holds=holds), remark.at, remark.text.splitlines())
        (told.now if holds else told.before).append(notice)
    return told


def answered_no(dossier: Dossier) -> bool:
    """True once a refusal has been signed and has reached the counter."""
    finished = dossier.state in (State.DONE, State.RETURNED)
    return finished and dossier.result_kind == ResultKind.REFUSAL


HEADINGS = {
    "extend": lambda: _("Our apology, and the reason"),
    "correct": lambda: _("Our apology: what was wrong in the result"),
    "reopen": lambda: _("Why your dossier was opened again"),
}


def heading_of(act: str, *, holds: bool) -> str:
    if act in ASKED:
        return _("Papers still needed") if holds else _("Papers we had asked for")
    return HEADINGS[act]() if act in HEADINGS else _("The reason")
