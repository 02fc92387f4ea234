"""The collector's real web role as a process of its own, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.collector.house import SECRET

SERVE = "import os, sys; from collector.config import Config; from collector.web import serve; " + (
    "sys.exit(serve(Config.from_env(os.environ)))"
)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    mine = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        "COLLECTOR_PORT": str(port),
        "PYTHONPATH": os.getcwd(),
    }
    return {**kept, **mine, **settings}


def start(folder: Path, port: int, **settings: str) -> "subprocess.Popen[bytes]":
    """Its log goes to a file: a pipe that nobody empties is full after 800 requests, and it stands still."""
    with log_file(folder).open("wb") as log:
        environ = environment(folder, port, **settings)
        return subprocess.Popen([sys.executable, "-c", SERVE], env=environ, stderr=log)


def log_file(folder: Path) -> Path:
    return folder / "web.log"


def wait_until_it_answers(folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.05)  # nothing to wait on: the process tells nobody when it listens
    process.kill()
    process.wait()
    raise AssertionError(f"no answer: {log_file(folder).read_text()}")


@contextmanager
def running(folder: Path, **settings: str) -> "Iterator[tuple[int, subprocess.Popen[bytes]]]":
    port = free_port()
    process = start(folder, port, **settings)
    try:
        wait_until_it_answers(folder, port, process)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
