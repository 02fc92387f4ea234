"""Consuming from RabbitMQ.  The only room of the analyzer that knows pika.

The first error of any kind drops the connection, which gives everything unsettled back to the queue;
the next receive() opens another.  A message that moves (to the retry queue, to the dead letters) is
published there with a confirm before it is acked here: twice is possible, lost is not.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from analyzer.consumers import (
    DEAD_QUEUE,
    QUEUE,
    RETRY_QUEUE,
    Ack,
    DeadLetter,
    Delivery,
    Verdict,
    topology,
)
from analyzer.errors import Refused, TryLater

OPEN_TIMEOUT = 15.0  # seconds
BLOCKED_TIMEOUT = 60.0  # seconds a retry or dead letter waits for a broker with an alarm
# Seconds, unless the URL names another: a batch on a slow database must not look like a dead worker.
HEARTBEAT = 60
DECLARE_EVERY = 60.0  # seconds; mends a binding or a queue that somebody deleted under us
MAX_REASON = 1000  # characters; a header must fit a frame
REASON, DIED_AT = "x-debrief-reason", "x-debrief-died-at"
# What the broker wrote about earlier journeys; a message that is published again starts a new one.
BROKER_HEADERS = ("x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-count")


@dataclass(frozen=True)
class Tag:
    """A delivery tag counts only in the connection that gave it."""

    session: int
    number: int
    properties: Any


class RabbitConsumer:
    """See analyzer.consumers.Consumer.  For one thread."""

    def __init__(self, url: str, *, prefetch: int, retry_seconds: float) -> None:
        self._url, self._prefetch, self._retry_seconds = url, prefetch, retry_seconds
        self._session = 0
        self._next_declare = 0.0
        self._arrived: deque[Delivery] = deque()
        self._handed_out: dict[int, None] = {}  # unsettled tag numbers, in order
        self._connection: Any = None
        self._channel: Any = None  # deliveries and acks
        self._letters: Any = None  # confirmed publishing

    def open(self) -> None:
        if self._connection is not None:
            return
        with self._fates():
            self._connection = connect(self._url)
            self._channel = self._connection.channel()
            self._declare()
            self._letters = self._connection.channel()
            self._letters.confirm_delivery()
            self._channel.basic_qos(prefetch_count=self._prefetch)
            self._channel.add_on_cancel_callback(self._on_cancel)
            self._channel.basic_consume(QUEUE, self._on_delivery)

    def receive(self, limit: int, timeout: float) -> list[Delivery]:
        if limit == 0 and self._connection is None:
            time.sleep(timeout)
            return []
        self.open()
        with self._fates():
            self._process(limit, timeout)
        batch = [self._arrived.popleft() for _ in range(min(limit, len(self._arrived)))]
        self._handed_out |= dict.fromkeys(delivery.tag.number for delivery in batch)  # type: ignore[attr-defined]
        return batch

    def settle(self, deliveries: Sequence[Delivery], verdicts: Sequence[Verdict]) -> None:
        moved: set[int] = set()
        with self._fates():
            try:
                for delivery, verdict in zip(deliveries, verdicts, strict=True):
                    tag = delivery.tag
                    if isinstance(tag, Tag) and tag.session == self._session:
                        self._move(delivery.body, tag.properties, verdict)
                        moved.add(tag.number)
            finally:
                self._ack(moved)

    def close(self) -> None:
        """Unsettled deliveries go back to the queue with the connection."""
        self._session += 1
        self._arrived.clear()
        self._handed_out.clear()
        if self._connection is not None:
            with suppress(AMQPError, OSError):
                self._connection.close()
        self._connection = None

    def _declare(self) -> None:
        topology.declare(self._channel, self._retry_seconds)
        self._next_declare = time.monotonic() + DECLARE_EVERY

    def _process(self, limit: int, timeout: float) -> None:
        """Serve the connection: until there is a delivery, or for `timeout` where none is wanted."""
        deadline = time.monotonic() + timeout
        if time.monotonic() >= self._next_declare:
            self._declare()
        self._connection.process_data_events(0)
        while (limit == 0 or not self._arrived) and (left := deadline - time.monotonic()) > 0:
            self._check_open()
            self._connection.process_data_events(left)
        self._check_open()

    def _check_open(self) -> None:
        """pika does not raise by itself when the broker closes a channel or cancels a consumer."""
        if not (self._connection and self._channel.is_open and self._channel.consumer_tags):
            raise AMQPError("the broker ended the subscription")

    def _on_delivery(self, _channel: Any, method: Any, properties: Any, body: bytes) -> None:
        traceparent = (properties.headers or {}).get("traceparent")
        self._arrived.append(
            Delivery(
                message_id=properties.message_id,
                type=properties.type or method.routing_key,
                body=body,
                traceparent=traceparent if isinstance(traceparent, str) else None,
                redelivered=method.redelivered,
                tag=Tag(self._session, method.delivery_tag, properties),
            )
        )

    def _on_cancel(self, _frame: Any) -> None:
        """The queue was deleted: _check_open sees that no consumer is left, and the next open declares it."""

    def _move(self, body: bytes, properties: Any, verdict: Verdict) -> None:
        if isinstance(verdict, Ack):
            return
        headers = {REASON: verdict.reason[:MAX_REASON]}
        if isinstance(verdict, DeadLetter):
            headers[DIED_AT] = datetime.now(UTC).isoformat()
        forward(self._letters, DEAD_QUEUE if DIED_AT in headers else RETRY_QUEUE, body, properties, headers)

    def _ack(self, settled: set[int]) -> None:
        """One `multiple` ack for the unbroken run of the oldest, one each for the others."""
        run = list(takewhile(settled.__contains__, self._handed_out))
        if run:
            self._channel.basic_ack(run[-1], multiple=True)
        for number in sorted(settled.difference(run)):
            self._channel.basic_ack(number)
        for number in settled:
            del self._handed_out[number]

    @contextmanager
    def _fates(self) -> Iterator[None]:
        try:
            with fates():
                yield
        except (TryLater, Refused):
            self.close()
            raise


@contextmanager
def fates() -> Iterator[None]:
    """pika's errors as ours."""
    try:
        yield
    except ChannelClosedByBroker as error:
        if error.reply_code == 406 and "inequivalent arg" in error.reply_text:
            raise Refused(f"RabbitMQ: {_other_settings(error.reply_text)}") from error
        raise TryLater(f"RabbitMQ: {plain(error)}") from error
    except (AMQPError, OSError) as error:
        raise TryLater(f"RabbitMQ: {plain(error)}") from error


