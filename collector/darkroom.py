"""What is done with a photo once it is whole: looked at, developed, put away.

In: bytes.  Out: the picture is in the photo store and its row says so.  Raises BadPicture or TryLater.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from collector import photos
from collector.database import Database
from collector.photostore import PhotoStore
from collector.pictures import BadPicture, Picture, normalise

_ONE_AT_A_TIME = threading.Lock()  # decoding takes up to 64 MB


class Darkroom:
    def __init__(self, database: Database, store: PhotoStore, clock: Callable[[], datetime]) -> None:
        self._database, self.store, self._clock = database, store, clock

    def develop(self, photo_id: str) -> None:
        """The last piece is here.  A refusal is kept, so that nobody sends the same file again."""
        with self._database.read() as connection:
            content = photos.content(connection, photo_id)
        try:
            picture = _develop(content)
        except BadPicture:
            with self._database.write() as connection:
                photos.refuse(connection, photo_id)
            raise
        self._put_away(photo_id, picture)

    def take(self, photo_id: str, response_id: str, content: bytes) -> None:
        """A whole file at once, from a browser without script."""
        picture = _develop(content)
        with self._database.write() as connection:
            photos.begin(connection, photo_id, response_id, len(content), self._clock())
        self._put_away(photo_id, picture)

    def _put_away(self, photo_id: str, picture: Picture) -> None:
        self.store.put(photo_id, picture.jpeg)
        with self._database.write() as connection:
            photos.keep(connection, photo_id, picture, self._clock())


def _develop(content: bytes) -> Picture:
    with _ONE_AT_A_TIME:
        return normalise(content)
