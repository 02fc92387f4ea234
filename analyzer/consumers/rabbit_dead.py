"""The dead letters on RabbitMQ: a queue that people look into.

Looking takes every message out and hands it back when the connection ends, so nothing is lost
when we die in between; an id that comes back twice is one copy too many, never one too few.
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
        self._url = url

    def count(self) -> int:
        with self._channel() as channel:
            return _waiting(channel, DEAD_QUEUE)

    def waiting(self) -> int:
        with self._channel() as channel:
            return _waiting(channel, QUEUE)

    def list(self) -> Sequence[Dead]:
        with self._channel() as channel:
            return [letter.dead for letter in _letters(channel)]

    def show(self, id: str) -> Dead | None:
        return next((dead for dead in self.list() if dead.id == id), None)

    def replay(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._take(ids, lambda channel, letter: letter.send_back(channel))

    def discard(self, ids: Collection[str] | None) -> Sequence[str]:
        return self._take(ids, lambda channel, letter: None)

    def close(self) -> None:
        """Nothing is held open between two calls."""

    def _take(self, ids: Collection[str] | None, act: "Callable[[Any, Letter], None]") -> Sequence[str]:
        with self._channel() as channel:
            taken = [letter for letter in _letters(channel) if ids is None or letter.dead.id in ids]
            for letter in taken:
                act(channel, letter)
                channel.basic_ack(letter.tag)
            return [letter.dead.id for letter in taken]

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        with fates():
            connection = connect(self._url)
            try:
                channel = connection.channel()
                channel.confirm_delivery()
                yield channel
            finally:
                if connection.is_open:
                    connection.close()


class Letter:
    """One message taken out of the dead letters, not yet acked."""

    def __init__(self, tag: int, properties: Any, body: bytes) -> None:
        self.tag, self._properties, self._body = tag, properties, body
        self.dead = _dead(properties, body)

    def send_back(self, channel: Any) -> None:
        forward(channel, QUEUE, self._body, self._properties, {})


def _waiting(channel: Any, queue: str) -> int:
    """Messages in the queue; 0 where no worker has declared it yet."""
    try:
        return int(channel.queue_declare(queue, passive=True).method.message_count)
    except Exception as error:
        if getattr(error, "reply_code", None) == NO_QUEUE:
            return 0
        raise


def _letters(channel: Any) -> list[Letter]:
    """Every message, taken out.  As many as there are now: a worker may be adding others."""
    letters = []
    for _ in range(_waiting(channel, DEAD_QUEUE)):
        method, properties, body = channel.basic_get(DEAD_QUEUE)
        if method is None:
            break
        letters.append(Letter(method.delivery_tag, properties, body))
    return sorted(letters, key=lambda letter: letter.dead.died_at or datetime.min.replace(tzinfo=UTC))


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