def _other_settings(text: str) -> str:
    return (
        f"a queue or exchange exists with other settings ({text}). Let it run empty, "
        "delete it (`rabbitmqctl delete_queue NAME`) and start again: the worker declares it anew"
    )


def connect(url: str) -> Any:
    parameters = pika.URLParameters(url)
    parameters.connection_attempts = 1  # the worker has its own patience
    parameters.socket_timeout = parameters.stack_timeout = OPEN_TIMEOUT
    parameters.blocked_connection_timeout = BLOCKED_TIMEOUT
    if parameters.heartbeat is None:
        parameters.heartbeat = HEARTBEAT
    return pika.BlockingConnection(parameters)


def forward(channel: Any, queue: str, body: bytes, properties: Any, headers: dict[str, Any]) -> None:
    """Publish the message as it came to one queue by name; returns when the broker has it on disk."""
    kept = {
        name: value
        for name, value in (properties.headers or {}).items()
        if not name.startswith((*BROKER_HEADERS, REASON, DIED_AT))
    }
    copy = pika.BasicProperties(
        content_type=properties.content_type,
        delivery_mode=2,
        message_id=properties.message_id,
        type=properties.type,
        headers=kept | headers,
    )
    channel.basic_publish("", queue, body, copy, mandatory=True)


def plain(error: BaseException) -> str:
    """pika wraps errors in errors; the innermost one says what happened."""
    wrapped = (*getattr(error, "exceptions", ()), getattr(error, "exception", None), *error.args)
    inner = [part for part in wrapped if isinstance(part, BaseException)]
    if inner:
        return plain(inner[-1])
    return str(error) or type(error).__name__
