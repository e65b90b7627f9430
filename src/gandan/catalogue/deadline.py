"""`./gandan deadline`: when a result is due, and why. From the shipped files alone: no Django, no database.

Exit 0: answered (a late dossier is an answer too); 2: bad input. With `--json` standard output holds one JSON
object (docs/schemas/deadline.json) and nothing else; messages go to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

from gandan.calculus.clock import read_clock
from gandan.calculus.errors import ClockError, YearWithoutCalendar
from gandan.calculus.rules import ClockAct, ClockEvent, Reading
from gandan.catalogue.deadline_input import (
    BadInput,
    Question,
    case_of,
    commune_of,
    events_of,
    moment_of,
    procedure_of,
)
from gandan.catalogue.deadline_words import as_json, as_text
from gandan.catalogue.grounds import shipped_grounds
from gandan.catalogue.lapsing import rule_on, shipped_law_holds
from gandan.organization.shipped import national_calendar


class Arguments(argparse.ArgumentParser):
    """A parser whose complaints are ours, in two languages."""

    def error(self, message: str) -> NoReturn:
        raise BadInput("arguments", f"Câu lệnh chưa đúng ({message}). Xem: gandan deadline --help", message)


def parser() -> Arguments:
    """The command's options; abbreviations are refused, so that a new option never changes an old call."""
    made = Arguments(
        prog="gandan deadline",
        description="Hạn trả kết quả và vì sao. / When a result is due, and why.",
        allow_abbrev=False,
    )
    made.add_argument("--procedure", required=True, metavar="CODE", help="mã thủ tục / procedure code")
    made.add_argument("--received", required=True, metavar="ISO", help="lúc nhận đủ / complete reception")
    made.add_argument("--commune", metavar="CODE", help="mã xã, phường (5 chữ số) / commune code")
    made.add_argument("--case", metavar="NAME", help="trường hợp / case of the procedure")
    made.add_argument("--known-at", metavar="ISO", help="chỉ tính việc đến lúc này / acts known by then")
    made.add_argument(
        "--events", metavar="FILE.json", help="các việc đã làm / acts (docs/schemas/clock-events.json)"
    )
    made.add_argument("--json", action="store_true", help="in một đối tượng JSON / print one JSON object")
    return made


def asked(given: argparse.Namespace) -> Question:
    """The checked question. Raises `BadInput`."""
    procedure = procedure_of(given.procedure)
    case, rule = case_of(procedure, given.case)
    commune = commune_of(given.commune) if given.commune is not None else None
    received = moment_of(given.received, "--received")
    known_at = moment_of(given.known_at, "--known-at") if given.known_at is not None else None
    if known_at is not None and known_at < received:
        raise BadInput(
            "received-after-known-at",
            f"Lúc nhận {received:%d/%m/%Y %H:%M} nằm sau mốc --known-at {known_at:%d/%m/%Y %H:%M}.",
            f"Received {received.isoformat()} is later than --known-at {known_at.isoformat()}.",
        )
    events = events_of(given.events, received) if given.events is not None else ()
    if not any(event.act is ClockAct.ACCEPT for event in events):
        events = (ClockEvent(ClockAct.ACCEPT, received), *events)
    rule = rule_on(rule, received.date(), shipped_law_holds)
    return Question(procedure, case, rule, commune, received, known_at, events)


def answered(question: Question) -> Reading:
    """What the clock says. Raises `BadInput` where it refuses to count."""
    grounds = shipped_grounds(question.received.date())
    calendar = national_calendar()
    try:
        return read_clock(
            question.rule, calendar, question.events, known_at=question.known_at, grounds=grounds
        )
    except YearWithoutCalendar as refused:
        years = ", ".join(str(year) for year in refused.years)
        raise BadInput(
            "year-without-calendar",
            f"Năm {refused.year} chưa có lịch làm việc được công bố (mới có: {years}), nên không hẹn ngày được.",
            f"No working calendar is published for {refused.year} (only {years}), so no date can be given.",
        ) from refused
    except (ClockError, OverflowError) as refused:
        raise BadInput("not-countable", f"Không đếm được thời hạn này: {refused}.", str(refused)) from refused


def main(argv: Sequence[str]) -> int:
    """Answers on standard output, in UTF-8 whatever the terminal says. Returns 0, or 2 for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    wants_json = "--json" in argv
    try:
        question = asked(parser().parse_args(argv))
        reading = answered(question)
    except BadInput as refused:
        print(f"{refused.vietnamese}\n{refused.english}", file=sys.stderr)
        if wants_json:
            print(json.dumps({"error": refused.as_dict()}, ensure_ascii=False))
        return 2
    print(json.dumps(as_json(reading), ensure_ascii=False) if wants_json else as_text(question, reading))
    return 0
