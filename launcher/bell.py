"""Wakes the launcher: somebody asked it to stop, or a child ended.

Signal handlers only count; the main thread notices in wait(), so nothing is ever torn in the middle
(a child started but not yet written down would outlive us).
"""

import os
import select
import signal
from types import FrameType

from launcher.errors import StopRequested

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Bell:
    """One per process, made in the main thread."""

    def __init__(self) -> None:
        self.stop_requests = 0  # so far
        self.answered = 0  # of these, known to the main thread
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)

    def listen(self) -> None:
        """From now on Ctrl-C is a request.  A SIGHUP ignored by our caller (nohup) stays ignored."""
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in STOPS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._count)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # the wake-up is all we want

    def wait(self, seconds: float) -> None:
        """Until a signal comes or the time is over.  Raises StopRequested."""
        if not self.stop_requests:
            self.rest(seconds)
        if self.stop_requests:
            self.answered = self.stop_requests
            raise StopRequested

    @property
    def hurried(self) -> bool:
        """Somebody asked again while we are stopping."""
        return self.stop_requests > self.answered

    def rest(self, seconds: float) -> None:
        """The same for the time in which we are stopping already: raises nothing."""
        if select.select([self._read], [], [], max(0.0, seconds))[0]:
            os.read(self._read, 4096)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1
