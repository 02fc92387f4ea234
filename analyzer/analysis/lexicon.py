"""Words with a direction, by group, from the YAML files that people edit.

In: a path. Out: a Lexicon: its version and (word, group, value) triples.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .files import BadFile, line_of, load_yaml, words_of


@dataclass(frozen=True)
class Entry:
    """A word of the lexicon, its group, and its polarity -1..1."""

    word: str
    group: str
    value: float


@dataclass(frozen=True)
class Lexicon:
    """All entries of one file."""

    version: str
    entries: tuple[Entry, ...]


def load_lexicon(path: Path) -> Lexicon:
    """Read and check; raises BadFile(file, line, reason)."""
    document = load_yaml(path)
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for group in document.get("groups", []):
        value = group.get("value")
        if not isinstance(value, int | float) or not -1 <= value <= 1:
            raise BadFile(path, group.lc.line + 1, f"group `{group.get('id')}` needs a value from -1 to 1")
        for word in words_of(group, "words", path):
            if word.text in seen:
                raise BadFile(path, word.line, f"`{word.text}` already stands on line {seen[word.text]}")
            seen[word.text] = word.line
            entries.append(Entry(word.text, str(group["id"]), float(value)))
    if not entries:
        raise BadFile(path, line_of(document, next(iter(document))), "no words")
    fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return Lexicon(f"{document.get('version', '?')}+{fingerprint}", tuple(entries))
