"""Where events go: one interface, two brokers behind it.

In: a broker URL.  Out: a Publisher, whose publish() returns only when the broker holds the messages
durably, or says of each one why it does not.  The collector declares the exchange and nothing else;
who listens is the consumer's business.  Both brokers keep the same promises: tests/transport/.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

EXCHANGE = "debrief.events"
CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True)
class OutboundMessage:
    event_id: str
    routing_key: str  # the event's type, e.g. "response.submitted.v1"
    body: bytes  # the envelope, JSON in UTF-8
    traceparent: str | None


@dataclass(frozen=True)
class Published:
    """The broker has it on disk."""


@dataclass(frozen=True)
class Unroutable:
    """Nobody listens for this type yet; the broker did not keep it."""

    reason: str


@dataclass(frozen=True)
class NotConfirmed:
    """The broker may or may not have it: publish again, the reader knows its copies."""

    reason: str


Outcome = Published | Unroutable | NotConfirmed


class Publisher(Protocol):
    def publish(self, messages: Sequence[OutboundMessage]) -> list[Outcome]:
        """One outcome a message, in the same order.

        Raises TryLater when the broker cannot be reached or refuses all work; nothing was taken then.
        """

    def close(self) -> None: ...


def open_publisher(url: str) -> Publisher:
    """A publisher to the broker at `url`; nothing is connected before the first publish()."""
    if url.startswith("embedded:"):
        from collector.publishers.embedded import EmbeddedPublisher

        # embedded:////abs/queue.sqlite3 -> /abs/queue.sqlite3, as in SQLAlchemy's URLs
        return EmbeddedPublisher(url.removeprefix("embedded:///"))
    from collector.publishers.rabbit import RabbitPublisher

    return RabbitPublisher(url)
