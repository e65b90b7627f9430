"""The files of deploy/ name commands, folders and variables that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
COMMAND = re.compile(r"(?:/opt/gandan/|\./)gandan ([a-z_]+)((?: --[a-z]+)*)")
OWN = {"deadline"}


def commands() -> list[tuple[str, str]]:
    return [
        (path.name, found[1])
        for path in DEPLOY.iterdir()
        for found in COMMAND.finditer(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("file", "command"), commands())
def test_command_exists(file: str, command: str) -> None:
    from django.core.management import get_commands

    assert command in {*get_commands(), *OWN}


def test_settings_are_documented() -> None:
    set_here = set(re.findall(r"^#? ?(GANDAN_[A-Z_]+)=", (DEPLOY / "gandan.env").read_text(), re.M))
    documented = set(re.findall(r"^\| `(GANDAN_[A-Z_]+)`", (ROOT / "docs/environment.md").read_text(), re.M))

    assert set_here <= documented
    assert len(set_here) == 8


def test_units_are_understood_by_systemd(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("systemd-analyze is not on this machine (2026-11)")
    # It asks that programs exist; the launcher stands for the installed one.
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text().replace("/opt/gandan", str(ROOT)).replace("/srv/gandan", str(tmp_path))
        (tmp_path / unit.name).write_text(text)
    shutil.copy(DEPLOY / "gandan-verify.timer", tmp_path)

    told = subprocess.run(
        [verify, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True
    )

    about_ours = [line for line in told.stderr.splitlines() if str(tmp_path) in line or "gandan" in line]
    assert about_ours == []


def test_image_carries_what_the_launcher_needs() -> None:
    copied = set(re.findall(r"^COPY --chown=\S+ (.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.M))
    names = {name for line in copied for name in line.split()}

    assert {"gandan", "pyproject.toml", "locks", "src"} <= names
    assert [name for name in names if not (ROOT / name).exists()] == []
