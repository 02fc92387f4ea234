"""What a web process keeps for a moment, so that the same digest is not built twice.

In: a key that changes whenever the content does.  Out: the thing, from the shelf or newly made.
Nothing here may be wrong for long: digests are kept by the state of their rows, the sums of a fair for
KEPT seconds.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
KEPT = 30.0  # seconds that the sums of a fair may be old


class Shelf(Generic[Thing]):
    """Holds the `size` things used last."""

    def __init__(self, size: int, seconds: float | None = None) -> None:
        self._size, self._seconds = size, seconds
        self._things: OrderedDict[Hashable, tuple[float, Thing]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """Two who ask at once may both make it: that is dearer than waiting, and simpler."""
        with self._lock:
            kept = self._things.get(key)
            if kept is not None and (self._seconds is None or time.monotonic() - kept[0] < self._seconds):
                self._things.move_to_end(key)
                return kept[1]
        thing = make()
        with self._lock:
            self._things[key] = (time.monotonic(), thing)
            self._things.move_to_end(key)
            while len(self._things) > self._size:
                self._things.popitem(last=False)
        return thing

    def has(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._things


class Noted:
    """Remembers the last `size` things that need not be done again."""

    def __init__(self, size: int) -> None:
        self._shelf = Shelf[bool](size)

    def __contains__(self, thing: Hashable) -> bool:
        return self._shelf.has(thing)

    def add(self, thing: Hashable) -> None:
        self._shelf.get(thing, lambda: True)
