"""The dead letters on RabbitMQ: a queue that people look into.

Looking takes every message out and hands it back; should we die in between, the broker does that when
the connection ends, so nothing is lost.  An id that comes back twice is one copy too many, never one too few.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from analyzer.consumers import DEAD_QUEUE, QUEUE, Dead
from analyzer.consumers.rabbit import DIED_AT, REASON, connect, fates, forward

NO_QUEUE = 404


class RabbitDeadLetters:
    """See analyzer.consumers.DeadLetters."""

    def __init__(self, url: str) -> None:
        """One connection, opened at the first question and held until `close`."""
        self._url = url
        self._connection: Any = None

    def count(self) -> int:
        with self._channel() as channel:
            return _waiting(channel, DEAD_QUEUE)

    def waiting(self) -> int:
        with self._channel() as channel:
            return _waiting(channel, QUEUE)

    def list(self) -> Sequence[Dead]:
        with self._letters() as (_, letters):
            return [letter.dead for letter in letters]

    def show(self, id: str) -> Dead | None:
        return next((dead for dead in self.list() if dead.id == id), None)

    def replay(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._take(ids, lambda channel, letter: letter.send_back(channel))

    def discard(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._take(ids, lambda channel, letter: None)

    def close(self) -> None:
        """The broker hands back what a caller left unacked."""
        if self._connection is not None and self._connection.is_open:
            self._connection.close()
        self._connection = None

    def _take(self, ids: Collection[str] | None, act: "Callable[[Any, Letter], None]") -> Sequence[str]:
        with self._letters() as (channel, letters):
            taken = [letter for letter in letters if ids is None or letter.dead.id in ids]
            for letter in taken:
                act(channel, letter)
                channel.basic_ack(letter.tag)
            return [letter.dead.id for letter in taken]

    @contextmanager
    def _letters(self) -> "Iterator[tuple[Any, Sequence[Letter]]]":
        """All dead letters, taken out; what is not acked is back in the queue before this ends."""
        with self._channel() as channel:
            yield channel, _take_out(channel)
            _hand_back(channel)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        """A channel of its own for each call: the broker closes it when a queue is missing."""
        with fates():
            if self._connection is None or not self._connection.is_open:
                self._connection = connect(self._url)
            channel = self._connection.channel()
            try:
                channel.confirm_delivery()
                yield channel
            finally:
                if channel.is_open:
                    channel.close()


class Letter:
    """One message taken out of the dead letters, not yet acked."""

    def __init__(self, tag: int, properties: Any, body: bytes) -> None:
        self.tag, self._properties, self._body = tag, properties, body
        self.dead = _dead(properties, body)

    def send_back(self, channel: Any) -> None:
        forward(channel, QUEUE, self._body, self._properties, {})


def _waiting(channel: Any, queue: str) -> int:
    """Messages in the queue; 0 where no worker has declared it yet."""
    with _none_if_missing():
        return int(channel.queue_declare(queue, passive=True).method.message_count)
    return 0


def _take_out(channel: Any) -> list[Letter]:
    """Every message, until there is none.

    Not as many as a count says: the queue answers that before it has taken back what an earlier look
    handed back, while it serves a get after it.
    """
    letters = list[Letter]()
    with _none_if_missing():
        while (got := channel.basic_get(DEAD_QUEUE))[0] is not None:
            method, properties, body = got
            letters.append(Letter(method.delivery_tag, properties, body))
    return sorted(letters, key=lambda letter: letter.dead.died_at or datetime.min.replace(tzinfo=UTC))


def _hand_back(channel: Any) -> None:
    """The end of a connection would do it too, but some time after it: who looks again would see nothing."""
    if channel.is_open:  # a question for a queue that is not there has closed it
        channel.basic_nack(0, multiple=True, requeue=True)  # 0: all that this channel holds


@contextmanager
def _none_if_missing() -> Iterator[None]:
    """A queue that no worker has declared yet holds nothing."""
    try:
        yield
    except Exception as error:
        if getattr(error, "reply_code", None) != NO_QUEUE:
            raise


def _dead(properties: Any, body: bytes) -> Dead:
    headers = properties.headers or {}
    by_broker = (headers.get("x-death") or [{}])[0]
    died_at = headers.get(DIED_AT)
    return Dead(
        id=properties.message_id or hashlib.sha256(body).hexdigest(),
        type=properties.type or "",
        reason=headers.get(REASON) or f"parked by the broker: {by_broker.get('reason', 'no reason given')}",
        died_at=datetime.fromisoformat(died_at) if died_at else _utc(by_broker.get("time")),
        body=body,
    )


def _utc(moment: Any) -> datetime | None:
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None
