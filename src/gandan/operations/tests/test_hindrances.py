"""Database away, disk full: the page says so, keeps what was typed, and work goes on afterwards."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from gandan import cli
from gandan.ledger.ids import new_id
from gandan.notifications.models import Message
from gandan.ui.hindrances import Hindrance, hindrance_in

ENOUGH = 100_000


def writes(request: HttpRequest) -> HttpResponse:
    """Writes as long as the disk has room."""
    for _number in range(ENOUGH):
        Message.objects.create(
            subject_kind="mau", subject_id=new_id(), topic="m" * 40, channel="call", queued_at=timezone.now()
        )
    return HttpResponse("written")


def loses_the_database(request: HttpRequest) -> HttpResponse:
    """What happens when the server of the database is stopped under a request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("still there")


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError("an error of the program")


urlpatterns = [
    path("ghi/", writes),
    path("mat/", loses_the_database),
    path("hong/", fails),
    path("", include("gandan.urls")),
]
handler500 = "gandan.ui.views.server_error"


@pytest.fixture
def browser(settings: pytest.FixtureRequest) -> Client:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]
    return Client(raise_request_exception=False)


@pytest.fixture
def full_disk(transactional_db: None) -> Iterator[None]:
    """SQLite that may take no further page says what it says on a full disk."""
    if connection.vendor != "sqlite":
        pytest.skip("a limit on pages is SQLite's own (2026-11)")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count=1073741823")


@pytest.mark.usefixtures("full_disk")
def test_full_disk_is_said_and_what_was_typed_is_kept(browser: Client) -> None:
    answer = browser.post("/ghi/", {"note": "Bà Mẫu <b>&", "items": ["1", "2"]})

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Đĩa của máy chủ đã đầy" in page
    assert '<input type="hidden" name="note" value="Bà Mẫu &lt;b&gt;&amp;">' in page
    assert page.count('name="items"') == 2


@pytest.mark.usefixtures("full_disk")
def test_work_goes_on_when_there_is_room_again(browser: Client) -> None:
    browser.post("/ghi/")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1073741823")
    Message.objects.all().delete()

    assert browser.get("/luat/").status_code == 200


def test_database_that_goes_away_comes_back(transactional_db: None, browser: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only a server can be stopped under a request (2026-11)")

    lost = browser.get("/mat/")
    connection.close()  # as Django does at the end of a request, outside of tests
    back = browser.get("/luat/")

    assert lost.status_code == 503
    assert "Cơ sở dữ liệu chưa trả lời" in lost.content.decode()
    assert back.status_code == 200


@pytest.mark.django_db
def test_error_of_the_program_stays_an_error(browser: Client) -> None:
    assert browser.post("/hong/", {"note": "Mẫu"}).status_code == 500


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize(
    "typed", [{"new_password1": "bí mật"}, {"scan": SimpleUploadedFile("mau.png", b"mau", "image/png")}]
)
def test_secrets_and_files_are_not_written_into_the_page(browser: Client, typed: dict[str, object]) -> None:
    page = browser.post("/ghi/", {"note": "Bà Mẫu", **typed}).content.decode()

    assert "Bà Mẫu" not in page
    assert "bí mật" not in page


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (OperationalError("database or disk is full"), Hindrance.DISK_FULL),
        (OperationalError("could not extend file: No space left on device"), Hindrance.DISK_FULL),
        (OperationalError("connection refused"), Hindrance.DATABASE_AWAY),
        (OSError(errno.ENOSPC, "No space left on device"), Hindrance.DISK_FULL),
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError("disk is full"), None),
    ],
)
def test_kinds_of_hindrance(error: Exception, found: Hindrance | None) -> None:
    assert hindrance_in(error) is found


def test_command_says_that_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(_arguments: list[str]) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.core.management.execute_from_command_line", refuses)

    assert cli.main(["verify"]) == 1
    assert "connection refused" in capsys.readouterr().err


@pytest.mark.django_db
def test_failed_request_is_logged_by_its_number_and_route(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="gandan.operations.logs"):
        answer = browser.get("/hong/")

    [line] = [record.getMessage() for record in caplog.records if record.name == "gandan.operations.logs"]
    assert line.startswith(
        "request method=GET route=gandan.operations.tests.test_hindrances.fails status=500 ms="
    )
    assert len(answer.headers["X-Incident"]) == 8


def test_tracking_secret_is_in_no_request_line(
    db: None, browser: Client, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.GANDAN_LOG_REQUESTS = True  # type: ignore[attr-defined]

    with caplog.at_level(logging.INFO, logger="gandan.operations.logs"):
        browser.get("/t/aaaaaaaaaaaaaaaaaaaaaaaaaa")

    lines = [record.getMessage() for record in caplog.records if record.name == "gandan.operations.logs"]
    assert [line.rpartition(" ")[0] for line in lines] == [
        "request method=GET route=portal:exchange status=404"
    ]
