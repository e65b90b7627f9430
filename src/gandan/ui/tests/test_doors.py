"""What every request passes before a view sees it."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from gandan import environment
from gandan.ui import middleware
from gandan.ui.middleware import HEADERS, LARGEST, LARGEST_OF_STRANGERS, ClientAddress, RefuseBody


def seen_address(remote: str, forwarded: str) -> str:
    """REMOTE_ADDR as a view sees it."""
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    ClientAddress(lambda _request: HttpResponse())(request)
    return str(request.META["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("remote", "forwarded", "seen"),
    [
        ("10.0.0.2", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first word is the client's invention
        ("10.0.0.2", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.2", "203.0.113.7, nobody", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.3", "203.0.113.7", "10.0.0.3"),
        ("", "203.0.113.7", ""),
    ],
)
def test_address_is_the_last_word_of_the_trusted_proxy(settings, remote, forwarded, seen):
    settings.GANDAN_TRUSTED_PROXY = ["10.0.0.2/32"]

    assert seen_address(remote, forwarded) == seen


def test_address_without_a_trusted_proxy_is_nobodys_word():
    assert seen_address("127.0.0.1", "203.0.113.7") == "127.0.0.1"


def test_trusted_proxy_that_is_no_address_is_refused(monkeypatch):
    monkeypatch.setenv("GANDAN_TRUSTED_PROXY", "10.0.0.2, proxy.example")

    with pytest.raises(SystemExit, match="GANDAN_TRUSTED_PROXY"):
        environment.networks("GANDAN_TRUSTED_PROXY")


def test_static_files_and_refusals_bear_the_headers(client):
    answers = [
        client.get("/static/ui/icons/none.svg"),
        client.get("/", headers={"Host": "elsewhere.example"}),
    ]

    assert [answer.headers["Content-Security-Policy"] for answer in answers] == [
        HEADERS["Content-Security-Policy"]
    ] * 2
    assert [answer.status_code for answer in answers] == [404, 400]


def test_static_file_is_for_our_pages_alone(client):
    answer = client.get("/static/ui/js/draft.js")
    b"".join(answer.streaming_content)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_tls_is_kept_to_where_the_origin_says_so(settings):
    answer = middleware.SecurityHeaders(lambda _request: HttpResponse())
    plain = answer(RequestFactory().get("/"))
    settings.SECURE_COOKIES = True

    assert "Strict-Transport-Security" not in plain.headers
    assert answer(RequestFactory().get("/")).headers["Strict-Transport-Security"] == "max-age=15552000"


@pytest.mark.parametrize("url", ["/thu-tuc/?q=a%00", "/thu-tuc/a%00b/", "/thu-tuc/?a%00b=1"])
@pytest.mark.django_db
def test_nul_in_the_address_is_refused(client, url):
    assert client.get(url).status_code == 400


@pytest.mark.django_db
def test_nul_in_a_field_is_refused(client):
    assert client.post("/hien-thi/", {"next": "/\0"}).status_code == 400


@pytest.mark.django_db
def test_cookie_with_nul_is_passed_over(client):
    client.cookies["sessionid"] = '"aaaaaaaaaaaa\\000"'

    assert client.get("/dang-nhap/").status_code == 200


def body_of(size: int, *, signed_in: bool = False) -> int:
    """The status that a form of this length gets, before it is read."""
    request = RequestFactory().post("/", CONTENT_LENGTH=str(size))
    request.user = get_user_model()() if signed_in else AnonymousUser()
    return RefuseBody(lambda _request: HttpResponse())(request).status_code


def test_body_is_refused_unread_when_larger_than_any_form():
    assert (body_of(LARGEST_OF_STRANGERS), body_of(LARGEST_OF_STRANGERS + 1)) == (200, 413)
    assert (body_of(LARGEST, signed_in=True), body_of(LARGEST + 1, signed_in=True)) == (200, 413)


def test_form_is_read_only_after_its_token_was_found_right(settings):
    order = settings.MIDDLEWARE

    assert order.index("django.middleware.csrf.CsrfViewMiddleware") < order.index(
        "gandan.ui.middleware.RefuseBody"
    )


def test_length_that_is_no_number_counts_as_none():
    request = HttpRequest()
    request.META["CONTENT_LENGTH"] = "²"

    assert middleware.length_of(request) == 0
