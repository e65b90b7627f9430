"""The public pages of the law."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gandan.law import words
from gandan.law.models import Parameter
from gandan.law.queries import value_at
from gandan.law.tests.factories import confirm

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = NOON.date()


def keys_on_page(client: Client, query: str) -> set[str]:
    response = client.get(f"/luat/{query}")
    assert response.status_code == 200
    return {line.key for section in response.context["sections"] for line in section.lines}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=xin+loi", {"apology.before"}),
        ("?q=XIN+LỖI", {"apology.before"}),
        ("?q=khong+co+gi+nhu+vay", set()),
        ("?q=dong+ho+so&check=on", {"supplement.close_after"}),
        ("?q=dong+ho+so&check=on&on=2025-01-01", {"supplement.close_after"}),
    ],
)
def test_list_is_searched_without_marks(law: None, client: Client, query: str, expected: set[str]) -> None:
    assert keys_on_page(client, query) == expected


def test_vietnamese_words_are_found_on_an_english_page(law: None, client: Client) -> None:
    client.cookies["gandan_language"] = "en"

    assert keys_on_page(client, "?q=xin+loi") == {"apology.before"}


def test_groups_are_folded_until_something_is_searched(law: None, client: Client) -> None:
    everything = client.get("/luat/").content.decode()
    found = client.get("/luat/?q=xin+loi").content.decode()

    folds = (everything.count('<details class="fold"'), everything.count(" open><summary>"))
    assert folds == (13, 0)
    assert (found.count('<details class="fold"'), found.count(" open><summary>")) == (1, 1)


def test_list_of_what_needs_checking_has_nothing_certain(law: None, client: Client) -> None:
    response = client.get("/luat/?check=on&on=2026-11-21")

    marks = {line.mark for section in response.context["sections"] for line in section.lines}
    assert marks == {"derived", "read-2nd", "not found"}


def test_list_on_a_day_without_a_row_says_so(law: None, client: Client) -> None:
    response = client.get("/luat/?q=dong+ho+so&on=2025-01-01")

    [line] = response.context["sections"][0].lines
    assert (line.key, line.value) == ("supplement.close_after", "")


@pytest.mark.parametrize("typed", ["2026-13-40", "hôm nay", "0001-01-01", "9999-12-31"])
def test_wrong_day_keeps_what_was_typed(law: None, client: Client, typed: str) -> None:
    response = client.get("/luat/", {"on": typed, "q": "xin lỗi"})

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"on"}
    assert f'value="{typed}"' in response.content.decode()


@pytest.mark.parametrize("page", ["/luat/", "/luat/bieu-mau/"])
def test_warm_list_costs_no_query(law: None, client: Client, page: str) -> None:
    client.get(page)

    with CaptureQueriesContext(connection) as captured:
        client.get(page)

    assert len(captured) == 0


def test_history_shows_replaced_rows(law: None, client: Client) -> None:
    confirm(value_at("supplement.close_after", TODAY), document="Công báo")

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/luat/supplement.close_after/")

    assert [entry.row.mark for entry in response.context["in_force"]] == ["confirmed"]
    assert [entry.row.mark for entry in response.context["replaced"]] == ["derived"]
    assert len(captured) == 1


def test_history_of_an_unknown_key_is_not_found(law: None, client: Client) -> None:
    assert client.get("/luat/khong.co/").status_code == 404


def test_pages_before_anything_is_loaded(db: None, client: Client) -> None:
    assert client.get("/luat/").context["total"] == 0
    assert client.get("/luat/bieu-mau/").context["circulars"] == []


def test_forms_of_a_day_are_marked(law: None, client: Client) -> None:
    response = client.get("/luat/bieu-mau/?on=2025-09-14")

    printed = response.context["printed"]
    shown = [row for _, rows in response.context["circulars"] for row in rows if row.pk in printed]
    assert {row.circular for row in shown} == {"TT 01/2018/TT-VPCP"}
    assert len(shown) == 6


def test_every_shipped_value_has_words(law: None) -> None:
    bare = [row.key for row in Parameter.objects.all() if "{" in words.value_words(row)]

    assert bare == []


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("supplement.notice_within", "3 ngày làm việc"),
        ("supplement.close_after", "15 ngày lịch"),
        ("tcd.chairman_min_days", "2 ngày mỗi tháng"),
        ("transfer.cut_off", "15:00"),
        ("kn.s1", "trường hợp thường: 30 ngày lịch; phức tạp: 45 ngày lịch"),
        ("result.keep_uncollected", "chưa có con số trong văn bản nào"),
    ],
)
def test_value_in_words(law: None, key: str, expected: str) -> None:
    assert words.value_words(value_at(key, TODAY)) == expected
