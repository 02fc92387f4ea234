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

    def add(self, names: Iterable[str]) -> Sum:
        """The sum over the known ones among `names`."""
        get = self.weights.get
        rows = [row for row in map(get, names) if row is not None]
        return Sum(sum(rows), len(rows))

    def values(self, total: Sum) -> list[float]:
        """What a sum means: one value per lane; the norm lane is used up."""
        lanes = unpack(total.packed, len(self.scales))
        bias = OFFSET * total.terms
        factor = 1.0
        if self.normalised:
            square = lanes[NORM] * self.scales[NORM]
            factor = 1.0 / math.sqrt(square) if square > 0 else 0.0
        return [(lane - bias) * scale * factor for lane, scale in zip(lanes, self.scales, strict=True)]

    def one(self, name: str, lane: int, factor: float) -> float:
        """The weight of a single feature in one lane, times the factor of its sentence."""
        row = self.weights.get(name)
        if row is None:
            return 0.0
        return (((row >> (LANE * lane)) & 0xFFFF) - OFFSET) * self.scales[lane] * factor

    def factor(self, total: Sum) -> float:
        """By what the weights of a sentence are divided."""
        if not self.normalised:
            return 1.0
        square = unpack(total.packed, len(self.scales))[NORM] * self.scales[NORM]
        return 1.0 / math.sqrt(square) if square > 0 else 0.0


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

    def sums(self, folded: str, marks: list[str]) -> dict[str, Sum]:
        """The sums of each block for one sentence."""
        found = {"marks": self.blocks["marks"].add(marks)}
        if self.lang == "zh":
            found["grams"] = self.blocks["grams"].add(features.char_grams(folded))
            return found
        words = features.words_of(folded)
        found["grams"] = self.blocks["grams"].add(features.word_grams(words))
        parts = [self._pieces(word) for word in words]
        found["pieces"] = Sum(sum(p.packed for p in parts), sum(p.terms for p in parts))
        return found

    def outputs(self, sums: dict[str, Sum]) -> list[float]:
        """Direction, judgement, suggestion and topics (from FIRST_TOPIC on), bias included."""
        total = list(self.bias)
        for name, block_sum in sums.items():
            total = [a + b for a, b in zip(total, self.blocks[name].values(block_sum), strict=True)]
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
    wide = array("I", array("B", base64.b64decode(stored["weights"]))).tobytes()
    packed = (int.from_bytes(wide[i : i + size], "little") for i in range(0, len(wide), size))
    return Block(dict(zip(names, packed, strict=True)), scales, stored["normalised"])
