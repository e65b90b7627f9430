"""What the pages about procedures show, gathered before a template sees it; and who may open them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gandan.calculus.rules import VIETNAM
from gandan.catalogue.actions import shipped_content
from gandan.catalogue.actions.procedures import is_confirmed, last_version
from gandan.catalogue.changes import Change, changes
from gandan.catalogue.content import (
    PARTS,
    ROWS_OF,
    CaseContent,
    Content,
    FeeContent,
    PaperContent,
    QuestionContent,
    key_of,
    title_of,
)
from gandan.catalogue.content_words import condition_words
from gandan.catalogue.fees import scaled
from gandan.catalogue.lapsing import RESTS_ON
from gandan.catalogue.models import Draft, DraftKind, Procedure, ProcedureCase, ProcedureVersion
from gandan.catalogue.problems import Problem, problems_of
from gandan.catalogue.reading import content_of_text
from gandan.catalogue.stored import content_of, made_of
from gandan.catalogue.wording import paper_words, time_words
from gandan.dossiers.errors import NotAllowed, NotFound
from gandan.dossiers.models import Dossier, DossierFee
from gandan.dossiers.models.dossier import OPEN_STATES
from gandan.law.queries import history_of
from gandan.law.rows import Origin, Scope
from gandan.organization.models import Role
from gandan.organization.permissions import Officer
from gandan.ui.paging import count_shown, count_up_to
from gandan.ui.words import money_words

READERS = frozenset({Role.ADMINISTRATOR, Role.LEGAL_OFFICER})
PART_TITLES: dict[str, Any] = {
    "general": gettext_lazy("General"),
    "cases": gettext_lazy("Cases and time limits"),
    "papers": gettext_lazy("Papers"),
    "fees": gettext_lazy("Fees"),
    "questions": gettext_lazy("Questions"),
}
#: The words of each part in the address.
PART_SLUGS = {
    "chung": "general",
    "truong-hop": "cases",
    "giay-to": "papers",
    "phi": "fees",
    "cau-hoi": "questions",
}
SLUG_OF = {part: slug for slug, part in PART_SLUGS.items()}
SHIPPED = "kem"
RECENT = 10


def require_reader(officer: Officer) -> None:
    """NotAllowed for whoever neither administers nor is a legal officer anywhere."""
    if not officer.roles & READERS:
        raise NotAllowed(_("This is for administrators and legal officers."))


# ---- lists -------------------------------------------------------------------------------------------------


def open_drafts(kind: DraftKind) -> QuerySet[Draft]:
    return Draft.objects.filter(kind=kind, closed_at=None).order_by("-changed_at")


def names_of(codes: Iterable[str], at: datetime) -> dict[str, str]:
    """The short name of each procedure; the code where no version holds. One query."""
    versions = ProcedureVersion.objects.in_force(at).filter(procedure__code__in=set(codes))
    return {one.procedure.code: one.short_name for one in versions.select_related("procedure")}


def coming_versions(at: datetime) -> list[ProcedureVersion]:
    """Published for a later day, the next one first."""
    later = ProcedureVersion.objects.filter(valid_from__gt=at, withdrawn_at=None)
    return list(later.select_related("procedure").order_by("valid_from")[: RECENT * 5])


def recent_versions(at: datetime) -> list[ProcedureVersion]:
    """Published here and in force, the last one first."""
    made = ProcedureVersion.objects.in_force(at).filter(origin=Origin.LOCAL)
    return list(made.select_related("procedure").order_by("-valid_from")[:RECENT])


@dataclass(frozen=True, slots=True)
class Lapsing:
    """A version in force with a time limit whose law ends after `until`, without a row of the law that follows."""

    version: ProcedureVersion
    until: date


def lapsing_versions(at: datetime, code: str = "") -> list[Lapsing]:
    """Versions whose time limit rests on a law that ends, or has ended. Two queries for each such law."""
    found: list[Lapsing] = []
    for (number, unit), key in RESTS_ON.items():
        until = last_day_of(key)
        if until is None:
            continue
        cases = ProcedureCase.objects.filter(document__contains=number, unit=unit, why_no_rule="")
        versions = ProcedureVersion.objects.in_force(at).filter(pk__in=cases.values("version"))
        if code:
            versions = versions.filter(procedure__code=code)
        ordered = versions.select_related("procedure").order_by("procedure__code")
        found += [Lapsing(one, until) for one in ordered]
    return found


def last_day_of(key: str) -> date | None:
    """The last day of the row of the law, where none follows it; None for a law without an end."""
    rows = [row for row in history_of(key) if row.superseded_by_id is None and row.scope == Scope.NATIONAL]
    ends = [row.valid_to for row in rows if row.valid_to is not None]
    return max(ends) if rows and len(ends) == len(rows) else None


# ---- one procedure -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with what it is now, and how many open dossiers stand on it."""

    version: ProcedureVersion
    state: str  # now | coming | over | withdrawn
    dossiers: int
    dossier_words: str


