from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.utils import translation

from gandan.ui import paging

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    for number in range(7):
        Group.objects.create(name=f"g{number // 2}-{number}")


def page_at(url: str, order: tuple[str, ...] = ("name", "id"), size: int = 3) -> paging.Page[Group]:
    return paging.take_page(RequestFactory().get(url), Group.objects.all(), order=order, size=size)


def walk(order: tuple[str, ...]) -> list[str]:
    names, url = [], "/x/?q=a"
    while url:
        page = page_at(url, order)
        names += [group.name for group in page.rows]
        url = page.next_url
    return names


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "id"), ("-id",), ("name",)])
def test_take_page_walks_every_row_once_in_order(groups, order):
    assert walk(order) == list(Group.objects.order_by(*order).values_list("name", flat=True))


def test_take_page_first_has_no_way_back_and_the_last_no_way_on(groups):
    first = page_at("/x/?q=a")
    last = page_at("/x/?q=a", size=7)

    assert (first.first_url, last.next_url) == ("", "")


def test_take_page_keeps_the_filter_in_its_links(groups):
    second = page_at(page_at("/x/?q=a").next_url)

    assert second.next_url.startswith("/x/?q=a&after=")
    assert second.first_url == "/x/?q=a"


def test_take_page_is_not_shifted_by_a_row_that_arrives(groups):
    first = page_at("/x/")
    Group.objects.create(name="a")

    assert [group.name for group in page_at(first.next_url).rows] == ["g1-3", "g2-4", "g2-5"]


@pytest.mark.parametrize(
    "cursor", ["", "%%%", "bm9uZQ", "W10", "WzEsMl0", "WyJhIiwieCJd", "WyJhIixbXV0", "W251bGwsbnVsbF0"]
)
def test_take_page_with_a_cursor_of_anothers_making_answers_with_a_page(groups, cursor):
    assert len(page_at(f"/x/?after={cursor}").rows) <= 3


def test_take_page_costs_two_queries(groups, django_assert_num_queries):
    with django_assert_num_queries(2):
        page_at("/x/")


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 dòng"), (12, "12 dòng"), (1000, "1000 dòng"), (1001, "1.000+ dòng")]
)
def test_count_words(count, expected):
    with translation.override("vi"):
        assert paging.count_words(count) == expected


def test_count_up_to_stops_beyond_its_limit(groups):
    assert paging.count_up_to(Group.objects.all(), 3) == 4


def test_cursor_keeps_a_moment_to_the_microsecond() -> None:
    moment = datetime(2026, 11, 20, 3, 4, 5, 678901, tzinfo=UTC)

    assert paging.decode(paging.encode([moment, "7"]), 2) == [moment.isoformat(), "7"]
