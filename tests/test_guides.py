"""The guides for officers and citizens name what really stands on the screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]


def words_on_screens() -> set[str]:
    """Every Vietnamese sentence of every room, and its form at the beginning of a line."""
    words: set[str] = set()
    for path in (ROOT / "src" / "gandan").glob("*/locale/vi/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                strings = [message.string] if isinstance(message.string, str) else message.string
                words |= {string for string in strings if string}
    return words | {word[0].upper() + word[1:] for word in words}


def named_in(guide: str) -> list[str]:
    """What the guide sets in italics: labels of buttons, lists and pages."""
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8")
    return re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", text)


@pytest.mark.parametrize("guide", ["can-bo.md", "nguoi-dan.md"])
def test_guide_names_only_labels_that_stand_on_a_screen(guide: str) -> None:
    screens = words_on_screens()

    unknown = [label for label in named_in(guide) if label not in screens]

    assert unknown == []
    assert len(named_in(guide)) >= 10
