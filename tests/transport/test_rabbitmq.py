"""What only a real RabbitMQ does: confirms, returns, alarms, broken connections, declared settings."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pika
import pytest

from analyzer.consumers import (
    BINDINGS,
    DEAD_QUEUE,
    DELIVERY_LIMIT,
    QUEUE,
    RETRY_QUEUE,
    Ack,
    DeadLetter,
    Retry,
    open_dead_letters,
)
from analyzer.consumers.rabbit import RabbitConsumer
from analyzer.errors import Refused
from analyzer.errors import TryLater as ConsumerTryLater
from analyzer.health import Queue, look
from collector.errors import TryLater
from collector.publishers import EXCHANGE, NotConfirmed, Outcome, Published, Unroutable
from collector.publishers.rabbit import RabbitPublisher
from tests.services import rabbitmqctl
from tests.transport.conftest import message
from tests.transport.proxy import Proxy
from tests.waiting import eventually

pytestmark = pytest.mark.rabbitmq


@pytest.fixture
def channel(amqp_url: str) -> Iterator[Any]:
    """A channel of the operator's, beside ours."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    yield connection.channel()
    if connection.is_open:
        connection.close()


@pytest.fixture
def publisher(proxy: Proxy) -> Iterator[RabbitPublisher]:
    publisher = RabbitPublisher(proxy.url, confirm_timeout=1.0, block_timeout=0.5)
    yield publisher
    proxy.flow()
    publisher.close()


@pytest.fixture
def consumer(proxy: Proxy) -> Iterator[RabbitConsumer]:
    consumer = RabbitConsumer(proxy.url, prefetch=10, retry_seconds=0.3)
    consumer.open()
    yield consumer
    proxy.flow()
    consumer.close()


def in_background(publisher: RabbitPublisher, count: int = 1) -> tuple[threading.Thread, list[Outcome]]:
    outcomes: list[Outcome] = []
    sent = [message(number) for number in range(count)]
    thread = threading.Thread(target=lambda: outcomes.extend(publisher.publish(sent)))
    thread.start()
    return thread, outcomes


def test_messages_are_persistent_and_described(publisher: RabbitPublisher, channel: Any) -> None:
    """Any consumer finds the agreed properties, and the message survives a broker restart."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.queue_declare("other")
    channel.queue_bind("other", EXCHANGE, "response.*.v1")
    assert publisher.publish([message(1)]) == [Published()]
    method, properties, body = channel.basic_get("other", auto_ack=True)
    assert (method.routing_key, body) == ("response.submitted.v1", message(1).body)
    assert (properties.delivery_mode, properties.content_type) == (2, "application/cloudevents+json")
    assert (properties.message_id, properties.type) == ("event-1", "response.submitted.v1")
    assert properties.headers == {"traceparent": message(1).traceparent}


def test_a_full_queue_is_not_a_success(publisher: RabbitPublisher, channel: Any) -> None:
    """The broker's nack means that it kept nothing."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    full = {"x-max-length": 1, "x-overflow": "reject-publish"}
    channel.queue_declare("full", durable=True, arguments=full)
    channel.queue_bind("full", EXCHANGE, "response.#")
    outcomes = publisher.publish([message(number) for number in range(5)])
    assert outcomes[0] == Published()
    assert NotConfirmed("the broker could not store it (nack)") in outcomes


