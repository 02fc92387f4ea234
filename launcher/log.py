"""A child's log: everything into DATA_DIR/log/<name>.log, what needs eyes also to the terminal."""

import re
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 5_000_000  # bytes; then the file becomes NAME.log.1 and the one before that is dropped
TROUBLE = re.compile(r'\b(WARNING|ERROR|CRITICAL)\b|"level": ?"(warning|error|critical)"')
BURST, PAUSE = 5, 10.0  # lines shown in so many seconds; a broker that is away must not fill the screen


class Log:
    """Written by one thread, line by line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open(path, "ab")  # noqa: SIM115 - closed with the child
        self._size = self._file.tell()

    def write(self, line: bytes) -> None:
        if self._size > LIMIT:
            self._rotate()
        self._file.write(line)
        self._file.flush()
        self._size += len(line)

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        self.path.replace(self.path.with_suffix(".log.1"))
        self._file = open(self.path, "ab")  # noqa: SIM115 - closed with the child
        self._size = 0


def tail(path: Path, lines: int = 12) -> str:
    """The end of a log, indented; "" where there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class TroubleFilter:
    """Passes warnings, errors and the last line of a traceback on, a few at a time."""

    def __init__(self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._show, self._clock = show, clock
        self._in_traceback = False
        self._window_ends, self._shown = float("-inf"), 0

    def feed(self, line: str) -> None:
        if self._is_trouble(line):
            self._show_some(line)

    def _is_trouble(self, line: str) -> bool:
        """In a traceback the frames are indented; the first line that is not names the error."""
        if line.startswith("Traceback (most recent call last)"):
            self._in_traceback = True
        elif self._in_traceback and line and not line[0].isspace():
            self._in_traceback = False
            return True
        return bool(TROUBLE.search(line))

    def _show_some(self, line: str) -> None:
        if self._clock() >= self._window_ends:
            self._window_ends, self._shown = self._clock() + PAUSE, 0
        self._shown += 1
        if self._shown <= BURST:
            self._show(line)
        elif self._shown == BURST + 1:
            self._show("… more of this in the log")
