"""The trained layer: linear weights over the features, added up without any library.

In: names of features. Out: sums for direction, judgement, suggestion and every topic.

The weights of one feature for all outputs lie side by side in one big integer, 32 bits each, so that
adding two features is a single addition; `analyzer/training` writes the file this module reads.
"""

import base64
import json
import math
import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import features

BUILT_IN = Path(__file__).parent / "model.json"
OFFSET = 128  # weights are stored as 1..255, so that lanes never borrow from each other
LANE = 32  # bits
QUIET = 12  # of 127: weaker runs of words are not named as reasons
# Of the longer words of visitors by unseen authors three in four are known, of general text one in two.
LONG_WORD, FEW_WORDS, FAMILIAR = 4, 4, 0.65
NORM = 0  # the first lane sums squared idf, for the length of the vector
DIRECTION, JUDGEMENT, SUGGESTION, FIRST_TOPIC = 1, 2, 3, 4


class Sum(NamedTuple):
    """Features added up: the packed weights and how many features went in."""

    packed: int
    terms: int


@dataclass
class Block:
    """One kind of features (words, pieces, marks): names, packed weights, the scale of each lane."""

    weights: dict[str, int]
    scales: list[float]
    normalised: bool
    telling: dict[str, int]  # name -> direction, for the names that weigh enough to be a reason

    def add(self, names: Iterable[str]) -> Sum:
        """The sum over the known ones among `names`."""
        rows = list(filter(None, map(self.weights.get, names)))
        return Sum(sum(rows), len(rows))

    def scaled(self, total: Sum) -> tuple[tuple[int, ...], int, float]:
        """The lanes of a sum, what to take off each, and by what to multiply (besides the lane's scale)."""
        lanes = unpack(total.packed, len(self.scales))
        return lanes, OFFSET * total.terms, self._length_factor(lanes[NORM])

    def _length_factor(self, squares: int) -> float:
        if not self.normalised:
            return 1.0
        return 1.0 / math.sqrt(squares * self.scales[NORM]) if squares else 0.0

    def weight(self, row: int, lane: int) -> float:
        """The weight in one lane of a packed row."""
        return (((row >> (LANE * lane)) & 0xFFFF) - OFFSET) * self.scales[lane]

    def factor(self, total: Sum) -> float:
        """By what the weights of a sentence are divided."""
        return self._length_factor(total.packed & 0xFFFFFFFF)


@lru_cache(maxsize=4)
def _layout(lanes: int) -> struct.Struct:
    return struct.Struct(f"<{lanes}I")


def unpack(packed: int, lanes: int) -> tuple[int, ...]:
    """The lanes of a packed sum."""
    return _layout(lanes).unpack(packed.to_bytes(lanes * LANE // 8, "little"))


@dataclass
class LanguageModel:
    """Everything trained for one language."""

    lang: str
    topics: list[str]
    bias: list[float]
    thresholds: dict[str, float]
    blocks: dict[str, Block]
    _pieces: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Words repeat: the sum over the pieces of a word is kept."""
        if "pieces" in self.blocks:
            block = self.blocks["pieces"]
            self._pieces = lru_cache(maxsize=20_000)(lambda word: block.add(features.pieces_of(word)))

    def grams(self, words: list[str], folded: str) -> set[str]:
        """The runs of words, or of characters in Chinese."""
        return features.char_grams(folded) if self.lang == "zh" else features.word_grams(words)

    def sums(self, grams: set[str], words: list[str], marks: list[str]) -> dict[str, Sum]:
        """The sums of each block for one sentence."""
        found = {"marks": self.blocks["marks"].add(marks), "grams": self.blocks["grams"].add(grams)}
        if self._pieces is not None:
            parts = list(map(self._pieces, words))
            found["pieces"] = Sum(sum([p[0] for p in parts]), sum([p[1] for p in parts]))
        return found

    def knows(self, words: list[str]) -> bool:
        """Whether enough of the longer words of an English text were met in training."""
        long = [w for w in words if len(w) >= LONG_WORD and w.isalpha()]
        if self.lang == "zh" or len(long) < FEW_WORDS:
            return True
        met = self.blocks["grams"].weights
        return sum(w in met for w in long) >= FAMILIAR * len(long)

    def outputs(self, sums: dict[str, Sum]) -> list[float]:
        """Direction, judgement, suggestion and topics (from FIRST_TOPIC on), bias included."""
        total = self.bias
        for name, block_sum in sums.items():
            block = self.blocks[name]
            lanes, base, factor = block.scaled(block_sum)
            total = [
                value + (lane - base) * scale * factor
                for value, lane, scale in zip(total, lanes, block.scales, strict=True)
            ]
        return total


def load_model(path: Path = BUILT_IN) -> tuple[str, dict[str, LanguageModel]]:
    """Version and models by language; raises ValueError when the file is not one of ours."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("format") != 1:
        raise ValueError(f"{path}: not a model of format 1")
    models = {lang: language_model(lang, part) for lang, part in document["languages"].items()}
    return str(document["version"]), models


def language_model(lang: str, part: dict[str, Any]) -> LanguageModel:
    """One language of a model file."""
    blocks = {name: _block(stored) for name, stored in part["blocks"].items()}
    return LanguageModel(lang, part["topics"], part["bias"], part["thresholds"], blocks)


def _block(stored: dict[str, Any]) -> Block:
    names = stored["names"].split("\n")
    scales = stored["scales"]
    size = len(scales) * LANE // 8
    raw = base64.b64decode(stored["weights"])
    wide = array("I", array("B", raw)).tobytes()
    packed = (int.from_bytes(wide[i : i + size], "little") for i in range(0, len(wide), size))
    directions = (byte - OFFSET for byte in raw[DIRECTION :: len(scales)])
    telling = {n: d for n, d in zip(names, directions, strict=True) if abs(d) > QUIET}
    return Block(dict(zip(names, packed, strict=True)), scales, stored["normalised"], telling)
