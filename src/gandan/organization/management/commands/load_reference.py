"""Loads the law, the communes and the calendar that ship with the product."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils import timezone

from gandan.law.actions import load_shipped
from gandan.organization.loading import load_communes, load_days

#: Higher rooms load what is theirs by their own command, called by name: nothing is imported upwards.
FURTHER = ("load_catalogue",)


class Command(BaseCommand):
    help = (
        "Loads the shipped law, communes and calendar (and the catalogue); an unchanged file is passed over."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        law, communes, days = load_shipped(at), load_communes(), load_days(at)
        if options["verbosity"]:
            self.stdout.write(
                f"law: +{law.added}, superseded {law.superseded}, held back {law.held_back}; "
                f"communes and predecessors: {communes}; "
                f"days: +{days.added}, superseded {days.superseded}, held back {days.held_back}"
            )
        for name in FURTHER:
            if name in get_commands():
                call_command(name, verbosity=options["verbosity"], stdout=self.stdout)
