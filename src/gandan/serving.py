"""Serving: a small supervisor, the web worker(s) of granian, and one job worker.

It runs in a process of its own that never loads Django: `./gandan serve` and `./gandan demo` prepare the
data folder and then become `python -m gandan.serving`. granian starts its web workers again when they die,
a thread does the same for the job worker; SIGTERM and Ctrl+C let both finish what they are doing.
The access log stays off: paths of tracking pages hold secrets.
"""

from __future__ import annotations

import argparse
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from gandan import environment as env

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_PAUSE_SECONDS = 30.0
PATIENCE_SECONDS = 10
READY_WITHIN_SECONDS = 60.0
# One thread works while another waits for the disk; Python runs one at a time, so more would only wait.
THREADS = "4"
IDLE_SECONDS = 600  # a thread keeps its database connection warm


class JobWorker(threading.Thread):
    """Keeps one `gandan work` running: starts it again when it dies, ever more slowly if it dies at once."""

    def __init__(self) -> None:
        super().__init__(name="job-worker", daemon=True)
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            started = time.monotonic()
            self.process = subprocess.Popen([sys.executable, "-m", "gandan", "work"])
            code = self.process.wait()
            if self.stopping.is_set():
                return
            lived = time.monotonic() - started
            pause = 1.0 if lived > LONGEST_PAUSE_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            say(f"job worker ended code={code} lived={lived:.0f}s; starting it again in {pause:.0f}s")
            self.stopping.wait(pause)

    def stop(self) -> None:
        self.stopping.set()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def is_loopback(host: str) -> bool:
    """True if only this machine can reach a server bound to `host`."""
    return host in LOOPBACK


def own_address() -> str:
    """This machine's address towards other machines, or its name. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # TEST-NET-1 (RFC 5737): connecting UDP only asks the routing table
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def shown_address(host: str, port: int) -> str:
    """The address that people type: for a server bound to every address, this machine's own."""
    name = own_address() if host in {"0.0.0.0", "::", "*"} else host  # noqa: S104  compared, not bound
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def port_problem(host: str, port: int) -> str:
    """Why nobody can serve at host:port, in words for the person at the terminal; '' if it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return _port_words(host, port, error)
    return ""


def _port_words(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác, ví dụ: --port {port + 1}\n"
            f"Port {port} is in use by another program. Choose another one, for example: --port {port + 1}"
        )
    return (
        f"Không mở được {host}:{port} ({error.strerror}). Kiểm tra --host và --port.\n"
        f"Cannot open {host}:{port} ({error.strerror}). Check --host and --port."
    )


def announce(host: str, port: int) -> None:
    """Waits for the first answer and then says where the pages are."""
    target = "127.0.0.1" if host in {"0.0.0.0", "*"} else host  # noqa: S104  compared, not bound
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        if answers(target, port):
            say(f"\n  Sẵn sàng (ready):  {shown_address(host, port)}/\n  Dừng (stop): Ctrl+C\n")
            return
        time.sleep(0.1)


def answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/dang-nhap/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def web_server(host: str, port: int) -> MPServer:
    """granian as we run it; GANDAN_WEB_WORKERS and GANDAN_WEB_THREADS for larger machines."""
    return MPServer(
        "gandan.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(env.text("GANDAN_WEB_WORKERS", "1")),
        blocking_threads=int(env.text("GANDAN_WEB_THREADS", THREADS)),
        blocking_threads_idle_timeout=IDLE_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=PATIENCE_SECONDS,
    )


def serve(host: str, port: int) -> int:
    """Serves until it is told to stop. Returns 0."""
    jobs = JobWorker()
    jobs.start()
    threading.Thread(target=announce, args=(host, port), name="announce", daemon=True).start()
    try:
        web_server(host, port).serve()
    finally:
        jobs.stop()
    return 0


def become(host: str, port: int) -> None:
    """Replaces this process by the supervisor: the preparation's memory is given back."""
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "gandan.serving", "--host", host, "--port", str(port)]
    os.execv(sys.executable, command)  # noqa: S606  no shell: the same Python, our own module


def main() -> int:
    parser = argparse.ArgumentParser(prog="gandan.serving")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    return serve(options.host, options.port)


if __name__ == "__main__":
    raise SystemExit(main())
