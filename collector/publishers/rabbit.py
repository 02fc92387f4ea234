"""Publishing to RabbitMQ: persistent, mandatory, with a window of outstanding confirms.

The only room of the collector that knows pika.  One connection lives in a thread of its own, so that
heartbeats go on while the relay is idle or busy; the first error of any kind ends it, and the next
publish() opens another.  A window of 256 confirms gives about ten times the rate of waiting for each.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.exceptions import AMQPError

from collector.errors import TryLater
from collector.publishers import CONTENT_TYPE, EXCHANGE, NotConfirmed, OutboundMessage, Outcome
from collector.publishers.confirms import Batch, Window

WINDOW = 256  # outstanding confirms; more gains little and makes each one wait longer
OPEN_TIMEOUT = 15.0  # seconds from the first packet to a channel with confirms
CONFIRM_TIMEOUT = 10.0  # seconds without any confirm before the connection is given up as dead
BLOCK_TIMEOUT = 5.0  # seconds that a publish() waits for a broker that asks for a pause
HEARTBEAT = 20  # seconds, unless the URL names another
WATCH_EVERY = 0.25  # seconds between two looks at the timeouts above
PERSISTENT = 2

log = logging.getLogger(__name__)


class RabbitPublisher:
    """See collector.publishers.Publisher.  For one thread at a time."""

    def __init__(
        self, url: str, *, confirm_timeout: float = CONFIRM_TIMEOUT, block_timeout: float = BLOCK_TIMEOUT
    ) -> None:
        self._url = url
        self._timeouts = (confirm_timeout, block_timeout)
        self._session: Session | None = None

    def publish(self, messages: Sequence[OutboundMessage]) -> list[Outcome]:
        if not messages:
            return []
        outcomes = self._open_session().publish(messages)
        blocked = self._session.blocked if self._session else None
        if blocked is not None and all(isinstance(outcome, NotConfirmed) for outcome in outcomes):
            raise TryLater(f"blocked by the broker: {blocked}")
        return outcomes

    def close(self) -> None:
        if self._session:
            self._session.close()
        self._session = None

    def _open_session(self) -> "Session":
        if self._session is None or not self._session.usable:
            self.close()
            self._session = Session(self._url, *self._timeouts)
        self._session.wait_until_open()
        return self._session


class Session:
    """One connection and its thread, until the first error.  A broken one is replaced, never repaired.

    Methods with a leading underscore run in the connection's thread, the others in the caller's.
    """

    def __init__(self, url: str, confirm_timeout: float, block_timeout: float) -> None:
        self.blocked: str | None = None  # why the broker asks for a pause
        self._parameters = _parameters(url)
        self._confirm_timeout, self._block_timeout = confirm_timeout, block_timeout
        self._reason = ""  # why it ended; the first reason stays
        self._opened, self._ended = threading.Event(), threading.Event()
        self._window, self._batch, self._progress = Window(), Batch([]), 0.0
        self._connection: Any = None
        self._channel: Any = None
        self._thread = threading.Thread(target=self._run, name="rabbit-publisher", daemon=True)
        self._thread.start()

    @property
    def usable(self) -> bool:
        return not self._ended.is_set() and not self._reason

    def wait_until_open(self) -> None:
        """Raises TryLater with the broker's own words."""
        deadline = time.monotonic() + OPEN_TIMEOUT
        while not self._opened.wait(0.02) and self.usable and time.monotonic() < deadline:
            pass
        if not self._opened.is_set() or not self.usable:
            reason = self._reason or "the connection did not open in time"
            self.close()
            raise TryLater(f"no RabbitMQ: {reason}")

    def publish(self, messages: Sequence[OutboundMessage]) -> list[Outcome]:
        batch = Batch(messages)
        self._soon(lambda: self._begin(batch))
        while not batch.done.wait(WATCH_EVERY):
            if self._ended.is_set():  # nobody is left to know any better
                batch.give_up(self._reason or "closed")
        return batch.outcomes()

    def close(self) -> None:
        self._soon(lambda: self._close("closed"))
        self._thread.join(5)

    def _soon(self, callback: Callable[[], None]) -> None:
        try:
            self._connection.ioloop.add_callback_threadsafe(callback)
        except (AttributeError, OSError, AMQPError):
            # No loop yet or no more: the thread is a daemon, and publish() sees that it ended.
            log.debug("the connection is already gone")

    def _run(self) -> None:
        try:
            self._connection = pika.SelectConnection(
                self._parameters,
                on_open_callback=self._on_open,
                on_open_error_callback=self._on_closed,
                on_close_callback=self._on_closed,
            )
            self._connection.ioloop.start()
        except Exception as error:
            log.exception("publisher connection failed")
            self._give_up(plain(error))
        finally:
            self._ended.set()

    def _on_open(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(self._on_blocked)
        connection.add_on_connection_unblocked_callback(self._on_unblocked)
        connection.channel(on_open_callback=self._on_channel_open)

    def _on_channel_open(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_return)
        channel.exchange_declare(EXCHANGE, "topic", durable=True, callback=self._on_exchange)

    def _on_exchange(self, _frame: Any) -> None:
        self._channel.confirm_delivery(self._on_confirm, callback=lambda _frame: self._opened.set())

    def _begin(self, batch: Batch) -> None:
        self._batch, self._progress = batch, time.monotonic()
        if self._reason:
            batch.give_up(self._reason)
        self._feed()
        self._watch(batch)

    def _feed(self) -> None:
        """Send what the window has room for; every confirm calls again."""
        batch = self._batch
        while batch.sent < len(batch.messages) and len(self._window) < WINDOW and self._may_send():
            message = batch.messages[batch.sent]
            self._window.sent(batch, batch.sent)
            batch.sent += 1
            self._channel.basic_publish(
                EXCHANGE, message.routing_key, message.body, _properties(message), mandatory=True
            )

    def _may_send(self) -> bool:
        return not self.blocked and not self._reason

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        settle = self._window.acked if method.NAME == "Basic.Ack" else self._window.nacked
        settle(method.delivery_tag, method.multiple)
        self._progress = time.monotonic()
        self._feed()

    def _on_return(self, _channel: Any, method: Any, properties: Any, _body: bytes) -> None:
        self._window.returned(properties.message_id, f"{method.reply_text}: no queue is bound for it")

    def _on_blocked(self, _connection: Any, frame: Any) -> None:
        self.blocked = str(frame.method.reason or "no reason given")
        self._progress = time.monotonic()
        log.warning("the broker asks for a pause: %s", self.blocked)

    def _on_unblocked(self, _connection: Any, _frame: Any) -> None:
        log.info("the broker takes messages again")
        self.blocked, self._progress = None, time.monotonic()
        self._feed()

    def _watch(self, batch: Batch) -> None:
        """Look at the timeouts as long as this batch is in flight."""
        if batch.done.is_set() or batch is not self._batch:
            return
        waited = time.monotonic() - self._progress
        if self.blocked and waited >= self._block_timeout:
            batch.give_up(f"blocked by the broker: {self.blocked}")
            batch.sent = len(batch.messages)
        elif not self.blocked and waited >= self._confirm_timeout:
            self._close(f"no confirm within {self._confirm_timeout:g} s")
        else:
            self._connection.ioloop.call_later(WATCH_EVERY, lambda: self._watch(batch))

    def _on_channel_closed(self, _channel: Any, error: BaseException) -> None:
        self._close(plain(error))

    def _on_closed(self, connection: Any, error: BaseException) -> None:
        self._give_up(plain(error))
        connection.ioloop.stop()

    def _close(self, reason: str) -> None:
        self._give_up(reason)
        if self._connection.is_open:
            self._connection.close()
        elif not self._connection.is_closing:
            self._connection.ioloop.stop()

    def _give_up(self, reason: str) -> None:
        """What is outstanding is not confirmed, for this reason."""
        self._reason = self._reason or reason
        self._batch.give_up(self._reason)


def _properties(message: OutboundMessage) -> Any:
    return pika.BasicProperties(
        content_type=CONTENT_TYPE,
        delivery_mode=PERSISTENT,
        message_id=message.event_id,
        type=message.routing_key,
        headers={"traceparent": message.traceparent} if message.traceparent else None,
    )


def _parameters(url: str) -> Any:
    parameters = pika.URLParameters(url)
    parameters.connection_attempts = 1  # the relay has its own patience
    parameters.socket_timeout = parameters.stack_timeout = OPEN_TIMEOUT
    if parameters.heartbeat is None:
        parameters.heartbeat = HEARTBEAT
    return parameters


def plain(error: BaseException) -> str:
    """pika wraps errors in errors; the innermost one says what happened."""
    wrapped = (*getattr(error, "exceptions", ()), getattr(error, "exception", None), *error.args)
    inner = [part for part in wrapped if isinstance(part, BaseException)]
    if inner:
        return plain(inner[-1])
    return str(error) or type(error).__name__
