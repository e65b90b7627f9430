"""What another body may read of a dossier that was forwarded to it: what its part needs, and no more.

Whose it is, the papers, the dates, and what the two bodies told each other. Not how the commune came to its
opinion, nor messages to the person, nor prints with the tracking word.
"""

from __future__ import annotations

from dataclasses import replace

from gandan.dossiers.models import DossierFile
from gandan.dossiers.queries import Sheet

SHARED_ACTS = frozenset(
    {"accept", "receive-supplement", "forward", "take-over", "receive-paper", "ask-back", "return-phase"}
)
SHARED_WORDS = frozenset({"forward", "ask-back", "return-phase"})


def part_of(sheet: Sheet) -> Sheet:
    """The sheet without what concerns the commune alone."""
    return replace(
        sheet,
        loose_files=[file for file in sheet.loose_files if is_shared(file)],
        steps=[],
        supplements=[],
        extensions=[],
        remarks=[remark for remark in sheet.remarks if remark.act in SHARED_WORDS],
        events=[event for event in sheet.events if event.act in SHARED_ACTS],
        messages=[],
        consultations=[],
        visits=[],
        earlier_ends=[],
    )


def is_shared(file: DossierFile) -> bool:
    """False for what the commune's own examination brought: minutes of a visit."""
    return file.visit_id is None
