"""Which message a confirm speaks for: the rules of the broker, without a broker."""

from collector.publishers import NotConfirmed, OutboundMessage, Published, Unroutable
from collector.publishers.confirms import Batch, Window

NACK = NotConfirmed("the broker could not store it (nack)")


def sent(window: Window, count: int, first: int = 1) -> Batch:
    batch = Batch([OutboundMessage(f"event-{n}", "t", b"", None) for n in range(first, first + count)])
    for index in range(count):
        window.sent(batch, index)
    return batch


def test_one_ack_speaks_for_one_message() -> None:
    """The batch is done with its last confirm, in whatever order they come."""
    window = Window()
    batch = sent(window, 3)
    window.acked(2, multiple=False)
    window.acked(3, multiple=False)
    assert not batch.done.is_set()
    window.acked(1, multiple=False)
    assert batch.done.is_set()
    assert batch.outcomes() == [Published()] * 3


def test_a_multiple_ack_speaks_for_all_before_it() -> None:
    """But not for those that were answered already, nor for later ones."""
    window = Window()
    batch = sent(window, 5)
    window.nacked(2, multiple=False)
    window.acked(4, multiple=True)
    assert len(window) == 1
    window.nacked(5, multiple=True)
    assert batch.outcomes() == [Published(), NACK, Published(), Published(), NACK]


def test_a_return_comes_before_its_ack() -> None:
    """The ack of a returned message is no success, and the mark is used up with it."""
    window = Window()
    batch = sent(window, 2)
    window.returned("event-1", "no queue")
    window.acked(2, multiple=True)
    assert batch.outcomes() == [Unroutable("no queue"), Published()]
    again = sent(window, 1)
    window.acked(3, multiple=False)
    assert again.outcomes() == [Published()]


def test_a_confirm_after_giving_up_changes_nothing() -> None:
    """The relay has been told; the next batch is not confused by it."""
    window = Window()
    late = sent(window, 1)
    late.give_up("blocked")
    batch = sent(window, 1, first=2)
    window.acked(1, multiple=False)
    assert late.outcomes() == [NotConfirmed("blocked")]
    assert not batch.done.is_set()
    window.acked(2, multiple=True)
    assert batch.outcomes() == [Published()]


def test_an_unknown_tag_is_ignored() -> None:
    """A broker that confirms twice does no harm."""
    window = Window()
    batch = sent(window, 1)
    window.acked(1, multiple=False)
    window.acked(1, multiple=False)
    window.nacked(9, multiple=False)
    assert batch.outcomes() == [Published()]
