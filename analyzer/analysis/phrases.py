"""Finding thousands of phrases in one pass: the only door to the Aho-Corasick automaton.

In: phrases with any value attached; folded text. Out: hits with their spans, longest first.
English phrases match whole words, or word beginnings when they end in `*`; Chinese ones match anywhere.
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A phrase found: text[start:end] of the folded text, and what stands behind it."""

    start: int
    end: int
    value: T


class SecondWords(NamedTuple):
    """What may follow the first word of a phrase: these words, or words that begin so."""

    whole: frozenset[str]
    begun: tuple[str, ...]

    def hold(self, word: str) -> bool:
        """Whether a word is one of them."""
        return word in self.whole or word.startswith(self.begun)


class PhraseBook(Generic[T]):
    """An automaton over phrases; built once, read by all."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        """`phrases`: (phrase, value); the same phrase may come with several values."""
        gathered: dict[str, list[T]] = {}
        for phrase, value in phrases:
            gathered.setdefault(pattern(phrase), []).append(value)
        self._automaton = ahocorasick.Automaton()
        for key, values in gathered.items():
            self._automaton.add_word(key, (len(key), key[0] == " ", key[-1] == " ", tuple(values)))
        self._empty = not gathered
        # Whether a phrase that needs no word boundary holds white space.
        self.reaches_anywhere = any(key[0] != " " and " " in key for key in gathered)
        self._second_words = _second_words(gathered)
        if gathered:
            self._automaton.make_automaton()

    def find(self, spaced: str) -> list[Hit[T]]:
        """All hits in `spaced` (see `spaced`), overlapping ones too, in order of their start."""
        if self._empty:
            return []
        hits: list[Hit[T]] = []
        for last, (size, left, right, values) in self._automaton.iter(spaced):
            # The text carries one extra space in front: position p of it is p - 1 of the original.
            start, end = last - size + left, last - right
            for value in values:
                hits.append(Hit(start, end, value))
        if len(hits) > 1:
            hits.sort(key=_by_start)
        return hits

    def second_words(self, first: str) -> SecondWords | None:
        """What may follow a word where a phrase of several words begins with it; None: none does."""
        return self._second_words.get(first)


def _second_words(patterns: Iterable[str]) -> dict[str, SecondWords]:
    """First word -> what may follow; a phrase whose first word has a star ends there."""
    whole: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for key in patterns:
        before, *words = key.split(" ")
        if before or len(words) < 2 or not words[1]:
            continue  # found anywhere, or of one word
        first, *rest = words
        (whole if len(rest) > 1 else begun).setdefault(first, set()).add(rest[0])
    return {
        first: SecondWords(frozenset(whole.get(first, ())), tuple(sorted(begun.get(first, ()))))
        for first in whole.keys() | begun.keys()
    }


def pattern(phrase: str) -> str:
    """How a phrase is looked up: `dust` as a word, `dust*` as a beginning, 粉尘 anywhere."""
    if not phrase[0].isascii():
        return phrase
    words = " " + phrase.replace("-", " ").lower()
    return words[:-1] if words.endswith("*") else words + " "


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


def _by_start(hit: Hit[T]) -> tuple[int, int]:
    return hit[0], -hit[1]
