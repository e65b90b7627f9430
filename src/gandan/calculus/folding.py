"""Folding of Vietnamese text (bỏ dấu), so that a search by a few letters without marks finds its words."""

from __future__ import annotations

import re
import unicodedata

_STROKED = str.maketrans({"đ": "d", "Đ": "d"})
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`text` without marks, in lower case, with single spaces: "Phường  Hương Thuỷ" → "phuong huong thuy".

    NFD, combining marks dropped, đ → d, NFC. Punctuation stays; hoà and hòa fold alike.
    """
    if not text.isascii():
        parts = unicodedata.normalize("NFD", text.translate(_STROKED))
        text = unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))
    return " ".join(text.lower().split())


def words(text: str) -> list[str]:
    """The folded words of `text` in their order, punctuation dropped: "TP. Huế, cũ" → ["tp", "hue", "cu"]."""
    return _WORD.findall(fold(text))
