"""Cleans up behind a launcher that was killed: `python -m launcher.guardian`.

On stdin the launcher writes `+PID` for a process group it started and `-PID` for one that is gone.
The end of stdin means that the launcher is gone, whatever killed it: what is left gets SIGTERM, a
grace period, then SIGKILL.  A pipe works on every Unix and reaches whole groups (the web server has
workers of its own); Linux' parent-death signal would only reach the first process of each.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 8.0  # seconds between SIGTERM and SIGKILL
LOOK = 0.1  # seconds between two looks whether a group is gone


def remaining(lines: Iterable[str]) -> set[int]:
    """Read until the end.  Returns the groups that were started and never reported gone."""
    groups: set[int] = set()
    for line in lines:
        sign, group = line[0], int(line[1:])
        (groups.add if sign == "+" else groups.discard)(group)
    return groups


def alive(group: int) -> bool:
    return send(group, 0)


def send(group: int, number: int) -> bool:
    """False: there is no such group any more."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def clean_up(groups: Iterable[int]) -> None:
    left = [group for group in groups if send(group, signal.SIGTERM)]
    deadline = time.monotonic() + GRACE
    while left and time.monotonic() < deadline:
        time.sleep(LOOK)
        left = [group for group in left if alive(group)]
    for group in left:
        send(group, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    clean_up(remaining(sys.stdin))


if __name__ == "__main__":
    main()
