"""Throws away photos and voice notes that nobody wants any more: beside the relay, and as `photos purge`.

In: the database, the photo store, the time.  Out: how many went.  The file goes before its row, so that one
broken off half way is found again; two that work at once do no harm.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from collector import photos, voices
from collector.database import Database
from collector.errors import TryLater
from collector.photostore import JPEG, SPEECH, PhotoStore
from collector.uploads import STORED, Uploads

LOOK_EVERY = 3600.0  # seconds

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Purged:
    pictures: int  # of withdrawn responses, or taken away
    recordings: int  # of withdrawn responses
    uploads: int  # begun and never finished, or refused


def purge(database: Database, store: PhotoStore, now: datetime, *, dry_run: bool = False) -> Purged:
    """Raises TryLater when the database or the store is away."""
    with database.read() as connection:
        pictures, recordings = photos.left_over(connection, now), voices.left_over(connection, now)
    if not dry_run:
        _throw_away(database, store, photos.UPLOADS, JPEG, pictures)
        _throw_away(database, store, voices.UPLOADS, SPEECH, recordings)
    seen, heard = (sum(state == STORED for _, state in found) for found in (pictures, recordings))
    return Purged(seen, heard, len(pictures) + len(recordings) - seen - heard)


def _throw_away(
    database: Database, store: PhotoStore, uploads: Uploads, ending: str, found: Iterable[tuple[str, str]]
) -> None:
    for file_id, _ in found:
        store.delete(file_id, ending)
        with database.write() as connection:
            uploads.forget(connection, file_id)


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
            if any(asdict(purged).values()):
                log.info("left-over photos and voice notes thrown away", extra=asdict(purged))
        except TryLater as error:
            log.warning("cannot look after photos: %s", error)
        except Exception:  # nothing that goes wrong here may end the relay beside it
            log.exception("fault while looking after photos")
        stop.wait(LOOK_EVERY)
