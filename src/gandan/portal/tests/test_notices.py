"""What the ward told the citizen: what explains the present state, and what is history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gandan.dossiers.models import Dossier, Remark, ResultKind, State
from gandan.dossiers.tests.factories import MONDAY
from gandan.portal.notices import told_about


def told(state: State, *acts: str, result: str = "") -> tuple[list[str], list[str]]:
    """The texts told now and before; the acts are given oldest first and their text is their place."""
    dossier = Dossier(state=state, result_kind=result)
    remarks = [
        Remark(act=act, text=f"{number} {act}", at=MONDAY + timedelta(hours=number))
        for number, act in enumerate(acts)
    ]
    found = told_about(dossier, reversed(remarks))
    return [one.lines[0] for one in found.now], [one.lines[0] for one in found.before]


@pytest.mark.parametrize(
    ("state", "acts", "now", "before"),
    [
        (State.SUPPLEMENT, ["request-supplement"], ["0 request-supplement"], []),
        (State.PROCESSING, ["request-supplement"], [], ["0 request-supplement"]),
        (
            State.SUPPLEMENT,
            ["request-supplement", "receive-supplement"],
            ["1 receive-supplement", "0 request-supplement"],
            [],
        ),
        (
            State.SUPPLEMENT,
            ["request-supplement", "request-supplement"],
            ["1 request-supplement"],
            ["0 request-supplement"],
        ),
        (State.PROCESSING, ["extend", "extend"], ["1 extend"], ["0 extend"]),
        (State.DONE, ["extend"], [], ["0 extend"]),
        (State.REFUSED, ["refuse"], ["0 refuse"], []),
        (State.STOPPED, ["request-supplement"], ["0 request-supplement"], []),
    ],
)
def test_newest_words_explain_the_state(
    state: State, acts: list[str], now: list[str], before: list[str]
) -> None:
    assert told(state, *acts) == (now, before)


@pytest.mark.parametrize("state", [State.PROCESSING, State.WITHDRAWN, State.SUPPLEMENT])
def test_proposed_refusal_is_not_told_before_it_is_given(state: State) -> None:
    assert told(state, "propose", result=ResultKind.REFUSAL) == ([], [])


def test_refusal_given_tells_its_last_reason() -> None:
    assert told(State.DONE, "propose", "propose", result=ResultKind.REFUSAL)[0] == ["1 propose"]


def test_refusal_that_was_sent_back_and_granted_is_not_told() -> None:
    assert told(State.RETURNED, "propose", result=ResultKind.GRANTED) == ([], [])


def test_each_line_of_a_request_is_its_own() -> None:
    remark = Remark(act="request-supplement", text="Đơn: chưa ký\nBản vẽ: thiếu", at=MONDAY)

    [notice] = told_about(Dossier(state=State.SUPPLEMENT), [remark]).now

    assert (notice.heading, notice.lines) == ("Giấy tờ còn thiếu", ["Đơn: chưa ký", "Bản vẽ: thiếu"])
