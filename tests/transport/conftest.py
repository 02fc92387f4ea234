"""A broker of either kind, its two ends, and a proxy in front of a real one."""

from collections.abc import Callable, Iterator

import pytest

from analyzer.consumers import Consumer, DeadLetters, open_consumer, open_dead_letters
from collector.publishers import OutboundMessage, Publisher, open_publisher
from tests.transport.proxy import Proxy, proxy_to

RETRY_SECONDS = 0.3


def message(number: int | str, type: str = "response.submitted.v1") -> OutboundMessage:
    body = f'{{"number": "{number}", "text": "镁合金 🙂"}}'.encode()
    return OutboundMessage(f"event-{number}", type, body, f"00-{'a' * 32}-{'b' * 16}-01")


@pytest.fixture
def publisher(any_amqp_url: str) -> Iterator[Publisher]:
    publisher = open_publisher(any_amqp_url)
    yield publisher
    publisher.close()


@pytest.fixture
def new_consumer(any_amqp_url: str) -> Iterator[Callable[..., Consumer]]:
    """Opens consumers that have declared their queue; closes them afterwards."""
    opened: list[Consumer] = []

    def new(prefetch: int = 128) -> Consumer:
        consumer = open_consumer(any_amqp_url, prefetch=prefetch, retry_seconds=RETRY_SECONDS)
        opened.append(consumer)
        consumer.open()
        return consumer

    yield new
    for consumer in opened:
        consumer.close()


@pytest.fixture
def dead_letters(any_amqp_url: str) -> Iterator[DeadLetters]:
    door = open_dead_letters(any_amqp_url)
    yield door
    door.close()


@pytest.fixture
def proxy(amqp_url: str) -> Iterator[Proxy]:
    with proxy_to(amqp_url) as proxy:
        yield proxy