def versions_of(procedure: Procedure, officer: Officer, at: datetime) -> list[VersionRow]:
    """All versions, the last one first."""
    rows = ProcedureVersion.objects.filter(procedure=procedure).select_related("procedure")
    return [_version_row(one, officer, at) for one in rows.order_by("-number")]


def _version_row(version: ProcedureVersion, officer: Officer, at: datetime) -> VersionRow:
    count = count_up_to(dossiers_on(version, officer))
    return VersionRow(version, state_of(version, at), count, dossier_words(count))


def dossier_words(count: int) -> str:
    """`2 dossiers`, or `1.000+ dossiers` where more were not counted."""
    return ngettext("%(count)s dossier", "%(count)s dossiers", count) % {"count": count_shown(count)}


def state_of(version: ProcedureVersion, at: datetime) -> str:
    if version.withdrawn_at is not None:
        return "withdrawn"
    if version.valid_from is not None and version.valid_from > at:
        return "coming"
    return "now" if version.holds_at(at) else "over"


def procedure_with(code: str) -> Procedure:
    """The procedure of that code; NotFound."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is None:
        raise NotFound(_("There is no such procedure."))
    return procedure


def version_numbered(code: str, number: int) -> ProcedureVersion:
    versions = ProcedureVersion.objects.filter(procedure__code=code, number=number)
    version = versions.select_related("procedure").first()
    if version is None:
        raise NotFound(_("There is no such version."))
    return version


def dossiers_on(version: ProcedureVersion, officer: Officer) -> QuerySet[Dossier]:
    """Open dossiers that stand on the version, in the places that the officer administers."""
    held = [duty for duty in officer.held if duty.role in READERS]
    mine = Q(commune__province_id__in=[duty.province for duty in held if duty.province])
    mine |= Q(commune_id__in=[duty.commune for duty in held if duty.commune])
    return Dossier.objects.filter(mine, version=version, state__in=OPEN_STATES)


def listed(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what the list shows: place and fees as they were promised; nothing of a person."""
    fees = Prefetch("fees", DossierFee.objects.only("dossier_id", "amount", "quantity"))
    shown = ("code", "official_code", "registered_at", "due_at", "state", "commune__name", "commune__kind")
    return dossiers.select_related("commune").only(*shown).prefetch_related(fees)


# ---- contents and what differs -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """What differs in one part."""

    title: str
    changes: list[Change]


def changed_rows(before: Any, after: Any) -> list[ChangedPart]:
    """What differs between two workflows, as one part."""
    found = changes(before, after)
    return [ChangedPart("", found)] if found else []


def changed_parts(before: Content, after: Content) -> list[ChangedPart]:
    """All that differs, by part."""
    found = sorted(changes(before, after), key=lambda one: ("", *PARTS).index(one.part))
    return [
        ChangedPart(str(PART_TITLES[part or "general"]), list(group))
        for part, group in groupby(found, key=lambda one: one.part)
    ]


