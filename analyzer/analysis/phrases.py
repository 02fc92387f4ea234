"""Finding thousands of phrases in one pass: the only door to the Aho-Corasick automaton.

In: words of the rules, phrases of topics, n-grams of the trained layer; spaced text. Out: hits with their
spans, longest first, and the n-grams that occur. English phrases match whole words, or word beginnings when
they end in `*`; Chinese ones match anywhere.
"""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

from .language import LEAD, parted
from .lexicon import Entry
from .taxonomy import TopicPhrase

T = TypeVar("T")
_start = itemgetter(0)
_new = tuple.__new__  # half as dear as the call of a named tuple


class Hit(NamedTuple, Generic[T]):
    """A phrase found: text[start:end] of the folded text, and what stands behind it."""

    start: int
    end: int
    value: T


class Gram:
    """An n-gram of words or characters: its packed weights, and its rank among all that are worth naming.

    Compared by identity, so that keeping them costs no hashing of big numbers.
    """

    __slots__ = ("rank", "row")

    def __init__(self, row: int, rank: int) -> None:
        """One for each name of the block; `rank` < 0: too weak to be named."""
        self.row = row
        self.rank = rank


Grams = dict[Gram, int]  # each with the place of its last character, a space, in the spaced text


class Found(NamedTuple):
    """What stands in a line: the words of the rules and the phrases of topics, in order of their start."""

    entries: list[Hit[Entry]]
    topics: list[Hit[TopicPhrase]]
    grams: Grams


class PhraseBook:
    """An automaton over phrases and n-grams; built once, read by all."""

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        topics: Iterable[TopicPhrase] = (),
        grams: Mapping[str, Gram] | None = None,
    ) -> None:
        """The same phrase may stand for several; `grams` are sought as they are written."""
        said, named = _by_pattern((e.word, e) for e in entries), _by_pattern((t.phrase, t) for t in topics)
        values: dict[str, Any] = dict(grams or {})
        for key in [*said, *named]:
            to_start = len(key) + LEAD - 1 - (key[0] == " ")
            to_end = LEAD - 1 + (key[-1] == " ")
            gram = grams.get(key) if grams else None
            values[key] = to_start, to_end, tuple(said.get(key, ())), tuple(named.get(key, ())), gram
        self._automaton = automaton(values or {"\0": (0, 0, (), (), None)})  # which needs a key

    def find(self, line: str) -> Found:
        """All phrases in a spaced text, overlapping ones too, and its n-grams."""
        entries: list[Hit[Entry]] = []
        topics: list[Hit[TopicPhrase]] = []
        grams: Grams = {}
        for last, found in self._automaton.iter(line):
            if type(found) is Gram:
                grams[found] = last
                continue
            to_start, to_end, said, named, gram = found
            start, end = last - to_start, last - to_end
            for entry in said:
                entries.append(_new(Hit, (start, end, entry)))
            for phrase in named:
                topics.append(_new(Hit, (start, end, phrase)))
            if gram is not None:
                grams[gram] = last
        return Found(_in_order(entries), _in_order(topics), grams)


def _by_pattern(phrases: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    gathered: dict[str, list[T]] = {}
    for phrase, value in phrases:
        gathered.setdefault(pattern(phrase), []).insert(0, value)  # `_in_order` turns their order
    return gathered


def _in_order(hits: list[Hit[T]]) -> list[Hit[T]]:
    """By their start, the longest first; they were found in order of their ends."""
    if len(hits) > 1:
        hits.reverse()
        hits.sort(key=_start)
    return hits


def automaton(values: Mapping[str, Any]) -> Any:
    """All the keys, to be found in one pass, each with its value."""
    built = ahocorasick.Automaton()
    for key, value in values.items():
        built.add_word(key, value)
    built.make_automaton()
    return built


def pattern(phrase: str) -> str:
    """How a phrase is looked up: `dust` as a word, `dust*` as a beginning, 粉尘 anywhere."""
    if not phrase[0].isascii():
        return phrase
    words = f" {parted(phrase.rstrip('*').lower())}"
    return words if phrase.endswith("*") else f"{words} "


def longest(hits: list[Hit[T]]) -> list[Hit[T]]:
    """Hits (in the order of `find`) without those that lie inside a longer one; equal spans all stay."""
    if len(hits) < 2:
        return hits
    # In this order only the kept hit that reaches furthest can hold another.
    start, furthest = -1, -1
    kept: list[Hit[T]] = []
    for hit in hits:
        if hit[1] > furthest or (hit[1] == furthest and hit[0] == start):
            start, furthest = hit[0], hit[1]
            kept.append(hit)
    return kept
