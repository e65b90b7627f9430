"""`./gandan export-log --format xes|ocel [--commune CODE] [--out FILE]`: the events for process-mining tools."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from gandan.exchange.export import Case, cases, write_ocel, write_xes
from gandan.organization.models import Commune

WRITERS: dict[str, Callable[[IO[str], Iterator[Case]], int]] = {"xes": write_xes, "ocel": write_ocel}


class Command(BaseCommand):
    """Writes all events of dossiers and imported cases, whole or not at all."""

    help = _(
        "Writes the events of dossiers for process-mining tools. Officers appear by code: for your own use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(WRITERS), required=True)
        parser.add_argument("--commune", metavar="CODE", default="", help=_("only the chain of this commune"))
        parser.add_argument("--out", metavar="FILE", type=Path, help=_("a file instead of standard output"))

    def handle(self, *_arguments: Any, **options: Any) -> None:
        commune, out = options["commune"], options["out"]
        if commune and not Commune.objects.filter(pk=commune).exists():
            raise CommandError(
                _("There is no commune with the code %(code)s.") % {"code": commune}, returncode=2
            )
        write = WRITERS[options["format"]]
        if out is None:
            write(sys.stdout, cases(commune))
            return
        try:
            with whole(out) as file:
                events = write(file, cases(commune))
        except OSError as error:
            said = _("%(path)s cannot be written: %(reason)s")
            raise CommandError(said % {"path": out, "reason": error.strerror}, returncode=2) from error
        self.stderr.write(_("%(events)s events are in %(path)s.") % {"events": events, "path": out})


@contextmanager
def whole(path: Path) -> Iterator[IO[str]]:
    """A file that takes the place of `path` when all of it is written, and never half."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
