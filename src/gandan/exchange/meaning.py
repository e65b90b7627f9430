"""What a row of a foreign log means: one event of one case, or a reason why it cannot be taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from django.utils.translation import gettext as _

from gandan.exchange.mapping import LogMap
from gandan.exchange.models import ImportedCase, ImportedEvent
from gandan.exchange.reading import Row

# As people write it in Vietnam: 23/11/2026 17:00, seconds or not; without a time it is the day's beginning.
LOCAL_FORM = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
LONGEST = {
    "case_id": ImportedCase._meta.get_field("reference").max_length,
    "activity": ImportedEvent._meta.get_field("activity").max_length,
    "actor": ImportedEvent._meta.get_field("actor").max_length,
    "channel": ImportedCase._meta.get_field("channel").max_length,
}


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What the log says of a case as a whole."""

    channel: str
    started_at: datetime | None
    ended_at: datetime | None
    planned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One event of the log, understood."""

    row: int
    case: str
    activity: str
    actor: str
    at: datetime
    dates: CaseDates


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why, in words for who will mend it."""

    row: int
    reason: str


class Unclear(Exception):
    """Inside this module: the reason why a row is rejected."""


def understand(row: Row, log_map: LogMap) -> Occurrence | Rejected:
    try:
        return _understood(row, log_map)
    except Unclear as reason:
        return Rejected(row.number, str(reason))


def _understood(row: Row, log_map: LogMap) -> Occurrence:
    if not row.whole:
        raise Unclear(_("The row has more or fewer cells than the first line: are columns shifted?"))
    if any("\0" in value for value in row.values.values()):
        raise Unclear(_("The row holds a NUL character."))
    at = moment(row, log_map.timestamp, log_map.timezone)
    if at is None:
        raise Unclear(_("The cell %(column)s is empty.") % {"column": log_map.timestamp})
    dates = CaseDates(
        channel=text(row, log_map, "channel"),
        started_at=moment(row, log_map.start, log_map.timezone),
        ended_at=moment(row, log_map.end, log_map.timezone),
        planned_at=moment(row, log_map.planned, log_map.timezone),
    )
    return Occurrence(
        row=row.number,
        case=needed(row, log_map, "case_id"),
        activity=needed(row, log_map, "activity"),
        actor=text(row, log_map, "actor"),
        at=at,
        dates=dates,
    )


def text(row: Row, log_map: LogMap, key: str) -> str:
    column: str = getattr(log_map, key)
    value = row.values.get(column, "").strip() if column else ""
    longest = LONGEST[key]
    if longest is not None and len(value) > longest:
        said = _("The cell %(column)s is longer than %(longest)s characters.")
        raise Unclear(said % {"column": column, "longest": longest})
    return value


def needed(row: Row, log_map: LogMap, key: str) -> str:
    value = text(row, log_map, key)
    if not value:
        raise Unclear(_("The cell %(column)s is empty.") % {"column": getattr(log_map, key)})
    return value


def moment(row: Row, column: str, zone: tzinfo) -> datetime | None:
    """The moment in a cell, in UTC; None if the log has no such column, or the cell is empty."""
    value = row.values.get(column, "").strip() if column else ""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value) if "/" not in value else local_moment(value)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        said = _(
            "“%(value)s” in %(column)s is not a date and time. Write 2026-11-23 17:00 or 23/11/2026 17:00."
        )
        raise Unclear(said % {"value": value[:40], "column": column}) from error


def local_moment(value: str) -> datetime:
    match = LOCAL_FORM.fullmatch(value)
    if match is None:
        raise ValueError("not a date")
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  the caller gives it its zone
