"""What may be asked for with each act of RULES: sound as a rule, now and then not. A new act needs an entry here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.actions.visit import Minutes
from gandan.dossiers.models import (
    AnswerWay,
    Call,
    CallOutcome,
    Dossier,
    PhaseOutcome,
    Presence,
    ResultKind,
    ReturnWay,
)
from gandan.dossiers.phases import limits_for
from gandan.dossiers.tests.factories import Ward
from gandan.ledger.ids import new_id
from gandan.notifications.models import Channel, Message, MessageState
from gandan.organization.models import Role, Unit

Arguments = dict[str, Any]
One = TypeVar("One")
SOUND = ("Lý do mẫu", "Phải xác minh thêm", "Theo đơn của người nộp", "x" * 300)
UNSOUND = ("", "   ", "x" * 3000)
WAITS = (timedelta(hours=1), timedelta(days=1), timedelta(days=4), timedelta(days=30))
ODD_WAITS = (timedelta(minutes=-1), timedelta(), timedelta(days=500))


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the act is to be done: the ward, its dossier, the moment, a body of its province; what chance decides."""

    ward: Ward
    dossier: Dossier
    at: datetime
    chance: Random
    body: Unit

    def one_of(self, *choices: One) -> One:
        return self.chance.choice(choices)

    def mostly(self, sound: Sequence[One], odd: Sequence[One]) -> One:
        return self.chance.choice(odd if self.chance.random() < 0.1 else sound)

    @property
    def words(self) -> str:
        return self.mostly(SOUND, UNSOUND)

    @property
    def ahead(self) -> timedelta:
        return self.mostly(WAITS, ODD_WAITS)

    @property
    def before(self) -> datetime:
        """A moment that has passed, as a rule since the dossier came."""
        span = max(self.at - self.dossier.registered_at, timedelta())
        odd = (self.at - timedelta(days=99), self.at + timedelta(hours=1))
        return self.mostly((self.at, self.at - span / 2, self.at - span), odd)


Choice = Callable[[Scene], Arguments]


def nothing(scene: Scene) -> Arguments:
    return {}


def reason(scene: Scene) -> Arguments:
    return {"reason": scene.words}


def papers(scene: Scene) -> Arguments:
    wanted = [MissingPaper("Hợp đồng thuê nhà", scene.words) for _paper in range(scene.mostly((1, 2), (0,)))]
    return {"items": wanted, "basis": scene.one_of("", "Điều 7 NĐ 301/2026/NĐ-CP")}


def what_came(scene: Scene) -> Arguments:
    return {"complete": scene.one_of(True, True, False), "remark": scene.words}


def department(scene: Scene) -> Arguments:
    return {"department": scene.ward.department}


def assignee(scene: Scene) -> Arguments:
    people = scene.ward.people
    return {
        "assignee": scene.mostly([people[Role.SPECIALIST], people[Role.POLICE_OFFICER]], [people[Role.CLERK]])
    }


def proposal(scene: Scene) -> Arguments:
    result = scene.mostly((ResultKind.GRANTED, ResultKind.REFUSAL), (ResultKind.NONE,))
    return {"result": result, "opinion": scene.words}


def number(scene: Scene) -> Arguments:
    return {"number": scene.mostly(("", "7/2026"), ("x" * 61,))}


def how(scene: Scene) -> Arguments:
    return {"how": scene.mostly(("call", "message", "in-person"), ("dream",))}


def way(scene: Scene) -> Arguments:
    return {"way": scene.one_of(*ReturnWay), "collected_by": scene.one_of("", "Trần Văn Mẫu")}


def new_date(scene: Scene) -> Arguments:
    return {"reason": scene.words, "new_due_at": (scene.dossier.due_at or scene.at) + scene.ahead}


def question(scene: Scene) -> Arguments:
    ward = scene.ward
    asked = scene.mostly(
        ((ward.committee, ""), (None, "Công ty cấp nước mẫu")),
        ((ward.department, ""), (None, ""), (ward.committee, "Công ty")),
    )
    return {
        "unit": asked[0],
        "body": asked[1],
        "question": scene.words,
        "days": scene.mostly((1, 3, 10, 60), (0, 61)),
        "answer_way": scene.one_of(*AnswerWay),
    }


