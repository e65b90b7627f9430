from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gandan.accounts import secrets


@pytest.fixture(autouse=True)
def keys_file(settings, tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "identity.json"
    settings.GANDAN_KEYS_FILE = str(path)
    secrets.keyring.cache_clear()
    return path


def test_open_sealed_returns_the_text():
    sealed = secrets.seal("046198001234", "test.number")

    assert secrets.open_sealed(sealed, "test.number") == "046198001234"


def test_seal_never_looks_the_same_twice():
    assert secrets.seal("046198001234", "a") != secrets.seal("046198001234", "a")


def test_open_sealed_in_another_context_is_refused():
    sealed = secrets.seal("046198001234", "test.number")

    with pytest.raises(secrets.BrokenSeal):
        secrets.open_sealed(sealed, "test.other")


@pytest.mark.parametrize(
    "change", [lambda s: s[:-4] + "AAA=", lambda s: s[:12], lambda s: s.split(":")[0] + ":%%%"]
)
def test_open_sealed_changed_is_refused(change):
    sealed = secrets.seal("046198001234", "a")

    with pytest.raises(secrets.BrokenSeal):
        secrets.open_sealed(change(sealed), "a")


def test_open_sealed_by_another_installation_is_refused(settings, tmp_path):
    sealed = secrets.seal("046198001234", "a")
    settings.GANDAN_KEYS_FILE = str(tmp_path / "other.json")

    with pytest.raises(secrets.UnknownKey):
        secrets.open_sealed(sealed, "a")


def test_open_sealed_after_rotation_still_reads_the_old(keys_file):
    old = secrets.seal("046198001234", "a")

    secrets.add_key(keys_file)

    new = secrets.seal("046198001234", "a")
    assert secrets.open_sealed(old, "a") == secrets.open_sealed(new, "a") == "046198001234"
    assert [secrets.is_sealed_by_old_key(old), secrets.is_sealed_by_old_key(new)] == [True, False]


def test_open_sealed_finds_a_key_that_another_process_added(keys_file):
    secrets.seal("x", "a")
    stale = secrets.keyring(keys_file)
    secrets.add_key(keys_file)
    sealed = secrets.seal("046198001234", "a")
    fresh_text = keys_file.read_text()
    keys_file.write_text(secrets.as_json(stale))
    secrets.keyring.cache_clear()
    secrets.keyring(keys_file)
    keys_file.write_text(fresh_text)

    assert secrets.open_sealed(sealed, "a") == "046198001234"


def test_blind_index_ignores_ways_of_typing():
    typed = ["046198001234", " 046 198 001 234", "046.198.001-234", "０４６198001234"]

    assert {secrets.blind_index(text, "number") for text in typed} == {
        secrets.blind_index(typed[0], "number")
    }


def test_blind_index_differs_by_number_context_and_survives_rotation(keys_file):
    first = secrets.blind_index("046198001234", "number")

    secrets.add_key(keys_file)

    assert secrets.blind_index("046198001234", "number") == first
    assert secrets.blind_index("046198001235", "number") != first
    assert secrets.blind_index("046198001234", "phone") != first


def test_blind_index_of_another_installation_differs(settings, tmp_path):
    first = secrets.blind_index("046198001234", "number")
    settings.GANDAN_KEYS_FILE = str(tmp_path / "other.json")

    assert secrets.blind_index("046198001234", "number") != first


def test_key_file_is_readable_by_its_owner_alone(keys_file):
    secrets.seal("x", "a")

    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    assert [path.name for path in keys_file.parent.iterdir()] == ["identity.json"]


def test_make_by_many_at_once_agrees_on_one_file(keys_file):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: secrets.make(keys_file), range(16)))

    assert [path.name for path in keys_file.parent.iterdir()] == ["identity.json"]
    assert secrets.load(keys_file).current in json.loads(keys_file.read_text())["seal"]


def test_load_of_a_cut_key_file_is_refused(keys_file):
    secrets.seal("x", "a")
    data = json.loads(keys_file.read_text())
    data["index"] = "AAAA"
    keys_file.write_text(json.dumps(data))

    with pytest.raises(ValueError, match="not a complete key file"):
        secrets.load(keys_file)
