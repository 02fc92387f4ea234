"""What the person in front of the terminal reads: lines, warnings, and one line of progress in place."""

import io
import os
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from typing import TextIO

QUIET = 2.0  # seconds between two lines of progress where they cannot be written in place
CLEAR = "\r\x1b[2K"
YELLOW, GREEN, PLAIN = "\x1b[33m", "\x1b[32m", "\x1b[0m"


class Terminal:
    """Threads may write at the same time.  Colour and progress in place only on a terminal."""

    def __init__(self, stream: TextIO, live: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._live, self._clock = stream, live, clock
        self._lock = threading.Lock()
        self._progress = ""  # what stands in the last line now; "" = nothing
        self._last_printed = float("-inf")

    @classmethod
    def on_stdout(cls) -> "Terminal":
        """A terminal of another alphabet shows ? for what it cannot, instead of ending the run."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        return cls(sys.stdout, live)

    def say(self, text: str) -> None:
        self._line(text)

    def good(self, text: str) -> None:
        self._line(text, GREEN)

    def warn(self, text: str) -> None:
        self._line(text, YELLOW)

    def progress(self, text: str, last: bool = False) -> None:
        """Show text in place of the progress before; the last one stays."""
        with self._lock:
            if self._live:
                self._put(f"{CLEAR}{text}" + ("\n" if last else ""))
                self._progress = "" if last else text
            elif last or self._clock() - self._last_printed >= QUIET:
                self._last_printed = self._clock()
                self._put(text + "\n")

    def _line(self, text: str, colour: str = "") -> None:
        with self._lock:
            coloured = f"{colour}{text}{PLAIN}" if colour and self._live and not no_colour() else text
            clear = CLEAR if self._progress else ""
            self._put(f"{clear}{coloured}\n{self._progress}")

    def _put(self, text: str) -> None:
        """A terminal that was closed under us is no reason to fail."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._live = False


def no_colour() -> bool:
    """https://no-color.org: any value but the empty one."""
    return bool(os.environ.get("NO_COLOR"))


def padded(text: str, width: int) -> str:
    """text and spaces, width columns wide; a Chinese character takes two."""
    columns = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - columns)
