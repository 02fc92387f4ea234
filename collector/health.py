"""Is this collector fit to take answers?  Asked by /readyz.

A broker that is away costs delay, never answers: then the collector is degraded, and still ready.
"""

import logging
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from collector import outbox
from collector.database import Database
from collector.errors import TryLater
from collector.migrations import is_current
from collector.tables import relay_state

WAITING_TOO_LONG = timedelta(seconds=30)  # a running relay publishes within a second
SILENT_TOO_LONG = timedelta(seconds=60)  # the relay's loop turns every few seconds, even idle
LEAST_FREE_SPACE = 16 * 1024 * 1024  # bytes, some 500 responses; stop before a write fails

OK = "ok"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Health:
    """Each check is "ok" or says in a few words what is wrong."""

    database: str
    migrations: str
    disk: str
    relay: str

    @property
    def status(self) -> str:
        if (self.database, self.migrations, self.disk) != (OK, OK, OK):
            return "down"
        return "ready" if self.relay == OK else "degraded"


def examine(database: Database, data_dir: Path, now: datetime) -> Health:
    disk = check_disk(data_dir)
    try:
        migrations = OK if is_current(database) else "not current: run init-db"
        relay = check_relay(database, now) if migrations == OK else "unknown"
    except TryLater as error:
        log.warning("not ready: %s", error)
        return Health("cannot be reached", "unknown", disk, "unknown")
    return Health(OK, migrations, disk, relay)


def check_disk(data_dir: Path) -> str:
    """The folder takes a file and has room.  A folder that does not exist is not used: fine."""
    if not data_dir.is_dir():
        return OK
    try:
        with tempfile.TemporaryFile(dir=data_dir) as probe:
            probe.write(b"ready")
        free = shutil.disk_usage(data_dir).free
    except OSError as error:
        return f"not writable: {error.strerror}"
    return OK if free >= LEAST_FREE_SPACE else f"only {free // 1024 // 1024} MiB free"


def check_relay(database: Database, now: datetime) -> str:
    """Judged by what it leaves behind: the age of the outbox, its last error, its heartbeat."""
    with database.read() as connection:
        oldest = outbox.stats(connection).oldest_waiting_at
        state = connection.execute(sa.select(relay_state)).one_or_none()
    if state is not None and state.failing_since is not None:
        # The error itself may name hosts; it stands in the relay's log, not on a public page.
        return f"cannot publish since {state.failing_since:%Y-%m-%dT%H:%M:%SZ}"
    if oldest is not None and now - oldest > WAITING_TOO_LONG:
        return f"an event has been waiting for {int((now - oldest).total_seconds())} s"
    if state is None or now - state.progress_at > SILENT_TOO_LONG:
        return "not running"
    return OK
