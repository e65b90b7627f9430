"""kill -9 amid a hundred intakes at once, over HTTP, on the server as it is run (issue 2, "Bad input and faults")."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from gandan import environment

INTAKES = 100
CLIENTS = 16
SIGN_IN = {"username": "tiepnhan.ht", "password": "gandan-demo"}
PEOPLE = {"owner-name": "Nguyễn Thị Mẫu", "owner-born": "1988", "channel": "counter", "return_way": "counter"}
# Run with the installation's environment: what the database says after the restart.
LOOK = """
import json
import django
django.setup()
from django.db.models import Count
from gandan.dossiers.models import Dossier, StepRun
from gandan.ledger.models import Event, Request
from gandan.ledger.verification import verify_all
asked = set(json.load(open("asked.json")))
made = {str(r.pk): str(r.subject_id) for r in Request.objects.filter(pk__in=asked, subject_id__isnull=False)}
dossiers = Dossier.objects.filter(pk__in=made.values())
print(json.dumps({
    "made": made,
    "dossiers": sorted(str(pk) for pk in dossiers.values_list("pk", flat=True)),
    "events": sorted(str(s) for s in Event.objects.filter(subject_id__in=made.values()).values_list("subject_id", flat=True)),
    "steps": StepRun.objects.filter(dossier__in=dossiers).count(),
    "deadlines": dossiers.filter(deadlines__number=1).count(),
    "without_event": Dossier.objects.exclude(pk__in=Event.objects.values("subject_id")).count(),
    "findings": [str(finding) for finding in verify_all()],
}))
"""


@dataclass
class House:
    """A demonstration's data folder, served by the real supervisor in a process group of its own."""

    folder: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gandan.serving", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=self.folder, start_new_session=True, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            return get(self.port, "/dang-nhap/")[0] == 200
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        """The supervisor, the web worker and the job worker at one stroke, as in a power cut."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def look(self) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "-c", LOOK],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            check=True,
        )
        found: dict[str, object] = json.loads(done.stdout)
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Built small by the real `demo` command, on SQLite or in a database of its own on PostgreSQL."""
    with empty_database() as url:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GANDAN_")}
        settings = {
            **clean,
            "GANDAN_DATA": str(tmp_path),
            "GANDAN_DATABASE_URL": url,
            "GANDAN_DEMO": "1",
            "GANDAN_DEMO_DOSSIERS": "0",
            "GANDAN_WEB_WORKERS": "2",
            "DJANGO_SETTINGS_MODULE": "gandan.settings",
            "PYTHONPATH": str(environment.root_dir() / "src"),
        }
        command = [sys.executable, "-m", "gandan", "demo", "--no-serve"]
        subprocess.run(command, env=settings, check=True, capture_output=True)
        built = House(tmp_path, free_port(), settings)
        yield built
        built.kill()


class empty_database:
    """A PostgreSQL database for this test alone, or '' for SQLite."""

    def __init__(self) -> None:
        self.admin = os.environ.get("GANDAN_TEST_DATABASE_URL", "")
        self.name = f"gandan_kill_{uuid4().hex[:12]}"

    def __enter__(self) -> str:
        self.run(f"CREATE DATABASE {self.name}")
        return f"{self.admin.rsplit('/', 1)[0]}/{self.name}" if self.admin else ""

    def __exit__(self, *_error: object) -> None:
        self.run(f"DROP DATABASE {self.name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        if self.admin:
            import psycopg  # only where PostgreSQL is asked for

            with psycopg.connect(self.admin, autocommit=True) as connection:
                connection.execute(statement)


def get(port: int, path: str, cookie: str = "") -> tuple[int, str, str]:
    return ask(port, "GET", path, None, cookie)


def ask(port: int, method: str, path: str, form: dict[str, str] | None, cookie: str) -> tuple[int, str, str]:
    """Status, cookies or place to go, and the page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(method, path, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        cookies = "; ".join(c.split(";")[0].strip() for c in response.headers.get_all("Set-Cookie") or [])
        return response.status, response.headers.get("Location") or cookies, response.read().decode()
    finally:
        connection.close()


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


def sign_in(port: int) -> str:
    """The cookies of a counter officer's session."""
    _status, cookie, page = get(port, "/dang-nhap/")
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    form = {**SIGN_IN, "csrfmiddlewaretoken": token_in(page)}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/dang-nhap/", urlencode(form), headers)
    response = connection.getresponse()
    cookies = response.headers.get_all("Set-Cookie") or []
    connection.close()
    assert response.status == 302
    return "; ".join(one.split(";")[0].strip() for one in cookies if not one.startswith("messages"))


def complete_form(port: int, cookie: str) -> dict[str, str]:
    """An intake of the residence procedure with an answer to whatever the page asks."""
    page = get(port, "/tiep-nhan/?thu-tuc=1.004222", cookie)[2]
    form = {
        **PEOPLE,
        "procedure": "1.004222",
        "sets": "1",
        "step": "accept",
        "csrfmiddlewaretoken": token_in(page),
    }
    form |= dict.fromkeys(re.findall(r'name="(p-[\w-]+-answer)"', page), "handed_in")
    return form | dict.fromkeys(re.findall(r'name="(q-[\w-]+)"', page), "no")


@pytest.mark.slow
def test_kill_amid_a_hundred_intakes_loses_nothing_acknowledged(house: House) -> None:
    house.start()
    cookie = sign_in(house.port)
    form = complete_form(house.port, cookie)
    requests = [str(uuid4()) for _number in range(INTAKES)]
    (house.folder / "asked.json").write_text(json.dumps(requests))
    acknowledged: dict[str, str] = {}

    def take_in(request_id: str) -> None:
        try:
            status, place, _page = ask(
                house.port, "POST", "/tiep-nhan/", {**form, "request_id": request_id}, cookie
            )
        except (OSError, HTTPException):
            return  # killed before it answered: nothing was promised
        assert (status, place[:16]) == (302, "/tiep-nhan/xong/")
        acknowledged[request_id] = place.split("/")[3]
        if len(acknowledged) == INTAKES // 3:
            house.kill()

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(take_in, requests))
    found = house.look()
    made = found["made"]
    house.start()
    again = ask(house.port, "POST", "/tiep-nhan/", {**form, "request_id": next(iter(acknowledged))}, cookie)

    assert len(acknowledged) >= INTAKES // 3
    assert {request: made.get(request) for request in acknowledged} == acknowledged
    assert found["dossiers"] == found["events"] == sorted(made.values())
    assert (found["steps"], found["deadlines"]) == (len(made), len(made))
    assert (found["without_event"], found["findings"]) == (0, [])
    assert again[1].split("/")[3] == next(iter(acknowledged.values()))
