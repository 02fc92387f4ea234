"""What SIGTERM and Ctrl-C do: an event that the main thread and others can wait for, or an end at once."""

import os
import signal
import threading
from functools import partial
from queue import SimpleQueue

ENDING = (signal.SIGTERM, signal.SIGINT)


def stop_on_signals() -> threading.Event:
    """Set soon after the first of them came.  To be called in the main thread.

    A handler runs between any two steps of the main thread, also while that one holds the event's lock in
    wait(): set() would then wait for itself, and the process for its SIGKILL (1 of 400 stops, measured on an
    idle machine with looks every 2 ms).  SimpleQueue.put() is made for handlers.
    """
    stop, told = threading.Event(), SimpleQueue[int]()

    def wait() -> None:
        told.get()
        stop.set()

    threading.Thread(target=wait, name="stop", daemon=True).start()
    for number in ENDING:
        signal.signal(number, lambda number, _: told.put(number))
    return stop


def end_while_starting() -> None:
    """Let worker processes die of a signal until they have handlers of their own.

    They are born with their parent's, and would lose it; one that comes in that moment waits.
    """

    def born() -> None:
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, ENDING),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, ENDING),
        after_in_child=born,
    )
