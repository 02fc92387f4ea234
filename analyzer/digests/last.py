"""The last thing made of something, kept with it for who asks the same again.

In: what the thing depends on besides what it is kept with.  Out: the thing, the last one or newly made.
Pure: the same facts give an equal thing.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Last(Generic[Thing]):
    """One thing: most digests after a change want the very same as the one before."""

    def __init__(self) -> None:
        self._kept: tuple[object, Thing] | None = None

    def get(self, facts: object, make: Callable[[], Thing]) -> Thing:
        kept = self._kept
        if kept is None or kept[0] != facts:
            kept = self._kept = (facts, make())
        return kept[1]
