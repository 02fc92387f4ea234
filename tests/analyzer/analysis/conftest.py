"""One engine for all tests of the room: it never changes, and loading it takes a moment."""

import pytest

from analyzer.analysis import Engine, load_engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine with the built-in files."""
    return load_engine()
