"""Test set-up for all rooms: a temporary data folder, and SQLite or the PostgreSQL that was asked for.

All of it happens when this file is imported, which is before the rooms' own conftest files: those import models.
"""

from __future__ import annotations

import os
import tempfile

import django
import pytest

pytest_plugins = ["gandan.ui.testing"]  # browser_page

os.environ["GANDAN_DATA"] = tempfile.mkdtemp(prefix="gandan-test-")
os.mkdir(os.environ["GANDAN_DATA"] + "/static")  # where collected files would lie; its absence is a warning
os.environ.pop("GANDAN_DEMO", None)
os.environ["GANDAN_DATABASE_URL"] = os.environ.get("GANDAN_TEST_DATABASE_URL", "")
# Not in pyproject.toml: pytest-django would read the settings before this file, and with them the
# developer's own data folder and database.
os.environ["DJANGO_SETTINGS_MODULE"] = "gandan.settings"


def set_up() -> None:
    from django.conf import settings

    from gandan.ui.compile_messages import ensure_compiled

    ensure_compiled()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: the live server and the threads of a test share it. fsync is not under test here.
        database.setdefault("TEST", {})["NAME"] = (
            os.environ["GANDAN_DATA"] + f"/test-{os.environ.get('PYTEST_XDIST_WORKER', '')}.sqlite3"
        )
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    django.setup()


set_up()


@pytest.fixture(autouse=True)
def forget_reference_rows() -> None:
    """What one test kept of the law and of calendars is not another's: their rows are rolled back."""
    from gandan.law import cache

    cache.forget()
