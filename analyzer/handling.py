"""What becomes of a batch of deliveries: one verdict each.

A batch is one transaction and is acked after its commit.  What a failure means is said by its class:
BadMessage goes to the dead letters, TryLater comes back when the world does, anything else is a bug
of ours.  A message that was handed out before may have killed its worker: it is tried alone, each try
counted first, and parked after `max_attempts`, so that the rest flows on.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from analyzer.attempts import key_of
from analyzer.consumers import Ack, DeadLetter, Delivery, Retry, Verdict
from analyzer.errors import BadMessage, TryLater
from analyzer.messages import AnyEvent
from analyzer.rows import AnalysedEvent

log = logging.getLogger(__name__)


class Tries(Protocol):
    """The counted tries of messages that had to be tried alone; each may raise TryLater."""

    def count(self, key: str) -> int:
        """One more, committed when it returns."""

    def note(self, key: str, error: str) -> None: ...

    def forget(self, key: str) -> None: ...


@dataclass(frozen=True)
class Desk:
    """What handling needs; each part may be a fake."""

    parse: Callable[[bytes], AnyEvent]  # raises BadMessage
    analyse: Callable[[AnyEvent], AnalysedEvent]
    record: Callable[[Sequence[AnalysedEvent]], None]  # one transaction; raises TryLater
    tries: Tries
    max_attempts: int


def handle(deliveries: Sequence[Delivery], desk: Desk) -> list[Verdict]:
    """One verdict a delivery.  A batch that fails for one of its members is handled one by one."""
    if len(deliveries) == 1 and deliveries[0].redelivered:
        return [_alone(deliveries[0], desk)]
    try:
        return _together(deliveries, desk)
    except TryLater as error:
        return [Retry(str(error))] * len(deliveries)
    except Exception as error:
        log.warning("a batch of %d failed, trying each alone: %r", len(deliveries), error)
        return [_alone(delivery, desk) for delivery in deliveries]


def groups(deliveries: Sequence[Delivery]) -> Iterable[Sequence[Delivery]]:
    """What may be handled together: the new ones; each one that was handed out before stands alone."""
    fresh = [delivery for delivery in deliveries if not delivery.redelivered]
    if fresh:
        yield fresh
    yield from ([delivery] for delivery in deliveries if delivery.redelivered)


def _together(deliveries: Sequence[Delivery], desk: Desk) -> list[Verdict]:
    verdicts: list[Verdict] = []
    analysed = []
    for delivery in deliveries:
        try:
            analysed.append(desk.analyse(desk.parse(delivery.body)))
            verdicts.append(Ack())
        except BadMessage as error:
            verdicts.append(DeadLetter(str(error)))
    if analysed:
        desk.record(analysed)
    return verdicts


def _alone(delivery: Delivery, desk: Desk) -> Verdict:
    key = key_of(delivery.message_id, delivery.body)
    try:
        tries = desk.tries.count(key)
        if tries > desk.max_attempts:
            return DeadLetter(f"killed its worker {tries - 1} times")
        return _try(delivery, desk, key, tries)
    except TryLater as error:
        return Retry(str(error))


def _try(delivery: Delivery, desk: Desk, key: str, tries: int) -> Verdict:
    try:
        [verdict] = _together([delivery], desk)
    except TryLater:
        with suppress(TryLater):
            desk.tries.forget(key)  # the world's fault, not the message's
        raise
    except BadMessage as error:
        verdict = DeadLetter(str(error))
    except Exception as error:
        return _bug(error, desk, key, tries)
    desk.tries.forget(key)
    return verdict


def _bug(error: Exception, desk: Desk, key: str, tries: int) -> Verdict:
    """Counted and tried again later, parked after its tries."""
    log.exception("try %d of message %s failed", tries, key)
    reason = f"failed {tries} times: {type(error).__name__}: {error}"
    desk.tries.note(key, reason)
    return DeadLetter(reason) if tries >= desk.max_attempts else Retry(reason)
