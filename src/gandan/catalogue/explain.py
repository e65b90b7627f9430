"""The clock's steps in the words of a page ("Vì sao ngày này?")."""

from __future__ import annotations

from django.utils.translation import gettext, override

from gandan.calculus.rules import Reading
from gandan.catalogue.step_words import ExplainedStep, asides, told
from gandan.ui.words import date_words

__all__ = ["ExplainedStep", "asides", "explain"]


def explain(reading: Reading, language: str) -> list[ExplainedStep]:
    """The steps of a reading in that language ("vi", "en"), in the order in which they happened."""
    with override(language):
        return told(reading, gettext, date_words)
