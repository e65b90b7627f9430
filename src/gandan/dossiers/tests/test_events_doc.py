"""docs/events.md says what every act of this room writes: its name, its facts, their types. Nothing more, nothing less."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gandan.accounts.models import User
from gandan.dossiers.actions import (
    again,
    calls,
    consult,
    extend,
    forward,
    guide,
    processing,
    reception,
    remind,
    results,
    settle,
    stop,
    supplement,
    take_in,
    visit,
    withdraw,
)
from gandan.dossiers.actions.leaving import assigned_to, leave
from gandan.dossiers.actions.recalculate import recalculate_out_of_date
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.models import (
    AnswerWay,
    Call,
    CallOutcome,
    Desk,
    Dossier,
    PhaseOutcome,
    Presence,
    ResultKind,
    ReturnWay,
)
from gandan.dossiers.rules import RULES
from gandan.dossiers.tests.factories import (
    CERTIFIED_COPY,
    MONDAY,
    Ward,
    asked,
    bring_to,
    local,
    make_dossier,
    make_intake,
    make_user,
    make_ward,
)
from gandan.dossiers.tests.province import make_body, merge
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.notifications.models import Message
from gandan.organization.absence import actions as absence
from gandan.organization.absence.models import Manner
from gandan.organization.actions import set_day
from gandan.organization.integrity import actions as integrity
from gandan.organization.integrity.models import Tie
from gandan.organization.models import Duty, Role
from gandan.organization.tests.factories import acting, with_account

PAGE = (Path(__file__).parents[4] / "docs" / "events.md").read_text(encoding="utf-8")
OPENING = {"register", "settle"}  # they make the dossier, so no rule looks at its desk
ORDERED = {
    "re-route",
    "recalculate",
    "hand-over",
}  # by a merger or an administrator, not by who has the dossier
BEFORE = {"contact", "guide"}
COUNTER, SPECIALIST, LEADER = Role.COUNTER_OFFICER, Role.SPECIALIST, Role.SIGNING_LEADER

# (always there, there when it applies)
Facts = tuple[set[str], set[str]]


def section(title: str) -> str:
    return PAGE.split(f"\n### {title}")[1].split("\n### ")[0]


def facts_in(text: str) -> Facts:
    found = re.findall(r"(\*?)`([a-z_]+)`", text)
    return {name for star, name in found if not star}, {name for star, name in found if star}


def rows(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def further_facts(title: str) -> dict[str, Facts]:
    return {name.strip("`"): facts_in(facts) for name, _vietnamese, facts in rows(title)}


def paragraph(opening: str) -> Facts:
    line = next(line for line in section("On a dossier").splitlines() if line.startswith(opening))
    return facts_in(line.split("carries", 1)[1])


FIRST, LATER = paragraph("**The first event**"), paragraph("**Every later event**")


def test_acts_on_a_dossier_are_documented() -> None:
    assert set(further_facts("On a dossier")) == set(RULES) | OPENING | ORDERED


def test_acts_before_a_dossier_are_documented() -> None:
    assert set(further_facts("On a contact")) == BEFORE


class Story:
    """Short names for acts of one ward's people on one dossier."""

    def __init__(self, ward: Ward, dossier: Dossier) -> None:
        self.ward, self.dossier = ward, dossier

    def do(self, act: Any, role: Role, at: datetime = MONDAY, **arguments: Any) -> Story:
        act(officer=self.ward.officer(role), **asked(self.dossier, at), **arguments)
        return self

    def to(self, desk: Desk) -> Story:
        self.dossier = bring_to(self.ward, Dossier.objects.get(pk=self.dossier.pk), desk)
        return self


def through_every_act(ward: Ward) -> None:
    """Every act, with and without whatever may be left out of its event."""
    papers = [MissingPaper("Hợp đồng thuê nhà", "Bản đã nộp hết hạn")]
    before_and_at_once(ward)
    turned_away(ward)
    waited_for(ward, papers)
    never_completed(ward, papers)
    sent_back_and_late(ward)
    examined_with_others(ward)
    visited(ward)
    taken_up_again(ward)
    worked_on_by_two_bodies(ward)
    reminded_and_telephoned(ward)
    done_by_a_substitute(ward)
    Story(ward, make_dossier(ward)).to(Desk.CLOSED)
    Story(ward, make_dossier(ward)).to(Desk.RETURN).do(results.notify_early, COUNTER, how="call").do(
        results.return_result, COUNTER, way=ReturnWay.COUNTER, collected_by="Trần Văn Mẫu"
    )
    given_to_a_colleague(ward)  # last: afterwards the specialist is kept away from this owner
    administered(ward)
    passed_on(ward)


