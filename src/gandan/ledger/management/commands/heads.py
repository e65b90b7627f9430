"""`./gandan heads [--out FILE] [--json]`: writes the day's heads outside the database."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.ledger.errors import HeadFileError
from gandan.ledger.heads import refuse_contradictions, write_head_file


class Command(BaseCommand):
    """Writes the heads of all chains into DATA/heads/YYYY-MM-DD.txt; copy that file to another place."""

    help = _("Writes the heads of all chains into a file of the day. Exit 0 written, 1 finding.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", type=Path, help=_("another file than that of the day"))
        parser.add_argument(
            "--json", action="store_true", help=_("one JSON object (docs/schemas/heads.json)")
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        at = timezone.now()
        path: Path = options["out"] or daily_path(at)
        try:
            earlier = latest_before(path)
            if earlier:
                refuse_contradictions(earlier)
            heads = write_head_file(path, at)
        except HeadFileError as error:
            raise CommandError(str(error), returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(path), "heads": len(heads)}, ensure_ascii=False))
        else:
            self.stdout.write(_("%(count)s heads are in %(path)s.") % {"count": len(heads), "path": path})


def daily_path(at: datetime) -> Path:
    """The head file of the day on which `at` falls in the local time zone."""
    return Path(settings.GANDAN_DATA) / "heads" / f"{timezone.localtime(at).date().isoformat()}.txt"


def latest_before(path: Path) -> Path | None:
    """The head file of the last day before that of `path`, in the same folder."""
    return max(
        (other for other in path.parent.glob("????-??-??.txt") if other.name < path.name), default=None
    )
