"""What most tests of the collector stand in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collector.house import House, build


@pytest.fixture
def house(any_database_url: str, tmp_path: Path) -> Iterator[House]:
    """A collector with one fair, on each database in turn."""
    house = build(any_database_url, tmp_path)
    yield house
    house.database.close()
