"""Contents and the rows of a version: one made of the other, both ways, nothing added or lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from gandan.catalogue import queries
from gandan.catalogue.content import (
    OF_THE_PROCEDURE,
    PARTS,
    CaseContent,
    Content,
    FeeContent,
    PaperContent,
    QuestionContent,
    specs,
)
from gandan.catalogue.models import (
    FeeRule,
    PaperRequirement,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Question,
)

#: Each part of a content, with its rows' model.
MODELS: dict[type[Any], type[Model]] = {
    QuestionContent: Question,
    CaseContent: ProcedureCase,
    PaperContent: PaperRequirement,
    FeeContent: FeeRule,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A version with its parts, not stored."""

    version: ProcedureVersion
    sheet: queries.Sheet

    def save(self) -> None:
        """Stores all of it; the procedure is there."""
        self.version.save(force_insert=True)
        for rows in (self.sheet.questions, self.sheet.cases, self.sheet.papers, self.sheet.fees):
            for row in rows:
                row.save(force_insert=True)


def content_of(version: ProcedureVersion, sheet: queries.Sheet | None = None) -> Content:
    """What a stored version says; warm, no query. `sheet`: the parts of one that is not stored."""
    sheet = sheet or queries.sheet_of(version)
    procedure = version.procedure
    own = {name: getattr(version, name) for name in _own_fields()}
    return Content(
        code=procedure.code,
        field=procedure.field,
        lane=procedure.lane,
        province=procedure.province,
        **own | {"legal": tuple(version.legal)},
        questions=tuple(_content(QuestionContent, row) for row in sheet.questions),
        cases=tuple(_content(CaseContent, row) for row in sheet.cases),
        papers=tuple(_content(PaperContent, row) for row in sheet.papers),
        fees=tuple(_content(FeeContent, row) for row in sheet.fees),
    )


def _own_fields() -> list[str]:
    return [spec.name for spec in specs(Content) if spec.name not in OF_THE_PROCEDURE + PARTS]


def _content(kind: type[Any], row: Model) -> Any:
    values = {spec.name: getattr(row, spec.name) for spec in specs(kind)}
    if kind is QuestionContent:
        values["choices"] = tuple((str(key), str(label)) for key, label in values["choices"])
    return kind(**values)


def made_of(content: Content, procedure: Procedure, **more: Any) -> Made:
    """A version with its parts that says `content`; `more`: what a content does not hold (number, digest, …)."""
    own = {name: getattr(content, name) for name in _own_fields()} | {"legal": list(content.legal)}
    version = ProcedureVersion(procedure=procedure, **own, **more)
    sheet = queries.Sheet(
        cases=_rows(ProcedureCase, version, content.cases),
        questions=_rows(Question, version, content.questions),
        papers=_rows(PaperRequirement, version, content.papers),
        fees=_rows(FeeRule, version, content.fees),
    )
    return Made(version, sheet)


def _rows(model: type[Any], version: ProcedureVersion, contents: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        model(version=version, position=position, **_values(one)) for position, one in enumerate(contents, 1)
    )


def _values(one: Any) -> dict[str, Any]:
    values = {spec.name: getattr(one, spec.name) for spec in specs(type(one))}
    if isinstance(one, QuestionContent):
        values["choices"] = [list(pair) for pair in one.choices]
    return values


def longest_of(kind: type[Any], name: str) -> int | None:
    """How many signs the field of a content class may have, None for any number."""
    model = ProcedureVersion if kind is Content else MODELS[kind]
    if kind is Content and name in OF_THE_PROCEDURE:
        model = Procedure
    return getattr(model._meta.get_field(name), "max_length", None)
