"""The trained layer: linear weights over the features, added up without any library.

In: names of features. Out: sums for direction, judgement, suggestion and every topic.

The weights of one feature for all outputs lie side by side in one big integer, 32 bits each, so that
adding two features is a single addition; the lane above them counts the features. Runs of words (or of
characters) are found in one pass of an automaton. `analyzer/training` writes the file this module reads.
"""

import base64
import json
import math
import struct
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick

from . import features

BUILT_IN = Path(__file__).parent / "model.json"
OFFSET = 128  # weights are stored as 1..255, so that lanes never borrow from each other
LANE = 32  # bits
MOST_WORDS = 20_000  # whose pieces are kept added up
QUIET = 12  # of 127: weaker runs of words are not named as reasons
# Of the longer words of visitors by unseen authors three in four are known, of general text one in two.
LONG_WORD, FEW_WORDS, FAMILIAR = 4, 4, 0.65
NORM = 0  # the first lane sums squared idf, for the length of the vector
DIRECTION, JUDGEMENT, SUGGESTION, FIRST_TOPIC = 1, 2, 3, 4


class Telling(NamedTuple):
    """What a run of words has to say when it is named as a reason; the strongest sort first."""

    rank: int  # 0 less its weight
    name: str
    words: str  # as they stand in the text
    rule: str
    direction: float
    judgement: float


class Gram:
    """A run of words or characters: its packed weights, and its rank among all that are worth naming.

    Compared by identity, so that a set of them costs no hashing of big numbers.
    """

    __slots__ = ("rank", "row")

    def __init__(self, row: int, rank: int) -> None:
        """One for each name of the block; `rank` < 0: too weak to be named."""
        self.row = row
        self.rank = rank


