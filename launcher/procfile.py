"""Reads a Procfile.  In: its text.  Out: one Role per line, in its order."""

import re
import shlex
import sys
from dataclasses import dataclass

from launcher.errors import BadSettings

LINE = re.compile(r"([A-Za-z0-9_-]+):\s*(\S.*)")


@dataclass(frozen=True)
class Role:
    """One of the processes that make up the pair."""

    name: str  # also the name of its log file
    command: tuple[str, ...]


def parse_procfile(text: str) -> list[Role]:
    """Blank lines and # comments are skipped; raises BadSettings with the line's number."""
    roles: list[Role] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            roles.append(parse_line(number, line))
    names = [role.name for role in roles]
    if not roles or len(set(names)) != len(names):
        raise BadSettings("Procfile: it must name at least one role, and none twice")
    return roles


def parse_line(number: int, line: str) -> Role:
    match = LINE.fullmatch(line.strip())
    try:
        words = shlex.split(match[2]) if match else []
    except ValueError:
        words = []
    if not match or not words:
        raise BadSettings(f"Procfile, line {number}: expected `name: command`, found {line.strip()!r}")
    return Role(match[1], with_our_python(words))


def with_our_python(words: list[str]) -> tuple[str, ...]:
    """`python` means the interpreter that runs us, also where no venv is on the PATH."""
    return (sys.executable, *words[1:]) if words[0] == "python" else tuple(words)
