"""What is done with a photo once it is whole: looked at, developed, put away, announced.

In: bytes.  Out: the picture is in the photo store, its row and an event say so.  Raises BadPicture, TryLater.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from uuid6 import uuid7

from collector import messages, outbox, photos
from collector.database import Database
from collector.photostore import JPEG, PhotoStore
from collector.pictures import BadPicture, Picture, normalise
from collector.wholefiles import made, throw_away

_ONE_AT_A_TIME = threading.Lock()  # decoding takes up to 64 MB


class Darkroom:
    def __init__(self, database: Database, store: PhotoStore, clock: Callable[[], datetime]) -> None:
        self._database, self.store, self._clock = database, store, clock

    def develop(self, photo_id: str, traceparent: str) -> None:
        """The last piece is here."""
        picture = made(self._database, photos.UPLOADS, photo_id, _develop, BadPicture)
        self._put_away(photo_id, picture, traceparent)

    def take(self, photo_id: str, response_id: str, content: bytes, traceparent: str) -> None:
        """A whole file at once, from a browser without script."""
        picture = _develop(content)
        with self._database.write() as connection:
            photos.UPLOADS.begin(connection, photo_id, response_id, len(content), self._clock())
        self._put_away(photo_id, picture, traceparent)

    def remove(self, photo_id: str) -> None:
        """No response names it any more."""
        throw_away(self._database, self.store, photos.UPLOADS, photo_id, JPEG)

    def _put_away(self, photo_id: str, picture: Picture, traceparent: str) -> None:
        self.store.put(photo_id, picture.jpeg)
        now = self._clock()
        with self._database.write() as connection:
            stored = photos.keep(connection, photo_id, picture, now)
            event = messages.photo_stored(str(uuid7()), stored)
            outbox.add(connection, [event.traced(traceparent)], now)


def _develop(content: bytes) -> Picture:
    with _ONE_AT_A_TIME:
        return normalise(content)
