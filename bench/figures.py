"""First figures beside the budgets: CPU of application and database for one request, and queries.

    ./gandan bench [accept|change|track|list|receipt|start] [--json] [--rounds N]

Every request goes through the whole WSGI application of one process, with an existing session. The yardstick, in
the same run and in turns with what it measures, is a bare Django view that makes five inserts in one transaction.
On SQLite the database works inside the process; on PostgreSQL (GANDAN_DATABASE_URL) its backend's CPU is added.
Figures are medians of milliseconds of CPU; ratios are what to compare between machines.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 15
BUDGETS = {
    "accept": (6.0, 14),
    "change": (6.0, 12),
    "track": (2.5, 4),
    "list": (4.0, 5),
    "receipt": (30.0, None),
}


@dataclass
class Figure:
    """One measured kind of request."""

    name: str
    cpu_ms: list[float] = field(default_factory=list)
    queries: int | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.cpu_ms)


def prepare() -> None:
    """A database of its own with the reference data, one ward and 300 dossiers."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gandan.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    Path(os.environ["GANDAN_DATA"], "static").mkdir()
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)


def make_cast() -> tuple[Any, list[Any]]:
    from gandan.dossiers.tests.factories import Ward, make_dossier, make_ward

    ward: Ward = make_ward()
    now = datetime.now(UTC)
    return ward, [make_dossier(ward, at=now) for _number in range(300)]


class Requests:
    """Sends requests straight into the WSGI application, as one signed-in browser."""

    def __init__(self, user: Any) -> None:
        from django.test import Client

        from gandan.wsgi import application

        self.application = application
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.get("/tiep-nhan/")
        self.cookies = client.cookies
        self.token = self.cookies["csrftoken"].value

    def send(
        self, path: str, data: dict[str, str] | None = None, cookies: SimpleCookie | None = None
    ) -> tuple[str, bytes]:
        body = urlencode(data or {}).encode()
        jar = self.cookies if cookies is None else cookies
        environ = {
            "REQUEST_METHOD": "GET" if data is None else "POST",
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": "; ".join(f"{key}={morsel.value}" for key, morsel in jar.items()),
            "HTTP_X_CSRFTOKEN": self.token,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }
        answered: list[str] = []
        parts = self.application(environ, lambda status, headers, exc=None: answered.append(status))
        content = b"".join(parts)
        parts.close()
        return answered[0], content


