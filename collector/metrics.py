"""What the collector tells Prometheus: requests by route, and the outbox as the database sees it.

Several web processes share their counters through files (prometheus_client's multiprocess mode):
web.serve() names the folder before this module is first imported.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from collector.outbox import OutboxStats

# Routes are patterns ("/f/<token>"), so that no token ever becomes a label.
REQUESTS = Counter("collector_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("collector_http_request_seconds", "Time to answer a request.", ["route"])
RESPONSES = Counter(
    "collector_submissions", "Submissions by outcome: stored, amended, replayed or refused.", ["outcome"]
)


class OutboxMetrics:
    """Gauges read from the database at the moment of the scrape."""

    def __init__(self, stats: OutboxStats, now: datetime) -> None:
        self._stats = stats
        self._now = now

    def collect(self) -> Iterator[Metric]:
        oldest = self._stats.oldest_waiting_at
        age = (self._now - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily(
            "collector_outbox_waiting", "Events not yet published.", value=self._stats.waiting
        )
        yield GaugeMetricFamily(
            "collector_outbox_oldest_seconds", "Age of the oldest unpublished event.", value=max(age, 0.0)
        )
        yield GaugeMetricFamily(
            "collector_outbox_published", "Events published so far.", value=self._stats.published
        )


def expose(stats: OutboxStats | None, now: datetime) -> bytes:
    """The text format of Prometheus.  Without stats (database away) the outbox gauges are left out."""
    registry = CollectorRegistry()
    if values.ValueClass.__name__ == "MmapedValue":
        MultiProcessCollector(registry)  # sums the files of all processes
    else:
        for metric in (REQUESTS, SECONDS, RESPONSES):
            registry.register(metric)
    if stats is not None:
        registry.register(OutboxMetrics(stats, now))
    return bytes(generate_latest(registry))