def given_to_a_colleague(ward: Ward) -> None:
    """The specialist declares a tie with the owner; the head gives the dossier to somebody else."""
    story = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    story.do(processing.assign, Role.HEAD_OF_DEPARTMENT, assignee=tied_and_colleague(ward))


def tied_and_colleague(ward: Ward) -> User:
    integrity.declare(
        officer=ward.officer(SPECIALIST),
        tie=Tie.SIBLING,
        name="Nguyễn Thị Mẫu",
        number="046188000001",
        since=MONDAY.date(),
        request_id=new_id(),
        at=MONDAY,
    )
    other = make_user("Người mẫu hai", "19975-specialist-2")
    Duty.objects.create(user=other, unit=ward.department, role=SPECIALIST, valid_from=MONDAY.date())
    return other


def before_and_at_once(ward: Ward) -> None:
    place = {"officer": ward.officer(COUNTER), "unit": ward.centre, "at": MONDAY}
    for guided in (False, True):
        guide.contact(**place, request_id=new_id(), version=None, guide=guided)
    settle.settle(**place, request_id=new_id(), intake=make_intake(CERTIFIED_COPY))


def reminded_and_telephoned(ward: Ward) -> None:
    story = Story(ward, make_dossier(ward)).to(Desk.ASSIGNMENT).do(remind.remind, COUNTER)
    story.to(Desk.APPRAISAL).do(remind.remind, COUNTER).to(Desk.RETURN)
    message = Message.objects.get(subject_id=story.dossier.pk, channel="call", state="waiting").pk
    story.do(calls.record_call, COUNTER, message_id=message, outcome=CallOutcome.NOT_REACHED, note="Máy bận")
    story.do(calls.record_call, COUNTER, message_id=message, outcome=CallOutcome.REACHED)
    last = Call.objects.get(message_id=message, outcome=CallOutcome.REACHED)
    story.do(calls.undo_call, COUNTER, call_id=last.pk)


def done_by_a_substitute(ward: Ward) -> None:
    """The specialist replaces the counter officer: guides, takes in, settles, passes on, each in both their names."""
    absence.substitute(
        duty=Duty.objects.get(user=ward.people[COUNTER]),
        by_whom=ward.people[SPECIALIST],
        manner=Manner.NONE,
        valid_from=MONDAY.date(),
        valid_to=MONDAY.date(),
        document="Giấy phân công mẫu",
        officer=ward.officer(LEADER),
        at=MONDAY,
        request_id=new_id(),
    )
    place = {"officer": ward.officer(SPECIALIST), "unit": ward.centre, "at": MONDAY}
    for guided in (False, True):
        guide.contact(**place, request_id=new_id(), version=None, guide=guided)
    settle.settle(**place, request_id=new_id(), intake=make_intake(CERTIFIED_COPY))
    dossier = take_in.take_in(**place, request_id=new_id(), intake=make_intake())
    Story(ward, dossier).do(processing.transfer, SPECIALIST, department=ward.department)


def turned_away(ward: Ward) -> None:
    Story(ward, make_dossier(ward, accept=False)).do(reception.refuse, COUNTER, reason="Sai thẩm quyền")
    Story(ward, make_dossier(ward)).do(withdraw.withdraw, COUNTER, reason="Theo đơn")


def waited_for(ward: Ward, papers: list[MissingPaper]) -> None:
    later = local("2026-11-13 10:00")
    story = Story(ward, make_dossier(ward, accept=False)).do(reception.accept, COUNTER).to(Desk.APPRAISAL)
    story.do(supplement.request_supplement, SPECIALIST, items=papers)
    story.do(supplement.receive_supplement, COUNTER, complete=False, remark="Còn thiếu chữ ký")
    story.do(supplement.receive_supplement, COUNTER, later, complete=True)
    story.do(
        extend.apologise_and_extend, LEADER, later, reason="Xác minh", new_due_at=local("2026-12-01 17:00")
    )