def backend_cpu() -> float:
    """Seconds of CPU of this connection's PostgreSQL backend; 0 on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    fields = (
        Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    )
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def count_queries(work: Callable[[], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    bookkeeping = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(bookkeeping) for query in captured.captured_queries)


def measure(works: dict[str, Callable[[], None]], rounds: int) -> dict[str, Figure]:
    """All kinds in turns, so that a busy moment of the machine falls on each alike."""
    figures = {name: Figure(name) for name in works}
    for name, work in works.items():
        for _turn in range(WARM_UP):
            work()
        figures[name].queries = count_queries(work)
    batch = 5  # process_time ticks are fine; PostgreSQL's are 10 ms, so they are summed over the whole run
    database = dict.fromkeys(works, 0.0)
    for _round in range(rounds):
        for name, work in works.items():
            before_database, before = backend_cpu(), time.process_time()
            for _turn in range(batch):
                work()
            figures[name].cpu_ms.append((time.process_time() - before) / batch * 1000)
            database[name] += backend_cpu() - before_database
    for name, figure in figures.items():
        extra = database[name] / (rounds * batch) * 1000
        figure.cpu_ms = [value + extra for value in figure.cpu_ms]
    return figures


def bare_view(request: Any) -> Any:
    """The yardstick: five inserts in one transaction, and nothing else."""
    from django.db import transaction
    from django.http import HttpResponse

    from gandan.accounts.models import Look
    from gandan.documents.models import StoredFile
    from gandan.dossiers.models import Counter
    from gandan.notifications.models import Message
    from gandan.portal.models import Attempt

    now = datetime.now(UTC)
    with transaction.atomic():
        Look.objects.create(
            user_id=request.user.pk, subject_kind="bench", subject_id=uuid4(), page="bench", at=now
        )
        StoredFile.objects.create(
            sha256="0" * 64, name="bench", media_type="text/plain", size=1, stored_at=now
        )
        Counter.objects.create(scope=str(uuid4()), number=1)
        Message.objects.create(
            subject_kind="bench", subject_id=uuid4(), topic="bench", channel="call", queued_at=now
        )
        Attempt.objects.create(key=str(uuid4()), count=1, ends_at=now)
    return HttpResponse("ok")


def works_of(ward: Any, dossiers: list[Any]) -> dict[str, Callable[[], None]]:
    from django.urls import path

    from gandan import urls
    from gandan.dossiers import tracking
    from gandan.dossiers.tests.test_intake import typed
    from gandan.organization.models import Role
    from gandan.portal import followed

    urls.urlpatterns.append(path("bench/", bare_view))
    requests = Requests(ward.people[Role.COUNTER_OFFICER])
    waiting = iter(dossiers)
    citizen: SimpleCookie = SimpleCookie()
    from django.core import signing

    citizen[followed.COOKIE] = signing.dumps([dossiers[0].id.hex], salt=followed.SALT)
    page = followed.page_id(dossiers[0].id)
    assert tracking.hash_of(tracking.secret_of(dossiers[0].id)) == dossiers[0].tracking_hash

    def expect(status: str, answer: tuple[str, bytes]) -> None:
        if not answer[0].startswith(status):
            raise RuntimeError(
                f"expected {status}, got {answer[0]}: {answer[1][-1500:].decode(errors='replace')}"
            )

    def change() -> None:
        dossier = next(waiting)
        data = {"request_id": str(uuid4()), "seen": "1", "department": str(ward.department.pk)}
        expect("302", requests.send(f"/ho-so/{dossier.id}/lam/chuyen/", data))

    return {
        "bare": lambda: expect("200", requests.send("/bench/", {})),
        "accept": lambda: expect("302", requests.send("/tiep-nhan/", {**typed(), "step": "accept"})),
        "change": change,
        "track": lambda: expect("200", requests.send(f"/tra-cuu/ho-so/{page}/", cookies=citizen)),
        "list": lambda: expect("200", requests.send("/viec-hom-nay/")),
        "receipt": lambda: expect("200", requests.send(f"/ho-so/{dossiers[1].id}/giay/giay-hen.pdf")),
    }


def start_figure() -> dict[str, float]:
    """CPU seconds of a fresh process: migrate from nothing, and until the first page is answered."""
    with tempfile.TemporaryDirectory(prefix="gandan-bench-") as folder:
        environment = {**os.environ, "GANDAN_DATA": folder, "PYTHONPATH": str(ROOT / "src")}
        migrate = cpu_of([sys.executable, "-m", "gandan", "migrate", "-v0"], environment)
        page = (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'gandan.settings';"
            "from gandan.wsgi import application; from django.test import Client;"
            "assert Client(SERVER_NAME='127.0.0.1').get('/dang-nhap/').status_code == 200;"
            "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        )
        first = cpu_of([sys.executable, "-c", page], environment)
    return {"migrate_cpu_s": round(migrate, 2), "first_page_cpu_s": round(first, 2)}


def cpu_of(command: list[str], environment: dict[str, str]) -> float:
    before = os.times()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def report(figures: dict[str, Figure]) -> dict[str, Any]:
    bare = figures["bare"].median
    rows = {}
    for name, figure in figures.items():
        budget, most = BUDGETS.get(name, (None, None))
        rows[name] = {
            "cpu_ms": round(figure.median, 2),
            "times_bare": round(figure.median / bare, 2),
            "queries": figure.queries,
            "budget_cpu_ms": budget,
            "budget_queries": most,
        }
    return rows


def as_text(rows: dict[str, Any]) -> str:
    lines = [f"{'':10}{'CPU ms':>9}{'× bare':>9}{'queries':>9}{'budget ms':>11}{'queries':>9}"]
    for name, row in rows.items():
        cells = [
            row.get(key) for key in ("cpu_ms", "times_bare", "queries", "budget_cpu_ms", "budget_queries")
        ]
        shown = ["–" if cell is None else str(cell) for cell in cells]
        lines.append(f"{name:10}{shown[0]:>9}{shown[1]:>9}{shown[2]:>9}{shown[3]:>11}{shown[4]:>9}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="gandan bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=["accept", "change", "track", "list", "receipt", "start"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    if options.name == "start":
        print(json.dumps(start_figure()))
        return 0
    with tempfile.TemporaryDirectory(prefix="gandan-bench-") as folder:
        os.environ["GANDAN_DATA"] = folder
        os.environ["GANDAN_HOSTS"] = "127.0.0.1"
        prepare()
        works = works_of(*make_cast())
        if options.name:
            works = {name: work for name, work in works.items() if name in {"bare", options.name}}
        rounds = min(options.rounds, 50) if "change" in works else options.rounds
        rows = report(measure(works, rounds))
    if not options.name:
        rows["start"] = start_figure()
    print(json.dumps(rows) if options.json else as_text({k: v for k, v in rows.items() if k != "start"}))
    if not options.json and "start" in rows:
        print(
            f"start: migrate from nothing {rows['start']['migrate_cpu_s']} s of CPU (budget 8), "
            f"to the first page {rows['start']['first_page_cpu_s']} s (budget 1.5)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
