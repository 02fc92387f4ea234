"""Throws away photos that nobody will finish or see: beside the relay, and as the chore `photos purge`.

In: the database, the photo store, the time.  Out: how many went.  The file goes before its row, so that one
broken off half way is found again; two that work at once do no harm.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from collector import photos
from collector.database import Database
from collector.errors import TryLater
from collector.photostore import PhotoStore
from collector.uploads import STORED

LOOK_EVERY = 3600.0  # seconds

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Purged:
    pictures: int  # of withdrawn responses, or taken away
    uploads: int  # begun and never finished, or refused


def purge(database: Database, store: PhotoStore, now: datetime, *, dry_run: bool = False) -> Purged:
    """Raises TryLater when the database or the store is away."""
    with database.read() as connection:
        found = photos.left_over(connection, now)
    pictures = [photo_id for photo_id, state in found if state == STORED]
    for photo_id, _ in () if dry_run else found:
        store.delete(photo_id)
        with database.write() as connection:
            photos.UPLOADS.forget(connection, photo_id)
    return Purged(len(pictures), len(found) - len(pictures))


@contextmanager
def housekeeping(database: Database, store: PhotoStore, clock: Clock) -> Iterator[None]:
    """Looked after at once and every hour inside this block."""
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(database, store, clock, stop), name="housekeeping")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _run(database: Database, store: PhotoStore, clock: Clock, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            purged = purge(database, store, clock())
            if purged.pictures or purged.uploads:
                told = {"pictures": purged.pictures, "uploads": purged.uploads}
                log.info("left-over photos thrown away", extra=told)
        except TryLater as error:
            log.warning("cannot look after photos: %s", error)
        except Exception:  # nothing that goes wrong here may end the relay beside it
            log.exception("fault while looking after photos")
        stop.wait(LOOK_EVERY)
