"""Throws away photos and voice notes that nobody wants any more: beside the relay, and as `photos purge`.

In: the database, the photo store, the time.  Out: how many went.  Two that work at once do no harm.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime

from collector import photos, voices
from collector.database import Database
from collector.errors import TryLater
from collector.photostore import JPEG, SPEECH, PhotoStore
from collector.sidethread import beside
from collector.uploads import STORED
from collector.wholefiles import throw_away

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
        for photo_id, _ in pictures:
            throw_away(database, store, photos.UPLOADS, photo_id, JPEG)
        for voice_id, _ in recordings:
            throw_away(database, store, voices.UPLOADS, voice_id, SPEECH)
    seen, heard = (sum(state == STORED for _, state in found) for found in (pictures, recordings))
    return Purged(seen, heard, len(pictures) + len(recordings) - seen - heard)


def housekeeping(database: Database, store: PhotoStore, clock: Clock) -> AbstractContextManager[None]:
    """Looked after at once and every hour inside this block."""
    return beside("housekeeping", lambda stop: _run(database, store, clock, stop))


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
