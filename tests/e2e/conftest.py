"""The pair in both of its worlds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.pair import Pair

WORLDS = [
    "embedded",
    pytest.param("servers", marks=[pytest.mark.rabbitmq, pytest.mark.postgresql]),
]


@pytest.fixture(params=WORLDS)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """The pair with its tables and one visit, on SQLite + embedded queue, then on PostgreSQL + RabbitMQ."""
    urls = {}
    if request.param == "servers":
        urls = {
            "database_url": str(request.getfixturevalue("postgres_url")),
            "amqp_url": str(request.getfixturevalue("amqp_url")),
        }
    with Pair(tmp_path, **urls) as started:
        yield started
