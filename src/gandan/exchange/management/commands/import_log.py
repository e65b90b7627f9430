"""`./gandan import-log FILE --map MAP.toml --commune CODE [--json]`: 0 all taken, 1 some rows rejected, 2 bad input."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.exchange.actions import Tally, import_log
from gandan.exchange.errors import ExchangeError
from gandan.exchange.mapping import read_map

SECONDS_BETWEEN_REPORTS = 2.0
SHOWN = 20


class Command(BaseCommand):
    """Replays the event log of another system into the ledger; run again, it adds what is new."""

    help = _("Takes in the event log of another system: one event a row. A second run adds nothing twice.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help=_(".csv, .csv.gz, .xes or .xes.gz"))
        parser.add_argument(
            "--map", metavar="MAP.toml", type=Path, required=True, help=_("which column is what")
        )
        parser.add_argument("--commune", metavar="CODE", required=True, help=_("whose chain it goes into"))
        parser.add_argument(
            "--json", action="store_true", help=_("one JSON object (docs/schemas/import-log.json)")
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        self.reported_at = time.monotonic()
        try:
            tally = import_log(
                options["file"],
                read_map(options["map"]),
                commune=options["commune"],
                at=timezone.now(),
                progress=self._progress,
            )
        except ExchangeError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(tally), ensure_ascii=False))
        else:
            self._print(tally)
        if tally.rejected:
            raise SystemExit(1)

    def _progress(self, events: int) -> None:
        if time.monotonic() - self.reported_at >= SECONDS_BETWEEN_REPORTS:
            self.reported_at = time.monotonic()
            self.stderr.write(_("%(events)s rows read…") % {"events": events})

    def _print(self, tally: Tally) -> None:
        said = _(
            "%(cases)s cases, %(events)s events, of them new: %(added)s.\n"
            "By the log's own dates: %(on_time)s on time, %(late)s late, %(open)s open."
        )
        names = ("cases", "events", "added", "on_time", "late", "open")
        self.stdout.write(said % {name: getattr(tally, name) for name in names})
        for rejected in tally.rejected[:SHOWN]:
            self.stdout.write(
                _("Row %(row)s was not taken: %(reason)s") % {"row": rejected.row, "reason": rejected.reason}
            )
        if len(tally.rejected) > SHOWN:
            more = len(tally.rejected) - SHOWN
            self.stdout.write(_("… and %(more)s more rows (--json lists them all).") % {"more": more})


def as_json(tally: Tally) -> dict[str, object]:
    return {
        "cases": tally.cases,
        "events": tally.events,
        "on_time": tally.on_time,
        "late": tally.late,
        "open": tally.open,
        "rejected": [{"row": rejected.row, "reason": rejected.reason} for rejected in tally.rejected],
        "added": tally.added,
    }
