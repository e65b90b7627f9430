"""The acts of a ward, done a second time for load: what each writes, beside the act whose name it bears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from gandan.calculus.arrays import number_of
from gandan.calculus.calendars import SECOND, add_working_days, end_of_office_hours
from gandan.calculus.canonical import canonical_json
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Calendar, ClockAct, ClockEvent
from gandan.dossiers import desks, tracking
from gandan.dossiers.actions.supplement import notice_is_late
from gandan.dossiers.models import (
    Channel,
    Desk,
    Dossier,
    Extension,
    Lane,
    ResultKind,
    State,
    StopGround,
    Supplement,
)
from gandan.dossiers.numbers import book_scope, day_scope, format_code, register_scope
from gandan.exchange.generation.lives import (
    Chronicle,
    Life,
    Moment,
    dashed,
    due_moment,
    encode,
    moment,
    reached_by,
)
from gandan.exchange.generation.moulds import Mould, Person, text_of
from gandan.exchange.generation.people import household, person
from gandan.exchange.generation.rows import GIVEN
from gandan.law.queries import value_at
from gandan.notifications.models import MessageState
from gandan.organization.models import Role, Unit

AGENTS = 0.06  # how many come for somebody else
COME_AGAIN = 0.7  # how many were here before, once FEWEST were
FEWEST = 200
SALT_DIGITS = 32
OPINION = "Hồ sơ đủ điều kiện, đề nghị giải quyết."
REFUSAL = "Nơi cư trú của người nộp không thuộc địa bàn (lý do mẫu)."
UNCLEAR = "Cần làm rõ nội dung đề xuất (lý do mẫu)."
WISH = "Người nộp tự nguyện rút hồ sơ (lý do mẫu)."
DELAYED = "Hồ sơ chờ kết quả kiểm tra của cơ quan phối hợp (lý do mẫu)."
MISSING = (("Giấy tờ kèm theo (mẫu)", "Bản nộp mờ, không đọc được (lý do mẫu)."),)
LONGER = 3  # working days that an apology asks for
EMPTY: dict[str, Any] = {
    **dict.fromkeys(GIVEN[Dossier]),
    "revision": 1,
    "step_number": 0,
    "reading_number": 0,
    "wait_seconds": 0,
    "supplement_count": 0,
    "extension_count": 0,
    "stop_ground": "",
    "result_kind": "",
    "result_number": "",
    "desk_role": "",
}


class NotNow(Exception):
    """The act cannot be done at this moment, and nothing more happens to the dossier."""


class Acts(Chronicle):
    """Every act by its name in the scripts: `acts.do(name, life, at, by)`."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.transfers: dict[tuple[int, bool], int] = {}
        self.people: list[Person] = []
        self.households: list[Person] = []
        self.cut_offs: dict[int, time] = {}
        self.centre, self.committee = self.ward.centre.pk.hex, self.ward.committee.pk.hex

    def do(self, act: str, life: Life, at: Moment, by: int) -> None:
        """`by`: when the workflow wants the next desk to be cleared, 0 where it counts no time.

        Raises NotNow for what cannot be done then.
        """
        try:
            DONE[act](self, life, at, by)
        except YearWithoutCalendar as error:  # near the end of the published years a date cannot be given
            raise NotNow from error

    def step_by(self, life: Life, by: int) -> int:
        """The workflow's time for the desk, never later than the due moment."""
        return min(by, life.due) if by and life.due else by or life.due

    # ---- taking in -----------------------------------------------------------------------------------------

    def begin(self, act: str, mould: Mould, at: Moment, due: int, result: ResultKind) -> Life:
        """Registers, accepts or settles a new dossier."""
        life, owner, agent = self._new(mould, at, result)
        if act == "register":
            by = number_of(desks.answer_by(self.ward.centre, at.at))
            self.open_step(life, Desk.RECEPTION, self.centre, Role.COUNTER_OFFICER, at, by)
        else:
            self.first_deadline(life, at, due)
            if act == "accept":
                life.state = State.ACCEPTED
                self._to_transfer(life, at)
            else:
                self._settled(life, at)
        self.add_papers(life, at)
        values = {"owner": owner.asked, "agent": agent.asked if agent else "null"}
        asked = mould.request[act].with_values(values)
        facts = self._opening_facts(life, act, at, owner, agent)
        self.write_event(life, act, mould.counter, at, facts, asked)
        return life

    def _new(self, mould: Mould, at: Moment, result: ResultKind) -> tuple[Life, Person, Person | None]:
        local, centre, key = at.at.astimezone(VIETNAM), self.ward.centre, self.key(at)
        owner = self.somebody(mould, local.date())
        by_proxy = mould.channel == Channel.COUNTER and not mould.immediate and self.rng.random() < AGENTS
        agent = Person.of(person(self.ward.place, local.date(), self.rng, oldest=70)) if by_proxy else None
        day = local.date()
        number = self.next_number(scope_of(centre, day))
        row = {
            **EMPTY,
            "id": key,
            "code": format_code(centre, day, number),
            "commune": self.ward.code,
            "unit_received": self.centre,
            "unit_competent": self.centre,
            "version": mould.version.pk.hex,
            "case": mould.case.pk.hex,
            "answers": mould.answers,
            "owner": self.key(at),
            "agent": self.key(at) if agent else None,
            "channel": str(mould.channel),
            "lane": str(Lane.APPOINTMENT),
            "return_way": str(mould.intake.return_way),
            "register_year": local.year,
            "register_number": self.next_number(register_scope(self.ward.code, local.year)),
            "first_contact_at": at.stored,
            "registered_at": at.stored,
            "changed_at": at.stored,
            "tracking_hash": tracking.hash_of(tracking.secret_of(UUID(key))),
            "salt": bytes.fromhex(self.random(SALT_DIGITS)),
        }
        self.add_party(row["owner"], owner)
        if agent:
            self.add_party(row["agent"], agent)
        handler, leader = self.rng.choice(mould.department.handlers), self.rng.choice(self.ward.leaders)
        life = Life(mould, key, dashed(key), row, handler, leader, reached_by(agent or owner), result)
        return life, owner, agent

    def somebody(self, mould: Mould, day: date) -> Person:
        """An invented person or household; most have been here before."""
        known = self.households if mould.matter.business else self.people
        if len(known) >= FEWEST and self.rng.random() < COME_AGAIN:
            return self.rng.choice(known)
        invent = household if mould.matter.business else person
        known.append(Person.of(invent(self.ward.place, day, self.rng)))
        return known[-1]

    def _settled(self, life: Life, at: Moment) -> None:
        year, code = life.row["register_year"], life.mould.version.procedure.code
        number = self.next_number(book_scope(self.ward.code, code, year))
        life.state, life.desk = State.RETURNED, Desk.CLOSED
        life.row |= {
            "lane": str(Lane.IMMEDIATE),
            "finished_at": at.stored,
            "returned_at": at.stored,
            "result_kind": str(ResultKind.GRANTED),
            "result_number": f"{number}/{year}",
        }

    def _opening_facts(
        self, life: Life, act: str, at: Moment, owner: Person, agent: Person | None
    ) -> dict[str, Any]:
        due = due_moment(life.due).told if life.due else ""
        content = life.mould.content.with_values(
            {
                "code": text_of(life.row["code"]),
                "due_at": text_of(due) if due else "null",
                "owner": owner.content,
                "agent": agent.content if agent else "null",
                "result": text_of(life.row["result_number"]),
            }
        )
        facts = {
            **life.mould.facts,
            "state": int(life.state),
            "desk": str(life.desk),
            "lane": life.row["lane"],
            "register": life.row["register_number"],
            "first_contact_at": at.told,
            "content_hash": self.hashed(life, content),
        }
        if due:
            facts |= {"due_at": due, "base_due_at": due}
        if act == "register":
            alert = number_of(desks.alert_by(self.ward.centre, at.at))
            facts |= {"alert_by": moment(alert).told, "answer_by": moment(life.act_by).told}
        return {**facts, "result": str(ResultKind.GRANTED)} if act == "settle" else facts

    def _to_transfer(self, life: Life, at: Moment) -> None:
        by = self.transfer_by(at)
        self.open_step(life, Desk.TRANSFER, self.centre, Role.COUNTER_OFFICER, at, by)

    def transfer_by(self, at: Moment) -> int:
        """The 15:00 rule, asked once a half of a day."""
        local = at.at.astimezone(VIETNAM)
        day = local.toordinal()
        if day not in self.cut_offs:
            self.cut_offs[day] = value_at("transfer.cut_off", local.date()).time_of_day
        key = (day, local.timetz().replace(tzinfo=None) <= self.cut_offs[day])
        if key not in self.transfers:
            self.transfers[key] = number_of(desks.transfer_by(self.ward.centre, at.at))
        return self.transfers[key]

    # ---- reception -----------------------------------------------------------------------------------------

    def accept(self, life: Life, at: Moment, due: int) -> None:
        """Accepts what was only registered; `due` is what the clock for arrays said."""
        late = {"answer_late": int(at.number > life.act_by)}
        self.first_deadline(life, at, due)
        self.end_step(life, life.mould.counter, at)
        life.state = State.ACCEPTED
        self._to_transfer(life, at)
        self.tell(life, "accepted", at, {"due_at": due_moment(due).told})
        self.record(life, "accept", life.mould.counter, at, late)

    def refuse(self, life: Life, at: Moment, _by: int) -> None:
        late = {"answer_late": int(at.number > life.act_by)}
        self._end(life, at, State.REFUSED, "refused")
        asked = (("reason", REFUSAL),)
        self.record(
            life, "refuse", life.mould.counter, at, late, asked=asked, remark=REFUSAL, to_citizen=True
        )

    def _end(self, life: Life, at: Moment, state: State, topic: str) -> None:
        life.row["finished_at"] = at.stored
        self.go_to(life, life.mould.counter, at, Desk.CLOSED, state=state)
        self.tell(life, topic, at)

    # ---- processing ----------------------------------------------------------------------------------------

    def transfer(self, life: Life, at: Moment, by: int) -> None:
        counter, department = life.mould.counter, life.mould.department.unit
        late = int(at.number > life.act_by)
        life.row["department"] = department.pk.hex
        self.go_to(
            life,
            counter,
            at,
            Desk.ASSIGNMENT,
            department.pk.hex,
            Role.HEAD_OF_DEPARTMENT,
            act_by=self.step_by(life, by),
            state=State.PROCESSING,
        )
        facts = {"department": department.code, "transfer_late": late}
        self.record(life, "transfer", counter, at, facts, asked=(("department", str(department.pk)),))

    def assign(self, life: Life, at: Moment, by: int) -> None:
        head, handler = life.mould.department.head, life.handler
        self._to_handler(life, at, by)
        self.record(life, "assign", head, at, {"assignee": handler.code}, asked=(("assignee", handler.code),))

    def _to_handler(self, life: Life, at: Moment, by: int) -> None:
        self.go_to(
            life,
            life.mould.department.head,
            at,
            Desk.APPRAISAL,
            life.mould.department.key,
            Role.SPECIALIST,
            act_by=self.step_by(life, by),
            assignee=life.handler.key,
            state=State.PROCESSING,
        )

    def propose(self, life: Life, at: Moment, by: int) -> None:
        opinion = REFUSAL if life.result == ResultKind.REFUSAL else OPINION
        result = str(life.result)
        life.row |= {"proposed_by": life.handler.key, "result_kind": result}
        self.go_to(
            life,
            life.handler,
            at,
            Desk.CHECK,
            life.mould.department.key,
            Role.HEAD_OF_DEPARTMENT,
            act_by=self.step_by(life, by),
        )
        asked = (("result", result), ("opinion", opinion))
        self.record(life, "propose", life.handler, at, {"result": result}, asked=asked, remark=opinion)

    def send_back(self, life: Life, at: Moment, by: int) -> None:
        head = life.mould.department.head
        life.row |= {"result_kind": "", "proposed_by": None, "approved_by": None}
        self._to_handler(life, at, by)
        self.record(life, "send-back", head, at, {}, asked=(("reason", UNCLEAR),), remark=UNCLEAR)

    def check(self, life: Life, at: Moment, by: int) -> None:
        head, by = life.mould.department.head, self.step_by(life, by)
        committee = self.committee
        self.go_to(life, head, at, Desk.SIGNATURE, committee, Role.SIGNING_LEADER, act_by=by)
        self.record(life, "check", head, at, {})

    def approve(self, life: Life, at: Moment, by: int) -> None:
        life.row["approved_by"] = life.leader.key
        committee, by = self.committee, self.step_by(life, by)
        self.go_to(life, life.leader, at, Desk.STAMP, committee, Role.CLERK, act_by=by)
        self.record(life, "approve", life.leader, at, {"result": life.row["result_kind"]})

    # ---- results -------------------------------------------------------------------------------------------

    def number_and_stamp(self, life: Life, at: Moment, _by: int) -> None:
        year, clerk = at.at.astimezone(VIETNAM).year, self.ward.clerk
        given = f"{self.next_number(book_scope(self.ward.code, 'results', year))}/{year}"
        life.row["result_number"] = given
        centre = self.centre
        self.go_to(life, clerk, at, Desk.HANDOVER, centre, Role.COUNTER_OFFICER, act_by=life.due)
        result = {"number": given, "kind": life.row["result_kind"], "file": ""}
        facts = {"file": 0, "result_hash": self.hashed(life, encode(result))}
        self.record(life, "number-and-stamp", clerk, at, facts, asked=(("number", ""), ("file", None)))

    def finish(self, life: Life, at: Moment, _by: int) -> None:
        counter, due = life.mould.counter, life.due
        late, breaches = int(at.number > life.base_due), []
        if len(life.clock) > 1:
            index = self.reading(life, ClockEvent(ClockAct.FINISH, at.at)).index
            life.row["wait_seconds"] = index.wait_seconds
            late, breaches = int(bool(index.late)), list(index.breaches)
        early = int(bool(due) and at.number < due)
        life.row["finished_at"] = at.stored
        centre = self.centre
        self.go_to(life, counter, at, Desk.RETURN, centre, Role.COUNTER_OFFICER, act_by=due, state=State.DONE)
        if life.result == ResultKind.REFUSAL:
            next(one for one in reversed(life.remarks) if one[3] == "propose")[5] = True
        self.tell(life, "ready_early" if early else "ready", at)
        facts = {
            "result": life.row["result_kind"],
            "early": early,
            "legal_late": int(bool(due) and at.number > due),
            "index_late": late,
            "breaches": breaches,
        }
        self.record(life, "finish", counter, at, facts)

    def notify_early(self, life: Life, at: Moment, _by: int) -> None:
        how = "call"
        self.record(life, "notify-early", life.mould.counter, at, {"how": how}, asked=(("how", how),))

    def return_result(self, life: Life, at: Moment, _by: int) -> None:
        way = life.row["return_way"]
        life.row["returned_at"] = at.stored
        self.go_to(life, life.mould.counter, at, Desk.CLOSED, state=State.RETURNED)
        for message in life.messages:
            message[6] = str(MessageState.DROPPED)
        asked = (("way", way), ("collected_by", ""))
        self.record(life, "return", life.mould.counter, at, {"way": way, "by_other": 0}, asked=asked)

    def withdraw(self, life: Life, at: Moment, _by: int) -> None:
        left = (
            (life.due - at.number) // SECOND if life.due >= at.number else -((at.number - life.due) // SECOND)
        )
        self._end(life, at, State.WITHDRAWN, "withdrawn")
        facts, asked = {"seconds_before_due": left}, (("reason", WISH),)
        self.record(life, "withdraw", life.mould.counter, at, facts, asked=asked, remark=WISH)

    # ---- supplements and extensions: few, and each asks the real functions -----------------------------------

    def as_dossier(self, life: Life) -> Dossier:
        """The dossier as those functions look at it; it is in no database."""
        received, due = life.clock[0].at, due_moment(life.due).at if life.due else None
        centre = self.ward.centre
        return Dossier(
            unit_competent=centre,
            unit_received=centre,
            case=life.mould.case,
            accepted_at=received,
            due_at=due,
        )

    def request_supplement(self, life: Life, at: Moment, _by: int) -> None:
        dossier, centre = self.as_dossier(life), self.centre
        late, closes = notice_is_late(dossier, at.at), number_of(desks.close_by(dossier, at.at))
        items = canonical_json([{"name": name, "reason": reason} for name, reason in MISSING])
        life.row["supplement_count"] += 1
        number, told = life.row["supplement_count"], moment(closes)
        seat = life.handler
        key, asked_by = self.key(at), seat.key
        row = [key, life.id, number, items, str(life.desk), asked_by, at.stored, late, told.stored, None]
        life.rows.append((Supplement, row))
        self.read_anew(life, "request-supplement", at, ClockEvent(ClockAct.REQUEST_SUPPLEMENT, at.at))
        self.go_to(
            life, seat, at, Desk.WAITING, centre, Role.COUNTER_OFFICER, act_by=closes, state=State.SUPPLEMENT
        )
        self.tell(life, "supplement", at, {"close_at": told.told})
        facts = {
            "number": number,
            "items": len(MISSING),
            "notice_late": int(late),
            "close_at": told.told,
            "second_basis": 0,
        }
        asked = (("items", MISSING), ("basis", ""))
        remark = "\n".join(f"{name}: {reason}" for name, reason in MISSING)
        self.record(life, "request-supplement", seat, at, facts, asked=asked, remark=remark, to_citizen=True)

    def receive_supplement(self, life: Life, at: Moment, _by: int) -> None:
        counter, (_model, supplement) = life.mould.counter, life.rows[-1]
        supplement[-1] = at.stored
        self.read_anew(life, "receive-supplement", at, ClockEvent(ClockAct.RECEIVE_SUPPLEMENT, at.at))
        self.tell(life, "supplement_received", at, {"due_at": due_moment(life.due).told})
        self.go_to(
            life,
            counter,
            at,
            Desk.APPRAISAL,
            life.mould.department.key,
            Role.SPECIALIST,
            act_by=life.due,
            assignee=life.handler.key,
            state=State.PROCESSING,
        )
        facts = {"number": supplement[2], "complete": 1}
        self.record(life, "receive-supplement", counter, at, facts, asked=(("complete", 1), ("remark", "")))

    def close(self, life: Life, at: Moment, _by: int) -> None:
        if at.number <= life.act_by:
            raise NotNow
        ground = str(StopGround.NOT_SUPPLEMENTED)
        life.row["stop_ground"] = ground
        self._end(life, at, State.STOPPED, "closed")
        self.record(life, "close", life.mould.counter, at, {"ground": ground})

    def extend(self, life: Life, at: Moment, _by: int) -> None:
        head, due = life.mould.department.head, due_moment(life.due)
        new = wanted = new_date(self.calendar, due.at, at.at)
        in_time = at.at <= desks.apology_by(self.as_dossier(life))
        if in_time:
            event = ClockEvent(ClockAct.EXTEND, at.at, until=wanted)
            new = self.read_anew(life, "extend", at, event).due or wanted
            life.row["extension_count"] += 1
        told = moment(number_of(new))
        if not in_time:
            life.row["promised_at"] = told.stored
        row = [self.key(at), life.id, DELAYED, due.stored, told.stored, in_time, head.key, at.stored]
        life.rows.append((Extension, row))
        self.tell(life, "apology", at, {"new_due_at": told.told})
        facts = {"in_time": int(in_time), "until" if in_time else "promised": told.told}
        asked = (("reason", DELAYED), ("new_due_at", moment(number_of(wanted)).told))
        self.record(life, "extend", head, at, facts, asked=asked, remark=DELAYED, to_citizen=True)


