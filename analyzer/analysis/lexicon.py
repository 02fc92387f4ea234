"""Words and phrases that the rules read, by group, from the YAML files that people edit.

In: a path. Out: a Lexicon: its version and its entries, each with group, role and value.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .files import BadFile, line_of, load_yaml, words_of

ROLES = frozenset(
    {"polar", "idiom", "mask", "few", "many", "good_object", "bad_object", "negator", "shown", "intensifier"}
    | {"dampener", "but", "although", "minor", "fix", "extend", "courtesy", "offer"}
)


@dataclass(frozen=True)
class Entry:
    """A phrase, the group it stands in, the rule that reads it, and its polarity -1..1."""

    word: str
    group: str
    role: str
    value: float


@dataclass(frozen=True)
class Lexicon:
    """All entries of one file; `version` ends in a fingerprint of the file."""

    version: str
    entries: tuple[Entry, ...]
    noise: frozenset[str]  # words of TextBlob's lexicon to forget


def load_lexicon(path: Path) -> Lexicon:
    """Read and check; raises BadFile(file, line, reason)."""
    return load_yaml(path, lambda document: _lexicon(document, path))


def _lexicon(document: Any, path: Path) -> Lexicon:
    seen: dict[str, int] = {}
    entries = [e for group in document.get("groups", []) for e in _entries(group, seen, path)]
    if not entries:
        raise BadFile(path, 1, "no groups with words")
    fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    noise = frozenset(word.text for word in words_of(document, "noise", path))
    return Lexicon(f"{document.get('version', '?')}+{fingerprint}", tuple(entries), noise)


def _entries(group: Any, seen: dict[str, int], path: Path) -> Iterator[Entry]:
    name, role, value = group.get("id"), group.get("role"), group.get("value")
    if not isinstance(name, str):
        raise BadFile(path, line_of(group), "a group without `id`")
    if role not in ROLES:
        line = line_of(group, "role") if "role" in group else line_of(group)
        raise BadFile(path, line, f"group `{name}`: `{role}` is no role; one of {', '.join(sorted(ROLES))}")
    if not isinstance(value, int | float) or not -1 <= value <= 1:
        line = line_of(group, "value") if "value" in group else line_of(group)
        raise BadFile(path, line, f"group `{name}` needs a value from -1 to 1")
    for word in words_of(group, "words", path):
        key = word.text.lower()
        if key in seen:
            raise BadFile(path, word.line, f"`{word.text}` already stands on line {seen[key]}")
        seen[key] = word.line
        yield Entry(key, name, role, float(value))
