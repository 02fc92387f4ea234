"""What a sentence says by itself, whoever may read it.

In: the row of a sentence and the rows of its aspects.  Out: a Reading, which works out what is asked of
it and remembers that: it follows from these rows alone.  Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.corrections import item_id
from analyzer.digests.horizons import horizon
from analyzer.digests.last import Last
from analyzer.digests.model import Evidence, Horizon, Mark, Quote
from analyzer.digests.plainness import Plainness, plainness
from analyzer.digests.spans import naming_words, whole_words
from analyzer.rows import Row

DECISIVE = 0.25  # of the heaviest word's weight: lighter ones, such as "but", explain nothing to a reader
COLOURS = {"topic": b"t", "positive": b"p", "negative": b"n"}  # of letters, one byte each
KINDS = {ord(colour): kind for kind, colour in COLOURS.items()}
RUN = re.compile(b"|".join(colour + b"+" for colour in COLOURS.values()))


@dataclass(frozen=True)
class Reading:
    """A sentence and its aspects."""

    row: Row  # of the table sentence
    aspects: tuple[Row, ...]
    evidence: Evidence
    transcribed: bool  # spoken by the expert, written down by the organiser
    quoted: Last[Quote] = field(default_factory=Last, repr=False, compare=False)

    @cached_property
    def item(self) -> str:
        return item_id(self.row["response_id"], self.row["text"])

    @cached_property
    def feelings(self) -> frozenset[tuple[str, str]]:
        """(topic, sentiment); what could not be scored speaks for no side."""
        return frozenset((a["topic"], a["sentiment"] or "unscorable") for a in self.aspects)

    @cached_property
    def sides(self) -> frozenset[str]:
        """The feelings that the digest counts of this sentence."""
        return frozenset([self.row["sentiment"] or "", *(feeling for _, feeling in self.feelings)])

    @cached_property
    def hits(self) -> tuple[Mapping[str, Any], ...]:
        """The words that weighed most, lightest first.

        What speaks for the sentence as a whole has no place in it; scraps of words that only a trained model
        reads ("model:the") explain nothing to a person.
        """
        found = self.row["explanation"].get("hits", ())
        hits = [hit for hit in found if hit.get("span") and hit.get("value") and not _scrap(hit)]
        least = DECISIVE * max((abs(hit["value"]) for hit in hits), default=0)
        decisive = [hit for hit in hits if abs(hit["value"]) >= least]
        return tuple(sorted(decisive, key=lambda hit: (abs(hit["value"]), hit["span"])))

    @cached_property
    def horizon(self) -> Horizon | None:
        return horizon(self.row["text"])

    @cached_property
    def plainness(self) -> Plainness:
        return plainness(self)

    @cached_property
    def weight(self) -> float:
        """How heavily the words that a reader can see speak for the reading, those against it taken off."""
        side = {"positive": 1, "negative": -1}.get(self.row["sentiment"] or "", 0)
        return side * sum(float(hit["value"]) for hit in self.hits)

    @cached_property
    def named(self) -> frozenset[str]:
        """The words by which it touches its topics."""
        return frozenset(
            aspect["evidence"][start - aspect["start"] : end - aspect["start"]].casefold()
            for aspect, (start, end) in zip(self.aspects, self._naming, strict=True)
        )

    @cached_property
    def naming(self) -> tuple[tuple[int, int], ...]:
        """By aspect: the whole words that named its topic, in code points of the sentence."""
        text, offset = self.row["text"], self.row["start"]
        return tuple(whole_words(text, start - offset, end - offset) for start, end in self._naming)

    @cached_property
    def _naming(self) -> tuple[tuple[int, int], ...]:
        return tuple(map(naming_words, self.aspects))

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Runs of one kind: what named the topic, and over it the words of the feelings that are counted."""
        text = self.row["text"]
        paint = bytearray(len(text))
        for start, end, kind in self._painted():
            covered = range(len(text))[max(start, 0) : max(end, 0)]
            paint[covered.start : covered.stop] = COLOURS[kind] * len(covered)
        runs = (run for run in RUN.finditer(paint) if any(map(str.isalnum, text[slice(*run.span())])))
        return tuple(Mark(*run.span(), KINDS[run[0][0]]) for run in runs)

    def _painted(self) -> Iterator[tuple[int, int, str]]:
        """Start, end and kind; later ones over earlier ones."""
        for aspect, exact, (start, end) in zip(self.aspects, self._naming, self.naming, strict=True):
            short = 2 * (exact[1] - exact[0]) <= len(self.row["text"])  # all marked is nothing marked
            if short and aspect["topic"] != "other":
                yield start, end, "topic"
        for hit in self.hits:
            kind = "positive" if hit["value"] > 0 else "negative"
            if kind in self.sides:
                yield *hit["span"], kind


def _scrap(hit: Mapping[str, Any]) -> bool:
    return str(hit.get("rule", "")).startswith("model:")
