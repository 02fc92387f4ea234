"""The rows of the visits looked at last, kept by a web process, so that a change costs what changed.

In: the keys of a visit's responses as they are now.  Out: their rows, fetched only where a key is new.
Nothing here can be old: a key names everything that its rows depend on, and who is gone is forgotten.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping

from analyzer.rows import Rows

Keys = Mapping[str, Hashable]  # by response id, in the order that the rows are wanted in
Fetch = Callable[[Collection[str]], list[Rows]]


class KeptRows:
    """Holds the rows of `size` visits."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._visits: OrderedDict[str, dict[str, tuple[Hashable, Rows]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, visit_id: str, keys: Keys, fetch: Fetch) -> list[Rows]:
        """Two who ask at once may both fetch; whoever ends last is kept."""
        with self._lock:
            kept = self._visits.get(visit_id, {})
        now = {id: kept[id] for id, key in keys.items() if id in kept and kept[id][0] == key}
        missing = keys.keys() - now.keys()
        if missing:
            now |= {rows.response["id"]: (keys[rows.response["id"]], rows) for rows in fetch(missing)}
        with self._lock:
            self._visits[visit_id] = now
            self._visits.move_to_end(visit_id)
            while len(self._visits) > self._size:
                self._visits.popitem(last=False)
        return [now[id][1] for id in keys if id in now]
