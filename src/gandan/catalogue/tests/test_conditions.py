"""Conditions on answers: three-valued, so nothing is assumed where nothing was answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandan.catalogue.conditions import ConditionInvalid, check, holds, questions_in

LATE = {"q": "late", "is": "yes"}
PAGES = {"q": "pages", "at_least": 3}


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (None, {}, True),
        (LATE, {"late": "yes"}, True),
        (LATE, {"late": "no"}, False),
        (LATE, {}, None),
        (LATE, {"late": ""}, None),
        ({"q": "kind", "is": ["a", "b"]}, {"kind": "b"}, True),
        (PAGES, {"pages": 3}, True),
        (PAGES, {"pages": "2"}, False),
        (PAGES, {"pages": "many"}, None),
        ({"q": "pages", "at_most": 2}, {"pages": 2}, True),
        ({"not": LATE}, {"late": "yes"}, False),
        ({"not": LATE}, {}, None),
        ({"all": [LATE, PAGES]}, {"late": "yes"}, None),
        ({"all": [LATE, PAGES]}, {"late": "no"}, False),
        ({"any": [LATE, PAGES]}, {"late": "yes"}, True),
        ({"any": [LATE, PAGES]}, {"late": "no"}, None),
        ({"any": [LATE, PAGES]}, {"late": "no", "pages": 1}, False),
    ],
)
def test_holds(condition, answers, expected):
    assert holds(condition, answers) is expected


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"q": "late"},
        {"is": "yes"},
        {"q": "late", "is": "yes", "at_least": 1},
        {"all": [LATE], "any": [LATE]},
        {"all": [{"q": "late"}]},
        {"q": "late", "equals": "yes"},
    ],
)
def test_check_refuses_what_the_grammar_does_not_know(condition):
    with pytest.raises(ConditionInvalid):
        check(condition)


def test_questions_in_a_nested_condition():
    condition = {"all": [LATE, {"not": {"any": [PAGES, {"q": "kind", "is": "a"}]}}]}

    assert questions_in(condition) == {"late", "pages", "kind"}


leaves = st.sampled_from([{"q": key, "is": value} for key in "abc" for value in ("yes", "no")])
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["yes", "no"]))


@given(conditions, answers, st.sampled_from("abc"), st.sampled_from(["yes", "no"]))
def test_a_further_answer_never_turns_what_was_decided(condition, given_answers, key, value):
    before = holds(condition, given_answers)
    further = {key: value, **given_answers}

    after = holds(condition, further)

    assert after == before or before is None


@given(conditions, answers)
def test_with_every_question_answered_nothing_is_open(condition, given_answers):
    everything = {"a": "yes", "b": "no", "c": "yes", **given_answers}

    assert holds(condition, everything) in (True, False)
