"""Waiting for what another process or thread does, where it has no event that a test could await."""

import threading
import time
from collections.abc import Callable
from typing import Any


def eventually(true: Callable[[], Any], what: str, seconds: float = 20) -> None:
    """Ask again until it is true; fails, naming `what`, after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        threading.Event().wait(0.02)
