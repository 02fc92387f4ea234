"""run.py in a project of fake services, which start in milliseconds and fail when they are told to."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


class Run:
    """A run.py that was started; its output is collected line by line."""

    def __init__(self, project: Path, **environ: str) -> None:
        self.data = project / "var"
        self.lines: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "run.py"],
            cwd=project,
            env={**os.environ, "SAMPLE": "0", "DATA_DIR": str(self.data), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()

    def await_line(self, part: str, seconds: float = 20) -> str:
        """The first line with `part` in it, now or later."""
        found: list[str] = []
        with self._news:
            if not self._news.wait_for(
                lambda: found.extend(x for x in self.lines if part in x) or found, seconds
            ):
                raise AssertionError(f"no line with {part!r} in {self.lines}")
        return found[0]

    def pid(self, name: str) -> int:
        path = self.data / f"{name}.pid"
        eventually(path.exists, f"{name} started")
        return int(path.read_text())

    def pids(self) -> dict[str, int]:
        return {path.stem: int(path.read_text()) for path in self.data.glob("*.pid")}

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, seconds: float = 20) -> int:
        """Wait for its own end.  Returns the exit status."""
        return self.process.wait(seconds)


def running(pid: int) -> bool:
    """A zombie that nobody has buried yet does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Start run.py: `run(plan={"collector-relay": "die"}, COLLECTOR_PORT="8100")`."""
    for name in ("run.py", "Procfile"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "launcher", tmp_path / "launcher")
    for service in ("collector", "analyzer"):
        (tmp_path / service).mkdir()
        shutil.copy(Path(__file__).with_name("fake_service.py"), tmp_path / service / "__main__.py")
    started: list[Run] = []

    def start(plan: dict[str, str] | None = None, **environ: str) -> Run:
        ports = {"COLLECTOR_PORT": free_port(), "ANALYZER_PORT": free_port()}
        started.append(Run(tmp_path, **{"PLAN": json.dumps(plan or {}), **ports, **environ}))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for pid in one.pids().values():
            if running(pid):
                os.kill(pid, signal.SIGKILL)
