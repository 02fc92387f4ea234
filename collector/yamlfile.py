"""Reads the YAML files that organisers write, and knows on which line everything stands.

In: a path.  Out: a YamlFile of plain dicts, lists, strings, numbers and booleans; dates stay the text
that was written.  Raises BadFile.  YAML 1.2, so `yes` and `no` are words, not booleans; no tag runs code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from collector.errors import BadFile, FileProblem, Mistake, Path

LARGEST_FILE = 4_000_000  # bytes; a fair of 10,000 experts takes 2 MB
MOST_VALUES = 500_000  # aliases can multiply a small file into a huge document
DEEPEST = 40  # levels; an alias that contains itself has no end


@dataclass(frozen=True)
class YamlFile:
    name: str  # as the organiser wrote it
    data: dict[str, Any]
    lines: Mapping[Path, int] = field(repr=False)  # path of each value -> its line, from 1

    def refuse(self, mistakes: Iterable[Mistake]) -> None:
        """Raises BadFile with every mistake at its line; returns when there is none."""
        problems = [self._place(mistake) for mistake in mistakes]
        if problems:
            raise BadFile(problems)

    def _place(self, mistake: Mistake) -> FileProblem:
        return FileProblem(self.name, self._line(mistake.path), self._spell(mistake.path), mistake.problem)

    def _line(self, path: Path) -> int:
        """A missing field has no line of its own: its parent's stands for it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def _spell(self, path: Path) -> str:
        """questions[overall].label.zh: list members by their id, else by their number from 1."""
        spelled, here = "", self.data
        for step in path:
            here = _member(here, step)
            if isinstance(step, int):
                spelled += f"[{_name_of(here) or step + 1}]"
            else:
                spelled += f".{step}" if spelled else step
        return spelled


def read_yaml(path: FilePath) -> YamlFile:
    name = str(path)
    tree = _parse(name, _read(path, name))
    if not isinstance(tree, CommentedMap):
        raise _bad(name, None if tree is None else 1, "the file is empty" if tree is None else NOT_A_MAPPING)
    lines: dict[Path, int] = {(): 1}
    try:
        data = _plain(tree, (), lines)
    except _TooMuch as error:
        raise _bad(name, None, "aliases (*name) make this file too large") from error
    return YamlFile(name, data, lines)


NOT_A_MAPPING = "the file must consist of fields (name: value)"


class _Constructor(RoundTripConstructor):
    """Leaves dates as text: the library would move a time with an offset to UTC and forget the offset."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda constructor, node: str(node.value))


class _TooMuch(Exception):
    """The document is larger or deeper than any honest file."""


def _bad(name: str, line: int | None, problem: str) -> BadFile:
    return BadFile([FileProblem(name, line, "", problem)])


def _read(path: FilePath, name: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _bad(name, None, f"cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_FILE:
        raise _bad(name, None, f"is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _bad(name, line, "is not UTF-8 text; save the file as UTF-8") from error


def _parse(name: str, text: str) -> Any:
    try:
        reader = YAML(typ="rt")
        reader.Constructor = _Constructor
        return reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or "cannot be understood").split("\n")[0].split())
        raise _bad(name, mark.line + 1 if mark else None, f"not valid YAML: {problem}") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise _bad(name, None, f"not valid YAML: {str(error).splitlines()[0]}") from error


def _plain(value: Any, path: Path, lines: dict[Path, int]) -> Any:
    """Fills `lines` on the way.  Keys become text: organisers never mean a number as a field's name."""
    if len(path) > DEEPEST or len(lines) > MOST_VALUES:
        raise _TooMuch
    if isinstance(value, CommentedMap):
        return {
            str(key): _plain(value[key], _note((*path, str(key)), value.lc.key(key), lines), lines)
            for key in value
        }
    if isinstance(value, CommentedSeq):
        return [
            _plain(member, _note((*path, index), value.lc.item(index), lines), lines)
            for index, member in enumerate(value)
        ]
    return _plain_scalar(value)


def _note(path: Path, position: tuple[int, int], lines: dict[Path, int]) -> Path:
    lines[path] = position[0] + 1
    return path


def _plain_scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def _member(here: Any, step: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(str(step))
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _name_of(member: Any) -> str | None:
    name = member.get("id") if isinstance(member, Mapping) else member
    return name if isinstance(name, str) and name and len(name) <= 60 else None
