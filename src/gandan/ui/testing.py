"""Pages in a real browser, for the tests of every room: `browser_page`, `check_axe`.

    @pytest.mark.browser
    @pytest.mark.parametrize(("width", "theme"), SIGHTS)
    def test_list_is_open_to_everybody(browser_page, width, theme):
        user = make_user()
        page = browser_page("/viec-hom-nay/", user=user, width=width, theme=theme)
        check_axe(page)

Chromium comes from the system. Without it these tests are skipped, but under CI=true they fail.
Loaded as a pytest plug-in by the root `conftest.py`; nothing here runs in production.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast

import pytest
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = (390, 1280)
THEMES = ("light", "dark")
SIGHTS = [(width, theme) for width in WIDTHS for theme in THEMES]
HEIGHT = 900
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = Path(__file__).resolve().parents[3] / "tests" / "vendor" / "axe-core-4.14.1" / "axe.min.js"
AXE_RUN = """async () => (await axe.run({resultTypes: ['violations']})).violations.map(
    v => `${v.id}: ${v.help}\\n` + v.nodes.map(n => `    ${n.html}\\n    ${n.failureSummary}`).join('\\n'))"""


class OpensPage(Protocol):
    """What the fixture `browser_page` gives."""

    def __call__(
        self,
        path: str,
        *,
        user: AbstractBaseUser | None = None,
        width: int = 1280,
        theme: str = "light",
        language: str = "vi",
        script: bool = True,
    ) -> Page:
        """Opens `path` of the live server in a fresh browser window, signed in as `user`."""


def chromium_path() -> str:
    """The system's Chromium (GANDAN_CHROMIUM names another), or '' when there is none."""
    given = os.environ.get("GANDAN_CHROMIUM", "")
    return given or shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    path = chromium_path()
    if not path:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps a loop running in this thread from now on; Django would refuse its database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def session_cookies(user: AbstractBaseUser, url: str) -> list[Any]:
    """The cookies of a session signed in as `user`, without going through the sign-in page."""
    client = Client()
    client.force_login(cast(Any, user), backend="django.contrib.auth.backends.ModelBackend")
    return [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": url}]


def watch(page: Page, problems: list[str]) -> None:
    """Collects script errors and what the content security policy refused."""
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security Policy" in message.text else None,
    )


@pytest.fixture
def browser_page(live_server: Any, chromium: Browser) -> Iterator[OpensPage]:
    """Opens pages of the live server; after the test no script error and no CSP refusal may have happened."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        path: str,
        *,
        user: AbstractBaseUser | None = None,
        width: int = 1280,
        theme: str = "light",
        language: str = "vi",
        script: bool = True,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            base_url=live_server.url,
            reduced_motion="reduce",
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        contexts.append(context)
        chosen = {"gandan_theme": theme, "gandan_language": language}
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in chosen.items()])
        if user is not None:
            context.add_cookies(session_cookies(user, live_server.url))
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch(page, problems)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    if problems:
        pytest.fail("\n".join(problems))


def check_axe(page: Page) -> None:
    """Asserts that axe finds nothing on the page as it stands; prints each violation with its elements."""
    page.evaluate(AXE.read_text("utf-8"))
    violations = page.evaluate(AXE_RUN)
    if violations:
        pytest.fail(f"{page.url}\n" + "\n".join(violations))


def check_no_sideways_scroll(page: Page) -> None:
    """Asserts that nothing is wider than the screen."""
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide > screen:
        pytest.fail(f"{page.url} is {wide} px wide on a screen of {screen}")
