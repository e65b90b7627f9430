"""The courses that dossiers take, act by act, and about how often: a ward that is mostly in time.

A course says for each act when it comes: at a share of the time that is aimed at (`share`, of the working time
from the start of the clock to its end), or so many hours of work after the act before (`hours`, any between).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beat:
    """One act of a course and when it comes. `only_early`: left out when the result is not a day ahead of its date."""

    act: str
    share: float = 0
    hours: tuple[float, float] = (0, 0)
    only_early: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A course. `pace`: how much of the time is used. `clock`: the act with which the clock starts."""

    name: str
    weight: float
    beats: tuple[Beat, ...]
    pace: tuple[float, float] = (0.35, 0.97)
    channel: str = "counter"
    clock: int = 0
    result: str = "granted"


TAKEN_IN = Beat("accept")
REGISTERED = (Beat("register"), Beat("accept-registered", hours=(0.5, 9)))
TRANSFER, ASSIGN = Beat("transfer", 0.04), Beat("assign", 0.12)
PROPOSE, CHECK = Beat("propose", 0.62), Beat("check", 0.72)
SIGNED = (CHECK, Beat("approve", 0.86), Beat("number-and-stamp", 0.94), Beat("finish", 1.0))
TOLD = Beat("notify-early", hours=(0.3, 2), only_early=True)
RETURNED = (TOLD, Beat("return", hours=(1, 24)))
ASKED = Beat("request-supplement", hours=(2, 6))
LATER = (
    Beat("propose", hours=(4, 10)),
    Beat("check", hours=(1, 4)),
    Beat("approve", hours=(1, 4)),
    Beat("number-and-stamp", hours=(0.3, 2)),
    Beat("finish", hours=(0.3, 2)),
)

AT_ONCE = Script("at-once", 0, (Beat("settle"),))
SCRIPTS = (
    Script("ordinary", 62, (TAKEN_IN, TRANSFER, ASSIGN, PROPOSE, *SIGNED, *RETURNED)),
    Script("late", 5, (TAKEN_IN, TRANSFER, ASSIGN, PROPOSE, *SIGNED, *RETURNED), pace=(1.05, 1.6)),
    Script("not-collected", 2, (TAKEN_IN, TRANSFER, ASSIGN, PROPOSE, *SIGNED)),
    Script(
        "online",
        14,
        (*REGISTERED, TRANSFER, ASSIGN, PROPOSE, *SIGNED, *RETURNED),
        channel="online",
        clock=1,
    ),
    Script("refused", 2, (Beat("register"), Beat("refuse", hours=(1, 8))), channel="online"),
    Script(
        "supplemented",
        6,
        (
            TAKEN_IN,
            TRANSFER,
            ASSIGN,
            ASKED,
            Beat("receive-supplement", hours=(6, 50)),
            *LATER,
            Beat("return", hours=(2, 16)),
        ),
    ),
    Script(
        "abandoned", 1, (TAKEN_IN, TRANSFER, ASSIGN, ASKED, Beat("close", hours=(110, 140)))
    ),  # 15 days have at most 12 working days
    Script("denied", 2, (TAKEN_IN, TRANSFER, ASSIGN, PROPOSE, *SIGNED, *RETURNED), result="refusal"),
    Script(
        "sent-back",
        2,
        (
            TAKEN_IN,
            TRANSFER,
            ASSIGN,
            Beat("propose", 0.3),
            Beat("send-back", 0.4),
            PROPOSE,
            *SIGNED,
            *RETURNED,
        ),
    ),
    Script(
        "extended",
        2,
        (TAKEN_IN, TRANSFER, ASSIGN, Beat("extend", 0.3), *LATER, Beat("return", hours=(2, 16))),
    ),
    Script("withdrawn", 2, (TAKEN_IN, TRANSFER, ASSIGN, Beat("withdraw", 0.5))),
)
ALL = (AT_ONCE, *SCRIPTS)
