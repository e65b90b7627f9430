"""docs/glossary.md is the one list of words: sorted, no word twice, and every model bears its own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils.translation import override

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"


def glossary_rows() -> list[tuple[str, list[str], str]]:
    """English, Vietnamese words, source of each line."""
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return [(english, vietnamese.split("; "), source) for english, vietnamese, source in cells]


def names_in(english: str) -> set[str]:
    """ "unit (office or department)" is found by both of its names."""
    return {name.strip() for name in re.split(r"[()]", english) if name.strip()}


WORDS = {name: vietnamese for english, vietnamese, _source in glossary_rows() for name in names_in(english)}
MODELS = [model for model in apps.get_models() if model.__module__.startswith("gandan.")]


def test_glossary_is_sorted() -> None:
    english = [english.casefold() for english, _vietnamese, _source in glossary_rows()]

    assert english == sorted(english)


def test_glossary_has_one_word_for_one_thing() -> None:
    rows = glossary_rows()
    english = Counter(english.casefold() for english, _vietnamese, _source in rows)
    vietnamese = Counter(word.casefold() for _english, words, _source in rows for word in words)

    assert [word for word, times in (english + vietnamese).items() if times > 1] == []


def test_glossary_names_a_source_for_every_word() -> None:
    assert [english for english, _vietnamese, source in glossary_rows() if not source] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model_bears_its_word_of_the_glossary(model: type[Model]) -> None:
    with override("en"):
        name = str(model._meta.verbose_name)
    in_parentheses = " | ".join(re.findall(r"\(([^)]*)\)", model.__doc__ or ""))

    assert [word for word in WORDS[name] if word in in_parentheses] != []
