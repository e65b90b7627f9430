"""The first view on a phone stays light: page, styles, scripts, icons and the faces of two subsets."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).resolve().parents[1] / "static"
BUDGET = 120 * 1024
HEADERS = 400  # of one answer
FONTS_OF_A_VIETNAMESE_PAGE = [
    STATIC / "vendor" / "be-vietnam-pro-5.3.0" / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "vietnamese")
    for weight in (400, 600)
]


def on_the_wire(path: Path) -> int:
    content = path.read_bytes()
    return HEADERS + (len(content) if path.suffix == ".woff2" else len(brotli.compress(content)))


@pytest.mark.parametrize("audience", ["staff", "public"])
def test_first_view_stays_within_its_budget(client, settings, audience):
    settings.GANDAN_COMPONENT_PAGE = True
    page = client.get(f"/ui/?audience={audience}").content
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode())) - {"ui/js/page.js"}
    files = {STATIC / name for name in linked} | set((STATIC / "ui" / "js").glob("*.js"))

    weight = len(page) + HEADERS + sum(on_the_wire(path) for path in files | set(FONTS_OF_A_VIETNAMESE_PAGE))

    assert len(files) >= 18
    assert weight <= BUDGET
