"""One sample dossier at one ward: who acts on it, and the working time between its acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from gandan.accounts.models import User
from gandan.calculus.calendars import HOUR, working_seconds_between, working_time
from gandan.calculus.rules import Calendar
from gandan.catalogue.models import ProcedureVersion
from gandan.catalogue.queries import version_at
from gandan.dossiers.actions import (
    again,
    consult,
    extend,
    forward,
    guide,
    processing,
    reception,
    results,
    settle,
    stop,
    supplement,
    take_in,
    visit,
    withdraw,
)
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.models import (
    AnswerWay,
    Channel,
    Contact,
    Dossier,
    PhaseOutcome,
    Presence,
    ResultKind,
    ReturnWay,
)
from gandan.exchange.generation.matters import Matter, intake_for
from gandan.exchange.generation.people import household, person
from gandan.organization.permissions import Officer
from gandan.portal.demo.staff import Ward

COUNTERS = ("tiepnhan", "tiepnhan2")


@dataclass(slots=True)
class Scene:
    """The ward, the matter and the chance of one dossier; each method does one real act at a moment."""

    ward: Ward
    matter: Matter
    calendar: Calendar
    rng: Random
    scans: tuple[UUID, ...] = ()
    dossier: Dossier | None = None
    handler: str = ""

    def __post_init__(self) -> None:
        self.handler = self.rng.choice(self.matter.handlers)

    # ---- time ----------------------------------------------------------------------------------------------

    def after(self, moment: datetime, hours: float) -> datetime:
        """The moment after so many hours of work, some odd seconds later; never outside office hours."""
        odd = timedelta(seconds=self.rng.randrange(60))
        later = working_time(self.calendar).add_work(moment, round(hours * HOUR))
        return working_time(self.calendar).next_moment(later + odd)

    def share(self, start: datetime, end: datetime, part: float) -> datetime:
        """The moment at which that part of the working time from start to end is over; more than 1 is late."""
        seconds = working_seconds_between(self.calendar, start, end)
        return self.after(start, max(part * seconds / 3600, 0.05))

    @property
    def version(self) -> ProcedureVersion:
        """The version in force, asked for once a ward: the sample moves within one version."""
        code, known = self.matter.code, self.ward.versions
        if code not in known:
            known[code] = version_at(code, timezone.now())
        return known[code]

    # ---- people --------------------------------------------------------------------------------------------

    def officer(self, post: str) -> Officer:
        return self.ward.officers[post]

    def user(self, post: str) -> User:
        return self.ward.users[post]

    @property
    def counter(self) -> Officer:
        return self.officer(COUNTERS[self.matter.unit in {"ca", "kt"}])

    def request(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def act(self, post: str | Officer, at: datetime) -> dict[str, Any]:
        """What every act on the dossier is told; nobody looked at a page, so no revision was seen."""
        officer = self.officer(post) if isinstance(post, str) else post
        return {
            "officer": officer,
            "dossier_id": self.the_dossier.id,
            "request_id": self.request(),
            "at": at,
            "seen": None,
        }

    @property
    def the_dossier(self) -> Dossier:
        if self.dossier is None:
            raise ValueError("nothing was taken in yet")
        return self.dossier

    # ---- acts ----------------------------------------------------------------------------------------------

    def guide(self, at: datetime, missing: tuple[MissingPaper, ...]) -> Contact:
        return guide.contact(
            officer=self.counter,
            unit=self.ward.centre,
            request_id=self.request(),
            at=at,
            version=self.version,
            missing=missing,
            guide=True,
        )

    def take_in(
        self, at: datetime, *, channel: Channel = Channel.COUNTER, accept: bool = True, slip: str = ""
    ) -> Dossier:
        invent = household if self.matter.business else person
        owner = invent(self.ward.place, at.date(), self.rng)
        by_proxy = channel == Channel.COUNTER and self.rng.random() < 0.06
        help_needed = {"needs_reading_help": True} if self.rng.random() < 0.02 else None
        intake = intake_for(
            self.matter,
            self.version,
            owner,
            at,
            self.rng,
            channel=channel,
            scans=self.scans,
            slip=slip,
            agent=person(self.ward.place, at.date(), self.rng, oldest=70) if by_proxy else None,
            help_needed=help_needed,
        )
        self.dossier = take_in.take_in(
            officer=self.counter,
            unit=self.ward.centre,
            intake=intake,
            request_id=self.request(),
            at=at,
            accept=accept,
        )
        return self.dossier

    def settle(self, at: datetime) -> Dossier:
        owner = person(self.ward.place, at.date(), self.rng)
        intake = intake_for(self.matter, self.version, owner, at, self.rng, channel=Channel.COUNTER)
        self.dossier = settle.settle(
            officer=self.counter,
            unit=self.ward.centre,
            intake=intake,
            request_id=self.request(),
            at=at,
        )
        return self.dossier

    def accept(self, at: datetime) -> None:
        self.dossier = reception.accept(**self.act(self.counter, at))

    def refuse(self, at: datetime, reason: str) -> None:
        self.dossier = reception.refuse(**self.act(self.counter, at), reason=reason)

    def transfer(self, at: datetime) -> None:
        unit = self.ward.units[self.matter.unit]
        self.dossier = processing.transfer(**self.act(self.counter, at), department=unit)

    def assign(self, at: datetime) -> None:
        handler = self.user(self.handler)
        self.dossier = processing.assign(**self.act(self.matter.head, at), assignee=handler)

    def propose(self, at: datetime, *, refusal: str = "") -> None:
        result = ResultKind.REFUSAL if refusal else ResultKind.GRANTED
        opinion = refusal or "Hồ sơ đủ điều kiện, đề nghị giải quyết."
        self.dossier = processing.propose(**self.act(self.handler, at), result=result, opinion=opinion)

    def send_back(self, at: datetime, reason: str) -> None:
        self.dossier = processing.send_back(**self.act(self.matter.head, at), reason=reason)

    def check(self, at: datetime) -> None:
        self.dossier = processing.check(**self.act(self.matter.head, at))

    def approve(self, at: datetime) -> None:
        self.dossier = processing.approve(**self.act("phochutich", at))

    def stamp(self, at: datetime) -> None:
        self.dossier = results.number_and_stamp(**self.act("vanthu", at))

    def forward(self, at: datetime) -> None:
        """The signed letter goes to the province's health department, with the limit of the electronic group."""
        if self.ward.body is None:
            raise ValueError("no body of the province was opened")
        self.dossier = forward.forward(
            **self.act("vanthu", at),
            body=self.ward.body,
            task="Đề nghị thẩm định và quyết định mức hỗ trợ (nội dung mẫu).",
            limit="group.death_funeral_support:",
            paper=True,
        )

    def take_over(self, at: datetime) -> None:
        self.dossier = forward.take_over(**self.act("soyte", at))

    def return_part(self, at: datetime) -> None:
        self.dossier = forward.return_phase(
            **self.act("lanhdaosoyte", at),
            outcome=PhaseOutcome.GRANTED,
            number=f"{self.rng.randint(100, 900)}/QĐ-SYT",
        )

    def finish(self, at: datetime) -> None:
        self.dossier = results.finish(**self.act(self.counter, at))

    def notify_early(self, at: datetime) -> None:
        self.dossier = results.notify_early(**self.act(self.counter, at), how="call")

    def hand_over(self, at: datetime) -> None:
        way = ReturnWay(self.the_dossier.return_way)
        self.dossier = results.return_result(**self.act(self.counter, at), way=way)

    def ask(self, at: datetime, items: tuple[MissingPaper, ...], *, basis: str = "") -> None:
        asker: str | Officer = self.handler if self.the_dossier.assignee_id else self.counter
        self.dossier = supplement.request_supplement(**self.act(asker, at), items=items, basis=basis)

    def receive(self, at: datetime, *, complete: bool = True, remark: str = "") -> None:
        self.dossier = supplement.receive_supplement(
            **self.act(self.counter, at), complete=complete, remark=remark
        )

    def consult(self, at: datetime, body: str, question: str, days: int) -> None:
        letter: dict[str, Any] = {
            "body": body,
            "question": question,
            "days": days,
            "answer_way": AnswerWay.ELECTRONIC,
        }
        self.dossier = consult.consult(**self.act(self.handler, at), **letter)

    def hear(self, at: datetime, opinion: int, answer: str) -> None:
        told: dict[str, Any] = {"opinion": opinion, "answer": answer, "came_at": at}
        self.dossier = consult.receive_opinion(**self.act(self.handler, at), **told)

    def plan_visit(self, at: datetime, starts_at: datetime, what: str) -> None:
        place, who = self.the_dossier.owner.address, self.officer(self.handler).name
        plan: dict[str, Any] = {
            "starts_at": starts_at,
            "place": place,
            "who": who,
            "what": what,
            "citizen_asked": True,
        }
        self.dossier = visit.plan_visit(**self.act(self.handler, at), **plan)

    def visit(self, at: datetime, found: str, conclusion: str) -> None:
        who = f"{self.officer(self.handler).name}; chủ hồ sơ"
        place = self.the_dossier.owner.address
        minutes = visit.Minutes(at, place, who, Presence.SIGNED, found, conclusion)
        self.dossier = visit.verify_on_site(**self.act(self.handler, at), minutes=minutes)

    def stop(self, at: datetime, reason: str) -> None:
        self.dossier = stop.stop(**self.act(self.counter, at), asked_at=at, reason=reason)

    def correct(self, at: datetime, reason: str) -> None:
        self.dossier = again.correct(**self.act(self.counter, at), reason=reason)

    def close(self, at: datetime) -> None:
        self.dossier = supplement.close(**self.act(self.counter, at))

    def withdraw(self, at: datetime, reason: str) -> None:
        self.dossier = withdraw.withdraw(**self.act(self.counter, at), reason=reason)

    def apologise(self, at: datetime, reason: str, new_due_at: datetime) -> None:
        self.dossier = extend.apologise_and_extend(
            **self.act(self.matter.head, at), reason=reason, new_due_at=new_due_at
        )
