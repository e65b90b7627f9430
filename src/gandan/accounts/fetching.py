"""One request to the provider. Apart from `oidc`, because loading urllib.request costs the start 0.05 s.

It goes through the proxy of the environment (`https_proxy`), if there is one, and follows no redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

PATIENCE_SECONDS = 5.0
LARGEST_ANSWER = 512 * 1024
REFUSALS = {400, 401}  # with the word of the protocol in the body


class Unanswered(Exception):
    """No answer; `silent` if nobody was there, or not in time."""

    def __init__(self, reason: str, *, silent: bool = False) -> None:
        super().__init__(reason)
        self.silent = silent


class NoWayOn(HTTPRedirectHandler):
    """A redirect is an error here: nobody sends us to another address."""

    def redirect_request(self, *_asked: Any) -> None:
        return None


def opener() -> OpenerDirector:
    return build_opener(NoWayOn)


def fetch(url: str, data: Mapping[str, str] | None, headers: Mapping[str, str]) -> tuple[bool, bytes]:
    """Whether the answer is a yes, and its body, at most `LARGEST_ANSWER` and one byte. Raises Unanswered."""
    body = urlencode(data).encode() if data is not None else None
    request = Request(url, data=body, headers={"Accept": "application/json", **headers})  # noqa: S310  https alone: oidc.is_safe
    try:
        with opener().open(request, timeout=PATIENCE_SECONDS) as response:
            return True, response.read(LARGEST_ANSWER + 1)
    except HTTPError as error:
        with error:
            if error.code in REFUSALS:
                return False, error.read(LARGEST_ANSWER + 1)
        raise Unanswered(f"status {error.code}") from error
    except (OSError, HTTPException) as error:
        raise Unanswered(type(error).__name__, silent=True) from error
