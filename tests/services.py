"""Real services for the tests: RabbitMQ, PostgreSQL, Chromium; each test gets a clean part of them.

A service that is not there skips the test with its reason; with DEBRIEF_REQUIRE_SERVICES=1 (CI) it
fails it instead, so that no test about a service can quietly stop running.
"""

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
CHROMIUM = "/usr/bin/chromium"


def missing(reason: str) -> None:
    """End the test: skipped at home, failed where the services are required."""
    if os.environ.get("DEBRIEF_REQUIRE_SERVICES") == "1":
        pytest.fail(f"required service is missing: {reason}")
    pytest.skip(reason)


def listens(url: str, default_port: int) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or default_port), 2).close()
    except OSError:
        return False
    return True


@contextmanager
def fresh_database() -> Iterator[str]:
    """A PostgreSQL database of its own, dropped afterwards.  Yields its URL."""
    server = os.environ.get("DEBRIEF_TEST_DATABASE_URL", POSTGRES)
    if not listens(server, 5432):
        missing(f"no PostgreSQL at {urlsplit(server).hostname}:{urlsplit(server).port or 5432}")
    name = f"debrief_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def fresh_vhost() -> Iterator[str]:
    """A RabbitMQ virtual host of its own, deleted afterwards.  Yields its AMQP URL.

    DEBRIEF_TEST_AMQP_URL names the broker (user, password, host, port); `rabbitmqctl` makes the host.
    """
    broker = os.environ.get("DEBRIEF_TEST_AMQP_URL", AMQP)
    if not listens(broker, 5672):
        missing(f"no RabbitMQ at {urlsplit(broker).hostname}:{urlsplit(broker).port or 5672}")
    if shutil.which("rabbitmqctl") is None:
        missing("no rabbitmqctl, which makes each test a virtual host of its own")
    name, user = f"debrief-test-{uuid.uuid4().hex[:12]}", urlsplit(broker).username or "guest"
    rabbitmqctl("add_vhost", name)
    try:
        rabbitmqctl("set_permissions", "-p", name, user, ".*", ".*", ".*")
        yield urlsplit(broker)._replace(path=f"/{name}").geturl()
    finally:
        rabbitmqctl("delete_vhost", name)


def rabbitmqctl(*arguments: str) -> str:
    done = subprocess.run(
        ["rabbitmqctl", "-q", *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout
