"""Can this analyzer be relied on?  Asked by /readyz and /metrics.

Broker away: answers come later, digests are still served, so degraded.  Database away, tables missing,
workers stopped, or work waiting and nobody at it: down, so that somebody looks.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from analyzer import attempts
from analyzer.attempts import WorkerState
from analyzer.consumers import DeadLetters
from analyzer.database import Database, is_current
from analyzer.errors import TryLater
from analyzer.tables import inbox, response

SILENT_TOO_LONG = timedelta(seconds=60)  # a worker gives a sign of life every 5 s, even idle
OK, UNKNOWN = "ok", "unknown"

log = logging.getLogger(__name__)
OpenDeadLetters = Callable[[], DeadLetters]


@dataclass(frozen=True)
class Health:
    """Each check is "ok" or says in a few words what is wrong; `grave` is what makes it not ready."""

    status: str  # ready, degraded or down
    checks: dict[str, str]


@dataclass(frozen=True)
class Queue:
    waiting: int
    dead: int


@dataclass(frozen=True)
class Numbers:
    """None: cannot be known right now, or never happened."""

    events: int | None = None
    responses: int | None = None
    dead_letters: int | None = None
    waiting: int | None = None
    worker_silent_seconds: float | None = None
    worker_stopped: int | None = None
    last_event_seconds: float | None = None


def examine(database: Database, open_letters: OpenDeadLetters, now: datetime) -> Health:
    try:
        if not is_current(database):
            return _down(database=OK, migrations="not current: run init-db")
        state = _worker_state(database)
    except TryLater as error:
        log.warning("not ready: %s", error)
        return _down(database="cannot be reached", migrations=UNKNOWN)
    queue = look(open_letters)
    worker, grave = judge(state, queue, now)
    broker = OK if queue else "cannot be reached"
    checks = {"database": OK, "migrations": OK, "worker": worker, "broker": broker}
    fine = worker == broker == OK
    return Health("down" if grave else "ready" if fine else "degraded", checks)


def judge(state: WorkerState, queue: Queue | None, now: datetime) -> tuple[str, bool]:
    """What is wrong with the workers, and whether it is grave."""
    if state.stopped_at is not None:
        return f"stopped since {state.stopped_at:%Y-%m-%dT%H:%M:%SZ}: {state.stopped_reason}", True
    if state.progress_at is not None and now - state.progress_at <= SILENT_TOO_LONG:
        return OK, False
    waiting = queue.waiting if queue else 0
    if waiting:
        return f"no sign of life, and {waiting} waiting", True
    return "not running", False


def look(open_letters: OpenDeadLetters) -> Queue | None:
    """None: the broker cannot be reached."""
    try:
        with closing(open_letters()) as letters:
            return Queue(letters.waiting(), letters.count())
    except TryLater as error:
        log.warning("broker: %s", error)
        return None


def measure(database: Database, open_letters: OpenDeadLetters, now: datetime) -> Numbers:
    queue = look(open_letters)
    pipe = {"dead_letters": queue.dead, "waiting": queue.waiting} if queue else {}
    try:
        with database.read() as connection:
            events, last = connection.execute(
                sa.select(sa.func.count(), sa.func.max(inbox.c.recorded_at)).select_from(inbox)
            ).one()
            responses = connection.execute(sa.select(sa.func.count()).select_from(response)).scalar_one()
            state = attempts.state(connection)
    except TryLater:
        return Numbers(**pipe)
    return Numbers(
        **pipe,
        events=events,
        responses=responses,
        worker_silent_seconds=_age(state.progress_at, now),
        worker_stopped=int(state.stopped_at is not None),
        last_event_seconds=_age(last, now),
    )


def _age(moment: datetime | None, now: datetime) -> float | None:
    return max((now - moment).total_seconds(), 0.0) if moment else None


def _worker_state(database: Database) -> WorkerState:
    with database.read() as connection:
        return attempts.state(connection)


def _down(**checks: str) -> Health:
    return Health("down", {**checks, "worker": UNKNOWN, "broker": UNKNOWN})
