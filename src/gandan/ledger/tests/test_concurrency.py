"""Two processes of sixteen threads act at once, and one of them is killed: on a real database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from gandan.ledger.tests.writer import CHAINS, chains_of, request_id

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[3]
THREADS = 16
ACTS = 8
PATIENCE = 180  # seconds; a few suffice where nothing else runs
TEST_DATABASE = "GANDAN_TEST_DATABASE_URL"


def on_postgresql(statement: str) -> None:
    import psycopg

    server = urlunsplit(urlsplit(os.environ[TEST_DATABASE])._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


class Processes:
    """Processes on one fresh database; what still runs at the end of the test is killed."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        errors = self.folder / f"errors-{len(self.started)}.txt"  # a file: a full pipe would stop the process
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "gandan.ledger.tests.writer", *arguments],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self.started.append(process)
        return process

    def run(self, mode: str) -> str:
        return self.finished(self.start(mode))

    def finished(self, process: subprocess.Popen[str], given: str | None = None) -> str:
        out, _err = process.communicate(given, timeout=PATIENCE)
        errors = (self.folder / f"errors-{self.started.index(process)}.txt").read_text()
        assert (process.returncode, errors) == (0, "")
        return out

    def stop(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A database of its own, as durable as in production."""
    with fresh_database() as url:
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "GANDAN_DATA": str(tmp_path)}
        made = Processes({**environment, "GANDAN_DATABASE_URL": url}, tmp_path)
        try:
            made.run("prepare")
            yield made
        finally:
            made.stop()


@contextmanager
def fresh_database() -> Iterator[str]:
    """The URL of a new database on the PostgreSQL under test; '' (a file in the data folder) for SQLite."""
    if not os.environ.get(TEST_DATABASE):
        yield ""
        return
    name = f"gandan_writers_{uuid4().hex}"
    on_postgresql(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(os.environ[TEST_DATABASE])._replace(path=f"/{name}"))
    finally:
        on_postgresql(f"DROP DATABASE {name} WITH (FORCE)")


def acknowledged(printed: str) -> set[tuple[str, str]]:
    """(request, event) of each act that its client was told of."""
    return {tuple(line.split()) for line in printed.splitlines() if line.count("-") == 8 and len(line) == 73}


def assert_sound(state: dict[str, Any]) -> None:
    """No finding, no gap, no double; each request has its row and its events, or none of them."""
    numbers = defaultdict(list)
    for chain, seq, _id, _request in state["events"]:
        numbers[chain].append(seq)
    assert state["findings"] == []
    assert dict(numbers) == {chain: list(range(1, len(n) + 1)) for chain, n in numbers.items()}
    assert state["rows"] == state["requests"]
    assert {request for *_event, request in state["events"]} == set(state["requests"])


def test_two_processes_of_sixteen_threads_make_no_gap_and_no_double(processes: Processes) -> None:
    watcher = processes.start("watch")
    writers = [processes.start("write", name, str(THREADS), str(ACTS)) for name in ("a", "b")]

    told = [acknowledged(processes.finished(writer)) for writer in writers]
    seen = json.loads(processes.finished(watcher, "stop"))
    state = json.loads(processes.run("read"))

    wanted = {
        str(request_id(name, thread, number)): len(chains_of(number))
        for name in ("a", "b")
        for thread in range(THREADS)
        for number in range(ACTS)
    }
    assert_sound(state)
    assert Counter(request for *_event, request in state["events"]) == wanted
    assert told[0] | told[1] == set(state["requests"].items())
    # A reader who goes on from the last number it saw misses nothing: seq order is commit order.
    assert seen == {chain: [seq for c, seq, *_rest in state["events"] if c == chain] for chain in CHAINS}


def test_killed_process_leaves_every_acknowledged_act_whole(processes: Processes) -> None:
    doomed = processes.start("write", "doomed", str(THREADS), "500")
    other = processes.start("write", "other", str(THREADS), str(ACTS))
    assert doomed.stdout is not None

    before = "".join(doomed.stdout.readline() for _line in range(100))
    doomed.kill()
    told = acknowledged(before + doomed.communicate(timeout=PATIENCE)[0]) | acknowledged(
        processes.finished(other)
    )
    state = json.loads(processes.run("read"))

    assert_sound(state)
    assert len(told) >= 100
    assert told - set(state["requests"].items()) == set()
