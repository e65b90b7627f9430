"""Drives generated dossiers through the real acts, at the same moments, by the same people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from gandan.accounts.models import User
from gandan.calculus.arrays import moment_of
from gandan.dossiers.actions import (
    extend,
    processing,
    reception,
    results,
    settle,
    supplement,
    take_in,
    withdraw,
)
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.intake import IntakeInput
from gandan.dossiers.models import Dossier, ReturnWay
from gandan.exchange.generation import acts
from gandan.exchange.generation.acts import Acts
from gandan.exchange.generation.lives import Life, Moment
from gandan.exchange.generation.moulds import Mould, Person
from gandan.exchange.generation.wards import Seat, Ward
from gandan.ledger.actions import recorded_as_done
from gandan.organization.permissions import Officer, officer_of


@dataclass
class Deed:
    """One act as it was generated."""

    life: Life
    act: str
    at: Moment


class Watched(Acts):
    """Keeps what it does, to be done again."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.deeds: list[Deed] = []
        self.intakes: dict[str, IntakeInput] = {}

    def begin(self, act: str, mould: Mould, at: Moment, *more: Any) -> Life:
        life = super().begin(act, mould, at, *more)
        self.deeds.append(Deed(life, act, at))
        return life

    def _new(self, mould: Mould, *more: Any) -> tuple[Life, Person, Person | None]:
        life, owner, agent = super()._new(mould, *more)
        self.intakes[life.id] = replace(mould.intake, owner=owner.given, agent=agent.given if agent else None)
        return life, owner, agent

    def do(self, act: str, life: Life, at: Moment, by: int) -> None:
        super().do(act, life, at, by)
        self.deeds.append(Deed(life, act, at))


class Replay:
    """The same deeds by the real acts, into an empty register of the same ward."""

    def __init__(self, ward: Ward, watched: Watched) -> None:
        self.ward, self.watched = ward, watched
        self.dossiers: dict[str, Dossier] = {}

    def run(self) -> None:
        with recorded_as_done():
            for deed in self.watched.deeds:
                self.dossiers[deed.life.id] = self.done(deed)

    def done(self, deed: Deed) -> Dossier:
        life, at = deed.life, moment_of(deed.at.number)
        counter, head = life.mould.counter, life.mould.department.head
        if deed.act in ("register", "accept", "settle"):
            return self.taken_in(deed, at)
        who: dict[str, Seat] = {
            "assign": head,
            "check": head,
            "send-back": head,
            "extend": head,
            "propose": life.handler,
            "request-supplement": life.handler,
            "approve": life.leader,
            "number-and-stamp": self.ward.clerk,
        }
        officer = officer_with(who.get(deed.act, counter).code, at)
        given = {"officer": officer, "dossier_id": self.dossiers[life.id].pk, "at": at, "seen": None}
        return self.act(deed.act, life, {**given, "request_id": UUID(int=self.watched.rng.getrandbits(128))})

    def taken_in(self, deed: Deed, at: datetime) -> Dossier:
        common: dict[str, Any] = {
            "officer": officer_with(deed.life.mould.counter.code, at),
            "unit": self.ward.centre,
            "intake": self.watched.intakes[deed.life.id],
            "request_id": UUID(int=self.watched.rng.getrandbits(128)),
            "at": at,
        }
        if deed.act == "settle":
            return settle.settle(**common)
        return take_in.take_in(**common, accept=deed.act == "accept")

    def act(self, name: str, life: Life, given: dict[str, Any]) -> Dossier:
        match name:
            case "accept-registered":
                return reception.accept(**given)
            case "refuse":
                return reception.refuse(**given, reason=acts.REFUSAL)
            case "transfer":
                return processing.transfer(**given, department=life.mould.department.unit)
            case "assign":
                return processing.assign(**given, assignee=User.objects.get(code=life.handler.code))
            case "propose":
                opinion = acts.REFUSAL if life.result == "refusal" else acts.OPINION
                return processing.propose(**given, result=life.result, opinion=opinion)
            case "send-back":
                return processing.send_back(**given, reason=acts.UNCLEAR)
            case "check":
                return processing.check(**given)
            case "approve":
                return processing.approve(**given)
            case "number-and-stamp":
                return results.number_and_stamp(**given)
            case "finish":
                return results.finish(**given)
            case "notify-early":
                return results.notify_early(**given, how="call")
            case "return":
                return results.return_result(**given, way=ReturnWay.COUNTER)
            case "withdraw":
                return withdraw.withdraw(**given, reason=acts.WISH)
            case "request-supplement":
                return supplement.request_supplement(
                    **given, items=[MissingPaper(*item) for item in acts.MISSING]
                )
            case "receive-supplement":
                return supplement.receive_supplement(**given, complete=True)
            case "close":
                return supplement.close(**given)
            case "extend":
                wanted = acts.new_date(self.watched.calendar, self.dossiers[life.id].due_at, given["at"])
                return extend.apologise_and_extend(**given, reason=acts.DELAYED, new_due_at=wanted)
        raise ValueError(name)


@cache
def officer_with(code: str, at: datetime) -> Officer:
    return officer_of(User.objects.get(code=code), on=at.date())
