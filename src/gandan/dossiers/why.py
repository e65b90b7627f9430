"""Vì sao ngày này? The readings of the clock as they were told, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gandan.calculus.explain import Breach
from gandan.calculus.rules import IndexClock
from gandan.catalogue.explain import ExplainedStep, asides, explain
from gandan.dossiers.clock import stored_reading
from gandan.dossiers.models import Deadline
from gandan.dossiers.words import happened
from gandan.ui.words import datetime_words


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the index clock: its name and its value in words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Why:
    """One reading: what brought it about, its due moment (None while the clock stands still), its days."""

    number: int
    cause: str
    read_at: datetime
    due: datetime | None
    steps: list[ExplainedStep]
    index: list[Part]

    @property
    def uncertain(self) -> bool:
        """True if a step rests on a source that is to be checked; that of every weekend is told in `asides`."""
        return not all(step.certain or step.quiet for step in self.steps)

    @property
    def asides(self) -> list[str]:
        """Uncertain sources to be named once, above the days."""
        return asides(self.steps)


def whys_of(deadlines: Iterable[Deadline]) -> list[Why]:
    """All readings of a dossier, the newest first. No query."""
    return [why_of(deadline) for deadline in sorted(deadlines, key=lambda one: -one.number)]


def why_of(deadline: Deadline) -> Why:
    """One stored reading in the language of the page: what was told then, not what today's rows would say."""
    reading = stored_reading(deadline.steps, deadline.due_at)
    return Why(
        number=deadline.number,
        cause=happened(deadline.act, {}),
        read_at=deadline.read_at,
        due=deadline.due_at,
        steps=explain(reading, get_language() or "vi"),
        index=index_parts(reading.index),
    )


def index_parts(index: IndexClock) -> list[Part]:
    """The parts of index 2.1 (QĐ 766/QĐ-TTg): counted end − waiting > first due date means late."""
    parts = []
    if index.base_due:
        parts.append(
            Part(_("First due date, which a supplement does not move"), datetime_words(index.base_due))
        )
    parts.append(Part(_("Waiting for the person, not counted"), waiting_words(index.wait_seconds)))
    if index.counted_end:
        parts.append(Part(_("Counted until"), datetime_words(index.counted_end)))
    verdict = {None: _("not yet decided"), True: _("counts as late"), False: _("counts as on time")}
    parts.append(Part(_("By this index the dossier"), verdict[index.late]))
    parts.extend(Part(_("Recorded"), breach_words(code)) for code in index.breaches)
    return parts


def waiting_words(seconds: int) -> str:
    if not seconds:
        return _("none")
    span = timedelta(seconds=seconds)
    if not span.days:
        hours = max(1, seconds // 3600)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}


def breach_words(code: str) -> str:
    sentences = {
        Breach.SECOND_SUPPLEMENT.value: _("a second request for more papers: counts as late"),
        Breach.SECOND_EXTENSION.value: _("a second new appointment, which the law does not allow"),
        Breach.EXTENSION_AFTER_DUE.value: _("a new appointment made after the due date"),
    }
    return sentences.get(code, code)
