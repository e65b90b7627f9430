"""Opinions of other bodies in words: by when and why, how late, what came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gandan.calculus.calendars import working_time
from gandan.catalogue.explain import ExplainedStep, explain
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.models import Consultation
from gandan.dossiers.progress import TimeLeft, time_left
from gandan.organization.queries import calendar_of


@dataclass(frozen=True, slots=True)
class Opinion:
    """One consultation: `left` while it is awaited, `over` by how much the answer (or its absence) missed its term."""

    asked: Consultation
    left: TimeLeft | None
    over: str
    steps: list[ExplainedStep]

    @property
    def status(self) -> str:
        """A kind of the status component."""
        if self.over:
            return "late"
        return "wait" if self.asked.is_open else "done" if self.asked.answered_at else "none"

    @property
    def word(self) -> str:
        if self.asked.answered_at:
            return _("answered late") if self.over else _("answered")
        if self.asked.closed_at:
            return _("no answer; gone on without")
        return _("not answered yet") if self.over else _("awaited")


def opinions_of(asked: Iterable[Consultation], at: datetime, *, with_steps: bool = True) -> list[Opinion]:
    """No query where the calendars are warm; the steps only where they are shown."""
    return [opinion_of(one, at, with_steps=with_steps) for one in asked]


def opinion_of(asked: Consultation, at: datetime, *, with_steps: bool) -> Opinion:
    until = asked.answered_at or asked.closed_at or at
    left = time_left(working_time(calendar_of(None)), asked.asked_at, asked.due_at, until)
    steps = explain(stored_reading(asked.steps, asked.due_at), get_language() or "vi") if with_steps else []
    return Opinion(
        asked=asked,
        left=left if asked.is_open else None,
        over=left.sentence if left.is_late else "",
        steps=steps,
    )
