"""Tables of the heart: dossiers, their parties, papers, deadlines and desks."""

from __future__ import annotations

from gandan.dossiers.models.contact import Contact
from gandan.dossiers.models.counter import Counter
from gandan.dossiers.models.dossier import Channel, Desk, Dossier, Lane, ResultKind, ReturnWay, State
from gandan.dossiers.models.papers import Answer, DossierFee, DossierFile, DossierPaper, FileUse
from gandan.dossiers.models.party import IdentityKind, Party, PartyKind, Sex
from gandan.dossiers.models.time import Deadline, Extension, Remark, StepRun, Supplement

__all__ = [
    "Answer",
    "Channel",
    "Contact",
    "Counter",
    "Deadline",
    "Desk",
    "Dossier",
    "DossierFee",
    "DossierFile",
    "DossierPaper",
    "Extension",
    "FileUse",
    "IdentityKind",
    "Lane",
    "Party",
    "PartyKind",
    "Remark",
    "ResultKind",
    "ReturnWay",
    "Sex",
    "State",
    "StepRun",
    "Supplement",
]
