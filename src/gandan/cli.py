"""The command line `gandan`: one name for every command (docs: `./gandan help`).

`deadline` needs neither Django nor a database and starts at once; `test` and `lint` run the
developer's tools; all others are management commands.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gandan import environment

WRITING_SOURCE = (["makemigrations"], ["messages"])


def take_option(arguments: list[str], name: str) -> str:
    """Removes `--name VALUE` or `--name=VALUE` from `arguments` and returns VALUE, or ''."""
    for position, argument in enumerate(arguments):
        if argument == name and position + 1 < len(arguments):
            value = arguments[position + 1]
            del arguments[position : position + 2]
            return value
        if argument.startswith(f"{name}="):
            del arguments[position]
            return argument.split("=", 1)[1]
    return ""


def run_tests(arguments: list[str]) -> int:
    """The whole suite as a newcomer runs it, on all cores; `--postgres URL` runs it on PostgreSQL.

    A named file or folder runs in one process, so that its output comes in order.
    """
    url = take_option(arguments, "--postgres")
    if url:
        os.environ["GANDAN_TEST_DATABASE_URL"] = url
    root = environment.root_dir()
    names_a_place = any((root / argument.partition("::")[0]).exists() for argument in arguments)
    spread = [] if names_a_place or "-n" in arguments else ["-n", "auto", "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *spread, *arguments]
    return subprocess.run(command, cwd=root, check=False).returncode  # noqa: S603


def run_lint(_arguments: list[str]) -> int:
    """Every static check of the house, one after another; 1 if any has a finding."""
    root = environment.root_dir()
    tools = Path(sys.executable).parent
    checks: list[list[str | Path]] = [
        [tools / "ruff", "check", "."],
        [tools / "ruff", "format", "--check", "."],
        [tools / "mypy"],
        [tools / "lint-imports"],
        [sys.executable, "-m", "gandan", "makemigrations", "--check", "--dry-run"],
        [sys.executable, "-m", "gandan", "messages", "--check"],
    ]
    failed = 0
    for check in checks:
        print("→", " ".join(Path(str(part)).name for part in check), flush=True)
        failed |= subprocess.run([str(part) for part in check], cwd=root, check=False).returncode  # noqa: S603
    return 1 if failed else 0


def run_bench(arguments: list[str]) -> int:
    """The measures beside the budgets (docs/performance.md); they stand in the checkout, not in the package."""
    script = environment.root_dir() / "bench" / "figures.py"
    if not script.exists():
        print("bench: chỉ chạy được từ bản mã nguồn (run it from a checkout)", file=sys.stderr)
        return 2
    return subprocess.run([sys.executable, str(script), *arguments], check=False).returncode  # noqa: S603


def run_deadline(arguments: list[str]) -> int:
    from gandan.catalogue.deadline import main as deadline  # noqa: PLC0415  start-up cost

    try:
        code = deadline(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def run_demo(arguments: list[str]) -> int:
    """The demonstration: its folder is made ready before Django reads the settings."""
    from gandan import demonstration  # noqa: PLC0415  start-up cost

    options = demonstration.read_options(arguments)
    try:
        demonstration.prepare(options)
    except demonstration.CannotDemonstrate as problem:
        print(problem, file=sys.stderr)
        return 2
    wish = ["--host", options.host, "--port", str(options.port)]
    return run_management(["demo", *wish, *(["--no-serve"] if options.no_serve else [])])


def with_underscores(arguments: list[str]) -> list[str]:
    """The command's name as its file is called: `import-log` is `import_log`."""
    if not arguments or arguments[0].startswith("-"):
        return arguments
    return [arguments[0].replace("-", "_"), *arguments[1:]]


def run_management(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415  start-up cost
    from django.db import OperationalError as DatabaseAway  # noqa: PLC0415  start-up cost

    from gandan.ui.compile_messages import ensure_compiled  # noqa: PLC0415  start-up cost

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gandan.settings")
    ensure_compiled()
    if arguments[:1] not in WRITING_SOURCE:
        os.umask(0o077)  # what is made from here on (database, files, heads) is for our own account alone
    try:
        execute_from_command_line(["gandan", *arguments])
    except DatabaseAway as away:
        print(
            f"Cơ sở dữ liệu không trả lời, chưa được tạo, hoặc đĩa đã đầy: {away}\n"
            "Kiểm tra GANDAN_DATABASE_URL, máy chủ cơ sở dữ liệu và đĩa; lần đầu thì chạy ./gandan migrate.\n"
            "The database does not answer, was not made yet, or the disk is full. See the reason above.",
            file=sys.stderr,
        )
        return 1
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs one command. Returns 0 ok, 1 finding, 2 bad input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    data = take_option(arguments, "--data")
    if data:
        os.environ["GANDAN_DATA"] = str(Path(data).resolve())
    command = arguments[0] if arguments else "help"
    own = {
        "bench": run_bench,
        "deadline": run_deadline,
        "demo": run_demo,
        "test": run_tests,
        "lint": run_lint,
    }
    if command in own:
        return own[command](arguments[1:])
    if command == "manage":
        arguments = arguments[1:]
    return run_management(with_underscores(arguments) or ["help"])
