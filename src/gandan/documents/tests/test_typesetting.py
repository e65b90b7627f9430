from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gandan.documents import typesetting
from gandan.documents.errors import MissingGlyphError, TypesettingError
from gandan.documents.papers import render_receipt
from gandan.documents.tests.factories import MONDAY, make_party, make_receipt
from gandan.documents.tests.reading import words_of
from gandan.documents.typesetting import FONTS, clean_text, typeset, unprintable


@pytest.mark.parametrize(
    "text",
    [
        "#let x = 1",
        "#panic()",
        "[a]*b*_c_",
        "$x^2$",
        "`raw` <label> @ref",
        '"quote" \\n \\u{41}',
        "// not a comment",
        "= no title",
    ],
)
def test_typed_text_stays_text(text: str) -> None:
    assert f"Tiếp nhận hồ sơ của: {text} Địa chỉ" in words_of(
        render_receipt(make_receipt(submitter=make_party(text)))
    )


def test_very_long_word_stays_on_the_page() -> None:
    words = words_of(render_receipt(make_receipt(procedure="W" * 300)))

    assert words.replace(" ", "").count("W") == 300


def test_missing_glyph_names_the_character() -> None:
    with pytest.raises(MissingGlyphError) as caught:
        render_receipt(make_receipt(submitter=make_party("Nguyễn 漢")))

    assert (
        str(caught.value)
        == "The print fonts lack “漢” (U+6F22 CJK UNIFIED IDEOGRAPH-6F22), used in “Nguyễn 漢”."
    )


def test_unprintable_lists_each_character_once() -> None:
    assert unprintable("Nguyễn 漢字漢 ₫") == "漢字"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("Hu\u031bo\u031b\u0300ng", "Hường"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("a\u200b\u200fb\ufeff", "ab"),
        ("a\t\x00 b", "a b"),
        ("dòng một\r\ndòng hai", "dòng một\ndòng hai"),
    ],
)
def test_clean_text_keeps_what_is_visible(typed: str, clean: str) -> None:
    assert clean_text(typed) == clean


@pytest.fixture
def set_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], bytes]]:
    """Typesets a source of the test's own."""

    def set_it(source: str) -> bytes:
        (tmp_path / "own.typ").write_text(source)
        return typeset("own.typ", {}, at=MONDAY)

    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    typesetting._compiler.cache_clear()
    yield set_it
    typesetting._compiler.cache_clear()


def test_unknown_font_fails_instead_of_leaving_a_hole(set_source: Callable[[str], bytes]) -> None:
    with pytest.raises(TypesettingError, match="unknown font family: no such font"):
        set_source('#set document(title: "x")\n#set text(font: "No Such Font", lang: "vi")\nNguyễn')


def test_glyph_missing_in_a_template_fails(set_source: Callable[[str], bytes]) -> None:
    with pytest.raises(TypesettingError, match="漢"):
        set_source('#set document(title: "x")\n#set text(font: "Tinos", lang: "vi", fallback: false)\n漢')


def test_many_threads_may_typeset_at_once() -> None:
    names = [f"Người thứ {n}" for n in range(12)]

    with ThreadPoolExecutor(6) as pool:
        papers = list(pool.map(lambda name: render_receipt(make_receipt(submitter=make_party(name))), names))

    # Reading is not safe in threads, setting must be.
    assert [name in words_of(paper) for name, paper in zip(names, papers, strict=True)] == [True] * 12


def test_fonts_are_those_of_their_list() -> None:
    files = json.loads((FONTS / "vendor.json").read_text())["files"]

    assert {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in FONTS.glob("*.ttf")} == {
        name: about["sha256"] for name, about in files.items()
    }
