"""Communes and their predecessors in the database; the search by a few letters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gandan.ledger.ids import new_id
from gandan.organization.actions import open_commune
from gandan.organization.loading import load_communes, searchable
from gandan.organization.models import Commune, Predecessor, Province
from gandan.organization.permissions import operator
from gandan.organization.queries import successors_of
from gandan.organization.search import search_places


def names(text: str) -> list[str]:
    return [commune.full_name for commune in search_places(text).communes]


def test_load_brings_the_nation(nation: None) -> None:
    assert (Province.objects.count(), Commune.objects.count(), Predecessor.objects.count()) == (
        34,
        3321,
        10_602,
    )


def test_load_of_unchanged_files_does_nothing(nation: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert load_communes() == 0

    assert len([q for q in captured if q["sql"].startswith("SELECT")]) == 1


def test_load_reference_twice_leaves_the_same_rows(db: None) -> None:
    call_command("load_reference", verbosity=0)
    before = (Commune.objects.count(), Predecessor.objects.count())

    call_command("load_reference", verbosity=0)

    assert (Commune.objects.count(), Predecessor.objects.count()) == before == (3321, 10_602)


def test_searchable_words_each_follow_a_space() -> None:
    assert searchable("Phường Thủy Dương", "TP. Huế") == " phuong thuy duong tp hue"


@pytest.mark.parametrize(
    "text", ["hương thuỷ", "Hương Thủy", "huong thuy", "phuong huong thuy", "huong thu hue", "HUONG  THUY"]
)
def test_search_without_marks_finds_the_ward_first(nation: None, text: str) -> None:
    assert names(text)[0] == "Phường Hương Thủy"


def test_search_by_name_puts_the_whole_name_first(nation: None) -> None:
    assert names("ba đình")[0] == "Phường Ba Đình"
    assert names("đặc khu phú quốc")[0] == "Đặc khu Phú Quốc"


@pytest.mark.parametrize(
    ("text", "successor"),
    [
        ("thủy dương", "19969"),
        ("thuy duong huong thuy", "19969"),
        ("thuy chau", "19975"),
        ("con dao", "26732"),
    ],
)
def test_search_by_the_old_name(nation: None, text: str, successor: str) -> None:
    place = search_places(text).old[0]

    assert [row.successor_id for row in place.successors] == [successor]
    assert place.is_split is False


def test_search_by_the_old_district(nation: None) -> None:
    found = search_places("thị xã hương thủy")

    assert {place.district for place in found.old} == {"Thị xã Hương Thủy"}
    assert len(found.old) == 10


def test_split_commune_is_asked_with_all_its_parts(nation: None) -> None:
    [place] = [p for p in search_places("cong vi ba dinh").old if p.code == "00007"]

    assert place.is_split is True
    assert {row.successor_id for row in place.successors} == {
        row.successor_id for row in successors_of("00007")
    }
    assert len(place.successors) > 1


def test_successors_stand_suggested_first(nation: None) -> None:
    suggested = [row.suggested for row in successors_of("00007")]

    assert suggested == [True] + [False] * (len(suggested) - 1)


def test_successor_of_a_whole_commune(nation: None) -> None:
    assert [(row.successor_id, row.share) for row in successors_of("19978")] == [("19975", "whole")]


@pytest.mark.parametrize("code", ["", "99999"])
def test_successors_of_an_unknown_code_are_none(nation: None, code: str) -> None:
    assert successors_of(code) == []


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "…", "không có nơi nào như vậy"])
def test_search_of_nothing_finds_nothing(nation: None, text: str) -> None:
    found = search_places(text)

    assert (list(found.communes), found.old, found.more) == ([], [], False)


def test_search_with_too_many_answers_says_so(nation: None) -> None:
    found = search_places("xã")

    assert (len(found.communes), len(found.old), found.more) == (20, 20, True)


@pytest.mark.parametrize("text", ["hương thủy", "cống vị", "xã"])
def test_search_page_costs_two_queries(nation: None, client: Client, text: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/don-vi/", {"q": text})

    assert response.status_code == 200
    assert len(captured) == 2


def test_search_page_asks_for_a_split_commune(nation: None, client: Client) -> None:
    page = client.get("/don-vi/", {"q": "cống vị"}).content.decode()

    assert "Xã cũ bị chia: xin hỏi người dân" in page


def test_search_page_with_a_very_long_text_keeps_it(nation: None, client: Client) -> None:
    response = client.get("/don-vi/", {"q": "a" * 200})

    assert response.context["form"].errors.keys() == {"q"}
    assert "a" * 200 in response.content.decode()


def test_commune_page_names_what_it_was_made_of(nation: None, client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/don-vi/19975/")

    before = [row.old_name for row in response.context["predecessors"]]
    assert before == ["Phường Thủy Châu", "Phường Thủy Lương", "Xã Thủy Tân"]
    assert len(captured) == 3


def test_commune_page_sends_people_to_the_centre_first(nation: None, client: Client) -> None:
    open_commune(
        "19975", officer=operator(), at=datetime(2026, 11, 20, 5, 0, tzinfo=UTC), request_id=new_id()
    )

    response = client.get("/don-vi/19975/")

    assert [unit.kind for unit in response.context["units"]][:2] == ["centre", "people_committee"]


def test_commune_page_of_an_unknown_code_is_not_found(nation: None, client: Client) -> None:
    assert client.get("/don-vi/99999/").status_code == 404
