from __future__ import annotations

import pytest

from gandan.accounts.checks import data_is_private, key_file_is_private


@pytest.mark.parametrize(
    ("mode", "found"), [(0o600, []), (0o640, ["accounts.W001"]), (0o604, ["accounts.W001"])]
)
def test_key_file_that_others_can_read_is_reported(settings, tmp_path, mode, found):
    path = tmp_path / "identity.json"
    path.touch()
    path.chmod(mode)
    settings.GANDAN_KEYS_FILE = str(path)

    assert [message.id for message in key_file_is_private(None)] == found


def test_key_file_that_is_not_yet_made_is_not_reported(settings, tmp_path):
    settings.GANDAN_KEYS_FILE = str(tmp_path / "identity.json")

    assert key_file_is_private(None) == []


@pytest.mark.parametrize(
    ("folder", "database", "found"),
    [(0o755, 0o644, ["accounts.W002"]), (0o755, 0o600, []), (0o700, 0o644, [])],
)
def test_data_that_others_can_read_are_reported(settings, tmp_path, folder, database, found):
    settings.GANDAN_DATA = tmp_path
    (tmp_path / "gandan.sqlite3").touch()
    (tmp_path / "gandan.sqlite3").chmod(database)
    tmp_path.chmod(folder)

    assert [message.id for message in data_is_private(None)] == found
