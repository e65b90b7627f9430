"""Canonical JSON against RFC 8785's published examples, and the refusals that are ours."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from unicodedata import normalize
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandan.calculus.canonical import CanonicalError, canonical_facts, canonical_json, moment

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(lambda text: normalize("NFC", text))
integers = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
facts = st.recursive(
    texts | integers, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)


def test_canonical_json_escapes_as_in_rfc_8785_section_3_2_2() -> None:
    value = json.loads(r'{"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/"}')

    assert canonical_json(value) == '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


def test_canonical_json_writes_literals_as_in_rfc_8785_section_3_2_2() -> None:
    assert canonical_json({"literals": [None, True, False]}) == '{"literals":[null,true,false]}'


def test_canonical_json_sorts_names_as_in_rfc_8785_section_3_2_3() -> None:
    # The RFC's seventh name, U+FB33, is no NFC text; U+FB01 stands in the same place.
    value = {
        "€": "Euro Sign",
        "\r": "Carriage Return",
        "ﬁ": "Latin Small Ligature Fi",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "ö": "Latin Small Letter O With Diaeresis",
    }

    assert list(json.loads(canonical_json(value)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Latin Small Ligature Fi",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
        ({"b": {}, "A": {"f": "hi", "F": 5}, "": "empty"}, '{"":"empty","A":{"F":5,"f":"hi"},"b":{}}'),
        ({"pêche": 1, "peach": 2, "sin": 3, "péché": 4}, '{"peach":2,"péché":4,"pêche":1,"sin":3}'),
        ("\x7f\b\t\n\f\r\x01/", '"\x7f\\b\\t\\n\\f\\r\\u0001/"'),
        (-9007199254740991, "-9007199254740991"),
        ((), "[]"),
    ],
)
def test_canonical_json_of_structures(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 23, 7, 30, tzinfo=UTC), '"2026-11-23T07:30:00.000000Z"'),
        (datetime(2026, 11, 23, 14, 30, 0, 5, timezone(timedelta(hours=7))), '"2026-11-23T07:30:00.000005Z"'),
        (date(2026, 11, 24), '"2026-11-24"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
    ],
)
def test_moments_dates_and_identifiers_have_one_text(value: object, text: str) -> None:
    assert canonical_facts(value) == text


@pytest.mark.parametrize("value", [1.0, 0.5, float("nan"), Decimal(1), b"x", {1}, object()])
def test_fractions_and_unknown_kinds_are_refused(value: object) -> None:
    with pytest.raises(CanonicalError, match=r"^\$\.fee\[0\]: "):
        canonical_json({"fee": [value]})


@pytest.mark.parametrize("value", [2**53, -(2**53)])
def test_whole_numbers_that_are_not_exact_are_refused(value: int) -> None:
    with pytest.raises(CanonicalError, match="too large to be exact"):
        canonical_json(value)


@pytest.mark.parametrize("value", [True, False, None])
def test_facts_refuse_literals(value: object) -> None:
    with pytest.raises(CanonicalError, match=r"^\$\.original: "):
        canonical_facts({"original": value})


def test_naive_moment_is_refused() -> None:
    with pytest.raises(CanonicalError, match="no time zone"):
        moment(datetime(2026, 11, 23, 7, 30))  # noqa: DTZ001  the point of the test


def test_half_a_character_is_refused() -> None:
    with pytest.raises(CanonicalError, match="half of a character"):
        canonical_json({"name": "\ud83d"})


@pytest.mark.parametrize("members", [{1: "a"}, {None: "a"}])
def test_names_that_are_not_text_are_refused(members: dict[object, str]) -> None:
    with pytest.raises(CanonicalError, match="is not text"):
        canonical_json(members)


def test_text_is_brought_to_nfc() -> None:
    typed_in_parts = "Hu\u031bo\u031bng"

    assert canonical_json({typed_in_parts: typed_in_parts}) == '{"Hương":"Hương"}'


def test_two_spellings_of_one_name_are_refused() -> None:
    with pytest.raises(CanonicalError, match="comes twice"):
        canonical_json({"Huơ": 1, "Huo\u031b": 2})


@given(facts)
def test_canonical_text_read_again_gives_the_same_text(value: object) -> None:
    text = canonical_facts(value)

    assert canonical_facts(json.loads(text)) == text


@given(st.dictionaries(st.text("abcư\U0001f600ﬁ"), integers))
def test_order_of_members_does_not_matter(members: dict[str, int]) -> None:
    backwards = dict(reversed(members.items()))

    assert canonical_json(backwards) == canonical_json(members)


@pytest.mark.parametrize("value", ["accept", "đăng ký"])
def test_text_with_a_class_of_its_own_is_written_as_text(value: str) -> None:
    kind = Enum("kind", {"one": value}, type=str)

    assert canonical_facts(kind.one) == f'"{value}"'