def test_a_lost_connection_confirms_nothing(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """Messages in flight when the connection breaks are published again, over a new connection."""
    assert publisher.publish([message("first")]) == [Published()]
    proxy.stall()
    thread, outcomes = in_background(publisher, 3)
    eventually(lambda: publisher._session is not None and publisher._session._batch.sent == 3, "three sent")
    proxy.cut()
    thread.join(10)
    assert [type(outcome) for outcome in outcomes] == [NotConfirmed] * 3
    proxy.flow()
    assert publisher.publish([message(1)]) == [Published()]


def receive_without_end(consumer: RabbitConsumer) -> None:
    """What was on its way before a connection ended may still come; then it fails."""
    while True:
        consumer.receive(1, 5)


def test_a_connection_closed_by_the_broker_is_opened_again(
    amqp_url: str, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """An operator may close every connection at any time."""
    publisher.publish([message(1)])
    session = publisher._session
    rabbitmqctl("close_all_connections", "-p", urlsplit(amqp_url).path[1:], "maintenance")
    eventually(lambda: session is not None and not session.usable, "the session ended")
    with pytest.raises(ConsumerTryLater, match="maintenance"):
        receive_without_end(consumer)
    assert publisher.publish([message(2)]) == [Published()]
    got = consumer.receive(10, 5) + consumer.receive(10, 0.3)
    assert {delivery.message_id for delivery in got} == {"event-1", "event-2"}


def test_a_channel_closed_by_the_broker_is_opened_again(
    publisher: RabbitPublisher, consumer: RabbitConsumer, channel: Any
) -> None:
    """The exchange vanished: the broker's reason is passed on, and the next try declares it again."""
    assert publisher.publish([message(1)]) == [Published()]
    channel.exchange_delete(EXCHANGE)
    [outcome] = publisher.publish([message(2)])
    assert isinstance(outcome, NotConfirmed)
    assert "NOT_FOUND" in outcome.reason
    assert isinstance(publisher.publish([message(2)])[0], Unroutable)  # its bindings are gone, too
    consumer._next_declare = 0  # as after a minute
    consumer.receive(10, 0.1)
    assert publisher.publish([message(2)]) == [Published()]


def test_a_memory_alarm_pauses_publishing(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """Nothing is sent while the broker asks for a pause, and the relay hears why."""
    assert publisher.publish([message(1)]) == [Published()]
    proxy.block("low on memory")
    eventually(lambda: publisher._session is not None and publisher._session.blocked is not None, "blocked")
    with pytest.raises(TryLater, match="blocked by the broker: low on memory"):
        publisher.publish([message(2)])
    proxy.unblock()
    eventually(lambda: publisher._session is not None and publisher._session.blocked is None, "unblocked")
    assert publisher.publish([message(3)]) == [Published()]
    assert [delivery.message_id for delivery in drain(consumer, 2)] == ["event-1", "event-3"]


def test_an_alarm_that_ends_in_time_goes_unnoticed(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """A batch that was waiting for the broker goes on by itself."""
    publisher.publish([message("first")])
    proxy.block("low on disk")
    eventually(lambda: publisher._session is not None and publisher._session.blocked is not None, "blocked")
    thread, outcomes = in_background(publisher, 5)
    proxy.unblock()
    thread.join(10)
    assert outcomes == [Published()] * 5


def test_a_broker_that_never_confirms_is_given_up(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """A network that swallows packets must not hold the relay for ever."""
    publisher.publish([message(1)])
    proxy.stall()
    [outcome] = publisher.publish([message(2)])
    assert outcome == NotConfirmed("no confirm within 1 s")


def test_a_stopped_broker_is_a_reason_to_wait(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """TryLater while it is down; everything works again when it is back, over the same objects."""
    proxy.refuse()
    with pytest.raises(TryLater, match="no RabbitMQ"):
        publisher.publish([message(1)])
    for _ in range(2):
        with pytest.raises(ConsumerTryLater, match="RabbitMQ"):
            consumer.receive(1, 5)
    proxy.accept_again()
    assert publisher.publish([message(1)]) == [Published()]
    assert [delivery.message_id for delivery in drain(consumer, 1)] == ["event-1"]


def test_heartbeats_keep_idle_ends_connected(proxy: Proxy) -> None:
    """Neither an idle publisher nor a worker that rests loses its connection."""
    consumer = RabbitConsumer(f"{proxy.url}?heartbeat=1", prefetch=10, retry_seconds=0.3)
    publisher = RabbitPublisher(f"{proxy.url}?heartbeat=1")
    consumer.open()
    publisher.publish([message(1)])
    consumer.receive(0, 3.5)  # the broker gives up after two missed heartbeats
    assert publisher.publish([message(2)]) == [Published()]
    assert len(drain(consumer, 2)) == 2
    assert proxy.accepted == 2
    publisher.close()
    consumer.close()


def test_wrong_credentials_are_named(amqp_url: str) -> None:
    """The operator reads what the broker said."""
    publisher = RabbitPublisher(amqp_url.replace("guest:guest", "guest:wrong"))
    with pytest.raises(TryLater, match="ACCESS_REFUSED"):
        publisher.publish([message(1)])


def test_a_cut_consumer_gets_its_messages_again(
    proxy: Proxy, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """Settling over a connection that is gone is no error and settles nothing."""
    publisher.publish([message(1)])
    held = drain(consumer, 1)
    proxy.cut()
    with pytest.raises(ConsumerTryLater):
        consumer.receive(1, 5)
    consumer.settle(held, [Ack()])
    [again] = drain(consumer, 1)
    assert (again.message_id, again.redelivered) == ("event-1", True)
    consumer.settle(held, [Ack()])  # an old tag must never ack a new delivery
    consumer.settle([again], [Ack()])


def test_a_message_that_cannot_be_moved_is_not_acked(
    publisher: RabbitPublisher, consumer: RabbitConsumer, channel: Any
) -> None:
    """No dead letter queue, no ack: the message comes again instead of vanishing."""
    publisher.publish([message(1), message(2)])
    deliveries = drain(consumer, 2)
    channel.queue_delete(DEAD_QUEUE)
    with pytest.raises(ConsumerTryLater):
        consumer.settle(deliveries, [Ack(), DeadLetter("broken")])
    [again] = drain(consumer, 1)  # and the queue is declared anew
    assert again.message_id == "event-2"
    consumer.settle([again], [DeadLetter("broken")])
    assert channel.queue_declare(DEAD_QUEUE, passive=True).method.message_count == 1


def test_a_deleted_queue_is_declared_again(consumer: RabbitConsumer, channel: Any) -> None:
    """The subscription ended under us: reconnect, declare, go on."""
    channel.queue_delete(QUEUE)
    with pytest.raises(ConsumerTryLater, match="subscription"):
        consumer.receive(1, 5)
    consumer.open()
    assert channel.queue_declare(QUEUE, passive=True).method.consumer_count == 1


def test_a_queue_with_other_settings_tells_what_to_do(amqp_url: str, channel: Any) -> None:
    """Waiting would not help: one clear line for the operator instead."""
    channel.queue_declare(QUEUE, durable=True)
    consumer = RabbitConsumer(amqp_url, prefetch=10, retry_seconds=0.3)
    with pytest.raises(Refused, match=r"other settings.*delete_queue") as refused:
        consumer.open()
    assert QUEUE in str(refused.value)


def test_the_topology_is_as_documented(amqp_url: str, consumer: RabbitConsumer) -> None:
    """Operators find quorum queues, a delivery limit, a delay and both bindings."""
    vhost = urlsplit(amqp_url).path[1:]
    listed = rabbitmqctl("list_queues", "-p", vhost, "name", "type", "arguments", "--formatter", "json")
    queues = {queue["name"]: queue for queue in json.loads(listed)}
    arguments = {name: arguments_of(queue) for name, queue in queues.items()}
    assert set(queues) == {QUEUE, RETRY_QUEUE, DEAD_QUEUE}
    assert {queue["type"] for queue in queues.values()} == {"quorum"}
    assert arguments[QUEUE]["x-delivery-limit"] == DELIVERY_LIMIT
    assert arguments[QUEUE]["x-dead-letter-routing-key"] == DEAD_QUEUE
    assert arguments[RETRY_QUEUE]["x-message-ttl"] == 300
    assert arguments[RETRY_QUEUE]["x-dead-letter-routing-key"] == QUEUE
    listed = rabbitmqctl("list_bindings", "-p", vhost, "source_name", "routing_key", "--formatter", "json")
    bound = {b["routing_key"] for b in json.loads(listed) if b["source_name"] == EXCHANGE}
    assert bound == set(BINDINGS)


def test_a_retried_message_starts_a_clean_journey(
    publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """The broker's own bookkeeping of one journey must not count against the next (x-death, cycles)."""
    publisher.publish([message(1)])
    for _ in range(5):
        [delivery] = drain(consumer, 1)
        consumer.settle([delivery], [Retry("database away")])
    [delivery] = drain(consumer, 1)
    assert len(delivery.tag.properties.headers["x-death"]) == 1  # type: ignore[attr-defined]


def test_dead_letters_survive_many_looks(
    amqp_url: str, publisher: RabbitPublisher, consumer: RabbitConsumer
) -> None:
    """RabbitMQ 4 drops what was handed back 20 times; people look more often than that."""
    publisher.publish([message(1)])
    consumer.settle(drain(consumer, 1), [DeadLetter("broken")])
    door = open_dead_letters(amqp_url)
    for _ in range(DELIVERY_LIMIT + 5):
        assert [dead.id for dead in door.list()] == ["event-1"]


def test_a_probe_opens_one_connection(amqp_url: str) -> None:
    """/readyz and /metrics ask for two numbers, every few seconds, for years."""
    proxy = Proxy(amqp_url)
    queue = look(lambda: open_dead_letters(proxy.url))
    proxy.close()
    assert (queue, proxy.accepted) == (Queue(waiting=0, dead=0), 1)


def arguments_of(queue: dict[str, Any]) -> dict[str, Any]:
    """rabbitmqctl prints arguments as a list of [name, type, value] or as an object, by version."""
    arguments = queue["arguments"]
    return arguments if isinstance(arguments, dict) else {name: value for name, _, value in arguments}


def drain(consumer: RabbitConsumer, count: int) -> list[Any]:
    got: list[Any] = []
    deadline = time.monotonic() + 10
    while len(got) < count and time.monotonic() < deadline:
        try:
            got += consumer.receive(count - len(got), 0.2)
        except ConsumerTryLater:
            continue
    assert len(got) == count
    return got
