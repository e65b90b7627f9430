"""What `./gandan check --deploy` says of the key file and of the data folder."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from gandan.accounts.secrets import keys_file


@register(Tags.security, deploy=True)
def key_file_is_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warns when others on the machine can read the keys of the identity numbers."""
    path = keys_file()
    if not is_open_to_others(path):
        return []
    hint = f"chmod 600 {path}"
    return [Warning("Others can read the keys of the identity numbers.", hint=hint, id="accounts.W001")]


@register(Tags.security, deploy=True)
def data_is_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warns when others on the machine can read the database or the scans: the folder alone may hold them off."""
    data = Path(settings.GANDAN_DATA)
    inside = [data / "gandan.sqlite3", data / "files"]
    if not is_open_to_others(data) or not any(is_open_to_others(path) for path in inside):
        return []
    hint = f"chmod 700 {data}"
    return [Warning("Others can read the data folder.", hint=hint, id="accounts.W002")]


def is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))
