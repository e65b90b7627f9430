"""Loads the procedures and workflows that ship with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gandan.catalogue.actions import load_shipped


class Command(BaseCommand):
    help = "Loads the shipped procedures as versions; an unchanged procedure is passed over."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_shipped(timezone.now())
        if options["verbosity"]:
            self.stdout.write(
                f"procedures: +{loaded.added}, renewed {loaded.renewed}, withdrawn {loaded.withdrawn}, "
                f"unchanged {loaded.unchanged}, published here and kept {loaded.kept}; workflows: {loaded.workflows}"
            )
