"""Folding drops the marks of Vietnamese and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandan.calculus.folding import fold, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Phường Hương Thuỷ", "phuong huong thuy"),
        ("phường Hương Thủy", "phuong huong thuy"),
        ("Đắk Lắk", "dak lak"),
        ("  Hàm\u00a0 Rồng\n", "ham rong"),
        ("HOÀ hòa Hoà", "hoa hoa hoa"),
        ("1.001193", "1.001193"),
        ("", ""),
    ],
)
def test_fold_of_known_text(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_fold_of_decomposed_text_equals_composed() -> None:
    name = "Thị trấn Ngã Bảy Ườm Đức"

    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@given(st.text(alphabet=st.characters(max_codepoint=0x1EFF)))
def test_fold_twice_changes_nothing(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


def test_words_drop_punctuation() -> None:
    assert words("TP. Huế (cũ), đường Số_7") == ["tp", "hue", "cu", "duong", "so", "7"]
