"""A process of its own that acts on the ledger: started, and sometimes killed, by test_concurrency.py.

python -m gandan.ledger.tests.writer prepare | write PROCESS THREADS ACTS | watch | read
"""

from __future__ import annotations

import json
import select
import sys
import threading
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gandan import settings as project

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHAINS = ["14758", "19975", "cell"]
SHARED_EVERY = 4  # every fourth request is made by all threads of all processes
TWO_CHAINS_EVERY = 5


def request_id(process: str, thread: int, number: int) -> UUID:
    shared = number % SHARED_EVERY == 0
    return uuid5(NAMESPACE_OID, f"shared {number}" if shared else f"{process} {thread} {number}")


def chains_of(number: int) -> list[str]:
    """One chain, or two in the order that invites a deadlock: each act in another one."""
    first = CHAINS[number % 3]
    return [first, CHAINS[(number + 1) % 3]] if number % TWO_CHAINS_EVERY == 0 else [first]


def prepare() -> None:
    call_command("migrate", "ledger", verbosity=0, skip_checks=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE writer_row (request_id varchar(36) PRIMARY KEY, event_id varchar(36))")


def do(request: UUID, number: int) -> str:
    """One act: a row of the room above, and its events. Returns what the client is told."""
    from gandan.ledger.actions import act

    with act(name="accept", actor="CB-1", at=AT, request_id=request, content={"number": number}) as evidence:
        if evidence.repeated:
            return str(evidence.outcome["event"])
        events = [
            evidence.append(chain=chain, act="accept", subject_kind="dossier", subject_id=request, body={})
            for chain in chains_of(number)
        ]
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO writer_row VALUES (%s, %s)", [str(request), str(events[0].id)])
        evidence.done(event=str(events[0].id))
    return str(events[0].id)


def write(process: str, threads: int, acts: int) -> None:
    printing = threading.Lock()

    def work(thread: int) -> None:
        for number in range(acts):
            request = request_id(process, thread, number)
            event = do(request, number)
            with printing:
                print(request, event, flush=True)
        connection.close()

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def watch() -> None:
    """Follows each chain by its cursor until standard input ends; prints the numbers in order of sight."""
    from gandan.ledger.models import Event

    seen: dict[str, list[int]] = {chain: [] for chain in CHAINS}
    stopped = False
    while not stopped:
        stopped = bool(select.select([sys.stdin], [], [], 0.02)[0])  # one last look after the stop
        for chain, numbers in seen.items():
            after = numbers[-1] if numbers else 0
            numbers += Event.objects.of_chain(chain, after=after).values_list("seq", flat=True)
    print(json.dumps(seen))


def read() -> None:
    from gandan.ledger.models import Event, Request
    from gandan.ledger.verification import verify_all

    with connection.cursor() as cursor:
        cursor.execute("SELECT request_id, event_id FROM writer_row")
        rows = cursor.fetchall()
    events = Event.objects.order_by("chain", "seq").values_list("chain", "seq", "id", "request_id")
    requests = Request.objects.values_list("request_id", "outcome")
    answer = {
        "findings": [finding.message for finding in verify_all()],
        "events": [(chain, seq, str(id_), str(request)) for chain, seq, id_, request in events],
        "rows": dict(rows),
        "requests": {str(request): json.loads(outcome)["event"] for request, outcome in requests},
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    # The project's database and key, but this room alone: five processes start faster.
    settings.configure(
        INSTALLED_APPS=["gandan.ledger"],
        DATABASES=project.DATABASES,
        SECRET_KEY=project.SECRET_KEY,
        USE_TZ=True,
    )
    django.setup()
    mode, *arguments = sys.argv[1:]
    if mode == "write":
        write(arguments[0], int(arguments[1]), int(arguments[2]))
    else:
        {"prepare": prepare, "watch": watch, "read": read}[mode]()
