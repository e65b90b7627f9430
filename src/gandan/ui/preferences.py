"""What a visitor chose for the eyes and ears: theme, size of type, language. Kept in cookies."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

THEMES = ("auto", "light", "dark")
TYPES = ("normal", "large")
COOKIES = {"theme": "gandan_theme", "type": "gandan_type", "language": "gandan_language"}
A_YEAR = 365 * 24 * 3600


def choices() -> dict[str, tuple[str, ...]]:
    return {"theme": THEMES, "type": TYPES, "language": tuple(code for code, _name in settings.LANGUAGES)}


@dataclass(frozen=True)
class Preferences:
    """The choices in force; what was never chosen, or is unknown, is the default."""

    theme: str = "auto"
    type: str = "normal"
    language: str = "vi"


def read(request: HttpRequest) -> Preferences:
    """The visitor's choices. The browser's language is not asked: Vietnamese comes first."""
    chosen = {}
    for name, allowed in choices().items():
        value = request.COOKIES.get(COOKIES[name])
        if value in allowed:
            chosen[name] = value
    return Preferences(**chosen)


def write(response: HttpResponseBase, name: str, value: str) -> None:
    """Keeps one choice for a year. `value` must be one of `choices()[name]`."""
    response.set_cookie(
        COOKIES[name],
        value,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