def new_date(calendar: Calendar, due: datetime, at: datetime) -> datetime:
    """The date that an apology asks for: some working days after the present one."""
    day = add_working_days(calendar, max(due, at).astimezone(VIETNAM).date(), LONGER)
    return end_of_office_hours(calendar, day)


@lru_cache(maxsize=2000)
def scope_of(centre: Unit, day: date) -> str:
    return day_scope(centre, day)


DONE: dict[str, Callable[[Acts, Life, Moment, int], None]] = {
    "accept-registered": Acts.accept,
    "refuse": Acts.refuse,
    "transfer": Acts.transfer,
    "assign": Acts.assign,
    "propose": Acts.propose,
    "send-back": Acts.send_back,
    "check": Acts.check,
    "approve": Acts.approve,
    "number-and-stamp": Acts.number_and_stamp,
    "finish": Acts.finish,
    "notify-early": Acts.notify_early,
    "return": Acts.return_result,
    "withdraw": Acts.withdraw,
    "request-supplement": Acts.request_supplement,
    "receive-supplement": Acts.receive_supplement,
    "close": Acts.close,
    "extend": Acts.extend,
}
# Which desk an act hands the dossier to, if a workflow may give that desk a time of its own.
NEXT_DESK = {
    "transfer": Desk.ASSIGNMENT,
    "assign": Desk.APPRAISAL,
    "send-back": Desk.APPRAISAL,
    "propose": Desk.CHECK,
    "check": Desk.SIGNATURE,
    "approve": Desk.STAMP,
}
