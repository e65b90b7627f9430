"""Every page is written, letter by letter, as Django would write it from the templates as they stand in the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.template import engines
from django.test import Client
from django.utils.translation import override
from tests.test_matrix import CAST, ROWS, Row, Stage, stage  # noqa: F401  a fixture

import gandan
from gandan.calculus.rules import VIETNAM
from gandan.ui.flat_templates import Flat, Loader
from gandan.ui.preferences import COOKIES

PAGES = tuple(row for row in ROWS if row.method == "get" and 200 in row.expected.values())
CHANGING = re.compile(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "\w+"|value="[0-9a-f-]{36}"')
NOON = datetime(2026, 11, 12, 11, 0, tzinfo=VIETNAM)
AS_DJANGO_DOES = deepcopy(settings.TEMPLATES)
AS_DJANGO_DOES[0]["OPTIONS"]["loaders"] = ["django.template.loaders.app_directories.Loader"]


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def written(client: Client, url: str, language: str) -> str:
    client.cookies[COOKIES["language"]] = language
    answer = client.get(url)
    if answer.streaming:  # a file; read it, or it would stay open
        return str(len(b"".join(answer.streaming_content)))
    if not answer.headers["Content-Type"].startswith("text/html"):
        return str(answer.status_code)
    return CHANGING.sub("", answer.text)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.url)
def test_page_is_what_django_writes(row: Row, at_noon: None, stage: Stage, settings: Any) -> None:  # noqa: F811
    url = row.url.format(**stage.places)
    readers = [who for who in ("citizen", "counter_officer", "specialist") if who in CAST]

    flat = [written(stage.clients[who], url, language) for who in readers for language in ("vi", "en")]
    settings.TEMPLATES = AS_DJANGO_DOES
    plain = [written(stage.clients[who], url, language) for who in readers for language in ("vi", "en")]

    assert flat == plain
    assert any(flat)


def files() -> list[str]:
    package = Path(gandan.__file__).parent
    return sorted(str(path.relative_to(path.parents[1])) for path in package.glob("*/templates/*/*.html"))


@pytest.mark.parametrize("name", files())
def test_template_can_be_made_flat(name: str) -> None:
    engine = engines["django"].engine
    assert isinstance(engine.template_loaders[0], Loader)

    with override("vi"):
        template = engine.get_template(name)

    assert isinstance(template.nodelist, Flat)
