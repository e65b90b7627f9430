"""`./gandan serve [--host] [--port]`: serves this installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gandan import serving
from gandan.portal.collected import collect
from gandan.portal.migrated import pending


class Command(BaseCommand):
    """Checks that the database is up to date, collects static files, then becomes the supervisor."""

    help = "Mở trang của bản cài đặt này (serves this installation). Behind a proxy with TLS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if settings.DEBUG:
            raise CommandError(
                "GANDAN_DEBUG đang bật: tắt đi rồi chạy lại. (GANDAN_DEBUG is on: switch it off.)",
                returncode=2,
            )
        problem = serving.port_problem(options["host"], options["port"])
        if problem:
            raise CommandError(problem, returncode=2)
        if pending():
            raise CommandError(
                "Cơ sở dữ liệu chưa được nâng cấp. Sao lưu, rồi chạy: ./gandan migrate\n"
                "The database is not up to date. Make a backup, then run: ./gandan migrate",
                returncode=1,
            )
        collect()
        serving.become(options["host"], options["port"])
