"""`./gandan work`: the background work, one process at a time (started and watched by the supervisor)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import date, datetime, timedelta
from io import StringIO
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from gandan.accounts.actions import forget_old_sign_ins
from gandan.dossiers.actions.reroute import pass_on
from gandan.dossiers.actions.watch import watch
from gandan.notifications.leases import BACKGROUND_WORK, LASTS, hold, release
from gandan.portal.limits import forget_old
from gandan.portal.morning_mail import queue_digests
from gandan.portal.outbox import send_waiting

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
WATCH_EVERY = timedelta(minutes=5)


class Command(BaseCommand):
    """Watches dates, plans calls, sends the outbox, writes the daily head file, forgets ended sessions and old tries."""

    help = "Việc nền: theo dõi hạn, gửi thư, ghi đầu chuỗi mỗi ngày (background work: dates, outbox, daily heads)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="làm một lượt rồi dừng (one round, then stop)"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        self.done_on: date | None = None
        self.watched_at: datetime | None = None
        holder, parent = f"{socket.gethostname()}:{os.getpid()}", os.getppid()
        if options["once"]:
            self.round(holder)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        # A supervisor that was killed takes nobody along: its orphan notices that it got another parent.
        while not self.stopping.is_set() and os.getppid() == parent:
            self.round(holder)
            self.stopping.wait(PAUSE_SECONDS)
        release(BACKGROUND_WORK, holder=holder)

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def round(self, holder: str) -> None:
        """One round of work if the lease is ours; a failure is logged and the next round tries again."""
        try:
            close_old_connections()
            at = timezone.now()
            if hold(BACKGROUND_WORK, holder=holder, at=at, lasting=LASTS):
                send_waiting(at)
                self.daily(at)
                self.watch(at)
                pass_on(at)  # last: what hinders a merger hinders nobody's mail
        except Exception:  # the outermost loop of a worker
            log.exception("background work failed")

    def watch(self, at: datetime) -> None:
        """Dates, calls and the leaders' morning mail, every few minutes; repeating it adds nothing."""
        if self.watched_at and at - self.watched_at < WATCH_EVERY:
            return
        watched = watch(at)
        digests = queue_digests(at)
        if watched.warnings or watched.calls or digests:
            log.info("watched warnings=%d calls=%d digests=%d", watched.warnings, watched.calls, digests)
        self.watched_at = at

    def daily(self, at: datetime) -> None:
        """What is done once a day, and at each start: repeating it harms nothing."""
        today = timezone.localdate(at)
        if self.done_on == today:
            return
        try:
            call_command("heads", stdout=StringIO())
        except CommandError as finding:  # a chain that contradicts an earlier head: for the person in charge
            log.error("daily heads refused: %s", finding)
        call_command("clearsessions")
        forget_old(at)
        forget_old_sign_ins(at)
        self.done_on = today
