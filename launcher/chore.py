"""A command of one of the services that ends by itself: init-db, load, sample-responses, links."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError
from launcher.guard import Guard

Wait = Callable[[float], None]  # sleeps at most so many seconds; raises StopRequested
LOOK = 0.5  # seconds; SIGCHLD wakes us earlier


@dataclass(frozen=True)
class Chores:
    """Where and how chores run."""

    root: Path
    environment: Mapping[str, str]
    guard: Guard
    wait: Wait

    def start(self, *arguments: str, on_line: Callable[[str], None] | None = None) -> "Chore":
        return Chore(self, arguments, on_line or ignore)

    def run(self, *arguments: str, on_line: Callable[[str], None] | None = None) -> str:
        """`run("collector", "init-db")` -> its stdout.  Raises LauncherError where it fails."""
        return self.start(*arguments, on_line=on_line).finish()

    def run_together(self, *commands: tuple[str, ...]) -> list[str]:
        """Several at once: most of their time goes into starting Python.  Their stdouts, in order.

        All have ended when it returns or raises.
        """
        with ExitStack() as stack:
            started = [self.start(*command) for command in commands]
            for chore in started:
                stack.callback(chore.bury)
            return [chore.finish() for chore in started]


class Chore:
    """Started by its making; finish() must follow."""

    def __init__(self, chores: Chores, arguments: tuple[str, ...], on_line: Callable[[str], None]) -> None:
        self._chores, self._arguments, self._on_line = chores, arguments, on_line
        self._out: list[str] = []
        self._err: list[str] = []
        self._buried = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=chores.root,
            env=chores.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        chores.guard.started(self._process.pid)
        self._readers = [
            threading.Thread(target=target, daemon=True) for target in (self._read, self._complain)
        ]
        for reader in self._readers:
            reader.start()

    def finish(self) -> str:
        """Wait for its end.  Whatever happens meanwhile, it does not outlive this call."""
        try:
            while self._process.poll() is None:
                self._chores.wait(LOOK)
        finally:
            self.bury()
        if self._process.returncode:
            raise LauncherError(self._failure())
        return "".join(self._out)

    def bury(self) -> None:
        """Kill what is left of it; nothing, where it has ended."""
        if self._buried:
            return
        self._buried = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._chores.guard.gone(self._process.pid)
        for reader in self._readers:
            reader.join(timeout=5)

    def _read(self) -> None:
        """A line ends with a newline, or with the return that shows progress in place."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._out.append(line)
            self._on_line(line.strip())

    def _complain(self) -> None:
        assert self._process.stderr is not None
        self._err.extend(self._process.stderr)

    def _failure(self) -> str:
        said = "".join(self._err or self._out).rstrip().splitlines()[-12:]
        detail = "".join(f"\n    {line}" for line in said)
        return f"`{' '.join(self._arguments)}` failed (exit status {self._process.returncode}){detail}"


def ignore(line: str) -> None:
    """For chores whose progress nobody watches."""
