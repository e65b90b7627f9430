"""What every page knows without being told by its view."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from gandan.ui.preferences import Preferences, read


def page(request: HttpRequest) -> dict[str, object]:
    """`preferences` for theme, type and language; `is_demo` for the "DỮ LIỆU MẪU" banner."""
    preferences: Preferences = read(request)
    return {"preferences": preferences, "is_demo": settings.GANDAN_DEMO}