def opinion(scene: Scene) -> Arguments:
    waiting = [one.number for one in scene.dossier.consultations.order_by("number") if one.is_open]
    came = scene.one_of(None, scene.at, scene.before)
    return {"opinion": scene.mostly(waiting or [1], (1, 9)), "answer": scene.words, "came_at": came}


def plan(scene: Scene) -> Arguments:
    return {
        "starts_at": scene.at + scene.ahead,
        "place": scene.words,
        "who": scene.one_of(*SOUND),
        "what": scene.one_of(*SOUND),
        "citizen_asked": scene.one_of(True, False),
    }


def minutes(scene: Scene) -> Arguments:
    if scene.dossier.visit_id and scene.one_of(True, False, False):
        return {"minutes": None, "reason": scene.words}
    told = Minutes(
        held_at=scene.before,
        place="Số 1 đường Mẫu",
        present=scene.one_of(*SOUND),
        presence=scene.one_of(*Presence),
        content=scene.words,
        conclusion=scene.one_of(*SOUND),
    )
    return {"minutes": told}


def asked_to_stop(scene: Scene) -> Arguments:
    return {"asked_at": scene.before, "reason": scene.words}


def decision(scene: Scene) -> Arguments:
    return {"reason": scene.words, "basis": scene.mostly(("Quyết định 12/QĐ-UBND",), ("",))}


def call(scene: Scene) -> Arguments:
    calls = Message.objects.filter(subject_id=scene.dossier.pk, channel=Channel.CALL)
    waiting = [one.pk for one in calls.filter(state=MessageState.WAITING).order_by("queued_at", "pk")]
    return {
        "message_id": one_or_none_such(scene, waiting),
        "outcome": scene.one_of(*CallOutcome),
        "note": scene.one_of("", "Con gái nghe máy"),
        "next_try_at": scene.one_of(None, scene.at + scene.ahead),
    }


def recorded_call(scene: Scene) -> Arguments:
    made = Call.objects.filter(dossier=scene.dossier).order_by("at", "pk").values_list("pk", flat=True)
    return {"call_id": one_or_none_such(scene, list(made))}


def sent_on(scene: Scene) -> Arguments:
    known = [one.key for one in limits_for(scene.dossier, scene.body, scene.at)]
    return {
        "body": scene.mostly([scene.body], [scene.ward.department]),
        "task": scene.words,
        "limit": scene.mostly(["", *known], ["no-such-limit"]),
        "paper": scene.one_of(True, False),
        "whole": scene.one_of(True, False, False, False),
    }


def part_done(scene: Scene) -> Arguments:
    number = ("", "12/QĐ-SYT")
    outcome = scene.one_of(PhaseOutcome.GRANTED, PhaseOutcome.REFUSAL, PhaseOutcome.PART_DONE)
    sound = number[outcome != PhaseOutcome.PART_DONE]
    return {"outcome": outcome, "opinion": scene.words, "number": scene.mostly([sound], number)}


def one_or_none_such(scene: Scene, ids: list[UUID]) -> UUID:
    return scene.mostly(ids or [new_id()], [new_id()])


CHOICES: dict[str, Choice] = {
    "accept": nothing,
    "refuse": reason,
    "request-supplement": papers,
    "receive-supplement": what_came,
    "close": nothing,
    "transfer": department,
    "assign": assignee,
    "propose": proposal,
    "check": nothing,
    "approve": nothing,
    "send-back": reason,
    "number-and-stamp": number,
    "finish": nothing,
    "notify-early": how,
    "return": way,
    "extend": new_date,
    "withdraw": reason,
    "consult": question,
    "receive-opinion": opinion,
    "plan-visit": plan,
    "verify-on-site": minutes,
    "stop": asked_to_stop,
    "correct": reason,
    "reopen": decision,
    "forward": sent_on,
    "take-over": nothing,
    "receive-paper": nothing,
    "ask-back": reason,
    "return-phase": part_done,
    "remind": nothing,
    "record-call": call,
    "undo-call": recorded_call,
}
