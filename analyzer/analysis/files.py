"""The files that people edit: read with their line numbers, refused with file and line.

In: a path to YAML. Out: plain nested values, and the words of a block with the line of each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError


class BadFile(ValueError):
    """The file cannot be used; the message names file, line and reason."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(f"{path}:{line}: {reason}")


@dataclass(frozen=True)
class Word:
    """One phrase of a list, as written, and the line it stands on (1 is the first)."""

    text: str
    line: int


def load_yaml(path: Path) -> Any:
    """The file's mapping, each mapping and list of it knowing its lines (`.lc`)."""
    try:
        loaded = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadFile(path, 1, "there is no such file") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFile(path, mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from None
    if not isinstance(loaded, dict):
        raise BadFile(path, 1, "must be a list of names with values (a YAML mapping)")
    return loaded


def line_of(mapping: Any, key: str) -> int:
    """The line a key of a loaded mapping stands on."""
    return int(mapping.lc.key(key)[0]) + 1


def words_of(mapping: Any, key: str, path: Path) -> Iterator[Word]:
    """The phrases of a block of text, parted by commas (also Chinese ones) or line breaks."""
    if key not in mapping:
        return
    block, line = mapping[key], line_of(mapping, key)
    if not isinstance(block, str):
        raise BadFile(path, line, f"{key} must be a block of phrases parted by commas (write `{key}: |`)")
    first = line if "\n" not in block else line + 1
    for offset, row in enumerate(block.split("\n")):
        for phrase in re.split(r"[,，、]", row.partition("#")[0]):
            if phrase.strip():
                yield Word(phrase.strip(), first + offset)
