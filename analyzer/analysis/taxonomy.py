"""The topics of a fair: read from a YAML file that anybody can edit, checked as it is read.

In: a path (or the built-in file). Out: a Taxonomy: labels, phrases and where each belongs.
A phrase ending in `*` matches word beginnings, one ending in `!` counts double, `?` half.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .files import BadFile, Word, line_of, load_yaml, words_of

BUILT_IN = Path(__file__).parent / "taxonomy.yaml"
OTHER = "other"
LANGUAGES = ("en", "zh")
WEIGHTS = {"!": 2.0, "?": 0.5}


class TopicPhrase(NamedTuple):
    """A phrase, the topic and part it speaks for, and how strongly."""

    phrase: str
    topic: str
    part: str
    weight: float
    lang: str
    names: tuple[
        str, ...
    ]  # the features by which the trained layer knows it, shared by all that have the same

    @property
    def rule(self) -> str:
        """The id by which an aspect tells the phrase that named it."""
        return f"topic:{self.topic}/{self.part}:{self.phrase}"


@dataclass(frozen=True)
class Taxonomy:
    """What a taxonomy file says; `version` is its own name plus a fingerprint of its content."""

    version: str
    labels: dict[str, dict[str, str]]
    parts: dict[str, dict[str, dict[str, str]]]  # topic -> part -> language -> label
    phrases: tuple[TopicPhrase, ...]


@lru_cache(maxsize=1)  # a quarter of a second, and a process wants it for its names and for its engine
def load_taxonomy(path: Path = BUILT_IN) -> Taxonomy:
    """Read and check; raises BadFile(file, line, reason) at the first thing that is wrong.

    Once for each process: a change of the file counts from the next start.
    """
    return load_yaml(path, lambda document: _taxonomy(document, path))


def _taxonomy(document: Any, path: Path) -> Taxonomy:
    topics = _required(document, "topics", list, path)
    labels: dict[str, dict[str, str]] = {}
    parts: dict[str, dict[str, dict[str, str]]] = {}
    phrases: list[TopicPhrase] = []
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for topic in topics:
        name = _new_id(topic, labels, path)
        labels[name] = _label(topic, path)
        parts[name] = {}
        for part in _parts(topic, path):
            parts[name][_new_id(part, parts[name], path)] = _label(part, path)
            phrases.extend(_phrases(name, part, seen, path))
    _lint(topics, labels, phrases, path)
    return Taxonomy(_version(document, path), labels, parts, tuple(phrases))


def _parts(topic: Any, path: Path) -> list[Any]:
    parts: list[Any] = _required(topic, "parts", list, path) if "parts" in topic else []
    return parts


def _version(document: Any, path: Path) -> str:
    """The file's own word and a fingerprint, so that no edit goes unnoticed."""
    name = _required(document, "version", str, path)
    return f"{name}+{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def _required(mapping: Any, key: str, kind: type, path: Path) -> Any:
    if not isinstance(mapping, dict):
        raise BadFile(path, line_of(mapping), f"`{mapping}` stands where names with values are wanted")
    if key not in mapping:
        raise BadFile(path, line_of(mapping), f"`{key}` is missing")
    if not isinstance(mapping[key], kind):
        raise BadFile(path, line_of(mapping, key), f"`{key}` is not a {kind.__name__}")
    return mapping[key]


def _new_id(mapping: Any, known: Any, path: Path) -> str:
    name: str = _required(mapping, "id", str, path)
    if not name.replace("_", "").isalnum() or not name.isascii() or name != name.lower():
        raise BadFile(path, line_of(mapping, "id"), f"`{name}` is no id: small letters, digits and _ only")
    if name in known:
        raise BadFile(path, line_of(mapping, "id"), f"`{name}` stands here a second time")
    return name


def _label(mapping: Any, path: Path) -> dict[str, str]:
    label = _required(mapping, "label", dict, path)
    for lang in LANGUAGES:
        if not str(label.get(lang) or "").strip():
            raise BadFile(path, line_of(mapping, "label"), f"`{mapping['id']}` has no label in `{lang}`")
    for more in label.keys() - set(LANGUAGES):
        reason = f"`{more}` is no language; a label with a comma stands between quotes"
        raise BadFile(path, line_of(mapping, "label"), reason)
    return {lang: str(label[lang]) for lang in LANGUAGES}


def _phrases(
    topic: str, part: Any, seen: dict[tuple[str, str], tuple[str, int]], path: Path
) -> list[TopicPhrase]:
    found = []
    for lang in LANGUAGES:
        for word in words_of(part, lang, path):
            phrase, weight = _weighed(word, lang, path)
            if (lang, phrase) in seen:
                owner, line = seen[lang, phrase]
                raise BadFile(path, word.line, f"`{phrase}` already stands on line {line} ({owner})")
            seen[lang, phrase] = topic, word.line
            found.append(
                TopicPhrase(phrase, topic, part["id"], weight, lang, _names(topic, part["id"], weight))
            )
    return found


@lru_cache(maxsize=1024)
def _names(topic: str, part: str, weight: float) -> tuple[str, ...]:
    """Topic, part, and whether it is strong or weak."""
    if weight < 1:
        return f"TW:{topic}", f"P:{topic}.{part}"
    known = f"T:{topic}", f"P:{topic}.{part}"
    return (*known, f"TS:{topic}") if weight >= 2 else known


def _weighed(word: Word, lang: str, path: Path) -> tuple[str, float]:
    text = word.text
    weight = WEIGHTS.get(text[-1], 1.0)
    phrase = text.rstrip("!?").strip().lower()
    if not phrase.strip("*"):
        raise BadFile(path, word.line, f"`{text}` is empty")
    if "*" in phrase[:-1]:
        raise BadFile(path, word.line, f"`{text}`: a star may only stand at the end")
    if lang == "zh" and phrase.endswith("*"):
        raise BadFile(path, word.line, f"`{text}`: Chinese phrases need no star")
    return phrase, weight


def _lint(topics: Any, labels: dict[str, Any], phrases: list[TopicPhrase], path: Path) -> None:
    if OTHER not in labels:
        raise BadFile(path, 1, f"the topic `{OTHER}` is missing")
    named = {(p.topic, p.lang) for p in phrases}
    for topic in topics:
        for lang in LANGUAGES:
            if (topic["id"], lang) not in named:
                raise BadFile(path, line_of(topic, "id"), f"`{topic['id']}` has no phrases in `{lang}`")
