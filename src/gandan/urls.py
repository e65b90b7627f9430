"""All front doors. Each URL stands in the who-may-see-what matrix test (tests/test_matrix.py)."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
for _room in (
    "ui",
    "accounts",
    "law",
    "documents",
    "organization",
    "catalogue",
    "dossiers",
    "portal",
    "operations",
    "administration",
):
    if find_spec(f"gandan.{_room}.urls"):
        urlpatterns.append(path("", include(f"gandan.{_room}.urls")))

handler400 = "gandan.ui.views.bad_request"
handler500 = "gandan.ui.views.server_error"
