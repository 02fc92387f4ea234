"""The promises that RabbitMQ and the embedded queue keep alike: one suite, run against both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from analyzer.consumers import (
    DELIVERY_LIMIT,
    Ack,
    Consumer,
    DeadLetter,
    DeadLetters,
    Delivery,
    Retry,
    open_consumer,
    open_dead_letters,
)
from collector.publishers import Published, Publisher, Unroutable
from tests.transport.conftest import message
from tests.waiting import eventually

NewConsumer = Callable[..., Consumer]


def drain(consumer: Consumer, count: int, patience: float = 10.0) -> list[Delivery]:
    """Exactly `count` deliveries, unsettled, in the order they came."""
    got: list[Delivery] = []
    deadline = time.monotonic() + patience
    while len(got) < count and time.monotonic() < deadline:
        got += consumer.receive(count - len(got), 0.2)
    assert len(got) == count
    return got


def ack(consumer: Consumer, deliveries: list[Delivery]) -> None:
    consumer.settle(deliveries, [Ack()] * len(deliveries))


def ids(deliveries: list[Delivery]) -> list[str | None]:
    return [delivery.message_id for delivery in deliveries]


def test_a_message_arrives_as_it_was_published(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """Body, type, id and trace travel untouched, Chinese and emoji too."""
    consumer, sent = new_consumer(), message(1)
    assert publisher.publish([sent]) == [Published()]
    [delivery] = drain(consumer, 1)
    assert (delivery.message_id, delivery.type) == (sent.event_id, sent.routing_key)
    assert (delivery.body, delivery.traceparent) == (sent.body, sent.traceparent)
    assert delivery.redelivered is False


def test_messages_arrive_in_order(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """A batch larger than the window of confirms is published whole and kept in order."""
    consumer = new_consumer(prefetch=1000)
    sent = [message(number) for number in range(600)]
    assert publisher.publish(sent) == [Published()] * 600
    assert ids(drain(consumer, 600)) == [m.event_id for m in sent]


def test_nothing_to_publish_is_no_error(publisher: Publisher) -> None:
    """An empty batch does not even connect."""
    assert publisher.publish([]) == []


def test_without_a_queue_nothing_is_taken(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """The collector hears that nobody listens yet, keeps its row, and succeeds once somebody does."""
    [before] = publisher.publish([message(1)])
    assert isinstance(before, Unroutable)
    consumer = new_consumer()
    assert publisher.publish([message(1)]) == [Published()]
    assert ids(drain(consumer, 1)) == ["event-1"]
    assert consumer.receive(1, 0.2) == []


def test_a_type_nobody_asked_for_is_unroutable_alone(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """One unroutable message does not spoil its batch, and the outcomes stand in the order asked."""
    consumer = new_consumer()
    sent = [message(1), message(2, "weather.changed.v1"), message(3, "visit.scheduled.v1")]
    first, second, third = publisher.publish(sent)
    assert (first, third) == (Published(), Published())
    assert isinstance(second, Unroutable)
    assert ids(drain(consumer, 2)) == ["event-1", "event-3"]


def test_what_is_published_waits_for_its_consumer(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """The queue outlives its consumer: a worker that is down loses nothing."""
    new_consumer().close()
    publisher.publish([message(1)])
    assert ids(drain(new_consumer(), 1)) == ["event-1"]


def test_an_acked_message_never_comes_again(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """Ack means forget."""
    consumer = new_consumer()
    publisher.publish([message(1)])
    ack(consumer, drain(consumer, 1))
    consumer.close()
    assert new_consumer().receive(1, 0.7) == []


def test_only_settled_messages_are_forgotten(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """Settling the second and fourth of four must not take the first and third along."""
    consumer = new_consumer()
    publisher.publish([message(number) for number in range(1, 5)])
    first, second, third, fourth = drain(consumer, 4)
    ack(consumer, [second, fourth])
    ack(consumer, [first])
    consumer.close()
    again = drain(new_consumer(), 1)
    assert ids(again) == [third.message_id]


def test_an_unsettled_message_comes_again_marked(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """A consumer that ends gives its deliveries back, and the next one knows that they were out before."""
    consumer = new_consumer()
    publisher.publish([message(1), message(2)])
    drain(consumer, 1)
    consumer.close()
    again = drain(new_consumer(), 2)
    assert ids(again) == ["event-1", "event-2"]
    assert again[0].redelivered


def test_two_consumers_share_without_overlap(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """What one holds unsettled, the other never sees."""
    one, two = new_consumer(prefetch=5), new_consumer(prefetch=5)
    publisher.publish([message(number) for number in range(10)])
    held = ids(drain(one, 5)) + ids(drain(two, 5))
    assert len(set(held)) == 10


def test_a_consumer_holds_no_more_than_its_prefetch(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """A slow worker leaves the rest to others; settling makes room."""
    consumer = new_consumer(prefetch=3)
    publisher.publish([message(number) for number in range(5)])
    held = drain(consumer, 3)
    assert consumer.receive(5, 0.5) == []
    ack(consumer, held)
    assert len(drain(consumer, 2)) == 2


def test_a_retried_message_comes_back_later(publisher: Publisher, new_consumer: NewConsumer) -> None:
    """Retry waits its time, comes back whole and unmarked, as often as it takes."""
    consumer = new_consumer()
    publisher.publish([message(1)])
    for _ in range(3):
        [delivery] = drain(consumer, 1)
        assert (delivery.body, delivery.type) == (message(1).body, "response.submitted.v1")
        assert delivery.redelivered is False
        consumer.settle([delivery], [Retry("database away")])
        assert consumer.receive(1, 0.05) == []
    [delivery] = drain(consumer, 1)
    assert delivery.traceparent == message(1).traceparent
    ack(consumer, [delivery])


def test_verdicts_may_be_mixed(
    publisher: Publisher, new_consumer: NewConsumer, dead_letters: DeadLetters
) -> None:
    """One settle() carries out each verdict on its own message."""
    consumer = new_consumer()
    publisher.publish([message(number) for number in range(1, 5)])
    deliveries = drain(consumer, 4)
    consumer.settle(deliveries, [Ack(), DeadLetter("broken"), Retry("later"), Ack()])
    assert ids(drain(consumer, 1)) == ["event-3"]
    assert [(dead.id, dead.reason) for dead in dead_letters.list()] == [("event-2", "broken")]


def test_a_dead_letter_keeps_what_is_needed_to_judge_it(
    publisher: Publisher, new_consumer: NewConsumer, dead_letters: DeadLetters
) -> None:
    """Id, type, reason, time and the whole body; looking does not use it up."""
    consumer = new_consumer()
    publisher.publish([message(1)])
    consumer.settle(drain(consumer, 1), [DeadLetter("data.answers: 不是列表")])
    for _ in range(3):
        eventually(lambda: dead_letters.count() == 1, "counted")
        dead = dead_letters.show("event-1")
        assert dead is not None
        assert (dead.type, dead.reason, dead.body) == (
            "response.submitted.v1",
            "data.answers: 不是列表",
            message(1).body,
        )
        assert dead.died_at is not None


def test_dead_letters_can_be_replayed(
    publisher: Publisher, new_consumer: NewConsumer, dead_letters: DeadLetters
) -> None:
    """Only the named ones go back, as new messages; an id that is not there is no error."""
    consumer = new_consumer()
    publisher.publish([message(1), message(2)])
    consumer.settle(drain(consumer, 2), [DeadLetter("x"), DeadLetter("y")])
    assert dead_letters.replay({"event-2", "event-9"}) == ["event-2"]
    [delivery] = drain(consumer, 1)
    assert (delivery.message_id, delivery.redelivered) == ("event-2", False)
    assert delivery.body == message(2).body
    assert [dead.id for dead in dead_letters.list()] == ["event-1"]


def test_all_dead_letters_can_be_replayed_at_once(
    publisher: Publisher, new_consumer: NewConsumer, dead_letters: DeadLetters
) -> None:
    """After a fix nobody wants to name each one."""
    consumer = new_consumer()
    publisher.publish([message(number) for number in range(5)])
    consumer.settle(drain(consumer, 5), [DeadLetter("x")] * 5)
    assert len(dead_letters.replay(None)) == 5
    assert len(drain(consumer, 5)) == 5
    assert dead_letters.count() == 0


def test_dead_letters_can_be_discarded(
    publisher: Publisher, new_consumer: NewConsumer, dead_letters: DeadLetters
) -> None:
    """Discarding forgets the named ones for good and leaves the others."""
    consumer = new_consumer()
    publisher.publish([message(1), message(2)])
    consumer.settle(drain(consumer, 2), [DeadLetter("x"), DeadLetter("y")])
    assert dead_letters.discard({"event-1"}) == ["event-1"]
    assert [dead.id for dead in dead_letters.list()] == ["event-2"]
    assert consumer.receive(1, 0.2) == []


def test_before_the_first_worker_there_are_no_dead_letters(dead_letters: DeadLetters) -> None:
    """Asking is no error, and sets nothing up."""
    assert (dead_letters.count(), list(dead_letters.list())) == (0, [])
    assert dead_letters.show("event-1") is None
    assert list(dead_letters.replay(None)) == []


def test_the_delivery_limit_parks_what_is_never_settled(
    publisher: Publisher, any_amqp_url: str, dead_letters: DeadLetters
) -> None:
    """A message handed out again and again ends in the dead letters, whatever the worker forgot to count."""
    open_once(any_amqp_url).close()
    publisher.publish([message(1)])
    for _ in range(DELIVERY_LIMIT + 5):
        consumer = open_once(any_amqp_url)
        consumer.receive(1, 0.3)
        consumer.close()
        if dead_letters.count():
            break
    [dead] = wait_for_dead(any_amqp_url)
    assert dead.id == "event-1"
    assert "limit" in dead.reason


def open_once(url: str) -> Consumer:
    consumer = open_consumer(url, prefetch=1, retry_seconds=0.3)
    consumer.open()
    return consumer


def wait_for_dead(url: str) -> list[object]:
    door = open_dead_letters(url)
    eventually(door.count, "a dead letter")
    return list(door.list())


HOLD_FOREVER = """
import sys, time
from analyzer.consumers import open_consumer
consumer = open_consumer(sys.argv[1], prefetch=10, retry_seconds=0.3)
held = consumer.receive(10, 10)
print(len(held), flush=True)
time.sleep(600)
"""


def test_a_killed_consumer_gives_back_within_seconds(
    publisher: Publisher, new_consumer: NewConsumer, any_amqp_url: str
) -> None:
    """kill -9 leaves no message stuck with the dead."""
    new_consumer().close()
    publisher.publish([message(1)])
    child = subprocess.Popen([sys.executable, "-c", HOLD_FOREVER, any_amqp_url], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"1\n"
    consumer = new_consumer()
    assert consumer.receive(1, 0.7) == []  # alive: it is held
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    [delivery] = drain(consumer, 1, patience=10)
    assert delivery.redelivered


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_bodies_of_any_size_pass(publisher: Publisher, new_consumer: NewConsumer, size: int) -> None:
    """The pipe carries; judging is the reader's business."""
    consumer, sent = new_consumer(), message(1)
    big = type(sent)(sent.event_id, sent.routing_key, b"x" * size, None)
    assert publisher.publish([big]) == [Published()]
    [delivery] = drain(consumer, 1)
    assert (delivery.body, delivery.traceparent) == (b"x" * size, None)
