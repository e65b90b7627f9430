"""Logs: an error says where and of what kind, never what people typed."""

from __future__ import annotations

import logging
import sys

import pytest
from django.db import IntegrityError, OperationalError

from gandan.portal.scrubbing import ScrubSecrets, WithoutWords

ROW = "DETAIL: Failing row contains (Nguyễn Thị Mẫu, 046188000001, 0912345678)."


def logged(error: Exception, message: str = "Internal Server Error: /ho-so/") -> str:
    """The whole text that an error leaves in the log."""
    try:
        try:
            raise error
        except type(error) as first:
            raise ValueError(ROW) from first
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, message, None, sys.exc_info())
    ScrubSecrets().filter(record)
    return WithoutWords("{levelname} {message}", style="{").format(record)


def test_traceback_keeps_place_and_kind_and_loses_the_row() -> None:
    text = logged(IntegrityError(ROW))

    assert "Mẫu" not in text
    assert "046188000001" not in text
    assert "0912345678" not in text
    assert "django.db.utils.IntegrityError" in text
    assert "builtins.ValueError" in text
    assert "test_scrubbing.py" in text


def test_traceback_says_what_a_machine_lacks() -> None:
    assert "OperationalError: connection refused" in logged(OperationalError("connection refused"))


@pytest.mark.parametrize("door", ["t", "m"])
def test_traceback_and_message_lose_the_secret_of_an_address(door: str) -> None:
    assert "aaaabbbbcccc" not in logged(OSError(f"/{door}/aaaabbbbcccc"), f"Not Found: /{door}/aaaabbbbcccc")


@pytest.mark.parametrize("path", ["/a\r\nERROR forged", "/a\x1b[2J"])
def test_path_cannot_write_a_line_of_its_own(path: str, caplog: pytest.LogCaptureFixture) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.utils.log import log_response

    request = RequestFactory().get("/")
    request.path = path
    log_response("%s: %s", "Not Found", path, response=HttpResponse(status=404), request=request)

    assert not {"\r", "\n", "\x1b"} & set(caplog.records[0].getMessage())
