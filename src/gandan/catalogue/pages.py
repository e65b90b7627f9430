"""What the catalogue's pages show, gathered before the template sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from gandan.calculus.rules import VIETNAM
from gandan.catalogue import fees, queries
from gandan.catalogue.expected import Expected, expected, mark_on
from gandan.catalogue.fees import FeeLine, total_of
from gandan.catalogue.forms import AnswersForm
from gandan.catalogue.models import FeeRule, PaperRequirement, ProcedureCase, ProcedureVersion
from gandan.catalogue.wording import fee_words, paper_words, time_words
from gandan.organization.models import Province
from gandan.organization.queries import open_communes

# The procedures that a ward's counter is asked for most, shown before anything is typed.
FREQUENT = (
    "1.001193",
    "1.000894",
    "1.000656",
    "2.000635",
    "1.004873",
    "2.000815",
    "2.000884",
    "1.004222",
    "1.004194",
    "1.001612",
    "1.014027",
    "1.013978",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A procedure in a list."""

    code: str
    name: str
    field: str
    time: str
    guide_only: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field (lĩnh vực) with the number of its procedures."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper on the checklist; `certain` False: whether it is needed depends on an answer not given."""

    paper: PaperRequirement
    words: str
    certain: bool


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A line of fees with its words."""

    line: FeeLine
    words: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with its time in words; `chosen`: the answers lead to it."""

    case: ProcedureCase
    time: str
    chosen: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One procedure's page, for the answers given."""

    at: datetime
    version: ProcedureVersion
    form: AnswersForm
    case: ProcedureCase
    mark: str
    time: str
    expected: Expected | None
    cases: list[CaseRow]
    papers: list[PaperRow]
    fees: list[FeeRow]
    total: int | None
    reliefs: list[FeeRule]
    history: list[ProcedureVersion]

    @property
    def coming(self) -> ProcedureVersion | None:
        """The next version, published already for a later day."""
        later = [one for one in self.history if one.valid_from and one.valid_from > self.at]
        return later[-1] if later else None


def fields(at: datetime) -> list[FieldRow]:
    """The fields of the versions in force, those with most procedures first. One query."""
    counted = ProcedureVersion.objects.in_force(at).values("procedure__field").annotate(n=Count("id"))
    rows = [FieldRow(one["procedure__field"], one["n"]) for one in counted]
    return sorted(rows, key=lambda row: (-row.count, row.name))


def rows_of_codes(codes: Iterable[str], at: datetime) -> list[Row]:
    """Rows of the versions in force in the order of `codes`. Two queries."""
    order = list(codes)
    versions = ProcedureVersion.objects.in_force(at).filter(procedure__code__in=order)
    rows = {row.code: row for row in _rows(versions.select_related("procedure"))}
    return [rows[code] for code in order if code in rows]


def rows_of_field(name: str, at: datetime) -> list[Row]:
    """Rows of one field, by code. Two queries."""
    versions = ProcedureVersion.objects.in_force(at).filter(procedure__field=name)
    return list(_rows(versions.select_related("procedure").order_by("procedure__code")))


def _rows(versions: Iterable[ProcedureVersion]) -> Iterable[Row]:
    found = list(versions)
    cases = ProcedureCase.objects.filter(version__in=found, when__isnull=True)
    rules = {case.version_id: case.rule() for case in cases}
    for version in found:
        procedure = version.procedure
        time = time_words(rules.get(version.pk))
        yield Row(procedure.code, version.short_name, procedure.field, time, version.guide_only)


def sheet_of(
    version: ProcedureVersion, data: dict[str, str], at: datetime, parts: queries.Sheet | None = None
) -> Sheet:
    """The page of the version for the answers in `data`, on the day of `at` in Vietnam.

    `parts`: those of a version that is not stored, to be looked at before it is published.
    """
    parts = parts or queries.sheet_of(version)
    provinces = _provinces(parts.fees)
    form = AnswersForm(_here(provinces) | data, questions=parts.questions, provinces=provinces)
    answers = form.answers()
    channel, on, province = str(answers["channel"]), at.astimezone(VIETNAM).date(), form.province()
    case = parts.case_for(answers)
    rules = fees.rules_for(parts.fees, channel=channel, on=on, province=province)
    lines = fees.lines_of(rules, answers, form.quantities())
    return Sheet(
        at=at,
        version=version,
        form=form,
        case=case,
        mark=mark_on(case, on),
        time=time_words(case.published()),
        expected=expected(rule, at) if (rule := case.rule()) else None,
        cases=[
            CaseRow(one, time_words(one.published()), one.pk == case.pk, mark_on(one, on))
            for one in parts.cases
        ],
        papers=[
            PaperRow(paper, paper_words(paper), paper.applies(answers) is True)
            for paper in parts.checklist_for(answers)
        ],
        fees=[FeeRow(line, fee_words(line)) for line in lines],
        total=total_of(lines) if len(lines) > 1 else None,
        reliefs=fees.open_reliefs(rules, answers),
        history=list(history_of(version)),
    )


def history_of(version: ProcedureVersion) -> QuerySet[ProcedureVersion]:
    """All versions of the procedure that ever held or will, the last one first."""
    versions = ProcedureVersion.objects.filter(procedure=version.procedure_id, withdrawn_at=None)
    return versions.order_by("-number")


def case_named(version: ProcedureVersion, name: str) -> ProcedureCase:
    """The case of that name, else the one without a condition."""
    cases = queries.sheet_of(version).cases
    return next((case for case in cases if case.name == name), None) or queries.case_for(version, {})


def _here(provinces: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The answer to "where" while nobody gave one: the province of the wards served here, if it is only one."""
    asked = {code for code, _name in provinces}
    served = {commune.province_id for commune in open_communes()} if asked else set()
    return {"province": served.pop()} if len(served) == 1 and served <= asked else {}


def _provinces(rules: Iterable[FeeRule]) -> list[tuple[str, str]]:
    """Provinces that have fees of their own here."""
    codes = {rule.province for rule in rules if rule.province}
    if not codes:
        return []
    return [(one.code, one.full_name) for one in Province.objects.filter(code__in=codes).order_by("code")]
