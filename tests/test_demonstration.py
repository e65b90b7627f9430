"""The folder of a demonstration, and where it is served: nothing of anybody else is built in or deleted."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gandan import demonstration, serving
from gandan.demonstration import KNOWN_PASSWORD, MARKER, CannotDemonstrate, claim, password_for, write_marker


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def built(folder: Path) -> Path:
    """A finished demonstration."""
    claim(folder, reset=False)
    (folder / "gandan.sqlite3").write_text("sample")
    write_marker(folder, complete=True)
    return folder


def test_empty_folder_becomes_ours(tmp_path: Path) -> None:
    claim(tmp_path / "new", reset=False)

    assert (tmp_path / "new" / MARKER).exists()


@pytest.mark.parametrize("reset", [True, False])
def test_folder_of_somebody_else_is_left_alone(tmp_path: Path, *, reset: bool) -> None:
    (tmp_path / "gandan.sqlite3").write_text("real")

    with pytest.raises(CannotDemonstrate):
        claim(tmp_path, reset=reset)

    assert [path.name for path in tmp_path.iterdir()] == ["gandan.sqlite3"]


def test_finished_demonstration_is_kept(tmp_path: Path) -> None:
    built(tmp_path)

    claim(tmp_path, reset=False)

    assert (tmp_path / "gandan.sqlite3").exists()


def test_reset_takes_the_finished_one_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GANDAN_DATABASE_URL", raising=False)  # the suite may run on PostgreSQL
    built(tmp_path)

    claim(tmp_path, reset=True)

    assert not (tmp_path / "gandan.sqlite3").exists()
    assert demonstration.read_marker(tmp_path)["complete"] is False


def test_half_built_one_is_taken_away(tmp_path: Path) -> None:
    claim(tmp_path, reset=False)
    (tmp_path / "gandan.sqlite3").write_text("half")

    claim(tmp_path, reset=False)

    assert not (tmp_path / "gandan.sqlite3").exists()


def test_reset_does_not_pretend_to_empty_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path)
    monkeypatch.setenv("GANDAN_DATABASE_URL", "postgres://somewhere/gandan")

    with pytest.raises(CannotDemonstrate, match="PostgreSQL"):
        claim(tmp_path, reset=True)


def test_password_is_known_on_this_machine_alone(tmp_path: Path) -> None:
    local = password_for(tmp_path, loopback=True)
    first, second = password_for(tmp_path, loopback=False), password_for(tmp_path, loopback=False)

    assert local == KNOWN_PASSWORD
    assert (first == second, first != KNOWN_PASSWORD, len(first)) == (True, True, 19)
    assert (tmp_path / "keys" / "demo_password").stat().st_mode & 0o777 == 0o600


def test_port_in_use_is_told_before_anything_is_built(
    tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GANDAN_DEMO", "GANDAN_ORIGIN", "GANDAN_HOSTS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("GANDAN_DATA", str(tmp_path / "new"))
    options = argparse.Namespace(host="127.0.0.1", port=taken_port, reset=False, no_serve=False)

    with pytest.raises(CannotDemonstrate, match=f"--port {taken_port + 1}"):
        demonstration.prepare(options)

    assert not (tmp_path / "new").exists()


def test_free_port_has_no_problem(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]

    assert (serving.port_problem("127.0.0.1", free), taken_port != free) == ("", True)


def test_unknown_address_is_explained() -> None:
    assert "--host" in serving.port_problem("203.0.113.7", 8000)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000"), ("xa.mau", "http://xa.mau:8000")],
)
def test_shown_address_can_be_typed(host: str, shown: str) -> None:
    assert serving.shown_address(host, 8000) == shown