def never_completed(ward: Ward, papers: list[MissingPaper]) -> None:
    story = Story(ward, make_dossier(ward, accept=False))
    story.do(supplement.request_supplement, COUNTER, items=papers)
    story.do(supplement.close, COUNTER, local("2026-11-26 08:00"))


def sent_back_and_late(ward: Ward) -> None:
    story = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    story.do(processing.propose, SPECIALIST, result=ResultKind.REFUSAL, opinion="Không đủ điều kiện")
    story.do(processing.send_back, Role.HEAD_OF_DEPARTMENT, reason="Thiếu căn cứ")
    late, promised = local("2026-11-18 08:00"), local("2026-11-20 17:00")
    story.do(extend.apologise_and_extend, LEADER, late, reason="Xác minh", new_due_at=promised)


def examined_with_others(ward: Ward) -> None:
    story = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    asked = {"question": "Đất có trong quy hoạch không?", "days": 2, "answer_way": AnswerWay.ELECTRONIC}
    story.do(consult.consult, SPECIALIST, unit=ward.committee, **asked)
    story.do(consult.consult, SPECIALIST, body="Công ty cấp nước", **asked)
    story.do(consult.receive_opinion, SPECIALIST, opinion=1, answer="Không có ý kiến khác", came_at=MONDAY)
    late = local("2026-11-13 08:00")
    story.do(consult.receive_opinion, SPECIALIST, late, opinion=2, answer="Đã nhắc hai lần", came_at=None)


def visited(ward: Ward) -> None:
    story = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    plan = {
        "starts_at": local("2026-11-10 08:00"),
        "place": "Số 1 đường Mẫu",
        "who": "Mẫu",
        "what": "Ranh đất",
    }
    story.do(visit.plan_visit, SPECIALIST, citizen_asked=True, **plan)
    story.do(visit.verify_on_site, SPECIALIST, minutes=None, reason="Mưa bão")
    story.do(visit.plan_visit, SPECIALIST, citizen_asked=True, **plan)
    held = local("2026-11-10 08:30")
    minutes = visit.Minutes(held, "Số 1 đường Mẫu", "Mẫu", Presence.SIGNED, "Đúng ranh", "Đủ điều kiện")
    story.do(visit.verify_on_site, SPECIALIST, held, minutes=minutes)


def taken_up_again(ward: Ward) -> None:
    story = Story(ward, make_dossier(ward)).do(stop.stop, COUNTER, asked_at=MONDAY, reason="Đổi ý")
    story.do(again.reopen, LEADER, reason="Người nộp rút lại đề nghị", basis="Quyết định 12/QĐ-UBND")
    story.to(Desk.RETURN).do(again.correct, COUNTER, reason="Sai ngày sinh")
    story.to(Desk.RETURN)


def worked_on_by_two_bodies(ward: Ward) -> None:
    """With a time of its own and without, with paper and without; asked back, part done, with a result."""
    body = make_body(ward)
    there = {role: body.officer(role) for role in body.people}
    story = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    story.do(
        forward.forward, SPECIALIST, body=body.unit, task="Đề nghị", limit="group.death_merit:", paper=True
    )
    for act, role, more in (
        (forward.take_over, SPECIALIST, {}),
        (forward.receive_paper, Role.CLERK, {}),
        (forward.ask_back, SPECIALIST, {"reason": "Thiếu biên bản"}),
    ):
        act(officer=there[role], **asked(story.dossier, MONDAY), **more)
    for outcome, number in ((PhaseOutcome.PART_DONE, ""), (PhaseOutcome.REFUSAL, "7/QĐ-SYT")):
        story.do(forward.forward, SPECIALIST, body=body.unit, task="Đề nghị")
        forward.take_over(officer=there[SPECIALIST], **asked(story.dossier, MONDAY))
        forward.return_phase(
            officer=there[Role.CLERK],
            outcome=outcome,
            number=number,
            opinion="Không đủ điều kiện" if number else "",
            **asked(story.dossier, MONDAY),
        )
    story.to(Desk.RETURN)


