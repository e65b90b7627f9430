"""Third-party files are the ones that were recorded, and every one of them is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "gandan" / "ui" / "static" / "vendor"


def test_vendored_files_are_what_was_recorded():
    done = subprocess.run(
        [sys.executable, ROOT / "frontend" / "vendor.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_vendored_file_is_used():
    package = ROOT / "src" / "gandan"
    ours = [*package.rglob("templates/**/*.html"), *(package / "ui" / "static" / "ui").rglob("*.css")]
    text = "\n".join(path.read_text("utf-8") for path in ours)
    used = set(re.findall(r"vendor/([\w.@/-]+\.(?:css|js|woff2))", text))
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.suffix in {".css", ".js", ".woff2"}}

    assert used == there


def test_lock_file_names_no_registry():
    assert "resolved" not in (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
