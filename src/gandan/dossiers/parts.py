"""The parts of a dossier that went to another level, in words: whose, by when and why, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, ngettext

from gandan.catalogue.explain import ExplainedStep, explain
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.models import Dossier, PhaseRun


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One phase with the days that led to its date, and by how much it was missed."""

    phase: PhaseRun
    steps: list[ExplainedStep]
    over: str

    @property
    def is_late_paper(self) -> bool:
        """True if the paper came after its working day."""
        paper_at, paper_by = self.phase.paper_at, self.phase.paper_by
        return paper_at is not None and paper_by is not None and paper_at > paper_by


def parts_of(dossier: Dossier) -> list[BodyPart]:
    """The phases in their order; none, without a query, for a dossier of one body."""
    if not dossier.phase_number:
        return []
    found = dossier.phases.order_by("number").select_related("unit", "taken_by")
    return [BodyPart(one, steps_of(one), over_words(one.over_seconds)) for one in found]


def steps_of(phase: PhaseRun) -> list[ExplainedStep]:
    if not phase.steps:
        return []
    return explain(stored_reading(phase.steps, phase.due_at), get_language() or "vi")


def over_words(seconds: int) -> str:
    """How long after its own date a part ended; '' if it did not."""
    if not seconds:
        return ""
    days = timedelta(seconds=seconds).days
    if days:
        return ngettext("%(count)d day over", "%(count)d days over", days) % {"count": days}
    hours = max(1, seconds // 3600)
    return ngettext("%(count)d hour over", "%(count)d hours over", hours) % {"count": hours}
