"""What the analyzer declares on RabbitMQ, and why each argument is there.

    debrief.events (topic) -- response.#, photo.#, visit.# --> analyzer.responses -- delivery limit --> .dead
                                                                    ^                                    ^
    worker says Retry --> .retry -- after its TTL ------------------+         worker says DeadLetter ----+

Works the same on RabbitMQ 3.10 and 4.x.  Declaring is idempotent: the broker refuses (406) only a
queue that exists with other arguments.
"""

from typing import Any

from analyzer.consumers import BINDINGS, DEAD_QUEUE, DELIVERY_LIMIT, QUEUE, RETRY_QUEUE

EXCHANGE = "debrief.events"
# A quorum queue of RabbitMQ 4 drops what was handed back 20 times; looking at the dead letters hands
# them back, so theirs is out of reach.
NEVER = 1_000_000


def declare(channel: Any, retry_seconds: float) -> None:
    """Exchange, three queues and the bindings, the queues that others point to first."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    for queue, arguments in queues(retry_seconds).items():
        channel.queue_declare(queue, durable=True, arguments=arguments)
    for pattern in BINDINGS:
        channel.queue_bind(QUEUE, EXCHANGE, pattern)


def queues(retry_seconds: float) -> dict[str, dict[str, Any]]:
    return {
        DEAD_QUEUE: {"x-queue-type": "quorum", "x-delivery-limit": NEVER},
        RETRY_QUEUE: {"x-message-ttl": round(retry_seconds * 1000)} | _moves_on_to(QUEUE),
        QUEUE: {"x-delivery-limit": DELIVERY_LIMIT} | _moves_on_to(DEAD_QUEUE),
    }


def _moves_on_to(queue: str) -> dict[str, Any]:
    """Arguments of a quorum queue whose broker moves messages to `queue` without losing any.

    At-least-once dead lettering needs reject-publish (https://www.rabbitmq.com/docs/quorum-queues).
    The default exchange reaches every queue by its name and cannot be unbound.
    """
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
    }
