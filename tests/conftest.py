"""Fixtures that every room's tests share: clean services and a temporary data folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import services

# A root user (containers, CI) needs --no-sandbox; the rest keeps Chromium from calling its maker.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and a person who allows it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole pair first: its tests take longest, and one at the end keeps idle processes waiting."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/e2e/"))


@pytest.fixture
def amqp_url() -> Iterator[str]:
    """AMQP URL of an empty virtual host on a real RabbitMQ."""
    with services.fresh_vhost() as url:
        yield url


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """URL of an empty database on a real PostgreSQL."""
    with services.fresh_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Every test that asks for it runs twice: on a SQLite file and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    url = str(request.getfixturevalue("postgres_url"))
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def any_amqp_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Every test that asks for it runs twice: on the embedded queue and on RabbitMQ."""
    if request.param == "embedded":
        return f"embedded:///{tmp_path / 'queue.sqlite3'}"
    return str(request.getfixturevalue("amqp_url"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, started once."""
    program = services.chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
