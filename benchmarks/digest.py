"""How fast is a digest when a million analysed responses lie in PostgreSQL?

In: DATABASE_URL of an empty PostgreSQL database of its own; it is filled, measured and left to its owner.
Out: one JSON line: seconds of filling, ms of a process's first look at the visit, and p50/p99/max in ms of
the page over HTTP, kept, unchanged (304), and as the first one after each change of the visit.

    createdb bench && DATABASE_URL=postgresql://postgres@127.0.0.1/bench python benchmarks/digest.py
"""

import argparse
import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analyzer import store  # noqa: E402 - found only once the root is on the path
from analyzer.config import Config  # noqa: E402
from analyzer.database import Database, migrate, open_database  # noqa: E402
from analyzer.links import Grant, digest_token  # noqa: E402
from analyzer.tables import response  # noqa: E402
from tests.analyzer.samples import sample_visit  # noqa: E402
from tests.analyzer.stories import analysed, answer, scheduled, submitted  # noqa: E402

VISIT, REAL = "ruige-1124", 200  # the visit under test and its responses, analysed for real
PER_VISIT, PER_FAIR = 200, 50  # responses of each other visit; visits of each fair
PORT = 8977


def fill(database: Database, responses: int) -> None:
    """The visit under test through the store; its neighbours as copies, by the database itself."""
    visits = responses // PER_VISIT
    with database.write() as connection:
        store.record(connection, [analysed(scheduled(VISIT, invited=240)), *real_responses()])
    with database.write() as connection:
        connection.execute(sa.text(COPY_VISITS), {"visits": visits, "per_fair": PER_FAIR})
        connection.execute(sa.text(COPY_RESPONSES), {"visits": visits})
        connection.execute(sa.text(COPY_ANSWERS), {"visits": visits})
        connection.execute(sa.text(COPY_SENTENCES), {"visits": visits})
        connection.execute(sa.text(COPY_ASPECTS), {"visits": visits})
        connection.execute(sa.text(COPY_TALLIES), {"visits": visits})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def real_responses() -> list[Any]:
    """Sample texts read by the engine, as many hands as needed."""
    found = []
    for n in range(REAL // 10):
        for i, read in enumerate(sample_visit(VISIT)):
            event: Any = read.event
            name = f"{n}-{i}"
            changed = replace(event, response_id=name, event_id=f"e-{name}", visit_id=VISIT)
            found.append(replace(read, event=changed))
    return found[:REAL]


# Copies of the visit under test.  Every second neighbour belongs to the same size of fair; ratings differ
# by visit because the copied sums are shifted between keys.
COPY_VISITS = """
INSERT INTO visit SELECT 'v' || n, CASE WHEN n < :per_fair THEN fair_id ELSE 'f' || n / :per_fair END,
  fair_name, timezone, 'c' || n, company_name, industry, visited_at, deadline, invited, minimum_group,
  link_generation, sample, visitors, announced_at, needs, attribution, minimum_text
FROM visit, generate_series(1, :visits - 1) AS n WHERE id = 'ruige-1124'
"""
COPY_RESPONSES = """
INSERT INTO response SELECT 'v' || n || '-' || id, 'v' || n, revision, verified, sample, respondent, language,
  consent, submitted_at, received_at, analysed_at, sentiment, versions
FROM response, generate_series(1, :visits - 1) AS n WHERE visit_id = 'ruige-1124'
"""
CHILD = """
INSERT INTO {table} SELECT 'v' || n || '-' || response_id, {rest}
FROM {table}, generate_series(1, :visits - 1) AS n
WHERE response_id IN (SELECT id FROM response WHERE visit_id = 'ruige-1124') {only}
"""
COPY_ANSWERS = CHILD.format(
    table="answer",
    rest="question_id, position, role, type, question, value, readership, sentiment, polarity",
    only="AND question_id IN ('overall')",
)
COPY_SENTENCES = CHILD.format(
    table="sentence",
    rest='question_id, position, text, start, "end", lang, sentiment, polarity, suggestion, kind,'
    " explanation",
    only="AND position = 0 AND question_id = 'impressed'",
)
COPY_ASPECTS = CHILD.format(
    table="aspect",
    rest='question_id, sentence_position, position, topic, sentiment, polarity, evidence, start, "end", rule',
    only="AND sentence_position = 0 AND position = 0 AND question_id = 'impressed'",
)
COPY_TALLIES = """
INSERT INTO tally SELECT 'v' || n, day, metric, key, 1 + (count + n) % (count + 7)
FROM tally, generate_series(1, :visits - 1) AS n WHERE visit_id = 'ruige-1124'
"""


@contextmanager
def served(config: Config, secret: str) -> Any:
    """The analyzer's own web role, as it runs in earnest."""
    environ = {
        **os.environ,
        "DATABASE_URL": config.database_url.replace("+psycopg", ""),
        "SECRET_KEY": secret,
        "ANALYZER_PORT": str(PORT),
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "analyzer", "web"], cwd=ROOT, env=environ)
    try:
        _wait_for_port()
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for_port() -> None:
    for _ in range(200):
        try:
            get("/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web role did not start")


