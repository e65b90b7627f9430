"""The operators' diary: one line a record, as text or as JSON, and one line a request that failed or was slow.

Codes, route names and figures only: a path may hold a tracking secret, so the route's name stands for it.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from gandan.portal.scrubbing import WithoutWords

log = logging.getLogger(__name__)

SLOW_SECONDS = 1.0
INCIDENT: ContextVar[str] = ContextVar("incident", default="")
PAIR = re.compile(r"(?<!\S)([a-z_]+)=(\S*)")


class MarkIncident(logging.Filter):
    """Gives each record the number of the request under which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.incident = INCIDENT.get() or "-"
        return True


class JsonLines(WithoutWords):
    """A record as one JSON object: at, level, logger, event, the message's key=value pairs, incident, trace."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": PAIR.sub("", message).strip(),
            **dict(PAIR.findall(message)),
        }
        incident = getattr(record, "incident", "-")
        if incident != "-":
            told["incident"] = incident
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class RequestLog:
    """Numbers each request (`X-Incident`) and logs those that failed or were slow; all with GANDAN_LOG_REQUESTS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.all = settings.GANDAN_LOG_REQUESTS

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        incident = secrets.token_hex(4)
        token = INCIDENT.set(incident)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Incident"] = incident
            self.note(request, response, time.perf_counter() - began)
        finally:
            INCIDENT.reset(token)
        return response

    def note(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        failed = response.status_code >= 500
        if self.all or failed or seconds >= SLOW_SECONDS:
            level = logging.ERROR if failed else logging.INFO
            route = request.resolver_match.view_name if request.resolver_match else "-"
            log.log(
                level,
                "request method=%s route=%s status=%d ms=%.0f",
                request.method,
                route,
                response.status_code,
                seconds * 1000,
            )
