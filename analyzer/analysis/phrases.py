"""Finding thousands of phrases in one pass: the only door to the Aho-Corasick automaton.

In: phrases with any value attached; folded text. Out: hits with their spans, longest first.
English phrases match whole words, or word beginnings when they end in `*`; Chinese ones match anywhere.
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

from .language import spaced

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A phrase found: text[start:end] of the folded text, and what stands behind it."""

    start: int
    end: int
    value: T


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


def pattern(phrase: str) -> str:
    """How a phrase is looked up: `dust` as a word, `dust*` as a beginning, 粉尘 anywhere."""
    if not phrase[0].isascii():
        return phrase
    words = spaced(phrase.rstrip("*").lower())
    return words[:-1] if phrase.endswith("*") else words


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
