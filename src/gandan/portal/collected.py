"""Static files for serving: hashed names, compressed beforehand, never asked for twice by a browser."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.test.utils import override_settings

STAMP = ".gandan-sources"
STORAGE = "gandan.ui.static_files.Storage"


def collect() -> bool:
    """Fills DATA/static with hashed, brotli- and gzip-compressed files; False if they are there already.

    The settings of processes that start later find them there and serve them.
    """
    stamp, sources = Path(settings.STATIC_ROOT) / STAMP, sources_digest()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    with override_settings(STORAGES=storages):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources)
    return True


def sources_digest() -> str:
    """Changes when a source file is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
