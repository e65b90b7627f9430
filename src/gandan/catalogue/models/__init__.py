"""The catalogue of procedures (danh mục thủ tục hành chính): versions with their parts, workflows, drafts.

A version is never changed once dossiers may stand on it: a change makes the next version.
"""

from __future__ import annotations

from gandan.catalogue.models.choices import (
    end_choices,
    mark_choices,
    start_choices,
    supplement_choices,
    unit_choices,
)
from gandan.catalogue.models.draft import Draft, DraftKind
from gandan.catalogue.models.procedure import (
    Audience,
    Channel,
    FeeKind,
    FeeRule,
    Lane,
    OnlineLevel,
    PaperHow,
    PaperRequirement,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    Question,
    QuestionKind,
    UnknownFee,
)
from gandan.catalogue.models.workflow import Phase, Workflow, WorkflowStep

__all__ = [
    "Audience",
    "Channel",
    "Draft",
    "DraftKind",
    "FeeKind",
    "FeeRule",
    "Lane",
    "OnlineLevel",
    "PaperHow",
    "PaperRequirement",
    "Phase",
    "Procedure",
    "ProcedureCase",
    "ProcedureVersion",
    "Question",
    "QuestionKind",
    "UnknownFee",
    "Workflow",
    "WorkflowStep",
    "end_choices",
    "mark_choices",
    "start_choices",
    "supplement_choices",
    "unit_choices",
]
