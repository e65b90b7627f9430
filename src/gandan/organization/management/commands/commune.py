"""`./gandan commune add CODE [--officers FILE.xlsx] [--dry-run] [--json]`: 0 done, 2 bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from gandan.documents.errors import FileRefused
from gandan.law.errors import BasisMissing
from gandan.organization.actions.staff import PersonWish
from gandan.organization.adding import Added, NoSuchCommune, add_commune, commune_meant, hours_are_entered
from gandan.organization.errors import OrganizationError
from gandan.organization.queries import calendar_of
from gandan.organization.staff_list.plan import Outcome, PlannedRow

SHOWN_PROBLEMS = 40


class Command(BaseCommand):
    """Opens a ward or commune, ready to work, from the reference data."""

    help = _("Opens a ward or commune: units, calendar, staff from a list, first administrator.")

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help=_("opens a commune, or adds to one that is open"))
        add.add_argument(
            "code", help=_("code of the commune, five digits; a name shows codes to choose from")
        )
        add.add_argument("--officers", metavar="FILE.xlsx", type=Path, help=_("list of staff"))
        add.add_argument(
            "--administrator", metavar="NAME", default="", help=_("name of the first administrator")
        )
        add.add_argument("--username", default="", help=_("user name of the first administrator"))
        add.add_argument(
            "--document", default="", help=_("basis; without one, the resolution that made the commune")
        )
        add.add_argument(
            "--new-password", action="store_true", help=_("a new first password for the administrator")
        )
        add.add_argument("--dry-run", action="store_true", help=_("says what would happen, changes nothing"))
        add.add_argument(
            "--json", action="store_true", help=_("one JSON object (docs/schemas/commune-add.json)")
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            added = self._add(options)
        except NoSuchCommune as error:
            raise CommandError(no_such_words(error), returncode=2) from error
        except FileRefused as error:
            raise CommandError(error.message, returncode=2) from error
        except (OrganizationError, BasisMissing) as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(added), ensure_ascii=False))
        else:
            for line in lines_of(added):
                self.stdout.write(line)
        if added.is_stopped:
            raise SystemExit(2)

    def _add(self, options: dict[str, Any]) -> Added:
        commune = commune_meant(options["code"].strip())
        name = options["administrator"] or _("Administrator of %(place)s") % {"place": commune.full_name}
        return add_commune(
            commune,
            officers=content_of(options["officers"]) if options["officers"] else None,
            administrator=PersonWish(name, options["username"]),
            document=options["document"],
            at=timezone.now(),
            dry_run=options["dry_run"],
            new_password=options["new_password"],
        )


def content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = _("The file %(file)s cannot be read: %(reason)s.")
        raise CommandError(message % {"file": path, "reason": error.strerror}, returncode=2) from error


def no_such_words(error: NoSuchCommune) -> str:
    """The sentence, and below it the communes that may have been meant."""
    lines = [str(error)]
    for one in error.suggestions:
        before = f" ← {one.instead_of}" if one.instead_of else ""
        lines.append(f"  {one.code}  {one.name}{before}")
    if error.suggestions:
        lines.append(_("Run the command again with the code that you mean."))
    return "\n".join(lines)


def problem_lines(rows: list[PlannedRow]) -> list[tuple[int, str, str]]:
    """Row, cell and sentence of each problem, in the order of the list."""
    return [(row.number, problem.cell, problem.message) for row in rows for problem in row.problems]


def as_json(added: Added) -> dict[str, Any]:
    """The object of docs/schemas/commune-add.json."""
    plan, now = added.plan, timezone.now()
    whole = [{"row": 0, "cell": "", "message": one.message} for one in (plan.problems if plan else [])]
    cells = problem_lines(plan.rows) if plan else []
    first = added.first_sign_in
    return {
        "commune": added.commune.pk,
        "name": added.commune.full_name,
        "dry_run": added.dry_run,
        "opened": added.is_new and not added.dry_run and not added.is_stopped,
        "units": [{"code": unit.code, "kind": unit.kind, "name": unit.name} for unit in added.units],
        "staff": {str(outcome): added.staff.get(outcome, 0) for outcome in Outcome},
        "administrator": added.administrator,
        "first_password": first.password if first else "",
        "hours_confirmed": hours_are_entered(added.commune, now),
        "years": sorted(calendar_of(None).years),
        "problems": whole + [{"row": row, "cell": cell, "message": said} for row, cell, said in cells],
    }


def lines_of(added: Added) -> list[str]:
    """What was done, or would be, in sentences."""
    place = {"place": f"{added.commune.full_name} ({added.commune.pk})"}
    if added.is_stopped and added.plan:
        lines = [one.message for one in added.plan.problems]
        cells = problem_lines(added.plan.rows)
        for row, cell, said in cells[:SHOWN_PROBLEMS]:
            where = cell or _("row %(number)d") % {"number": row}
            lines.append(f"  {where}: {said}")
        if len(cells) > SHOWN_PROBLEMS:
            lines.append(_("… and %(count)d more.") % {"count": len(cells) - SHOWN_PROBLEMS})
        return [*lines, _("Nothing was done. Put the cells right, then run the command again.")]
    if added.is_new:
        opened = (
            _("Would open %(place)s with these units:")
            if added.dry_run
            else _("Opened %(place)s with these units:")
        )
    else:
        opened = _("%(place)s is open already. Its units:")
    lines = [opened % place, *(f"  {unit.code}  {unit.name}" for unit in added.units)]
    if added.plan:
        counts = {str(outcome): added.staff.get(outcome, 0) for outcome in Outcome}
        sentence = _("Staff: %(new)d new, %(duty)d further duties, %(end)d ended, %(same)d as before.")
        lines.append(sentence % counts)
    return lines + next_lines(added)


def next_lines(added: Added) -> list[str]:
    """The first sign-in, and what somebody must look at."""
    lines = []
    if added.first_sign_in:
        words = {"username": added.administrator, "password": added.first_sign_in.password}
        lines.append(
            _("First sign-in: %(username)s with the password %(password)s, which holds once.") % words
        )
    elif added.dry_run:
        lines.append(
            _("Nothing was changed (dry run). Administrator: %(username)s.")
            % {"username": added.administrator}
        )
    else:
        sentence = _("Administrator: %(username)s. A lost first password is made anew with --new-password.")
        lines.append(sentence % {"username": added.administrator})
    if not hours_are_entered(added.commune, timezone.now()):
        lines.append(
            _("Office hours are not entered yet: 07:30-11:30 and 13:30-17:00 are assumed (to be checked).")
        )
    return lines
