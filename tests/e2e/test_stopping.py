"""A role that is told to stop hears it, whatever it is doing in that moment."""

import subprocess
import sys

import pytest

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
