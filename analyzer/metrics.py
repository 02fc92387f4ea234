"""What the analyzer tells Prometheus: requests by route, and the pipe as database and broker see it.

Several web processes share their counters through files (prometheus_client's multiprocess mode):
web.serve() names the folder before this module is first imported.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from analyzer.health import Numbers

# Routes are patterns ("/d/<name>"), so that no token ever becomes a label.
REQUESTS = Counter("analyzer_http_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("analyzer_http_request_seconds", "Time to answer a request.", ["route"])

GAUGES = {
    "events": "Events recorded so far.",
    "responses": "Responses that stand, in their newest revision.",
    "dead_letters": "Messages that were given up and wait for a person.",
    "waiting": "Messages in the queue.",
    "worker_silent_seconds": "Time since a worker gave a sign of life.",
    "worker_stopped": "1: too many dead letters in a row have stopped the workers.",
    "last_event_seconds": "Time since the last event was recorded.",
}


class PipeMetrics:
    """Gauges read at the moment of the scrape; what cannot be known right now is left out."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        for name, what in GAUGES.items():
            value = getattr(self._numbers, name)
            if value is not None:
                yield GaugeMetricFamily(f"analyzer_{name}", what, value=value)


def expose(numbers: Numbers) -> bytes:
    """The text format of Prometheus."""
    registry = CollectorRegistry()
    if values.ValueClass.__name__ == "MmapedValue":
        MultiProcessCollector(registry)  # sums the files of all processes
    else:
        for metric in (REQUESTS, SECONDS):
            registry.register(metric)
    registry.register(PipeMetrics(numbers))
    return bytes(generate_latest(registry))
