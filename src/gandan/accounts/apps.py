from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "gandan.accounts"

    def ready(self) -> None:
        from gandan.accounts import checks  # noqa: F401, PLC0415  registers; needs the settings
