"""A role that is told to stop hears it, whatever it is doing in that moment."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.pair import Pair
from tests.waiting import eventually

INTERRUPTED = """
import signal, sys
from {service}.stopping import stop_on_signals

def interrupt(frame, event, argument):
    if frame.f_code.co_qualname == "Condition.wait":
        sys.settrace(None)
        signal.raise_signal(signal.SIGTERM)

stop = stop_on_signals()
sys.settrace(interrupt)
sys.exit(0 if stop.wait(20) else 1)
"""


@pytest.mark.parametrize("service", ["collector", "analyzer"])
def test_sigterm_is_heard_also_while_the_role_begins_to_wait(service: str) -> None:
    """The main thread holds the event's lock there; who takes it in a handler never comes back."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(service=service)], check=False, timeout=30
    )
    assert done.returncode == 0


@pytest.mark.parametrize("role", ["collector web", "analyzer web"])
def test_sigterm_is_heard_also_while_the_server_starts(tmp_path: Path, role: str) -> None:
    """Its worker processes load the app then; nobody waits for the time that running requests get."""
    with Pair(tmp_path, settings={"WEB_WORKERS": "2"}) as pair:
        server = pair.launch(role)
        children = Path(f"/proc/{server}/task/{server}/children")
        eventually(lambda: len(children.read_text().split()) >= 2, "both worker processes were made")
        assert pair.stop(role, seconds=5) == 0
