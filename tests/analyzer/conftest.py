"""Fixtures that several tests of the analyzer share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analyzer.reading_room import ReadingRoom, open_room
from tests.analyzer.stories import said


@pytest.fixture
def room(tmp_path: Path, any_database_url: str) -> Iterator[ReadingRoom]:
    """Four experts praise the furnace; on each of the two databases."""
    room = open_room(tmp_path, any_database_url)
    room.record(said(f"r-{i}") for i in range(4))
    yield room
    room.database.close()
