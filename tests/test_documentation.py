"""The documents say what the code does: variables, commands, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gandan import environment

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"GANDAN_[A-Z_]+")
# Names of Django settings that no environment variable feeds directly.
SETTINGS_ONLY = {"GANDAN_MAIL", "GANDAN_COMPONENT_PAGE"}
SOURCES = ("src/gandan/**/*.py", "gandan", "conftest.py", ".ci/run", "bench/*.py")


def test_every_variable_is_documented_and_used() -> None:
    code = [path.read_text("utf-8") for pattern in SOURCES for path in ROOT.glob(pattern)]
    documented = set(re.findall(r"^\| `(GANDAN_[A-Z_]+)`", (ROOT / "docs/environment.md").read_text(), re.M))

    assert {name for text in code for name in NAME.findall(text)} - SETTINGS_ONLY == documented


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_readme_shows_the_two_commands(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()

    assert {"./gandan demo", "./gandan test"} <= set(lines)


def test_links_of_the_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    ]

    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_flag_refuses_what_is_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANDAN_DEBUG", "perhaps")

    with pytest.raises(SystemExit) as refused:
        environment.flag("GANDAN_DEBUG")

    assert "GANDAN_DEBUG" in str(refused.value)
