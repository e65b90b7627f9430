"""What all acts on an existing dossier share: one transaction, one revision, one event.

with doing("transfer", officer=officer, dossier_id=…, request_id=…, at=at, seen=seen, content={…}) as deed:
    if deed.repeated:
        return deed.dossier
    …
    deed.go_to(Desk.ASSIGNMENT, unit=department, role=Role.HEAD_OF_DEPARTMENT)
    deed.record({"department": department.code})
return deed.dossier
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from gandan.accounts.models import User
from gandan.calculus.canonical import Json, canonical_facts
from gandan.calculus.rules import Reading
from gandan.dossiers import clock
from gandan.dossiers.errors import StaleDossier, Unacceptable
from gandan.dossiers.evidence import content_hash, state_facts
from gandan.dossiers.models import (
    Deadline,
    Desk,
    Dossier,
    PhaseOutcome,
    PhaseRun,
    Remark,
    State,
    StepRun,
    Visit,
)
from gandan.dossiers.permissions import dossier_for, instead_of, require, with_reference_rows
from gandan.ledger import actions as ledger
from gandan.ledger import rows
from gandan.ledger.models import Event
from gandan.notifications.actions import drop_waiting, queue
from gandan.notifications.models import Channel as MessageChannel
from gandan.organization.models import Role, Unit
from gandan.organization.permissions import Officer

LONGEST_REASON = 2000


@dataclass
class Deed:
    """One act under way on one dossier; `changes` are written once, when the event is recorded."""

    name: str
    officer: Officer
    dossier: Dossier
    at: datetime
    evidence: ledger.Act
    instead_of: str = ""  # the code of an absent colleague whose duty the officer does
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def repeated(self) -> bool:
        return self.evidence.repeated

    def change(self, **fields: Any) -> None:
        self.changes.update(fields)

    def go_to(
        self,
        desk: Desk,
        *,
        unit: Unit | None = None,
        role: Role | str = "",
        assignee: User | None = None,
        act_by: datetime | None = None,
        state: State | None = None,
    ) -> None:
        """Ends the present step and opens the next one at `desk`; a closed dossier gets no further step."""
        rows.update(
            StepRun,
            {"ended_at": self.at, "ended_by": self.officer.user_id},
            {"dossier": self.dossier.id, "ended_at": None},
        )
        self.change(desk=desk, desk_unit=unit, desk_role=role, assignee=assignee, act_by=act_by)
        if state is not None:
            self.change(state=state)
        if desk == Desk.CLOSED:
            if end_plan(self.dossier, self.at):
                drop_waiting("dossier", self.dossier.id, topic="visit")
            end_phases(self.dossier, self.at, PhaseOutcome.ENDED)
            self.change(visit=None)
        else:
            self.change(step_number=self.dossier.step_number + 1)
            open_step(
                self.dossier,
                desk,
                number=self.dossier.step_number + 1,
                unit=unit,
                role=role,
                assignee=assignee,
                at=self.at,
                act_by=act_by,
            )

    def set_due(self, reading: Reading) -> None:
        """Takes over a new reading of the clock and keeps its steps beside the earlier ones."""
        number = self.dossier.reading_number + 1
        add_deadline(self.dossier, reading, number=number, act=self.name, at=self.at)
        self.change(
            reading_number=number,
            due_at=reading.due,
            base_due_at=reading.index.base_due,
            wait_seconds=reading.index.wait_seconds,
        )

    def tell(self, topic: str, facts: Mapping[str, Json] | None = None) -> None:
        """Queues a message to the citizen, by the one-stop, in this transaction."""
        tell(self.dossier, topic, facts or {}, at=self.at)

    def record(
        self, body: Mapping[str, Json] | None = None, *, remark: str = "", to_citizen: bool = False
    ) -> Event:
        """Writes the changed row (or raises StaleDossier), the remark, and the one event of this act."""
        write_changes(self.dossier, {**self.changes, "changed_at": self.at})
        return self.note(body, remark=remark, to_citizen=to_citizen)

    def note(
        self, body: Mapping[str, Json] | None = None, *, remark: str = "", to_citizen: bool = False
    ) -> Event:
        """The remark and the one event of an act that leaves the dossier as it is: a reminder, a call."""
        facts: dict[str, Json] = {**state_facts(self.dossier), **(body or {})}
        if self.instead_of:
            facts["instead_of"] = self.instead_of
        if remark:
            facts["remark_hash"] = content_hash(self.dossier, {"remark": remark})
        event = self.evidence.append(
            chain=self.dossier.chain,
            act=self.name,
            subject_kind="dossier",
            subject_id=self.dossier.id,
            body=facts,
        )
        if remark:
            Remark.objects.create(
                dossier=self.dossier,
                event_id=event.id,
                act=self.name,
                text=remark,
                to_citizen=to_citizen,
                by_id=self.officer.user_id,
                at=self.at,
            )
        return event


@contextmanager
def doing(
    name: str,
    *,
    officer: Officer,
    dossier_id: UUID,
    request_id: UUID,
    at: datetime,
    seen: int | None,
    content: Mapping[str, object] | None = None,
) -> Iterator[Deed]:
    """Opens the act `name`: evidence, sight, revision, competence — in this order.

    `seen` is the revision that the officer looked at (None: not looked at a page, e.g. sample data).
    Raises NotFound, StaleDossier, NotAllowed, and the ledger's RequestConflict.
    """
    asked = {"dossier": dossier_id, **(content or {})}
    with ledger.act(
        name=name, actor=officer.code, at=at, request_id=request_id, content=asked, subject_id=dossier_id
    ) as evidence:
        # Who repeats a request of their own is answered, even if the dossier has left their body since.
        dossier = (
            with_reference_rows(Dossier.objects.get(pk=dossier_id))
            if evidence.repeated
            else dossier_for(officer, dossier_id, for_change=True, guests=True)
        )
        deed = Deed(name=name, officer=officer, dossier=dossier, at=at, evidence=evidence)
        if not evidence.repeated:
            if seen is not None and seen != dossier.revision:
                raise stale()
            require(name, officer, dossier, at)
            deed.instead_of = instead_of(name, officer, dossier)
            if at < dossier.changed_at:
                raise Unacceptable(
                    _(
                        "This moment lies before the last act on the dossier. Check the clock of this machine."
                    ),
                    field="at",
                )
        yield deed


def stale() -> StaleDossier:
    return StaleDossier(
        _(
            "Somebody else changed this dossier a moment ago. Nothing of yours was saved over it: look at it again, then repeat your step if it is still needed."
        )
    )


def write_changes(dossier: Dossier, fields: Mapping[str, Any]) -> None:
    """Conditional update on the revision that was read: of two at once, the second is told."""
    read = dossier.revision
    for name, value in fields.items():
        setattr(dossier, name, value)
    dossier.revision = read + 1
    names = dict.fromkeys((*fields, "revision"))
    values = {name: getattr(dossier, attribute(name)) for name in names}
    if rows.update(Dossier, values, {"id": dossier.pk, "revision": read}) != 1:
        raise stale()


@cache
def attribute(name: str) -> str:
    """Where a dossier keeps the value of a field: of a relation, its key."""
    return str(Dossier._meta.get_field(name.removesuffix("_id")).attname)  # type: ignore[union-attr]


def open_step(
    dossier: Dossier,
    desk: Desk,
    *,
    number: int,
    unit: Unit | None,
    role: Role | str,
    assignee: User | None,
    at: datetime,
    act_by: datetime | None,
) -> None:
    step = StepRun(
        dossier=dossier,
        number=number,
        desk=desk,
        unit=unit,
        role=role,
        assignee=assignee,
        began_at=at,
        act_by=act_by,
    )
    rows.insert([step])


def end_plan(dossier: Dossier, at: datetime) -> Visit | None:
    """The visit that was planned, which now no longer is; None if there was none."""
    visit = dossier.visit if dossier.visit_id else None
    if visit:
        Visit.objects.filter(pk=visit.pk).update(replaced_at=at)
    return visit


def end_phases(dossier: Dossier, at: datetime, outcome: PhaseOutcome) -> None:
    """Ends the part that a body has, if the dossier went to another level at all; else no query."""
    if not dossier.phase_number:
        return
    for part in PhaseRun.objects.filter(dossier=dossier, ended_at=None):
        part.end(at, outcome)
        part.save(update_fields=["ended_at", "outcome", "late", "over_seconds"])


def add_deadline(dossier: Dossier, reading: Reading, *, number: int, act: str, at: datetime) -> None:
    """Keeps a reading of the clock beside the earlier ones."""
    deadline = Deadline(
        dossier=dossier,
        number=number,
        act=act,
        due_at=reading.due,
        steps=clock.steps_text(reading),
        law_rows=canonical_facts(list(reading.rows)),
        read_at=at,
    )
    rows.insert([deadline])


def tell(dossier: Dossier, topic: str, facts: Mapping[str, Json], *, at: datetime) -> None:
    """Queues a message to whoever filed the dossier; without any way to reach them, the tracking page alone tells."""
    person = dossier.agent or dossier.owner
    channel = MessageChannel.EMAIL if person.email else MessageChannel.CALL if person.phone else None
    if channel:
        queue(subject_kind="dossier", subject_id=dossier.id, topic=topic, facts=facts, channel=channel, at=at)


def minute_of(moment: datetime) -> datetime:
    """The beginning of the minute: what people write down as a moment is not more exact."""
    return moment.replace(second=0, microsecond=0)


def reason_text(reason: str, *, field: str = "reason") -> str:
    """The reason, cleaned; refused when empty or too long. A reason in writing is a duty (63/2010/NĐ-CP art. 18.5)."""
    cleaned = " ".join(reason.split())
    if not cleaned:
        raise Unacceptable(_("Write the reason: the person has a right to know it, in writing."), field=field)
    if len(cleaned) > LONGEST_REASON:
        raise Unacceptable(_("The reason is longer than 2,000 characters. Please shorten it."), field=field)
    return cleaned
