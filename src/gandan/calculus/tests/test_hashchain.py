from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandan.calculus.hashchain import GENESIS, event_hash, new_salt, salted_hash

SALT = bytes(range(16))


def test_event_hash_as_computed_by_hand() -> None:
    by_hand = subprocess.run(
        ["sh", "-c", f"printf 'gandan-event-1\\0%s%s' {GENESIS} '{{\"act\":\"đăng ký\"}}' | sha256sum"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert event_hash(GENESIS, '{"act":"đăng ký"}') == by_hand.stdout.split()[0]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.data())
def test_event_hash_changes_with_one_character(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.characters(exclude_categories=["Cs"], exclude_characters=body[place]))

    changed = body[:place] + other + body[place + 1 :]

    assert event_hash(GENESIS, changed) != event_hash(GENESIS, body)


def test_salted_hash_does_not_depend_on_the_order_of_names() -> None:
    assert salted_hash(SALT, {"due": "x", "fee": 8000}) == salted_hash(SALT, {"fee": 8000, "due": "x"})


def test_salted_hash_depends_on_salt_and_content() -> None:
    hashes = {
        salted_hash(SALT, {"fee": 8000}),
        salted_hash(SALT, {"fee": 8001}),
        salted_hash(SALT[::-1], {"fee": 8000}),
    }

    assert len(hashes) == 3


def test_salted_hash_refuses_a_short_salt() -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        salted_hash(SALT[:15], {"fee": 8000})


def test_new_salt_is_long_enough_and_new() -> None:
    assert (len(new_salt()), new_salt() == new_salt()) == (16, False)
