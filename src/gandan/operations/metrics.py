"""The figures of `measures` in the format that Prometheus and its kin read; made anew for each reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import gandan
from gandan.operations import measures
from gandan.portal.migrated import pending


class Figures(Collector):
    """All gauges as of one moment. What is not known has no line."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        yield of_version()
        yield gauge("migrations_pending", "1 if the database is behind the code", float(pending()))
        yield gauge("database_bytes", "Size of the database on disk", measures.database_bytes())
        yield from self.disk()
        yield from self.clock()
        yield from self.background()
        yield from self.ledger()

    def disk(self) -> Iterator[Metric]:
        found = measures.disk()
        yield gauge("disk_free_bytes", "Free bytes under the data folder", found.free)
        yield gauge("disk_total_bytes", "Bytes of the disk under the data folder", found.total)

    def clock(self) -> Iterator[Metric]:
        kernel = measures.kernel_clock()
        if kernel:
            yield gauge(
                "clock_synchronised", "1 if NTP holds this machine's clock", float(kernel.synchronised)
            )
            yield gauge(
                "clock_error_seconds", "Most that the kernel thinks it is wrong", kernel.error_seconds
            )
        yield from known(
            "clock_database_ahead_seconds",
            "Database server's clock before ours",
            measures.database_clock_ahead(),
        )
        yield gauge(
            "clock_behind_ledger_seconds",
            "By how much our clock lies before the last event",
            measures.behind_ledger(self.at),
        )

    def background(self) -> Iterator[Metric]:
        yield from known(
            "job_round_age_seconds", "Since a job worker began a round", measures.job_round_ago(self.at)
        )
        found = measures.outbox(self.at)
        waiting = GaugeMetricFamily(
            "gandan_outbox_waiting", "Messages that wait, by channel", labels=["channel"]
        )
        for channel, number in found.waiting.items():
            waiting.add_metric([channel], number)
        yield waiting
        yield gauge(
            "outbox_oldest_mail_seconds", "How long the oldest e-mail waits", found.oldest_mail_seconds
        )
        yield from known(
            "backup_age_seconds", "Since DATA/last-backup was touched", measures.backup_ago(self.at)
        )

    def ledger(self) -> Iterator[Metric]:
        found = measures.book(self.at)
        yield gauge("ledger_chains", "Chains of the ledger", found.chains)
        yield gauge("ledger_events", "Events of all chains", found.events)
        yield from known(
            "verify_age_seconds", "Since the whole ledger was verified", found.verified_seconds_ago
        )
        yield from known(
            "verify_sound", "1 if that found nothing", None if found.sound is None else float(found.sound)
        )
        yield from known(
            "heads_age_seconds", "Since the newest daily head file", measures.head_file_ago(self.at)
        )


def gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"gandan_{name}", says, value=value)


def known(name: str, says: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield gauge(name, says, value)


def of_version() -> Metric:
    family = GaugeMetricFamily("gandan_info", "Version of the program", labels=["version"])
    family.add_metric([gandan.__version__], 1)
    return family


def text(at: datetime) -> bytes:
    """All figures in the Prometheus text format, version 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(at))
    return generate_latest(registry)
