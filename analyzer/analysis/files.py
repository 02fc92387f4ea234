"""The files that people edit: read with their line numbers, refused with file and line.

In: a path to YAML. Out: plain nested values, and the words of a block with the line of each.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

T = TypeVar("T")


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


def load_yaml(path: Path, build: Callable[[Any], T]) -> T:
    """What `build` makes of the file's mapping; raises BadFile(file, line, reason).

    A file without a fault is read by libyaml, in a fifteenth of the time. One with a fault is read again,
    with each mapping and list knowing its lines, so that the error can name one.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadFile(path, 1, "there is no such file") from None
    except OSError as error:
        raise BadFile(path, 1, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadFile(path, 1, "is no text in UTF-8") from None
    try:
        loaded = YAML(typ="safe").load(text)
        if isinstance(loaded, dict) and _means_the_same(loaded):
            return build(loaded)
    except (BadFile, YAMLError):
        pass  # said below, with its line
    return build(_with_lines(path, text))


def _means_the_same(value: Any) -> bool:
    """Whether YAML 1.1, which libyaml reads, and 1.2 agree: no `off`, which is a word in one of them only."""
    if isinstance(value, dict):
        return all(type(key) is str and _means_the_same(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(_means_the_same, value))
    return type(value) in (str, int, float)


def _with_lines(path: Path, text: str) -> Any:
    try:
        loaded = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFile(path, mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from None
    if not isinstance(loaded, dict):
        raise BadFile(path, 1, "must be a list of names with values (a YAML mapping)")
    return loaded


def line_of(mapping: Any, key: str | None = None) -> int:
    """The line a key of a loaded mapping stands on, or the mapping itself; 0: it was read without lines."""
    if not hasattr(mapping, "lc"):
        return 0
    return int(mapping.lc.line if key is None else mapping.lc.key(key)[0]) + 1


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
