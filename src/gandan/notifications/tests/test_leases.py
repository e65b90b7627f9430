"""A lease: one holder at a time, renewed by its holder, free when it is over or given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gandan.notifications.leases import hold, release

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def test_free_lease_goes_to_the_first() -> None:
    first = hold("work", holder="a", at=NOW, lasting=MINUTE)
    second = hold("work", holder="b", at=NOW, lasting=MINUTE)

    assert (first, second) == (True, False)


def test_holder_renews_its_own_lease() -> None:
    hold("work", holder="a", at=NOW, lasting=MINUTE)

    renewed = hold("work", holder="a", at=NOW + MINUTE / 2, lasting=MINUTE)

    assert renewed
    assert not hold("work", holder="b", at=NOW + MINUTE, lasting=MINUTE)


def test_lease_that_is_over_goes_to_who_asks() -> None:
    hold("work", holder="killed", at=NOW, lasting=MINUTE)

    assert hold("work", holder="b", at=NOW + MINUTE, lasting=MINUTE)


def test_lease_given_back_is_free_at_once() -> None:
    hold("work", holder="a", at=NOW, lasting=MINUTE)

    release("work", holder="a")

    assert hold("work", holder="b", at=NOW, lasting=MINUTE)


def test_nobody_gives_back_what_another_holds() -> None:
    hold("work", holder="a", at=NOW, lasting=MINUTE)

    release("work", holder="b")

    assert not hold("work", holder="b", at=NOW, lasting=MINUTE)
