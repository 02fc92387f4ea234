"""Our end of the guardian's pipe: tells it which process groups are ours."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO


class Guard:
    """While it is open, a kill -9 of the launcher takes its children along."""

    def __init__(self, root: Path) -> None:
        self._guardian = subprocess.Popen(
            [sys.executable, "-m", "launcher.guardian"],
            cwd=root,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def started(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def gone(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """The guardian ends what is left, and then itself."""
        with suppress(OSError):
            self._pipe.close()
        self._guardian.wait()

    @property
    def _pipe(self) -> IO[str]:
        assert self._guardian.stdin is not None
        return self._guardian.stdin

    def _tell(self, line: str) -> None:
        """Without its guardian (killed by hand) the pair runs on; only kill -9 is no longer covered."""
        with suppress(OSError):
            self._pipe.write(line)
            self._pipe.flush()
