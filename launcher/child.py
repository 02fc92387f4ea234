"""One role that runs: a process group of its own, so that Ctrl-C reaches it through us only."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from launcher.guard import Guard
from launcher.log import Log, TroubleFilter
from launcher.procfile import Role


class Child:
    """Started by its making.  Its process id is also the id of its group."""

    def __init__(
        self,
        role: Role,
        environment: Mapping[str, str],
        root: Path,
        log: Path,
        guard: Guard,
        show: Callable[[str], None],
    ) -> None:
        self.name = role.name
        self.log = log
        self._guard = guard
        self._process = subprocess.Popen(
            role.command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        guard.started(self._process.pid)
        self._pump = threading.Thread(
            target=pump, args=(self._process.stdout, Log(log), TroubleFilter(show)), daemon=True
        )
        self._pump.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> str | None:
        """How it ended, in words; None while it runs."""
        code = self._process.poll()
        return None if code is None else ending(code)

    def terminate(self) -> None:
        """Ask the first process; it tells its own workers."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def terminate_group(self) -> None:
        """Ask every process of the group: one of its workers may not have been told."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGTERM)

    def bury(self) -> None:
        """Kill what is left of the group, and wait for the log to be complete."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._guard.gone(self.pid)
        self._pump.join(timeout=5)


def pump(source: IO[bytes], log: Log, trouble: TroubleFilter) -> None:
    """Copy lines until the last process of the group has closed its end."""
    with source:
        for line in source:
            log.write(line)
            trouble.feed(line.decode("utf-8", "replace").rstrip())
    log.close()


def ending(code: int) -> str:
    """An exit status as Popen gives it, in words."""
    if code >= 0:
        return f"exit status {code}"
    with suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"
