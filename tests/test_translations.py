"""Every sentence of every room has its Vietnamese."""

from __future__ import annotations

from pathlib import Path

from gandan.ui import extraction

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "gandan"


def test_every_room_speaks_vietnamese():
    rooms = extraction.rooms_of(PACKAGE)
    found = [finding for room in rooms for finding in extraction.findings(room)]

    assert [str(finding) for finding in found + extraction.disagreements(rooms)] == []
