"""The folder of a demonstration: made, recognised and emptied safely. No Django here.

A folder belongs to a demonstration if it holds our marker. Nothing else is ever built in, or deleted.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path

from gandan import environment as env
from gandan import serving

MARKER = "gandan-demo.json"
LOCK = "gandan-demo.lock"
KNOWN_PASSWORD = "gandan-demo"  # noqa: S105  printed on purpose, and only where no other machine can connect
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class CannotDemonstrate(Exception):
    """The demonstration cannot start; the text says why and what to do, in Vietnamese and English."""


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="gandan demo",
        description="Dựng một xã, phường mẫu với người và hồ sơ tự đặt, rồi mở trang. "
        "(Builds sample wards with invented people and dossiers, then serves them.)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ lắng nghe (address to bind)")
    parser.add_argument("--port", type=int, default=8000, help="cổng (port), mặc định 8000")
    parser.add_argument("--reset", action="store_true", help="xóa dữ liệu mẫu cũ, dựng lại (build anew)")
    parser.add_argument(
        "--no-serve", action="store_true", help="chỉ dựng dữ liệu, không mở trang (build only)"
    )
    return parser.parse_args(arguments)


def prepare(options: argparse.Namespace) -> None:
    """Readies environment and folder, before Django reads the settings. Raises CannotDemonstrate."""
    os.environ["GANDAN_DEMO"] = "1"
    if not os.environ.get("GANDAN_DATA"):
        os.environ["GANDAN_DATA"] = str(env.root_dir() / "var" / "demo")
    problem = "" if options.no_serve else serving.port_problem(options.host, options.port)
    if problem:
        raise CannotDemonstrate(problem)
    data = env.data_dir()
    refuse_foreign(data)
    data.mkdir(parents=True, exist_ok=True)
    hold_lock(data)
    claim(data, reset=options.reset)
    os.environ.setdefault("GANDAN_ORIGIN", serving.shown_address(options.host, options.port))
    if not serving.is_loopback(options.host):
        # Sample data on a local network: people come by whatever name or address the machine has there.
        os.environ.setdefault("GANDAN_HOSTS", "*")


def claim(data: Path, *, reset: bool) -> None:
    """Makes `data` ours, or checks that it is; a half-built or unwanted demonstration is taken away."""
    refuse_foreign(data)
    data.mkdir(parents=True, exist_ok=True)
    ours = (data / MARKER).is_file()
    if ours and (reset or not read_marker(data).get("complete")):
        if reset and os.environ.get("GANDAN_DATABASE_URL", "").startswith("postgres"):
            raise CannotDemonstrate(
                "--reset chỉ xóa thư mục. Với PostgreSQL, hãy tạo một cơ sở dữ liệu trống khác.\n"
                "--reset deletes the folder only. With PostgreSQL, make another empty database."
            )
        empty(data)
        ours = False
    if not ours:
        write_marker(data, complete=False)


def refuse_foreign(data: Path) -> None:
    """Raises CannotDemonstrate if `data` holds anything without our marker."""
    foreign = data.exists() and any(path.name != LOCK for path in data.iterdir())
    if foreign and not (data / MARKER).is_file():
        raise CannotDemonstrate(
            f"Thư mục {data} đã có dữ liệu khác, không phải dữ liệu mẫu. Chọn thư mục khác bằng --data.\n"
            f"The folder {data} holds something else than sample data. Choose another one with --data."
        )


def hold_lock(data: Path) -> None:
    """One demonstration a folder. The lock outlives `exec` and ends with the last process of this start."""
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotDemonstrate(
            f"Một bản chạy thử khác đang dùng thư mục {data}. Dừng bản đó, hoặc chọn --data khác.\n"
            f"Another demonstration is using the folder {data}. Stop it, or choose another --data."
        ) from None


def empty(data: Path) -> None:
    """Deletes what lies in a marked folder, the marker last: if this stops half-way, the rest is still ours."""
    for path in sorted(data.iterdir()):
        if path.name in {MARKER, LOCK}:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    (data / MARKER).unlink()


def read_marker(data: Path) -> dict[str, object]:
    try:
        found = json.loads((data / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_marker(data: Path, **facts: object) -> None:
    (data / MARKER).write_text(json.dumps({"what": "gandan demo", **facts}) + "\n", "utf-8")


def password_for(data: Path, *, loopback: bool) -> str:
    """The password of every sample account: known on this machine alone, else random and kept in `data`."""
    if loopback:
        return KNOWN_PASSWORD
    path = data / "keys" / "demo_password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        words = ("".join(secrets.choice(LETTERS) for _letter in range(4)) for _word in range(4))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("-".join(words))
    return path.read_text().strip()
