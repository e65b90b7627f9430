"""`./gandan verify [--commune CODE] [--against FILE] [--json]`: 0 sound, 1 finding, 2 bad input."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.ledger.errors import HeadFileError
from gandan.ledger.heads import Head, read_head_file
from gandan.ledger.models import Verification
from gandan.ledger.verification import ChainReport, Finding, chains, examine

BROKEN = "broken"
UNPROVEN = "consistent, tail unproven"
PROVEN = "consistent, proven to the given heads"
SECONDS_BETWEEN_REPORTS = 2.0


class Command(BaseCommand):
    """Reads the ledger and says whether any event was changed, lost or added."""

    help = _(
        "Checks the ledger: names the first bad event of each chain. Exit 0 sound, 1 finding, 2 bad input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--commune", metavar="CODE", help=_("only the chain of this commune, or “cell”"))
        parser.add_argument(
            "--against",
            metavar="FILE",
            type=Path,
            help=_("a head file or lines from receipts, kept elsewhere"),
        )
        parser.add_argument(
            "--json", action="store_true", help=_("one JSON object (docs/schemas/verify.json)")
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        heads = self._heads(options["against"])
        commune = options["commune"]
        if commune is not None and commune not in chains(heads):
            raise CommandError(_("There is no chain %(chain)s.") % {"chain": commune}, returncode=2)
        self.reported_at = time.monotonic()
        reports = list(examine(heads, only=commune, progress=self._progress))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reports), ensure_ascii=False))
        else:
            self._print(reports)
        self._remember(reports, commune)
        if overall(reports) == BROKEN:
            raise SystemExit(1)

    def _heads(self, against: Path | None) -> list[Head]:
        try:
            return read_head_file(against) if against else []
        except HeadFileError as error:
            raise CommandError(str(error), returncode=2) from error

    def _progress(self, chain: str, seq: int) -> None:
        if time.monotonic() - self.reported_at >= SECONDS_BETWEEN_REPORTS:
            self.reported_at = time.monotonic()
            self.stderr.write(_("Chain %(chain)s: %(seq)s events read…") % {"chain": chain, "seq": seq})

    def _remember(self, reports: list[ChainReport], commune: str | None) -> None:
        """Leaves a note for those who watch the installation; a database that takes none is still verified."""
        try:
            Verification.objects.create(
                at=timezone.now(),
                chain=commune or "",
                events=sum(report.seq for report in reports),
                sound=overall(reports) != BROKEN,
                proven=overall(reports) == PROVEN,
            )
        except OperationalError as refused:
            self.stderr.write(
                _("This verification could not be noted down: %(reason)s") % {"reason": refused}
            )

    def _print(self, reports: list[ChainReport]) -> None:
        for report in reports:
            for finding in report.findings:
                self.stdout.write(
                    _("Chain %(chain)s: %(message)s") % {"chain": finding.chain, "message": finding.message}
                )
        counted = sum(report.seq for report in reports)
        self.stdout.write(
            _("%(events)s events in %(chains)s chains were sound.")
            % {"events": counted, "chains": len(reports)}
        )
        self.stdout.write(verdict_in_words(overall(reports)))


def verdict(report: ChainReport) -> str:
    if report.findings:
        return BROKEN
    return PROVEN if report.proven_to else UNPROVEN


def overall(reports: list[ChainReport]) -> str:
    """The worst verdict of all chains; a ledger without events is consistent, and unproven."""
    verdicts = {verdict(report) for report in reports}
    return next((worst for worst in (BROKEN, UNPROVEN) if worst in verdicts), PROVEN if reports else UNPROVEN)


def verdict_in_words(code: str) -> str:
    words = {
        BROKEN: _("Broken: keep the database as it is, and tell the person in charge of the ledger."),
        UNPROVEN: _("Consistent, tail unproven: compare with a head kept elsewhere (--against FILE)."),
        PROVEN: _("Consistent, and proven up to the heads that were given."),
    }
    return words[code]


def as_json(reports: list[ChainReport]) -> dict[str, object]:
    return {
        "verdict": overall(reports),
        "events": sum(report.seq for report in reports),
        "chains": [_chain(report) for report in reports],
        "findings": [_finding(finding) for report in reports for finding in report.findings],
    }


def _chain(report: ChainReport) -> dict[str, object]:
    return {
        "chain": report.chain,
        "verdict": verdict(report),
        "sound_to": report.seq,
        "hash": report.hash,
        "proven_to": report.proven_to,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "chain": finding.chain,
        "seq": finding.seq,
        "event_id": finding.event_id or None,
        "fault": str(finding.fault),
        "message": finding.message,
    }
