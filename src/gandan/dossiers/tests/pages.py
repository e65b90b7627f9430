"""What the tests of pages share: a moment, a sign-in, a form filled from the page that was shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gandan.dossiers.models import Dossier
from gandan.dossiers.tests.factories import MONDAY, Ward
from gandan.dossiers.views.acts import act_url
from gandan.organization.models import Role

NOW = MONDAY + timedelta(hours=2)


def client_of(ward: Ward, role: Role) -> Client:
    """A browser in which the ward's officer with this role is signed in."""
    client = Client()
    client.force_login(ward.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def queries_of(client: Client, url: str, *, data: dict[str, Any] | None = None) -> tuple[Any, int]:
    """The answer and its number of queries, the look every two seconds for new reference rows left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gandan.law.cache.CHECK_SECONDS", float("inf"))
        client.get(url) if data is None else client.post(url, data)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url) if data is None else client.post(url, data)
    return response, len(queries)


def page_url(dossier: Dossier) -> str:
    return f"/ho-so/{dossier.id}/"


def filled(client: Client, dossier: Dossier, act: str, **typed: Any) -> dict[str, Any]:
    """The form of the act as its page shows it, with what is typed into it."""
    form = client.get(act_url(dossier.id, act)).context["form"]
    kept = {name: form[name].value() for name in ("request_id", "seen")}
    return {**kept, **typed}


def do(client: Client, dossier: Dossier, act: str, **typed: Any) -> HttpResponseBase:
    """Opens the act's page, fills the form and sends it."""
    return client.post(act_url(dossier.id, act), filled(client, dossier, act, **typed))


def sent(request_id: UUID, seen: int, **typed: Any) -> dict[str, Any]:
    """A form as somebody sends it who did not open its page now."""
    return {"request_id": str(request_id), "seen": seen, **typed}


def at(text: str) -> datetime:
    """A moment on the wall of the office."""
    return datetime.fromisoformat(text).replace(tzinfo=MONDAY.tzinfo)
