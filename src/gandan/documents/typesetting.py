"""Typesetting (dàn trang): data and a typst template in, a PDF/A-3a and PDF/UA-1 out.

Nothing a person typed ever becomes typst source: the data go in as one JSON string through
`sys.inputs`. A paper with a letter that the fonts lack is refused, never printed with a hole.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, Union

import typst

from gandan.documents.errors import MissingGlyphError, TypesettingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

Json: TypeAlias = Union[str, int, bool, list["Json"], dict[str, "Json"], None]  # noqa: UP007 (recursive)

FONTS = Path(__file__).resolve().parent / "fonts"
TEMPLATES = Path(__file__).resolve().parent / "typst"
BODY_FAMILY = "Tinos"
# A-3a keeps for decades and stays machine-readable; UA-1 is read aloud by a screen reader.
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
# A word longer than this (a pasted line, an address) may break anywhere, or it would leave the page.
LONGEST_UNBROKEN_WORD = 28
ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{{LONGEST_UNBROKEN_WORD + 1},}}")


def typeset(template: str, data: dict[str, Json], *, at: datetime) -> bytes:
    """The PDF of `template` (a file name in typst/) filled with `data`.

    `at` is the document's creation time. The same arguments give the same bytes.
    Raises MissingGlyphError, or TypesettingError if the template or a font is at fault.
    """
    ready = _prepared(data)
    for text in _strings(ready):
        refuse_missing_glyphs(text)
    inputs = {"data": json.dumps(ready, ensure_ascii=False)}
    with _one_at_a_time:
        try:
            pdf, warnings = _compiler().compile_with_warnings(
                TEMPLATES / template,
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            raise TypesettingError(f"{template}: {error.diagnostic or error.message}") from error
    if warnings:
        raise TypesettingError(f"{template}: {'; '.join(w.message for w in warnings)}")
    if not isinstance(pdf, bytes):
        raise TypesettingError(f"{template}: no single PDF came out.")
    return pdf


def clean_text(text: str) -> str:
    """`text` in NFC, without control and invisible direction characters, which could disguise it.

    A line break stays; every other run of white space becomes one space.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(" ".join(_visible(line).split()) for line in lines).strip("\n")


def unprintable(text: str) -> str:
    """The characters of `text` that no print font can draw, each once, in order of appearance."""
    known = printable_characters()
    return "".join(dict.fromkeys(c for c in clean_text(text) if c not in known))


def refuse_missing_glyphs(text: str) -> None:
    """Raise MissingGlyphError if a character of `text`, already clean, cannot be drawn."""
    if not printable_characters().issuperset(text):
        raise MissingGlyphError(unprintable(text), text)


@cache
def printable_characters() -> frozenset[str]:
    """Every character that all faces of the body font can draw, and the line break."""
    spans = json.loads((FONTS / "vendor.json").read_text())["characters"][BODY_FAMILY]
    characters = {"\n"}
    for span in spans.split():
        first, _, last = span.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(c for c in characters if c == "\n" or unicodedata.category(c) != "Cc")


_one_at_a_time = threading.Lock()


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process: it keeps fonts and parsed templates, and must not be entered twice at once."""
    # Without the embedded fonts an unknown family warns instead of quietly changing the typeface.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _visible(line: str) -> str:
    return "".join(
        " " if unicodedata.category(c) == "Cc" else c for c in line if unicodedata.category(c) != "Cf"
    )


def _breakable(match: re.Match[str]) -> str:
    word, step = match.group(), LONGEST_UNBROKEN_WORD // 2
    return ZERO_WIDTH_SPACE.join(word[i : i + step] for i in range(0, len(word), step))


def _prepared(value: Json, key: str = "") -> Json:
    """`value` with every string clean; strings under `svg` are drawings and stay as they are."""
    if isinstance(value, dict):
        return {k: _prepared(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_prepared(v, key) for v in value]
    if isinstance(value, str) and key != "svg":
        return _LONG_WORD.sub(_breakable, clean_text(value))
    return value


def _strings(value: Json, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for k, v in value.items():
            yield from _strings(v, k)
    elif isinstance(value, list):
        for v in value:
            yield from _strings(v, key)
    elif isinstance(value, str) and key != "svg":
        yield value
