"""Which delivery tag stands for which message, from its basic.publish to its ack, nack or return.

Bookkeeping only: no connection, no clock.  Source of the rules: the broker counts published messages
of a channel from 1; one ack or nack with `multiple` speaks for every tag up to its own; basic.return
comes before the ack of the same message (https://www.rabbitmq.com/docs/confirms).
"""

import threading
from collections.abc import Sequence
from itertools import takewhile

from collector.publishers import NotConfirmed, OutboundMessage, Outcome, Published, Unroutable


class Batch:
    """The messages of one publish() and what became of them; `done` is set when all is known."""

    def __init__(self, messages: Sequence[OutboundMessage]) -> None:
        self.messages = messages
        self.sent = 0  # how many were handed to the connection
        self.done = threading.Event()
        self._outcomes: list[Outcome | None] = [None] * len(messages)
        self._unknown = len(messages)

    def know(self, index: int, outcome: Outcome) -> None:
        """The first word counts: a confirm that comes after the batch was given up changes nothing."""
        if self._outcomes[index] is not None:
            return
        self._outcomes[index] = outcome
        self._unknown -= 1
        if self._unknown == 0:
            self.done.set()

    def give_up(self, reason: str) -> None:
        for index in range(len(self.messages)):
            self.know(index, NotConfirmed(reason))

    def outcomes(self) -> list[Outcome]:
        return [outcome for outcome in self._outcomes if outcome is not None]


class Window:
    """The outstanding confirms of one channel."""

    def __init__(self) -> None:
        self._next_tag = 1
        self._waiting: dict[int, tuple[Batch, int]] = {}  # in the order of the tags
        self._returned: dict[str, str] = {}  # event id -> why it could not be routed

    def __len__(self) -> int:
        return len(self._waiting)

    def sent(self, batch: Batch, index: int) -> None:
        self._waiting[self._next_tag] = (batch, index)
        self._next_tag += 1

    def returned(self, event_id: str, reason: str) -> None:
        self._returned[event_id] = reason

    def acked(self, tag: int, multiple: bool) -> None:
        for batch, index in self._spoken_for(tag, multiple):
            reason = self._returned.pop(batch.messages[index].event_id, None)
            batch.know(index, Published() if reason is None else Unroutable(reason))

    def nacked(self, tag: int, multiple: bool) -> None:
        for batch, index in self._spoken_for(tag, multiple):
            batch.know(index, NotConfirmed("the broker could not store it (nack)"))

    def _spoken_for(self, tag: int, multiple: bool) -> list[tuple[Batch, int]]:
        tags = list(takewhile(lambda waiting: waiting <= tag, self._waiting)) if multiple else [tag]
        return [self._waiting.pop(tag) for tag in tags if tag in self._waiting]
