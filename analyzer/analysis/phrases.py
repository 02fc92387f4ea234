"""Finding thousands of phrases in one pass: the only door to the Aho-Corasick automaton.

In: words of the rules, phrases of topics, n-grams of the trained layer; spaced text. Out: hits with their
spans, longest first, and the n-grams that occur. English phrases match whole words, or word beginnings when
they end in `*`; Chinese ones match anywhere.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from .language import LEAD, parted
from .lexicon import Entry
from .taxonomy import TopicPhrase

T = TypeVar("T")
_start = itemgetter(0)
_new = tuple.__new__  # half as dear as the call of a named tuple
Matches = list[tuple[int, int, int]]  # number of a pattern, start, end


class Hit(NamedTuple, Generic[T]):
    """A phrase found: text[start:end] of the folded text, and what stands behind it."""

    start: int
    end: int
    value: T


Grams = dict[int, int]  # the number of each n-gram, with the place after its last character in the line


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
        grams: Sequence[str] = (),
    ) -> None:
        """The same phrase may stand for several; `grams` are sought as they are written, and numbered so."""
        said = [(pattern(e.word), e) for e in reversed(list(entries))]
        named = [(pattern(t.phrase), t) for t in reversed(list(topics))]
        self._entries = [(*_spaces(sought), entry) for sought, entry in said]
        self._topics = [(*_spaces(sought), topic) for sought, topic in named]
        self._first_entry, self._first_topic = len(grams), len(grams) + len(said)
        self._matches = finder([*grams, *(sought for sought, _ in [*said, *named])])

    def find(self, line: str) -> Found:
        """All phrases in a spaced text, overlapping ones too, and its n-grams."""
        entries: list[Hit[Entry]] = []
        topics: list[Hit[TopicPhrase]] = []
        grams: Grams = {}
        first_entry, first_topic = self._first_entry, self._first_topic
        for number, start, end in self._matches(line):
            if number < first_entry:
                grams[number] = end
            elif number >= first_topic:
                before, after, topic = self._topics[number - first_topic]
                topics.append(_new(Hit, (start + before, end - after, topic)))
            else:
                before, after, entry = self._entries[number - first_entry]
                entries.append(_new(Hit, (start + before, end - after, entry)))
        return _new(Found, (_in_order(entries), _in_order(topics), grams))


def _spaces(sought: str) -> tuple[int, int]:
    """By how much the phrase itself is shorter than its pattern, before and after, in places of the text."""
    return (sought[0] == " ") - LEAD, (sought[-1] == " ") + LEAD


def _in_order(hits: list[Hit[T]]) -> list[Hit[T]]:
    """By their start, the longest first; they were found in order of their ends."""
    if len(hits) > 1:
        hits.reverse()
        hits.sort(key=_start)
    return hits


def finder(patterns: Iterable[str]) -> Callable[[str], Matches]:
    """A function that finds all the patterns in a text in one pass, in order of their ends."""
    # As compact as can be: most of the time of a search goes into waiting for memory.
    built = AhoCorasick(patterns, implementation=Implementation.ContiguousNFA, store_patterns=False)
    find = built.find_matches_as_indexes
    return lambda text: find(text, overlapping=True)


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
