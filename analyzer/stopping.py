"""SIGTERM and Ctrl-C as an event that the main thread and others can wait for."""

import signal
import threading
from queue import SimpleQueue


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
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(number))
    return stop
