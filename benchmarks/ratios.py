"""Debrief against named peers, in one run: what `make bench` prints.

In: rounds.  Out: a table, and var/bench.json: for each measure the median of the rounds' ratios, with the
lowest and the highest.  Ours and the peer take turns, so that other work on the machine hits both.  A round
counts only if all that was sent has arrived.  RabbitMQ measures are left out where there is no broker.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pika  # noqa: E402 - found only once the root is on the path
import sqlalchemy as sa  # noqa: E402

from analyzer.analysis import load_engine  # noqa: E402
from analyzer.consumers import QUEUE, open_consumer  # noqa: E402
from benchmarks import peers  # noqa: E402
from collector import outbox, tables  # noqa: E402
from collector.database import open_database  # noqa: E402
from collector.migrations import migrate  # noqa: E402
from collector.publishers import EXCHANGE, open_publisher  # noqa: E402
from collector.relay import relay_once  # noqa: E402
from tests.analyzer.analysis import test_speed  # noqa: E402
from tests.collector import house, served  # noqa: E402
from tests.services import AMQP, fresh_vhost, listens  # noqa: E402

KEY = "response.submitted.v1"
MESSAGES, CLIENTS, SECONDS = 2000, 16, 3.0
Pair = tuple[float, float]  # ours, the peer's


def reading() -> Iterator[Pair]:
    """Sentences a second, one core, none of them read before (five rounds at most)."""
    for ours, _, theirs in test_speed.sentences_a_second(load_engine()):
        yield ours, theirs


def intake() -> Iterator[Pair]:
    """Responses stored a second."""
    with tempfile.TemporaryDirectory() as folder, _peer(Path(folder)) as peer_port:
        ours = Path(folder) / "ours"
        ours.mkdir()
        opened = _fair(ours)
        with served.running(ours, LOG_LEVEL="WARNING") as (port, _):  # nobody reads along
            token = opened.token(house.OPEN)
            while True:
                before = _stored(opened)
                rate = _load(port, "/api/v1/responses", {"Authorization": f"Bearer {token}"})
                assert _stored(opened) - before >= rate * SECONDS, "an accepted response is not stored"
                yield rate, _load(peer_port, "/responses", {})


def _fair(folder: Path) -> house.House:
    opened = house.build(f"sqlite:///{folder / 'collector.sqlite3'}", folder)
    with opened.database.write() as connection:
        connection.execute(sa.update(tables.visit).values(deadline=datetime.now(UTC) + timedelta(days=1)))
    return opened


def _stored(opened: house.House) -> int:
    with opened.database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(tables.response)).scalar_one())


def _load(port: int, path: str, headers: dict[str, str]) -> float:
    job = {"port": port, "path": path, "headers": headers, "body": json.dumps(house.good())}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps({**job, "seconds": SECONDS, "clients": CLIENTS}),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return float(done.stdout)


@contextmanager
def _peer(folder: Path) -> Iterator[int]:
    """The peer behind the same server as ours, with the same processes and threads."""
    port = served.free_port()
    command = ["granian", "--interface", "wsgi", "--factory", "benchmarks.peers:target", "--port", str(port)]
    options = ["--workers", "2", "--blocking-threads", "16", "--log-level", "error"]
    environ = {**os.environ, peers.FILE: str(folder / "peer.sqlite3")}
    process = subprocess.Popen([sys.executable, "-m", *command, *options], cwd=ROOT, env=environ)
    try:
        while not listens(f"http://127.0.0.1:{port}", port):
            time.sleep(0.05)  # nothing to wait on: the process tells nobody when it listens
        yield port
    finally:
        process.terminate()
        process.wait(30)


def relaying() -> Iterator[Pair]:
    """Events a second from the outbox to the broker's disk, against publishing alone."""
    with tempfile.TemporaryDirectory() as folder, fresh_vhost() as url:
        database = open_database(f"sqlite:///{folder}/collector.sqlite3")
        migrate(database)
        consumer = open_consumer(url, prefetch=1, retry_seconds=1)
        consumer.open()
        consumer.close()
        publisher = open_publisher(url)
        bodies = [json.dumps(house.good(improve=f"{n} " + "x" * 900)).encode() for n in range(MESSAGES)]
        while True:
            ours = MESSAGES / _timed(lambda: _relay(database, publisher, bodies))
            _take_out(url, MESSAGES)
            yield ours, MESSAGES / _timed(lambda: peers.confirm_each(url, EXCHANGE, KEY, bodies))
            _take_out(url, MESSAGES)


def _timed(act: Callable[[], float | None]) -> float:
    """Seconds; what `act` says about itself, where it does."""
    start = time.perf_counter()
    own = act()
    return own if own is not None else time.perf_counter() - start


def _relay(database: Any, publisher: Any, bodies: list[bytes]) -> float:
    now = datetime.now(UTC)
    events = [Event(f"e-{time.time_ns()}-{n}", body.decode()) for n, body in enumerate(bodies)]
    with database.write() as connection:
        outbox.add(connection, events, now)
    start = time.perf_counter()
    while relay_once(database, publisher, lambda: datetime.now(UTC)).published:
        pass
    return time.perf_counter() - start


class Event:
    """An event as the outbox takes it."""

    type, subject, traceparent = KEY, "visit", "00-" + "a" * 32 + "-" + "b" * 16 + "-01"

    def __init__(self, event_id: str, body: str) -> None:
        self.event_id, self.body = event_id, body


def _take_out(url: str, expected: int) -> None:
    """All messages have arrived, and make room for the next."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    purged = connection.channel().queue_purge(QUEUE).method.message_count
    connection.close()
    assert purged == expected, f"{purged} of {expected} messages arrived"


MEASURES: dict[str, tuple[str, str, Callable[[], Iterator[Pair]], float]] = {
    "analyzer": ("sentences/s, one core", "bare TextBlob loop", reading, 1.0),
    "intake": ("responses stored/s", "Flask + SQLite insert, fsync", intake, 1.0),
    "relay": ("events/s with its database", "pika, confirm each, no database", relaying, 5.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=MEASURES, action="append")
    options = parser.parse_args()
    load, python = os.getloadavg()[0], platform.python_version()
    print(f"{platform.platform()}, {os.cpu_count()} processors, load {load:.1f}, Python {python}")
    print(f"{'':10}{'measure':30}{'peer':34}{'ours':>9}{'peer':>9}{'ratio':>7}  lowest-highest  wanted")
    found = {name: _measured(name, options.rounds) for name in options.only or MEASURES}
    Path("var").mkdir(exist_ok=True)
    Path("var/bench.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _measured(name: str, rounds: int) -> dict[str, Any] | None:
    unit, peer, make, wanted = MEASURES[name]
    if name == "relay" and not listens(AMQP, 5672):
        print(f"{name:10}left out: no RabbitMQ on this machine")
        return None
    pairs = iter(make())
    next(pairs)  # warm-up
    found = [next(pairs) for _ in range(rounds)]
    pairs.close()  # type: ignore[attr-defined]
    ratios = sorted(ours / theirs for ours, theirs in found)
    ours, theirs = median(p[0] for p in found), median(p[1] for p in found)
    print(
        f"{name:10}{unit:30}{peer:34}{ours:9.0f}{theirs:9.0f}{median(ratios):7.2f}"
        f"  {ratios[0]:.2f}-{ratios[-1]:.2f}  {wanted:.1f}",
        flush=True,
    )
    return {"unit": unit, "peer": peer, "ours": ours, "theirs": theirs, "ratios": ratios, "wanted": wanted}


if __name__ == "__main__":
    main()
