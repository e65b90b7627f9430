"""Limits of tries: enough for tired fingers, and nobody is locked out by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client

from gandan.accounts import tries
from gandan.accounts.models import Tries
from gandan.accounts.tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def guess(client: Client, name: str = "lan", password: str = "sai roi") -> int:
    return client.post("/dang-nhap/", {"username": name, "password": password}).status_code


def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def test_tries_are_counted_until_the_window_ends():
    numbers = [tries.take("a:1", limit=2, at=AT + timedelta(minutes=minute)) for minute in (0, 1, 2, 20)]

    assert [(taken.number, taken.refused, taken.was_last) for taken in numbers] == [
        (1, False, False),
        (2, False, True),
        (3, True, True),
        (1, False, False),
    ]


def test_rest_begins_with_the_last_try_and_is_not_made_longer():
    tries.take("a:1", limit=2, at=AT)
    tries.take("a:1", limit=2, at=AT + timedelta(minutes=14))
    during = tries.take("a:1", limit=2, at=AT + timedelta(minutes=28))
    after = tries.take("a:1", limit=2, at=AT + timedelta(minutes=29))

    assert (during.refused, after.refused) == (True, False)
    assert during.until == AT + timedelta(minutes=29)


def test_key_names_nobody():
    tries.take("pair:lan:10.0.0.1", limit=5, at=AT)

    assert Tries.objects.get().key.startswith("pair:")
    assert "lan" not in Tries.objects.get().key


def test_forgiven_and_given_back():
    for _try in range(3):
        tries.take("a:1", limit=5, at=AT)
        tries.take("b:1", limit=5, at=AT)

    tries.forgive("a:1")
    tries.give_back("b:1")

    assert tries.take("a:1", limit=5, at=AT).number == 1
    assert tries.take("b:1", limit=5, at=AT).number == 3


def test_old_tries_are_forgotten():
    tries.take("a:1", limit=5, at=AT)

    assert (tries.forget_old(AT), tries.forget_old(AT + timedelta(minutes=16))) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_pass_no_limit():
    def one(_number: int) -> bool:
        try:
            return tries.take("a:1", limit=5, at=AT).refused
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        refused = list(pool.map(one, range(12)))

    assert refused.count(False) == 5


def test_known_device_is_not_locked_out_by_a_guesser_elsewhere():
    make_user(username="lan")
    known = from_address("10.0.0.1")
    assert guess(known, password=PASSWORD) == 302
    known.post("/dang-xuat/")
    for number in range(30):
        guess(from_address(f"203.0.113.{number}"))
    for _slip in range(6):
        guess(from_address("10.0.0.1"))  # a colleague behind the same address

    assert guess(known, password=PASSWORD) == 302


def test_known_device_has_limits_of_its_own():
    make_user(username="lan")
    known = from_address("10.0.0.1")
    guess(known, password=PASSWORD)
    known.post("/dang-xuat/")

    assert [guess(known) for _try in range(6)] == [200, 200, 200, 200, 429, 429]


def test_name_rests_everywhere_else_after_twenty_guesses_from_many_places():
    make_user(username="lan")
    for number in range(20):
        assert guess(from_address(f"203.0.113.{number}")) == 200

    assert guess(from_address("203.0.113.200"), password=PASSWORD) == 429


def test_one_place_cannot_try_all_names():
    make_user(username="lan")
    stranger = from_address("203.0.113.7")
    for number in range(60):
        assert guess(stranger, name=f"ten{number}") == 200

    assert guess(stranger, password=PASSWORD) == 429
    assert guess(from_address("203.0.113.8"), password=PASSWORD) == 302


def test_right_passwords_of_a_whole_ward_use_up_nothing():
    names = [make_user().username for _person in range(3)]
    ward = "203.0.113.7"
    for _round in range(25):
        for name in names:
            assert guess(from_address(ward), name=name, password=PASSWORD) == 302

    counts = Tries.objects.filter(key__startswith="client:").values_list("count", flat=True)
    assert list(counts) == [0]


def test_page_of_rest_says_until_when_and_nothing_of_the_account():
    client = from_address("203.0.113.7")
    for _try in range(5):
        client.post("/dang-nhap/", {"username": "khongcoai", "password": "sai roi"})

    page = client.post("/dang-nhap/", {"username": "khongcoai", "password": "sai roi"})

    assert "Xin thử lại sau" in page.text
    assert "khongcoai" not in page.text
    assert SESSION_KEY not in client.session
