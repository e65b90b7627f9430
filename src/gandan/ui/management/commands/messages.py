"""`./gandan manage messages [room …] [--check]`: the rooms' Vietnamese, extracted, merged and checked."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gandan.ui import extraction
from gandan.ui.compile_messages import ensure_compiled

PACKAGE = Path(__file__).resolve().parents[3]


class Command(BaseCommand):
    help = "Extracts each room's sentences into its .po file and lists what lacks a Vietnamese translation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rooms", nargs="*", help="only these rooms")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if anything is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rooms = self.chosen(options["rooms"])
        if not options["check"]:
            changed = [room.name for room in rooms if extraction.write_catalogue(room)]
            ensure_compiled(PACKAGE)
            self.stdout.write(f"changed: {', '.join(changed) or 'none'}")
        found = [finding for room in rooms for finding in extraction.findings(room)]
        found += extraction.disagreements(extraction.rooms_of(PACKAGE))
        for finding in found:
            self.stdout.write(str(finding))
        self.stdout.write(f"{len(found)} to translate")
        if options["check"] and found:
            raise SystemExit(1)

    def chosen(self, names: list[str]) -> list[Path]:
        rooms = extraction.rooms_of(PACKAGE)
        unknown = set(names) - {room.name for room in rooms}
        if unknown:
            raise CommandError(f"no such room: {', '.join(sorted(unknown))}", returncode=2)
        return [room for room in rooms if not names or room.name in names]