def said_by(code: str, which: str, at: datetime) -> tuple[Content, str]:
    """The content that a choice of the comparison means: a number, or what the program brings; and its name."""
    if which == SHIPPED:
        content = shipped_content(code, at)
        if content is None:
            raise NotFound(_("The program brings no such procedure."))
        return content, _("as the program brings it")
    if not (which.isascii() and which.isdigit() and len(which) < 6):
        raise NotFound(_("There is no such version."))
    version = version_numbered(code, int(which))
    return content_of(version), _("version %(number)s") % {"number": version.number}


@dataclass(frozen=True, slots=True)
class Line:
    """A question, case, paper or fee in the overview of a draft."""

    key: str
    title: str
    words: str
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a draft: its lines, and what must be put right in it."""

    name: str
    slug: str
    title: str
    lines: list[Line]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with all that its overview shows."""

    draft: Draft
    content: Content
    last: ProcedureVersion | None
    parts: list[Part]
    problems: list[Problem]
    changed: list[ChangedPart]
    is_confirmed: bool
    is_behind: bool

    @property
    def stops(self) -> bool:
        return any(one.stops for one in self.problems)


def draft_page(draft: Draft, at: datetime) -> DraftPage:
    """The overview of the draft on the day of `at`."""
    content = content_of_text(draft.content)
    last = last_version(draft.code)
    problems = problems_of(content, at.astimezone(VIETNAM).date())
    return DraftPage(
        draft=draft,
        content=content,
        last=last,
        parts=[_part(name, content, problems) for name in PART_TITLES],
        problems=problems,
        changed=changed_parts(content_of(last), content) if last else [],
        is_confirmed=is_confirmed(draft, content),
        is_behind=last is not None and draft.base != last.pk,
    )


def _part(name: str, content: Content, problems: list[Problem]) -> Part:
    mine = [one for one in problems if one.part == name]
    rows = getattr(content, name) if name in ROWS_OF else ()
    keys = {key_of(row) for row in rows}
    lines = [
        Line(key_of(row), title_of(row), words_of(row, content), [p for p in mine if p.key == key_of(row)])
        for row in rows
    ]
    return Part(
        name,
        SLUG_OF[name],
        str(PART_TITLES[name]),
        lines,
        [one for one in mine if one.key not in keys],
    )


def words_of(row: Any, content: Content) -> str:
    """What a line says, in one sentence."""
    said = [_own_words(row, content)]
    if not isinstance(row, QuestionContent) and row.when is not None:
        said.append(_("when: %(condition)s") % {"condition": condition_words(row.when, content.questions)})
    return " · ".join(part for part in said if part)


def _own_words(row: Any, content: Content) -> str:
    if isinstance(row, QuestionContent):
        return "; ".join(label for _value, label in row.choices)
    made = made_of(content, Procedure(code=content.code))
    if isinstance(row, CaseContent):
        stored = next(one for one in made.sheet.cases if one.name == row.name)
        return row.why_no_rule or time_words(stored.published())
    if isinstance(row, PaperContent):
        return paper_words(next(one for one in made.sheet.papers if one.key == row.key))
    return fee_sum(row)


def fee_sum(fee: FeeContent) -> str:
    """The price as the line says it."""
    if fee.relief:
        return _("nothing is charged")
    if fee.kind != "fixed" or fee.amount is None:
        return str(dict(FeeContent.__dataclass_fields__["kind"].metadata["choices"])[fee.kind])
    if fee.scale:
        return _("from %(amount)s, in steps") % {"amount": money_words(scaled(fee.scale, 1))}
    return f"{money_words(fee.amount)} / {fee.per}" if fee.per else money_words(fee.amount)


def rows_of_part(content: Content, part: str) -> tuple[Any, ...]:
    return tuple(getattr(content, part))


def with_rows(content: Content, part: str, rows: Iterable[Any]) -> Content:
    """The content with these rows in the part."""
    given: dict[str, Any] = {part: tuple(rows)}
    return replace(content, **given)


def row_with(content: Content, part: str, key: str) -> Any:
    """The row of that short name; NotFound."""
    row = next((one for one in rows_of_part(content, part) if key_of(one) == key), None)
    if row is None:
        raise NotFound(_("There is no such entry in the draft."))
    return row
