"""Tables of the heart: dossiers, their parties, papers, deadlines and desks."""

from __future__ import annotations

from gandan.dossiers.models.contact import Contact
from gandan.dossiers.models.counter import Counter
from gandan.dossiers.models.dossier import (
    Channel,
    Desk,
    Dossier,
    Lane,
    ResultKind,
    ReturnWay,
    State,
    StopGround,
)
from gandan.dossiers.models.ends import EarlierEnd
from gandan.dossiers.models.examination import AnswerWay, Consultation, Presence, Visit
from gandan.dossiers.models.papers import Answer, DossierFee, DossierFile, DossierPaper, FileUse
from gandan.dossiers.models.party import IdentityKind, Party, PartyKind, Sex
from gandan.dossiers.models.phase import PhaseKind, PhaseOutcome, PhaseRun
from gandan.dossiers.models.time import Deadline, Extension, Remark, StepRun, Supplement
from gandan.dossiers.models.watching import Call, CallOutcome, OverdueWarning, Threshold

__all__ = [
    "Answer",
    "AnswerWay",
    "Call",
    "CallOutcome",
    "Channel",
    "Consultation",
    "Contact",
    "Counter",
    "Deadline",
    "Desk",
    "Dossier",
    "DossierFee",
    "DossierFile",
    "DossierPaper",
    "EarlierEnd",
    "Extension",
    "FileUse",
    "IdentityKind",
    "Lane",
    "OverdueWarning",
    "Party",
    "PartyKind",
    "PhaseKind",
    "PhaseOutcome",
    "PhaseRun",
    "Presence",
    "Remark",
    "ResultKind",
    "ReturnWay",
    "Sex",
    "State",
    "StepRun",
    "StopGround",
    "Supplement",
    "Threshold",
    "Visit",
]
