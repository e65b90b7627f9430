"""What people come for in the sample wards, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.models import FeeKind, PaperHow, ProcedureVersion, Question, QuestionKind
from gandan.catalogue.queries import case_for, checklist_for, fees_for, sheet_of
from gandan.dossiers.intake import FeeInput, IntakeInput, PaperInput, PartyInput
from gandan.dossiers.models import Answer, Channel, ReturnWay


@dataclass(frozen=True, slots=True)
class Matter:
    """One procedure as it is done in the sample: how often, which department, who handles it."""

    code: str
    weight: int
    unit: str
    handlers: tuple[str, ...]
    immediate: bool = False
    business: bool = False
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    data_papers: int = 0  # of ten papers that a database could replace, how many are taken from it

    @property
    def head(self) -> str:
        """The post of the head who assigns and checks."""
        heads = {"vp": "chanhvanphong", "kt": "truongphongkt", "vhxh": "truongphongxh", "ca": "truongcongan"}
        return heads[self.unit]


CIVIL = ("tuphap", "tuphap2")
PAGES = {"pages": ("1", "2", "3", "4", "6", "12"), "copies": ("1", "2", "3", "5")}
MATTERS = (
    Matter("2.000815", 70, "vp", ("tuphap",), immediate=True, answers={"many_pages": ("no",), **PAGES}),
    Matter("2.000884", 20, "vp", ("tuphap",), immediate=True, answers={"cases": ("1", "1", "2")}),
    Matter("2.000908", 2, "vp", ("tuphap2",), immediate=True),
    Matter("1.001193", 13, "vp", CIVIL, answers={"registered_late": ("on_time", "late")}, data_papers=8),
    Matter("1.000656", 6, "vp", CIVIL, answers={"death_notice": ("paper", "digital")}),
    Matter("1.000894", 5, "vp", CIVIL),
    Matter("2.000635", 8, "vp", CIVIL, answers={"copies": ("1", "2", "3")}),
    Matter("1.004873", 8, "vp", CIVIL),
    Matter(
        "1.004859",
        4,
        "vp",
        CIVIL,
        answers={
            "change_kind": ("change", "change", "supplement"),
            "needs_verification": ("no", "no", "yes"),
        },
    ),
    Matter("1.004772", 2, "vp", ("tuphap2",)),
    Matter("2.001035", 3, "vp", ("tuphap",)),
    Matter("1.004222", 8, "ca", ("congan",), data_papers=6),
    Matter("1.004194", 9, "ca", ("congan",), data_papers=6),
    Matter("1.010038", 2, "ca", ("congan",)),
    Matter("1.001612", 5, "kt", ("kinhdoanh",), business=True),
    Matter("2.000720", 2, "kt", ("kinhdoanh",), business=True),
    Matter("1.001266", 2, "kt", ("kinhdoanh",), business=True),
    Matter("1.012796", 1, "kt", ("diachinh",)),
    Matter(
        "1.013978", 3, "kt", ("diachinh",), answers={"hard_area": ("no",), "wants_certificate": ("yes", "no")}
    ),
)


def choose(rng: Random, *, among: tuple[Matter, ...] = MATTERS) -> Matter:
    return rng.choices(among, weights=[matter.weight for matter in among])[0]


def some_answers(matter: Matter, version: ProcedureVersion, rng: Random) -> dict[str, str]:
    """An answer to every question of the version, the usual one where the matter names none."""
    return {question.key: _answer(question, matter, rng) for question in sheet_of(version).questions}


def _answer(question: Question, matter: Matter, rng: Random) -> str:
    if question.key in matter.answers:
        return rng.choice(matter.answers[question.key])
    if question.kind == QuestionKind.YES_NO:
        return "yes" if question.key in {"identity_found", "home_found"} else "no"
    if question.kind == QuestionKind.NUMBER:
        return "1"
    return str(question.choices[0][0])


def intake_for(
    matter: Matter,
    version: ProcedureVersion,
    owner: PartyInput,
    at: datetime,
    rng: Random,
    *,
    channel: Channel,
    scans: tuple[UUID, ...] = (),
    slip: str = "",
    agent: PartyInput | None = None,
    help_needed: dict[str, Any] | None = None,
) -> IntakeInput:
    """A complete intake of this matter: answers, checklist, fees, and the scans on its first paper."""
    answers = some_answers(matter, version, rng)
    quantities = {key: int(value) for key, value in answers.items() if value.isdigit()}
    lines = fees_for(version, answers, str(channel), at.astimezone(VIETNAM).date(), quantities)
    return IntakeInput(
        version_id=version.pk,
        case_name=case_for(version, answers).name,
        owner=owner,
        agent=agent,
        papers=_papers(matter, version, answers, rng, scans),
        fees=tuple(
            FeeInput(line.key, line.label, line.amount, paid=line.amount is not None)
            for line in lines
            if not line.conditional and line.kind != FeeKind.FREE
        ),
        answers=answers,
        channel=channel,
        return_way=ReturnWay.POST if channel == Channel.POST else ReturnWay.COUNTER,
        contact_slip=slip,
        **(help_needed or {}),
    )


def _papers(
    matter: Matter,
    version: ProcedureVersion,
    answers: dict[str, str],
    rng: Random,
    scans: tuple[UUID, ...],
) -> tuple[PaperInput, ...]:
    rows: list[PaperInput] = []
    for paper in checklist_for(version, answers):
        from_data = bool(paper.data_source) and rng.randrange(10) < matter.data_papers
        shown = paper.how == PaperHow.SHOW
        answer = Answer.FROM_DATABASE if from_data else Answer.SHOWN if shown else Answer.HANDED_IN
        handed = answer == Answer.HANDED_IN
        rows.append(
            PaperInput(
                key=paper.key,
                name=paper.name,
                answer=answer,
                originals=(paper.original or int(not paper.copy)) if handed else 0,
                copies=paper.copy if handed else 0,
                data_source=paper.data_source if from_data else "",
                files=scans if handed and not rows else (),
            )
        )
    return tuple(rows)
