"""Makes PDF files in a process of their own, one at a time on a machine.

In: a digest.  Out: its PDF.  Raises CannotRender, or TryLater where it took too long.  A PDF takes some
150 MB and a second of pure computing, in C libraries: none of that belongs into a process that serves pages.
"""

import fcntl
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from analyzer.digests import as_pdf
from analyzer.digests.content import Address, nowhere
from analyzer.digests.model import Digest
from analyzer.errors import CannotRender, TryLater

COMMAND = (sys.executable, "-m", "analyzer.printing")
LONGEST = 60  # seconds; a digest of 200 responses takes two
UNABLE = 3  # exit code of a child that lacks a library or a font


def print_apart(
    digest: Digest,
    language: str,
    lock: Path,
    photo: Address = nowhere,
    command: Sequence[str] = COMMAND,
) -> bytes:
    """lock: a file that all processes which print here can write."""
    html = as_pdf.page(digest, language, photo).encode()
    try:
        with lock.open("ab") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            done = subprocess.run(command, input=html, capture_output=True, timeout=LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TryLater(f"cannot print: {error}") from error
    if done.returncode == UNABLE:
        raise CannotRender(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode:
        raise TryLater(f"printing ended with {done.returncode}: {_last_line(done.stderr)}")
    return done.stdout


def _last_line(said: bytes) -> str:
    return (said.decode("utf-8", "replace").strip().splitlines() or [""])[-1]


def main() -> int:
    """The child: a page on stdin, its PDF on stdout."""
    try:
        sys.stdout.buffer.write(as_pdf.print_page(sys.stdin.buffer.read().decode()))
    except CannotRender as error:
        print(error, file=sys.stderr)
        return UNABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