class Pieces(dict[str, int]):
    """Words repeat: the sum over the pieces of a word is kept."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        """Empty; fills itself as words are met."""
        super().__init__()
        self._pieces = _automaton(weights)

    def __missing__(self, word: str) -> int:
        """The sum for a word not met yet; forgets all once in a while."""
        if len(self) >= MOST_WORDS:
            self.clear()
        total = self[word] = sum([row for _, row in self._pieces.iter(f" {word} ")])
        return total


@dataclass
class Block:
    """One kind of features (words, pieces, marks): names, packed weights, the scale of each lane."""

    weights: dict[str, int]
    scales: list[float]
    normalised: bool
    _layout: struct.Struct = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """How a packed sum lies in memory."""
        self._layout = struct.Struct(f"<{len(self.scales) + 1}I")

    def add(self, names: Iterable[str]) -> int:
        """The sum over the known ones among `names`."""
        return sum(filter(None, map(self.weights.get, names)))

    def added_to(self, outputs: list[float], total: int) -> list[float]:
        """Outputs with the weights of a sum added to them."""
        if not total:
            return outputs
        lanes = self._layout.unpack(total.to_bytes(self._layout.size, "little"))
        base = OFFSET * lanes[-1]
        parts = zip(outputs, lanes, self.scales, strict=False)  # less the count of features
        if not self.normalised:
            return [value + (lane - base) * scale for value, lane, scale in parts]
        factor = self._length_factor(lanes[NORM])
        return [value + (lane - base) * scale * factor for value, lane, scale in parts]

    def _length_factor(self, squares: int) -> float:
        if not self.normalised:
            return 1.0
        return 1.0 / math.sqrt(squares * self.scales[NORM]) if squares else 0.0

    def weight(self, row: int, lane: int) -> float:
        """The weight in one lane of a packed row."""
        return (((row >> (LANE * lane)) & 0xFFFF) - OFFSET) * self.scales[lane]

    def factor(self, total: int) -> float:
        """By what the weights of a sentence are divided."""
        return self._length_factor(total & 0xFFFFFFFF)

    def pair(self, name: str) -> tuple[float, float]:
        """What a name adds to direction and judgement; nothing when it is unknown."""
        row = self.weights.get(name)
        return (self.weight(row, DIRECTION), self.weight(row, JUDGEMENT)) if row else (0.0, 0.0)


@dataclass
class LanguageModel:
    """Everything trained for one language."""

    lang: str
    topics: list[str]
    bias: list[float]
    thresholds: dict[str, float]
    blocks: dict[str, Block]
    rule_weights: Callable[[tuple[str, ...]], tuple[float, float]] = field(init=False, repr=False)
    tellings: list[Telling] = field(init=False, repr=False)  # by rank
    _grams: Any = field(init=False, repr=False)
    _pieces: Pieces | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile what is looked up for every sentence."""
        self.tellings, grams = _ranked(self.blocks["grams"])
        edge = "" if self.lang == "zh" else " "  # stands on both sides of a run
        self._grams = _automaton({f"{edge}{name}{edge}": gram for name, gram in grams.items()})
        self._pieces = Pieces(self.blocks["pieces"].weights) if "pieces" in self.blocks else None
        self.rule_weights = lru_cache(maxsize=1024)(self._rule_weights)

    def _rule_weights(self, names: tuple[str, ...]) -> tuple[float, float]:
        """What the names of a rule hit add to direction and judgement."""
        pairs = [self.blocks["marks"].pair(name) for name in names]
        return sum(p[0] for p in pairs), sum(p[1] for p in pairs)

    def found(self, words: list[str], folded: str) -> tuple[set[Gram], int]:
        """The known runs of words (of characters in Chinese), and the sum of the pieces of the words."""
        line = features.char_line(folded) if self.lang == "zh" else features.word_line(words)
        pieces = sum(map(self._pieces.__getitem__, words)) if self._pieces is not None else 0
        return {gram for _, gram in self._grams.iter(line)}, pieces

    def sums(self, grams: set[Gram], pieces: int, marks: list[str]) -> dict[str, int]:
        """The sums of each block for one sentence."""
        found = {"marks": self.blocks["marks"].add(marks), "grams": sum([g.row for g in grams])}
        if pieces:
            found["pieces"] = pieces
        return found

    def knows(self, words: list[str]) -> bool:
        """Whether enough of the longer words of an English text were met in training."""
        long = [w for w in words if len(w) >= LONG_WORD and w.isalpha()]
        if self.lang == "zh" or len(long) < FEW_WORDS:
            return True
        met = self.blocks["grams"].weights
        return sum(w in met for w in long) >= FAMILIAR * len(long)

    def outputs(self, sums: dict[str, int]) -> list[float]:
        """Direction, judgement, suggestion and topics (from FIRST_TOPIC on), bias included."""
        total = self.bias
        for name, block_sum in sums.items():
            total = self.blocks[name].added_to(total, block_sum)
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
    one = 1 << (LANE * len(scales))
    packed = (one + int.from_bytes(wide[i : i + size], "little") for i in range(0, len(wide), size))
    return Block(dict(zip(names, packed, strict=True)), scales, stored["normalised"])


def _automaton(values: Mapping[str, Any]) -> Any:
    """All runs of characters, to be found in one pass, each with its value."""
    found = ahocorasick.Automaton()
    for name, value in values.items():
        found.add_word(name, value)
    found.make_automaton()
    return found


def _ranked(block: Block) -> tuple[list[Telling], dict[str, Gram]]:
    """What is worth naming, strongest first, and every run by its name."""
    tellings = [(t, name) for name, row in block.weights.items() if (t := _telling(block, name, row))]
    tellings.sort()
    ranks = {name: rank for rank, (_, name) in enumerate(tellings)}
    return [t for t, _ in tellings], {n: Gram(row, ranks.get(n, -1)) for n, row in block.weights.items()}


def _telling(block: Block, name: str, row: int) -> Telling | None:
    rank = -abs(((row >> (LANE * DIRECTION)) & 0xFFFF) - OFFSET)
    words = name.strip("<>^$ ")
    if rank >= -QUIET or not features.says_something(words):
        return None
    direction, judgement = block.weight(row, DIRECTION), block.weight(row, JUDGEMENT)
    return Telling(rank, name, words, f"model:{name}", direction, judgement)
