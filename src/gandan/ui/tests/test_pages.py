"""Headers, switches, and the pages that say what went wrong."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from gandan.ui import middleware, navigation, views


@pytest.fixture(autouse=True)
def component_page(settings):
    settings.GANDAN_COMPONENT_PAGE = True


def test_headers_of_every_page_are_strict(client):
    headers = client.get("/ui/").headers

    assert {name: headers[name] for name in middleware.HEADERS} == middleware.HEADERS
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_headers_of_a_view_are_kept():
    answer = middleware.SecurityHeaders(
        lambda _request: HttpResponse(headers={"Referrer-Policy": "no-referrer"})
    )

    assert answer(RequestFactory().get("/")).headers["Referrer-Policy"] == "no-referrer"


def test_language_is_vietnamese_whatever_the_browser_asks(client):
    response = client.get("/ui/", headers={"Accept-Language": "en"})

    assert response.headers["Content-Language"] == "vi"
    assert '<html lang="vi"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "value", "mark"),
    [
        ("theme", "dark", 'data-theme="dark"'),
        ("type", "large", 'data-type="large"'),
        ("language", "en", 'lang="en"'),
    ],
)
def test_switch_is_kept_and_returns_to_its_page(client, name, value, mark):
    response = client.post("/hien-thi/", {name: value, "next": "/ui/?audience=public"})

    assert (response.status_code, response.headers["Location"]) == (302, "/ui/?audience=public")
    assert mark in client.get("/ui/").content.decode().split("<head>")[0]


def test_switch_with_an_unknown_value_changes_nothing(client):
    response = client.post("/hien-thi/", {"theme": "<b>", "next": "https://example.com/"})

    assert dict(response.cookies) == {}
    assert response.headers["Location"] == "/"


def test_component_page_is_closed_in_production(client, settings):
    settings.GANDAN_COMPONENT_PAGE = False

    assert client.get("/ui/").status_code == 404


@pytest.mark.parametrize(("demo", "count"), [(True, 1), (False, 0)])
def test_demo_banner_stands_on_every_page_of_a_demo_alone(client, settings, demo, count):
    settings.GANDAN_DEMO = demo

    assert client.get("/ui/").content.decode().count('class="demo-banner"') == count


def test_none_such_and_not_yours_are_one_text():
    assert render_to_string("403.html") == render_to_string("404.html")


def test_not_found_says_what_to_do_in_vietnamese(client):
    response = client.get("/khong-co/")

    assert response.status_code == 404
    assert "Không có trang này, hoặc trang không mở cho ông/bà xem." in response.content.decode()


def test_server_error_needs_no_database(rf):
    response = views.server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Ông/bà không làm gì sai." in response.content.decode()


def test_conflict_says_what_happened_and_leads_back(rf):
    response = views.conflict(rf.get("/"), "Chị Hoa vừa trả kết quả hồ sơ này.", back_url="/ho-so/1/")

    assert response.status_code == 409
    assert "Chị Hoa vừa trả kết quả hồ sơ này." in response.content.decode()
    assert 'href="/ho-so/1/"' in response.content.decode()


def test_csrf_failure_says_that_nothing_was_sent():
    response = Client(enforce_csrf_checks=True).post("/hien-thi/", {"theme": "dark"})

    assert response.status_code == 403
    assert "Để an toàn, biểu mẫu chưa được gửi đi." in response.content.decode()


@pytest.mark.parametrize(("header", "status"), [({"HX-Request": "true"}, 204), ({}, 302)])
def test_redirect_of_a_fragment_moves_the_whole_page(header, status):
    answer = middleware.HtmxSignIn(
        lambda _request: HttpResponse(status=302, headers={"Location": "/dang-nhap/"})
    )

    response = answer(RequestFactory().get("/", headers=header))

    assert response.status_code == status
    assert response.headers.get("HX-Redirect") == ("/dang-nhap/" if header else None)


def test_navigation_shows_what_the_visitor_may_open_in_order(rf, monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    for name, order, seen in (
        ("ui:components", 2, True),
        ("ui:preferences", 1, True),
        ("ui:hidden", 0, False),
    ):
        navigation.add_item(
            navigation.Item(name, name, "house", order, visible=lambda _request, seen=seen: seen)
        )

    found = navigation.visible_items(rf.get("/ui/"))

    assert [(item.url, item.current) for item in found] == [("/hien-thi/", False), ("/ui/", True)]
