"""Where messages come from: one interface, two brokers behind it.

In: a broker URL.  Out: a Consumer (deliveries and their verdicts) or DeadLetters (the morgue's door).
A delivery stays the consumer's until it is settled; a process that dies gives all of its own back.
Both brokers are held to the same promises by tests/transport/.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

QUEUE = "analyzer.responses"
RETRY_QUEUE = "analyzer.responses.retry"
DEAD_QUEUE = "analyzer.responses.dead"
BINDINGS = ("response.#", "photo.#", "visit.#")
DELIVERY_LIMIT = 20  # the broker's own; the worker parks a poison message long before
RETRY_SECONDS = 30.0  # how long a message waits in the retry queue


@dataclass(frozen=True)
class Delivery:
    message_id: str | None
    type: str  # routing key it was published with
    body: bytes
    traceparent: str | None
    redelivered: bool  # handed out before and never settled: its last consumer may have died of it
    tag: object  # the broker's own name of this delivery


@dataclass(frozen=True)
class Ack:
    """Done, and durably so: forget it."""


@dataclass(frozen=True)
class Retry:
    """Fine, but not now: comes back after RETRY_SECONDS, as often as it takes."""

    reason: str


@dataclass(frozen=True)
class DeadLetter:
    """Hopeless as it is: kept aside with the reason, for people to look at."""

    reason: str


Verdict = Ack | Retry | DeadLetter


@dataclass(frozen=True)
class Dead:
    """One message in the dead letters."""

    id: str  # message id, or sha256 of the body where it has none
    type: str
    reason: str
    died_at: datetime | None  # None: the broker itself parked it and did not say when
    body: bytes


class Consumer(Protocol):
    def open(self) -> None:
        """Connect and declare the queue, so that messages are kept from now on.  receive() does it too.

        Raises TryLater when the broker cannot be reached.
        """

    def receive(self, limit: int, timeout: float) -> list[Delivery]:
        """Up to `limit` deliveries in order, as soon as there is one; [] after `timeout` seconds.

        With a limit of 0 it waits, and keeps an open connection alive but opens none.
        Raises TryLater when the broker cannot be reached.
        """

    def settle(self, deliveries: Sequence[Delivery], verdicts: Sequence[Verdict]) -> None:
        """Carry out one verdict a delivery.  Raises TryLater; what was not settled comes again."""

    def close(self) -> None:
        """Give back whatever is not settled."""


class DeadLetters(Protocol):
    """The dead letters.  Every method raises TryLater when the broker cannot be reached."""

    def count(self) -> int:
        """As the broker counts them: those that somebody is looking at join again a moment later."""

    def waiting(self) -> int:
        """Messages that are in the queue and that no worker holds: what health judges by."""

    def list(self) -> Sequence[Dead]:
        """All of them, the oldest first."""

    def show(self, id: str) -> Dead | None: ...

    def replay(self, ids: Collection[str] | None) -> Sequence[str]:
        """Put these (None: all) back into the queue; gives the ids that were there.

        Safe to repeat: the inbox knows what was recorded.
        """

    def discard(self, ids: Collection[str] | None) -> Sequence[str]:
        """Forget these (None: all) for good; gives the ids that were there."""

    def close(self) -> None: ...


def open_consumer(url: str, *, prefetch: int = 128, retry_seconds: float = RETRY_SECONDS) -> Consumer:
    """A consumer of the analyzer's queue at `url`; nothing is connected before the first receive().

    prefetch: how many unsettled deliveries it may hold, in all.
    """
    if url.startswith("embedded:"):
        from analyzer.consumers.embedded import EmbeddedConsumer

        return EmbeddedConsumer(embedded_path(url), prefetch=prefetch, retry_seconds=retry_seconds)
    from analyzer.consumers.rabbit import RabbitConsumer

    return RabbitConsumer(url, prefetch=prefetch, retry_seconds=retry_seconds)


def open_dead_letters(url: str) -> DeadLetters:
    if url.startswith("embedded:"):
        from analyzer.consumers.embedded_dead import EmbeddedDeadLetters

        return EmbeddedDeadLetters(embedded_path(url))
    from analyzer.consumers.rabbit_dead import RabbitDeadLetters

    return RabbitDeadLetters(url)


def embedded_path(url: str) -> str:
    """embedded:////abs/queue.sqlite3 -> /abs/queue.sqlite3, as in SQLAlchemy's URLs."""
    return url.removeprefix("embedded:///")