def get(path: str, etag: str | None = None) -> tuple[int, str | None, int]:
    """Status, ETag, bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        answered = connection.getresponse()
        return answered.status, answered.getheader("ETag"), len(answered.read())
    finally:
        connection.close()


def timed(times: int, ask: Callable[[int], Any]) -> dict[str, float]:
    """p50, p99 and max, in ms."""
    taken = []
    for n in range(times):
        start = time.perf_counter()
        ask(n)
        taken.append(1000 * (time.perf_counter() - start))
    return spread(taken)


def spread(taken: list[float]) -> dict[str, float]:
    """p50, p99 and max."""
    taken = sorted(taken)
    return {
        "p50": round(taken[len(taken) // 2], 1),
        "p99": round(taken[int(0.99 * (len(taken) - 1))], 1),
        "max": round(taken[-1], 1),
    }


def measure(database: Database, secret: str, times: int) -> dict[str, Any]:
    token = digest_token(secret, Grant(VISIT, 1, datetime.now(UTC) + timedelta(days=9)))
    page = f"/d/{token}?lang=zh"
    first = timed(1, lambda n: get(page))["max"]
    for _ in range(16):  # both processes have seen it
        get(page)
    etag, size = get(page)[1:]
    return {
        "page_bytes": size,
        "first_look": first,
        "page": timed(times, lambda n: get(page)),
        "not_modified": timed(times, lambda n: get(page, etag)),
        "after_each_change": spread(list(rebuilds(database, page, times // 4))),
    }


def rebuilds(database: Database, page: str, times: int) -> Iterator[float]:
    """ms of the first page after each of so many changes; every one of them shows in the page."""
    before = last_revision(database)
    shown = get(page)[1]
    for n in range(times):
        change(database, before + 1 + n)
        start = time.perf_counter()
        status, etag, _ = get(page)
        yield 1000 * (time.perf_counter() - start)
        assert (status, etag == shown) == (200, False)
        shown = etag


def change(database: Database, revision: int) -> None:
    """One expert amends the overall rating."""
    event = submitted(
        "late",
        [answer("overall", 1 + revision % 5)],
        revision=revision,
        event_id=f"late-{revision}",
        visit_id=VISIT,
    )
    with database.write() as connection:
        store.record(connection, [analysed(event)])


def last_revision(database: Database) -> int:
    """Of that expert in an earlier run."""
    with database.read() as connection:
        found = sa.select(sa.func.max(response.c.revision)).where(response.c.id == "late")
        return connection.execute(found).scalar() or 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--again", action="store_true", help="measure what an earlier run filled")
    parser.add_argument("--requests", type=int, default=1000)
    options = parser.parse_args()
    secret = secrets.token_hex(32)
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_env({**os.environ, "DATA_DIR": folder, "SECRET_KEY": secret})
        database = open_database(config.database_url)
        migrate(database)
        start = time.perf_counter()
        if not options.again:
            fill(database, options.responses)
        filled = round(time.perf_counter() - start, 1)
        with served(config, secret):
            print(json.dumps({"filled_in_s": filled, **measure(database, secret, options.requests)}))
        database.close()


if __name__ == "__main__":
    main()
