"""`./gandan demo`: two sample wards with months of dossiers, served at a printed address.

The launcher's command line has made the folder ready before (`gandan.demonstration`).
"""

from __future__ import annotations

import argparse
import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gandan import demonstration, serving
from gandan.organization.models import Unit
from gandan.portal.collected import collect
from gandan.portal.demo.building import build
from gandan.portal.demo.sign_ins import sign_in_table
from gandan.portal.demo.staff import set_passwords
from gandan.portal.migrated import pending


class Command(BaseCommand):
    """Builds the sample data at the first start, then serves."""

    help = "Dựng phường mẫu với hồ sơ tự đặt rồi mở trang (sample wards, served at a printed address)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not settings.GANDAN_DEMO:
            raise CommandError("./gandan demo", returncode=2)
        began = time.monotonic()
        host, port = options["host"], options["port"]
        self.ready_data()
        loopback = serving.is_loopback(host)
        password = demonstration.password_for(settings.GANDAN_DATA, loopback=loopback)
        set_passwords(password)
        collect()
        self.stderr.write(f"  ✓ Dữ liệu mẫu sẵn sàng sau {time.monotonic() - began:.1f} giây")
        self.stdout.write(sign_in_table(serving.shown_address(host, port), password))
        if not options["no_serve"]:
            serving.become(host, port)

    def ready_data(self) -> None:
        """Migrates, and builds the sample unless it is there, whole."""
        marker = demonstration.read_marker(settings.GANDAN_DATA)
        if pending():
            call_command("migrate", verbosity=0, interactive=False)
        if marker.get("complete"):
            self.tell_age(str(marker.get("built_at", "")))
            return
        if Unit.objects.exists():  # only PostgreSQL: there the folder says nothing about the database
            raise CommandError(
                "Cơ sở dữ liệu này đã có đơn vị. Bản chạy thử cần một cơ sở dữ liệu trống.\n"
                "This database holds units already. The demonstration needs an empty one.",
                returncode=2,
            )
        self.stderr.write("  Dựng dữ liệu mẫu lần đầu (khoảng nửa phút) …")
        now = timezone.now()
        logging.getLogger("gandan").setLevel(
            logging.WARNING
        )  # the newcomer reads our three lines, not the log
        build(now, self.stderr.write)
        demonstration.write_marker(settings.GANDAN_DATA, complete=True, built_at=now.isoformat())

    def tell_age(self, built_at: str) -> None:
        """The sample stands still: a day later its dossiers of today are yesterday's."""
        if built_at and timezone.now() - datetime.fromisoformat(built_at) > timedelta(days=1):
            day = timezone.localtime(datetime.fromisoformat(built_at))
            self.stderr.write(
                f"  Dữ liệu mẫu dựng ngày {day:%d/%m/%Y}. Muốn dựng lại quanh hôm nay: ./gandan demo --reset\n"
                f"  (The sample was built on {day:%Y-%m-%d}; --reset builds it round today.)"
            )