def administered(ward: Ward) -> None:
    """A storm moves dates and desks' limits; an officer leaves with a colleague to go on, and without."""
    ward.people[SPECIALIST] = somebody_else(ward)
    after_all = local("2026-12-09 08:00")
    waiting = Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    waiting.do(supplement.request_supplement, SPECIALIST, items=[MissingPaper("Hợp đồng", "Hết hạn")])
    Story(ward, make_dossier(ward)).to(Desk.APPRAISAL)
    legal = with_account(acting(Role.LEGAL_OFFICER, province="46"))
    for day in (date(2026, 11, 12), date(2026, 11, 25)):
        order = {"document": "Công điện mẫu", "officer": legal, "at": after_all, "request_id": new_id()}
        set_day(day, name="Nghỉ tránh bão", works=False, **order)
    order = {"document": "Công điện mẫu", "officer": legal, "at": after_all, "request_id": new_id()}
    recalculate_out_of_date([ward.commune.pk], **order)
    heir = somebody_else(ward)
    for person, successor in ((ward.people[SPECIALIST], heir), (heir, None)):
        seen = [dossier.pk for dossier in assigned_to(person)]
        administrator = ward.officer(Role.ADMINISTRATOR)
        order = {"document": "QĐ 1", "officer": administrator, "at": after_all, "request_id": new_id()}
        leave(person, last_day=after_all.date(), successor=successor, seen=seen, **order)
    ward.people[SPECIALIST] = somebody_else(ward)


def somebody_else(ward: Ward) -> User:
    """Another specialist of the department."""
    number = User.objects.count()
    user = User.objects.create_user(f"mau-{number}", None, full_name="Người mẫu khác", code=f"X-{number}")
    Duty.objects.create(user=user, unit=ward.department, role=SPECIALIST, valid_from=date(2025, 7, 1))
    return user


def passed_on(ward: Ward) -> None:
    """After everything else: all dossiers of the ward go to another one, with a limit running and without."""
    make_dossier(ward, accept=False)
    merge(ward, make_ward("19969", "Thanh Thủy"), at=local("2026-12-10 08:00"))


@pytest.fixture
def events(ward: Ward) -> list[Event]:
    through_every_act(ward)
    here = Event.objects.filter(subject_kind__in=["dossier", "contact"])
    return list(here.order_by("chain", "seq"))


def seen(keys: Sequence[set[str]]) -> Facts:
    """Facts that all of the bodies have, and facts that only some of them have."""
    always = set.intersection(*keys)
    return always, set.union(*keys) - always


def standing(event: Event) -> set[str]:
    """What the page lets every event of this kind and place carry."""
    if event.subject_kind == "contact":
        return set()
    return set.union(*(LATER if "revision" in event.facts else FIRST))


def test_each_act_writes_exactly_its_documented_facts(events: list[Event]) -> None:
    documented = further_facts("On a dossier") | further_facts("On a contact")

    written = {
        act: seen([set(event.facts) - standing(event) for event in events if event.act == act])
        for act in documented
    }

    assert written == documented


def test_first_events_write_exactly_the_documented_facts(events: list[Event]) -> None:
    first = [event for event in events if event.subject_kind == "dossier" and "revision" not in event.facts]

    assert seen([set(event.facts) & standing(event) for event in first]) == FIRST


def test_later_events_say_exactly_where_the_dossier_stands(events: list[Event]) -> None:
    later = [event for event in events if "revision" in event.facts]

    assert seen([set(event.facts) & standing(event) for event in later]) == LATER


TYPES = {
    "yes/no": lambda value: value in (0, 1),
    "count": lambda value: type(value) is int and value >= 0,
    "seconds": lambda value: type(value) is int,
    "code": lambda value: type(value) is str,
    "codes": lambda value: all(type(one) is str for one in value),
    "moment": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", value),
    "id": lambda value: str(UUID(value)) == value,
    "hash": lambda value: re.fullmatch(r"[0-9a-f]{64}", value),
}


def test_facts_have_their_documented_types(events: list[Event]) -> None:
    types = {name.strip("`"): type_ for name, type_, *_rest in rows("Facts") if type_ in TYPES}
    written = {(name, str(value)): value for event in events for name, value in event.facts.items()}

    wrong = [(name, value) for (name, _), value in written.items() if not TYPES[types[name]](value)]

    assert wrong == []
    assert set(types) == {name for name, _value in written}
