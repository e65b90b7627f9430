"""The map of a foreign log: which of its columns is what (TOML; docs/integrator.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from gandan.exchange.errors import UnusableMap

REQUIRED = ("case_id", "activity", "timestamp")
OPTIONAL = ("actor", "start", "end", "planned", "channel")
LOCAL_ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class LogMap:
    """Names of columns ('' where the log has none), the zone of its naive times, our names of its activities."""

    case_id: str
    activity: str
    timestamp: str
    actor: str = ""
    start: str = ""
    end: str = ""
    planned: str = ""
    channel: str = ""
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(LOCAL_ZONE))
    activities: Mapping[str, str] = field(default_factory=dict)

    def columns(self, keys: Sequence[str] = (*REQUIRED, *OPTIONAL)) -> list[str]:
        """The columns that the map names for `keys`."""
        return [name for name in (getattr(self, key) for key in keys) if name]


def read_map(path: Path) -> LogMap:
    """The map in the TOML file `path`. Raises UnusableMap with what to mend."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableMap(
            _("%(path)s cannot be read: %(reason)s") % {"path": path, "reason": error}
        ) from error
    except tomllib.TOMLDecodeError as error:
        said = _("%(path)s is not TOML: %(reason)s")
        raise UnusableMap(said % {"path": path, "reason": error}) from error
    return checked(given)


def checked(given: Mapping[str, object]) -> LogMap:
    known = {part.name for part in fields(LogMap)}
    strange = sorted(set(given) - known)
    if strange:
        said = _("The map has keys that are not known: %(names)s. Known are: %(known)s.")
        raise UnusableMap(said % {"names": ", ".join(strange), "known": ", ".join(sorted(known))})
    missing = [name for name in REQUIRED if not given.get(name)]
    if missing:
        said = _("The map must say which column is: %(names)s.")
        raise UnusableMap(said % {"names": ", ".join(missing)})
    activities = given.get("activities", {})
    if not isinstance(activities, dict) or not all(isinstance(value, str) for value in activities.values()):
        raise UnusableMap(_('[activities] must be a table: name there = "name of our act".'))
    texts = {name: value for name, value in given.items() if name not in {"activities", "timezone"}}
    wrong = sorted(name for name, value in texts.items() if not isinstance(value, str))
    if wrong:
        raise UnusableMap(_("These keys of the map must be texts: %(names)s.") % {"names": ", ".join(wrong)})
    return LogMap(
        **{name: str(value) for name, value in texts.items()},
        timezone=zone(given.get("timezone", LOCAL_ZONE)),
        activities=activities,
    )


def zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        said = _("There is no time zone %(name)s. Write it like Asia/Ho_Chi_Minh.")
        raise UnusableMap(said % {"name": name}) from error


def require_columns(
    log_map: LogMap, found: Collection[str], *, only: Sequence[str] = (*REQUIRED, *OPTIONAL)
) -> None:
    """Raises UnusableMap if the log lacks a column that the map names for `only`; shows those that it has."""
    missing = [name for name in log_map.columns(only) if name not in found]
    if missing:
        said = _("The log has no column %(missing)s. It has: %(found)s.")
        raise UnusableMap(said % {"missing": ", ".join(missing), "found": ", ".join(sorted(found)[:40])})
