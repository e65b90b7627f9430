"""`./gandan manage rotate_identity_key`: a new key for identity numbers; older values stay readable."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gandan.accounts import secrets


class Command(BaseCommand):
    help = "Adds a new sealing key for identity numbers and makes it current. Keep a copy of the key file."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = secrets.keys_file()
        self.stdout.write(f"{secrets.add_key(path)} → {path}")
