"""Real services for the tests: RabbitMQ, PostgreSQL, Chromium; each test gets a clean part of them.

A service that is not there skips the test with its reason; with DEBRIEF_REQUIRE_SERVICES=1 (CI) it
fails it instead, so that no test about a service can quietly stop running.
"""

import atexit
import os
import shutil
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

AMQP = "amqp://guest:guest@127.0.0.1:5672"
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
# The same engine without its windows, in half of the time; where it is not installed, the whole browser.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")


def missing(reason: str) -> None:
    """End the test: skipped at home, failed where the services are required."""
    if os.environ.get("DEBRIEF_REQUIRE_SERVICES") == "1":
        pytest.fail(f"required service is missing: {reason}")
    pytest.skip(reason)


def chromium() -> str:
    """The program of a real Chromium."""
    found = next(filter(os.path.exists, BROWSERS), None)
    if found is None:
        missing(f"no Chromium: neither {' nor '.join(BROWSERS)}")
    return str(found)


def listens(url: str, default_port: int) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or default_port), 2).close()
    except OSError:
        return False
    return True


# Making a database or a virtual host costs up to a second: each process of the tests uses its own again.
_databases: list[str] = []
_vhosts: list[str] = []
VHOSTS_AT_ONCE = 8


@contextmanager
def fresh_database() -> Iterator[str]:
    """An empty PostgreSQL database that nobody else uses.  Yields its URL."""
    server = os.environ.get("DEBRIEF_TEST_DATABASE_URL", POSTGRES)
    if not listens(server, 5432):
        missing(f"no PostgreSQL at {urlsplit(server).hostname}:{urlsplit(server).port or 5432}")
    name = _databases.pop() if _databases else _new_database(server)
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    yield url
    _emptied(url)
    _databases.append(name)


def _new_database(server: str) -> str:
    """One more, dropped when the process ends."""
    name = f"debrief_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    atexit.register(_drop, server, name)
    return name


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _emptied(url: str) -> None:
    """End whoever is still connected, and drop all schemas."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = admin.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        for (schema,) in found.fetchall():
            admin.execute(f'DROP SCHEMA "{schema}" CASCADE')
        admin.execute("CREATE SCHEMA public")


@contextmanager
def fresh_vhost() -> Iterator[str]:
    """A RabbitMQ virtual host that nobody has used.  Yields its AMQP URL.

    DEBRIEF_TEST_AMQP_URL names the broker (user, password, host, port); `rabbitmqctl` makes the host.
    """
    broker = os.environ.get("DEBRIEF_TEST_AMQP_URL", AMQP)
    if not listens(broker, 5672):
        missing(f"no RabbitMQ at {urlsplit(broker).hostname}:{urlsplit(broker).port or 5672}")
    if shutil.which("rabbitmqctl") is None:
        missing("no rabbitmqctl, which makes each test a virtual host of its own")
    if not _vhosts:
        _vhosts.extend(_new_vhosts(urlsplit(broker).username or "guest"))
    yield urlsplit(broker)._replace(path=f"/{_vhosts.pop()}").geturl()


def _new_vhosts(user: str) -> list[str]:
    """Several by one call, deleted when the process ends."""
    names = [f"debrief-test-{uuid.uuid4().hex[:12]}" for _ in range(VHOSTS_AT_ONCE)]
    listed = ", ".join(f'<<"{name}">>' for name in names)
    allow = f'<<"{user}">>, Name, <<".*">>, <<".*">>, <<".*">>, <<"tests">>'
    rabbitmqctl(
        "eval",
        f'[begin ok = rabbit_vhost:add(Name, <<"tests">>),'
        f" ok = rabbit_auth_backend_internal:set_permissions({allow}) end || Name <- [{listed}]].",
    )
    atexit.register(rabbitmqctl, "eval", f'[rabbit_vhost:delete(Name, <<"tests">>) || Name <- [{listed}]].')
    return names


def rabbitmqctl(*arguments: str) -> str:
    done = subprocess.run(
        ["rabbitmqctl", "-q", *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout
