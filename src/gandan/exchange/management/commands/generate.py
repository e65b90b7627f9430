"""`./gandan generate --dossiers N --seed S [--commune CODE …] [--json]`: load for tests; 0 made, 2 refused."""

from __future__ import annotations

import importlib.util
import json
import time
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from gandan.calculus.rules import VIETNAM
from gandan.exchange.errors import ExchangeError
from gandan.organization.errors import OrganizationError
from gandan.organization.models import Commune

SECONDS_BETWEEN_REPORTS = 2.0


class Command(BaseCommand):
    """Fills wards with invented dossiers, as months of work would have left them."""

    help = _(
        "Load for tests: invented dossiers with all their acts and a sound ledger. Into an empty database or the demonstration's."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dossiers", metavar="N", type=int, required=True, help=_("how many dossiers"))
        parser.add_argument("--seed", metavar="S", type=int, required=True, help=_("where chance begins"))
        parser.add_argument(
            "--commune",
            metavar="CODE",
            nargs="+",
            default=[],
            help=_("into these communes; usually all that are open here, else the two of the demonstration"),
        )
        parser.add_argument("--until", metavar="MOMENT", default="", help=_("the last act; usually now"))
        parser.add_argument(
            "--among-real-data",
            action="store_true",
            help=_("also where real communes work: the invented dossiers stay in their registers for ever"),
        )
        parser.add_argument(
            "--json", action="store_true", help=_("one JSON object (docs/schemas/generate.json)")
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if importlib.util.find_spec("numpy") is None:
            raise CommandError(_("This needs numpy: pip install 'gandan[analytics]'"), returncode=2)
        if options["dossiers"] < 1:
            raise CommandError(_("--dossiers: one or more."), returncode=2)
        now = until(options["until"])
        self.ready(among_real_data=options["among_real_data"])
        # Imported here, for it needs numpy, which is an extra.
        from gandan.exchange.generation.making import make  # noqa: PLC0415

        self.reported_at = time.monotonic()
        try:
            load = make(
                dossiers=options["dossiers"],
                seed=options["seed"],
                now=now,
                communes=options["commune"],
                say=self._progress,
            )
        except (ExchangeError, OrganizationError) as error:
            raise CommandError(str(error), returncode=2) from error
        facts = {
            "dossiers": load.dossiers,
            "events": load.events,
            "rows": load.rows,
            "communes": load.communes,
            "seed": options["seed"],
            "until": now.isoformat(),
            "database": connection.vendor,
            "seconds": round(load.seconds, 1),
            "dossiers_a_minute": load.a_minute,
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(
                _(
                    "%(dossiers)s dossiers, %(events)s events in %(seconds)s seconds: %(dossiers_a_minute)s a minute."
                )
                % facts
            )

    def ready(self, *, among_real_data: bool) -> None:
        """An empty database gets its tables and the reference data; one with real communes is left alone."""
        if not connection.introspection.table_names():
            self.stderr.write(_("Empty database: making the tables, loading the reference data…"))
            call_command("migrate", verbosity=0, interactive=False)
        if not Commune.objects.exists():
            call_command("load_reference", verbosity=0)
        from gandan.exchange.generation.wards import is_sample  # noqa: PLC0415  as in `handle`

        if not among_real_data and not is_sample():
            raise CommandError(
                _(
                    "This database holds communes or accounts that are no sample. Invented dossiers could never be taken out of their registers again. Choose another --data, or say --among-real-data."
                ),
                returncode=2,
            )

    def _progress(self, done: int, wanted: int) -> None:
        if time.monotonic() - self.reported_at >= SECONDS_BETWEEN_REPORTS:
            self.reported_at = time.monotonic()
            self.stderr.write(_("%(done)s of %(wanted)s dossiers…") % {"done": done, "wanted": wanted})


def until(text: str) -> datetime:
    """The moment typed, by the clock on the wall where it names no zone; now if nothing was typed."""
    now = timezone.now()
    if not text:
        return now
    try:
        day = parse_date(text)
        at = datetime.combine(day, datetime.min.time()) if day else parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(
            _("--until: write a day or a moment, e.g. 2026-11-20 or 2026-11-20T17:00."), returncode=2
        )
    at = at if at.tzinfo else at.replace(tzinfo=VIETNAM)
    if at > now:
        raise CommandError(_("--until lies in the future."), returncode=2)
    return at
